"""The scheme of a URL picks the adapter of each context's store."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from marquee.kit.errors import Invalid

SQL = ["sqlite", "postgresql", "mysql"]
TAKEN = {
    "accounts": SQL,
    "auth": [*SQL, "redis"],
    "catalog": [*SQL, "mongodb"],
    "reviews": SQL,
    "search": ["sqlite", "opensearch"],
}


@pytest.mark.parametrize("context", TAKEN)
async def test_another_scheme_is_refused_with_those_that_would_do(
    context: str, tmp_path: Path
) -> None:
    stores: Any = import_module(f"marquee.contexts.{context}.stores")
    for asked in (stores.open_store, lambda url: stores.look(url, tmp_path)):
        with pytest.raises(Invalid, match="cannot live on kafka:") as refused:
            await asked("kafka://ada:canary@127.0.0.1:1/films")
        assert refused.value.field == f"MARQUEE_{context.upper()}_URL"
        assert all(f"{scheme}:" in refused.value.detail for scheme in TAKEN[context])
        assert "canary" not in refused.value.detail
