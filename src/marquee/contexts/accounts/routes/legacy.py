"""Members as the older API showed them: numbered pages, read only."""

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlencode

from litestar.handlers import HTTPRouteHandler
from msgspec import Meta, Struct

from marquee.contexts.accounts.model.members import PublicProfile
from marquee.contexts.accounts.routes.users import MOST_SOUGHT
from marquee.contexts.accounts.service import AccountService
from marquee.engines.web import Call, endpoint
from marquee.kit.errors import NotFound

PATH = "/api/users/"
SIZE = 20
MOST_PAGES = 1_000_000
SORTS = {
    "username": "username",
    "-username": "-username",
    "date_joined": "created_at",
    "-date_joined": "-created_at",
}


class LegacyQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    page: Annotated[int, Meta(ge=1, le=MOST_PAGES)] = 1
    search: Annotated[str, Meta(max_length=MOST_SOUGHT)] = ""
    ordering: Literal["username", "-username", "date_joined", "-date_joined"] = "username"


class LegacyUser(Struct):
    id: str
    username: str
    name: str
    bio: str
    date_joined: datetime


class LegacyUsers(Struct):
    count: int
    next: str | None
    previous: str | None
    results: list[LegacyUser]


def legacy_routes(accounts: AccountService) -> list[HTTPRouteHandler]:
    @endpoint("GET", PATH, cached=("accounts",), names_host=True, errors=(404,))
    async def legacy_users(call: Call, query: LegacyQuery) -> LegacyUsers:
        """The members, as the older API listed them."""
        found, total = await accounts.numbered_profiles(
            q=query.search, sort=SORTS[query.ordering], page=query.page, size=SIZE
        )
        if not found and query.page > 1:
            raise NotFound("There is no such page.", field="page")
        return LegacyUsers(
            count=total,
            next=_link(call, query, query.page + 1) if query.page * SIZE < total else None,
            previous=_link(call, query, query.page - 1) if query.page > 1 else None,
            results=[_as_legacy(profile) for profile in found],
        )

    @endpoint("GET", f"{PATH}{{user_id}}/", cached=("accounts",), errors=(404,))
    async def legacy_user(user_id: str) -> LegacyUser:
        """A member, as the older API showed them."""
        return _as_legacy(await accounts.profile_of(user_id))

    return [legacy_users, legacy_user]


def _link(call: Call, query: LegacyQuery, page: int) -> str:
    asked = {"page": page, "search": query.search, "ordering": query.ordering}
    default = {"search": "", "ordering": "username"}
    return (
        f"{call.origin}{PATH}?{urlencode({k: v for k, v in asked.items() if default.get(k) != v})}"
    )


def _as_legacy(profile: PublicProfile) -> LegacyUser:
    return LegacyUser(
        id=profile.id,
        username=profile.username,
        name=profile.display_name,
        bio=profile.bio,
        date_joined=profile.created_at,
    )
