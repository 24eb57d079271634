"""Every context by its name, each loaded when it is first asked for: a service needs few."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import cast

from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.auth.contract import Auth
from marquee.contexts.catalog.contract import Catalog
from marquee.contexts.reviews.contract import Reviews
from marquee.contexts.search.contract import Search
from marquee.kit.context import Context

OFFERED: Mapping[str, type | None] = {
    "accounts": Accounts,
    "auth": Auth,
    "catalog": Catalog,
    "reviews": Reviews,
    "search": Search,
    "ingestion": None,
}
"""What each offers others, for those that have it elsewhere."""


class Contexts(Mapping[str, Context]):
    """To ask for the names loads none of them."""

    def __getitem__(self, name: str) -> Context:
        if name not in OFFERED:
            raise KeyError(name)
        return cast("Context", import_module(f"marquee.contexts.{name}.wiring").CONTEXT)

    def __iter__(self) -> Iterator[str]:
        return iter(OFFERED)

    def __len__(self) -> int:
        return len(OFFERED)

    def __contains__(self, name: object) -> bool:
        return name in OFFERED


CONTEXTS = Contexts()
