"""Where passwords are tried: few times, at one price, and never for nothing."""

from marquee.contexts.accounts.model.members import Member
from marquee.contexts.accounts.model.passwords import normal
from marquee.contexts.accounts.model.tries import (
    Quota,
    account_quota,
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
from marquee.kit.errors import Invalid, TooMany

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
        typed, place = folded(login), place_of(address)
        found = await self._store.hash_of_login(login)
        who, encoded, epoch = found or (f"? {typed}", None, 0)
        mark = mark_of(who, place)
        is_familiar = await self._store.is_familiar(who, mark)
        if who == signed_in_as:
            is_right = await self._try(encoded, password, *own_quotas(who))
        elif is_familiar:
            is_right = await self._try(encoded, password, *familiar_quotas(who, place))
        else:
            async with self._throttle.admit(*strangers_quotas(typed, place)) as attempt:
                is_right = await self._try_account(who, encoded, password)
                if not is_right:
                    attempt.spend()
        if not is_right:
            return None
        member = await self._store.find(who)
        if member is None or member.epoch != epoch:
            return None  # deleted, or given another password, while the hash was made
        await self._welcome(member, mark, password, is_known=is_familiar)
        return member

    async def _try(self, encoded: str | None, password: str, *quotas: Quota) -> bool:
        async with self._throttle.admit(*quotas) as attempt:
            is_right = await self._passwords.matches(encoded, normal(password))
            if not is_right:
                attempt.spend()
        return is_right

    async def _try_account(self, who: str, encoded: str | None, password: str) -> bool:
        """False, as for any wrong password, when guesses by another of its names are spent.

        A refusal of its own would tell strangers which e-mail address belongs to which name.
        """
        try:
            return await self._try(encoded, password, account_quota(who))
        except TooMany:
            await self._passwords.matches(None, normal(password))
            return False

    async def check_own(self, member: Member, password: str, *, field: str) -> None:
        """Invalid names `field` when this is not the member's password."""
        async with self._throttle.admit(*own_quotas(member.id)) as attempt:
            if not await self._passwords.matches(member.password_hash, normal(password)):
                attempt.spend()
                raise Invalid("This is not your current password.", field=field)

    async def count_registration(self, address: str) -> None:
        """TooMany when too many came from there."""
        async with self._throttle.admit(
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
