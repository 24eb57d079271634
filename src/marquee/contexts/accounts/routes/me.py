"""One's own account: registering, reading, changing and deleting it."""

from typing import Annotated

from litestar.handlers import HTTPRouteHandler
from msgspec import UNSET, Meta, Struct, UnsetType

from marquee.contexts.accounts.model import emails, members, passwords, usernames
from marquee.contexts.accounts.model.members import OwnProfile, RatingStyle, Theme
from marquee.contexts.accounts.service import AccountService, ProfileEdit
from marquee.engines.web import Answer, Call, Cookie, endpoint

Username = Annotated[str, Meta(min_length=usernames.FEWEST, max_length=usernames.MOST)]
Email = Annotated[str, Meta(min_length=3, max_length=emails.MOST)]
NewPassword = Annotated[str, Meta(min_length=passwords.FEWEST, max_length=passwords.MOST)]
Password = Annotated[str, Meta(max_length=passwords.MOST)]
COOKIES = ("marquee_session", "marquee_csrf")


class NewAccount(Struct, forbid_unknown_fields=True, kw_only=True):
    username: Username
    email: Email
    password: NewPassword


class PreferencesPatch(Struct, forbid_unknown_fields=True, kw_only=True):
    rating_style: RatingStyle | UnsetType = UNSET
    theme: Theme | UnsetType = UNSET
    shortcuts: bool | UnsetType = UNSET


class ProfilePatch(Struct, forbid_unknown_fields=True, kw_only=True):
    """A new `email` needs the `current_password`."""

    display_name: (
        Annotated[str, Meta(min_length=1, max_length=members.MOST_DISPLAY_NAME)] | UnsetType
    ) = UNSET
    bio: Annotated[str, Meta(max_length=members.MOST_BIO)] | UnsetType = UNSET
    preferences: PreferencesPatch | UnsetType = UNSET
    email: Email | UnsetType = UNSET
    current_password: Password | UnsetType = UNSET


class Farewell(Struct, forbid_unknown_fields=True, kw_only=True):
    password: Password


def own_routes(accounts: AccountService) -> list[HTTPRouteHandler]:
    def shown(profile: OwnProfile) -> Answer:
        return Answer(profile, etag=str(profile.version))

    def registered(profile: OwnProfile) -> Answer:
        return Answer(profile, 201, {"location": "/api/v1/me"}, etag=str(profile.version))

    @endpoint(
        "POST",
        "/api/v1/accounts",
        status=201,
        answers=OwnProfile,
        once=registered,
        errors=(409, 429, 503),
    )
    async def register(call: Call, body: NewAccount) -> Answer:
        """Make an account."""
        profile = await accounts.register(
            username=body.username,
            email=body.email,
            password=body.password,
            address=call.address,
        )
        return registered(profile)

    @endpoint("GET", "/api/v1/me", who="member", answers=OwnProfile)
    async def me(call: Call) -> Answer:
        """Your own account."""
        return shown(await accounts.profile(call.member().id))

    @endpoint(
        "PATCH",
        "/api/v1/me",
        who="member",
        answers=OwnProfile,
        once=shown,
        errors=(404, 409, 412, 429, 503),
    )
    async def change_me(call: Call, body: ProfilePatch) -> Answer:
        """Change your own account."""
        versions = call.if_match(required=False)
        return shown(await accounts.edit(call.member().id, _edit(body), expected=versions))

    @endpoint(
        "DELETE", "/api/v1/me", who="member", status=204, answers=None, errors=(409, 429, 503)
    )
    async def delete_me(call: Call, body: Farewell) -> Answer:
        """Delete your own account, for good."""
        await accounts.delete(call.member().id, body.password)
        prefix = "__Host-" if call.secure else ""
        gone = [Cookie(prefix + name, "", max_age=0, secure=call.secure) for name in COOKIES]
        return Answer(None, 204, cookies=gone)

    return [register, me, change_me, delete_me]


def _edit(body: ProfilePatch) -> ProfileEdit:
    wish = body.preferences
    style = wish.rating_style if isinstance(wish, PreferencesPatch) else UNSET
    theme = wish.theme if isinstance(wish, PreferencesPatch) else UNSET
    shortcuts = wish.shortcuts if isinstance(wish, PreferencesPatch) else UNSET
    return ProfileEdit(
        display_name=None if body.display_name is UNSET else body.display_name,
        bio=None if body.bio is UNSET else body.bio,
        email=None if body.email is UNSET else body.email,
        current_password=None if body.current_password is UNSET else body.current_password,
        rating_style=None if style is UNSET else style,
        theme=None if theme is UNSET else theme,
        shortcuts=None if shortcuts is UNSET else shortcuts,
    )
