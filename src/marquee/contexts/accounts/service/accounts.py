"""The use cases of accounts."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from marquee.contexts.accounts.contract import Account, Standing
from marquee.contexts.accounts.events import (
    AccountDeleted,
    AccountRegistered,
    PasswordChanged,
    RoleChanged,
)
from marquee.contexts.accounts.model.emails import checked_email
from marquee.contexts.accounts.model.members import (
    Member,
    OwnProfile,
    Preferences,
    PublicProfile,
    Role,
    own_profile,
    public_profile,
    taken,
)
from marquee.contexts.accounts.model.passwords import checked_password
from marquee.contexts.accounts.model.usernames import checked_username, folded, is_folded
from marquee.contexts.accounts.ports import AccountStore, MemberQuestion
from marquee.contexts.accounts.service.door import Door
from marquee.contexts.accounts.service.edits import MemberEdit, ProfileEdit
from marquee.kit import paging
from marquee.kit.actor import Actor, an_admin
from marquee.kit.clock import Clock
from marquee.kit.errors import Invalid, NotFound
from marquee.kit.events import Event
from marquee.kit.ids import is_id, new_id
from marquee.kit.once import about_to_save
from marquee.kit.paging import Page

PLACES_KEPT = timedelta(days=90)


class AccountService:
    def __init__(self, store: AccountStore, door: Door, clock: Clock) -> None:
        self._store = store
        self._door = door
        self._clock = clock

    async def register(
        self, *, username: str, email: str, password: str, address: str
    ) -> OwnProfile:
        """Conflict names what is taken; TooMany when too many registered from there."""
        plain = await self._acceptable(username, email, password, for_admin=False, address=address)
        member = await self._new(username, email, plain, "regular")
        shown = own_profile(member)
        about_to_save(shown)
        await self._store.add(member, [_registered(member)])
        return shown

    async def create_admin(self, *, username: str, email: str, password: str) -> Account:
        plain = await self._acceptable(username, email, password, for_admin=True)
        member = await self._new(username, email, plain, "admin")
        told = [_registered(member), RoleChanged(account_id=member.id, role="admin")]
        await self._store.add(member, told)
        return member.account()

    async def check_password(
        self, *, login: str, password: str, address: str = "", signed_in_as: str = ""
    ) -> Standing | None:
        member = await self._door.check(
            login=login, password=password, address=address, signed_in_as=signed_in_as
        )
        return member.standing() if member else None

    async def change_password(self, *, account_id: str, current: str, new: str) -> Standing:
        member = await self._get(account_id)
        plain = checked_password(new, field="new", username=member.username, email=member.email)
        await self._door.check_own(member, current, field="current")
        password_hash = await self._door.hashed(plain)

        def change(now: Member) -> tuple[Member, Sequence[Event]]:
            if now.password_hash != member.password_hash:
                raise Invalid("The password has just been changed elsewhere.", field="current")
            after = replace(now, password_hash=password_hash, epoch=now.epoch + 1)
            return after, [PasswordChanged(account_id=now.id, epoch=after.epoch)]

        return (await self._store.change(account_id, change)).standing()

    async def standings(self, *, ids: Sequence[str]) -> dict[str, Standing]:
        return await self._store.standings(ids) if ids else {}

    async def accounts(self, *, ids: Sequence[str]) -> dict[str, Account]:
        found = await self._store.members(ids)
        return {account_id: member.account() for account_id, member in found.items()}

    async def find_account(self, *, username: str) -> Account | None:
        member = await self._store.find_by_login(username) if "@" not in username else None
        return member.account() if member and member.is_active else None

    async def has_admin(self) -> bool:
        return await self._store.has_admin()

    async def profile(self, account_id: str) -> OwnProfile:
        return own_profile(await self._get(account_id))

    async def edit(
        self, account_id: str, edit: ProfileEdit, *, expected: Collection[int] | None = None
    ) -> OwnProfile:
        """Stale when the version is not `expected`; Invalid names `current_password`."""
        member = await self._get(account_id)
        if edit.email is not None and checked_email(edit.email) != member.email:
            if edit.current_password is None:
                raise Invalid("A new e-mail address needs it.", field="current_password")
            await self._door.check_own(member, edit.current_password, field="current_password")

        def change(now: Member) -> tuple[Member, Sequence[Event]]:
            after, events = edit.applied(now, expected)
            about_to_save(own_profile(after))
            return after, events

        return own_profile(await self._store.change(account_id, change))

    async def delete(self, account_id: str, password: str) -> None:
        """For good; Conflict for the last admin."""
        await self._door.check_own(await self._get(account_id), password, field="password")
        await self._store.remove(account_id, [AccountDeleted(account_id=account_id)])

    async def profiles(
        self, *, q: str, start: str | None, limit: int, by_admin: bool
    ) -> Page[PublicProfile]:
        """By username; `start` is a cursor."""
        question = MemberQuestion(q=q, with_inactive=by_admin)
        place = paging.after(question, start, (is_folded, is_id))
        found, total = await self._store.page(question, place, 0, limit + 1)
        more = len(found) > limit
        last = found[:limit][-1] if found else None
        next_ = paging.cursor(question, (folded(last.username), last.id)) if more and last else None
        return Page([public_profile(member) for member in found[:limit]], next_, total)

    async def numbered_profiles(
        self, *, q: str, sort: str, page: int, size: int
    ) -> tuple[list[PublicProfile], int]:
        """Page `page`, from 1, and how many there are in all."""
        question = MemberQuestion(q=q, sort=sort)
        found, total = await self._store.page(question, None, (page - 1) * size, size)
        return [public_profile(member) for member in found], total

    async def profile_named(self, username: str, *, by_admin: bool) -> PublicProfile:
        return public_profile(await self._named(username, by_admin=by_admin))

    async def profile_of(self, account_id: str) -> PublicProfile:
        member = await self._get(account_id)
        if not member.is_active:
            raise _nobody()
        return public_profile(member)

    async def govern(
        self, actor: Actor, username: str, edit: MemberEdit, *, expected: Collection[int] | None
    ) -> PublicProfile:
        """For admins: another role, suspended or not; Conflict for the last admin."""
        an_admin(actor)
        member = await self._named(username, by_admin=True)

        def change(now: Member) -> tuple[Member, Sequence[Event]]:
            after, events = edit.applied(now, expected)
            about_to_save(public_profile(after))
            return after, events

        return public_profile(await self._store.change(member.id, change))

    async def forget_places(self) -> int:
        """Drop where nobody has signed in from for 90 days; how many."""
        return await self._store.forget_places(self._clock.now() - PLACES_KEPT)

    async def _acceptable(
        self, username: str, email: str, password: str, *, for_admin: bool, address: str = ""
    ) -> str:
        """The password as it is to be hashed, once all three may be used."""
        checked_username(username, for_admin=for_admin)
        checked_email(email)
        plain = checked_password(password, field="password", username=username, email=email)
        if not for_admin:
            await self._door.count_registration(address)
        if field := await self._store.is_taken(username=username, email=email):
            raise taken(field)
        return plain

    async def _new(self, username: str, email: str, password: str, role: Role) -> Member:
        return Member(
            id=new_id(),
            username=username,
            email=email,
            password_hash=await self._door.hashed(password),
            display_name=username,
            bio="",
            role=role,
            is_active=True,
            epoch=1,
            preferences=Preferences(),
            created_at=self._clock.now(),
            version=1,
        )

    async def _get(self, account_id: str) -> Member:
        member = await self._store.find(account_id)
        if member is None:
            raise _nobody()
        return member

    async def _named(self, username: str, *, by_admin: bool) -> Member:
        member = await self._store.find_by_login(username) if "@" not in username else None
        if member is None or not (member.is_active or by_admin):
            raise _nobody()
        return member


def _registered(member: Member) -> AccountRegistered:
    return AccountRegistered(
        account_id=member.id, username=member.username, display_name=member.display_name
    )


def _nobody() -> NotFound:
    return NotFound("There is no such member.")
