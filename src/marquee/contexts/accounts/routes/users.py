"""Everybody's accounts, as others see them."""

from typing import Annotated

from litestar.handlers import HTTPRouteHandler
from msgspec import UNSET, Meta, Struct, UnsetType

from marquee.contexts.accounts.model.members import PublicProfile, Role
from marquee.contexts.accounts.service import AccountService, MemberEdit
from marquee.engines.web import Answer, Call, endpoint
from marquee.kit.paging import LIMIT, MOST, Page

MOST_SOUGHT = 100


class UsersQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    q: Annotated[str, Meta(max_length=MOST_SOUGHT)] = ""
    cursor: str | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST)] = LIMIT


class MemberPatch(Struct, forbid_unknown_fields=True, kw_only=True):
    """A suspended member (`is_active` false) cannot sign in and is not listed."""

    role: Role | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET


def public_routes(accounts: AccountService) -> list[HTTPRouteHandler]:
    @endpoint("GET", "/api/v1/users")
    async def users(call: Call, query: UsersQuery) -> Page[PublicProfile]:
        """The members, by name; admins see suspended ones too."""
        return await accounts.profiles(
            q=query.q, start=query.cursor, limit=query.limit, by_admin=_by_admin(call)
        )

    @endpoint("GET", "/api/v1/users/{username}", answers=PublicProfile, errors=(404,))
    async def user(call: Call, username: str) -> Answer:
        """A member."""
        profile = await accounts.profile_named(username, by_admin=_by_admin(call))
        return shown(profile)

    @endpoint(
        "PATCH",
        "/api/v1/users/{username}",
        who="admin",
        answers=PublicProfile,
        once=shown,
        errors=(404, 409, 412),
    )
    async def govern_user(call: Call, username: str, body: MemberPatch) -> Answer:
        """Give a member another role, or suspend them."""
        edit = MemberEdit(
            role=None if body.role is UNSET else body.role,
            is_active=None if body.is_active is UNSET else body.is_active,
        )
        versions = call.if_match(required=False)
        profile = await accounts.govern(call.member(), username, edit, expected=versions)
        return shown(profile)

    return [users, user, govern_user]


def shown(profile: PublicProfile) -> Answer:
    return Answer(profile, etag=str(profile.version))


def _by_admin(call: Call) -> bool:
    return call.actor is not None and call.actor.is_admin
