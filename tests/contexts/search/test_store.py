"""What a store of how far search has heard promises, on every engine."""

import asyncio
from pathlib import Path

import pytest

from marquee.contexts.search.stores import open_store
from marquee.kit.errors import Invalid
from marquee.kit.events import Heard


async def test_an_engine_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        await open_store(f"oracle:///{tmp_path}")
    assert refused.value.field == "MARQUEE_SEARCH_URL"


async def test_how_far_it_has_heard_is_kept_and_never_goes_back(sql_url: str) -> None:
    store = await open_store(sql_url)
    assert await store.heard_up_to("catalog") == 0
    await asyncio.gather(*(store.hear(Heard("catalog", place, None)) for place in (3, 9, 4)))
    await store.hear(Heard("reviews", 2**53, None))
    await store.close()
    store = await open_store(sql_url)
    assert await store.heard_up_to("catalog") == 9
    assert await store.heard_up_to("reviews") == 2**53
    await store.check()
    await store.close()
