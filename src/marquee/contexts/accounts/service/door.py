"""Where passwords are tried: few times, at one price, and never for nothing."""

from marquee.contexts.accounts.model.members import Member
from marquee.contexts.accounts.model.passwords import normal
from marquee.contexts.accounts.model.tries import (
    familiar_quotas,
    mark_of,
    own_quotas,
    place_of,
    registration_quotas,
    strangers_quotas,
)
from marquee.contexts.accounts.model.usernames import folded
from marquee.contexts.accounts.ports import AccountStore, Passwords, Throttle
from marquee.kit.clock import Clock
from marquee.kit.errors import Invalid

MOST_REGISTRATIONS = 100
"""In an hour, from one address: a school's worth, not a script's."""


class Door:
    """A try is counted before its hash is made, and given back when the password is right."""

    def __init__(
        self, store: AccountStore, passwords: Passwords, throttle: Throttle, clock: Clock
    ) -> None:
        self._store = store
        self._passwords = passwords
        self._throttle = throttle
        self._clock = clock

    async def check(
        self, *, login: str, password: str, address: str, signed_in_as: str
    ) -> Member | None:
        """Who that is; None after one hash for whatever is wrong."""
        found = await self._store.hash_of_login(login)
        who, encoded, epoch = found or (f"? {folded(login)}", None, 0)
        place = place_of(address)
        mark = mark_of(who, place)
        is_familiar = await self._store.is_familiar(who, mark)
        if who == signed_in_as:
            quotas = own_quotas(who)
        elif is_familiar:
            quotas = familiar_quotas(who, place)
        else:
            quotas = strangers_quotas(who, place)
        with self._throttle.admit(*quotas) as attempt:
            if not await self._passwords.matches(encoded, normal(password)):
                attempt.spend()
                return None
        member = await self._store.find(who)
        if member is None or member.epoch != epoch:
            return None  # deleted, or given another password, while the hash was made
        await self._welcome(member, mark, password, is_known=is_familiar)
        return member

    async def check_own(self, member: Member, password: str, *, field: str) -> None:
        """Invalid names `field` when this is not the member's password."""
        with self._throttle.admit(*own_quotas(member.id)) as attempt:
            if not await self._passwords.matches(member.password_hash, normal(password)):
                attempt.spend()
                raise Invalid("This is not your current password.", field=field)

    def count_registration(self, address: str) -> None:
        """TooMany when too many came from there."""
        with self._throttle.admit(
            *registration_quotas(place_of(address), MOST_REGISTRATIONS)
        ) as attempt:
            attempt.spend()

    async def hashed(self, password: str) -> str:
        return await self._passwords.hashed(password)

    async def _welcome(self, member: Member, mark: str, password: str, *, is_known: bool) -> None:
        """Remember the place, and make the hash anew where today's parameters are others."""
        replaced = None
        if self._passwords.is_outdated(member.password_hash):
            replaced = (member.password_hash, await self.hashed(normal(password)))
        if replaced is not None or not is_known:
            await self._store.welcome(member.id, mark, self._clock.now(), replaced)
