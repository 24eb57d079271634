"""Sessions in Redis: decided here on what was read, kept by one script if it still holds."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Self

from marquee.contexts.auth.model.sessions import Exchange, Session
from marquee.contexts.auth.stores.redis import lua, rows
from marquee.contexts.auth.stores.redis.changes import Changes
from marquee.contexts.auth.stores.redis.claim import claim
from marquee.contexts.auth.stores.redis.rows import Change, Found, all_ended
from marquee.engines.redis import Redis
from marquee.kit.clock import rfc3339
from marquee.kit.ending import end
from marquee.kit.errors import MarqueeError
from marquee.kit.events import Event, Heard, Sent

SETTING = "MARQUEE_AUTH_URL"
LISTEN_EVERY = 1.0
AT_ONCE = 500


class RedisSessionStore:
    """Nothing is kept of a decision on what has changed since it was read.

    Each change says which version of the account's sessions it is about, and is decided anew on
    another.

    A Redis that is emptied has signed everybody out. One that loses its last writes, as it may
    unless it syncs each to its disk, knows sessions again that ended in that moment.
    """

    may_be_emptied = True
    """What it tells afterwards has later places all the same."""

    def __init__(self, redis: Redis) -> None:
        self._redis = redis
        self._by_digest = redis.script(lua.BY_DIGEST)
        self._changes = Changes(redis, self._committed)
        self._seen = redis.script(lua.SEEN)
        self._unused = redis.script(lua.UNUSED)
        self._pass_over = redis.script(lua.PASS_OVER)
        self._passed = redis.script(lua.PASSED)
        self._forget = redis.script(lua.FORGET)
        self._watchers: list[Callable[[], None]] = []
        self._listening: asyncio.Task[None] | None = None
        self.generation = 0

    @classmethod
    async def open(cls, url: str) -> Self:
        """Invalid when somebody else keeps something under our names there."""
        redis = await Redis.open(url, field=SETTING, reads_text=True)
        try:
            await claim(redis, field=SETTING)
        except BaseException:
            await redis.close()
            raise
        return cls(redis)

    async def start(self, session: Session, most: int, events: Sequence[Event]) -> None:
        def decide(found: Found) -> Change:
            return all_ended(found.sessions, "displaced", kept=[session], events=events)

        await self._changes.settle_account(session.account_id, decide, skip=most - 1)

    async def find(self, session_id: str) -> Session | None:
        row = await self._redis.do("HGETALL", f"{lua.PREFIX}session:{session_id}")
        return rows.session([text for pair in row.items() for text in pair]) if row else None

    async def find_by_digest(self, digest: str) -> Session | None:
        row = await self._by_digest([], [digest])
        return rows.session(row) if row else None

    async def of_account(self, account_id: str) -> list[Session]:
        found = await self._changes.of_account(account_id)
        return sorted(sorted(found.sessions, key=lambda one: one.id), key=_seen_at, reverse=True)

    async def exchange(
        self, session_id: str, how: Callable[[Session], Exchange]
    ) -> Exchange | None:
        """`how` is asked again when the session has changed meanwhile."""
        done: Exchange | None = None

        def decide(found: Found) -> Change:
            nonlocal done
            before = found.sessions[0]
            done = how(before)
            if done.session is None:
                return Change(ended=[before], events=done.events)
            kept = [done.session] if done.session != before else []
            return Change(kept=kept, events=done.events)

        return done if await self._changes.settle_session(session_id, decide) else None

    async def end(self, session_id: str, reason: str, *, account_id: str | None = None) -> bool:
        def decide(found: Found) -> Change | None:
            is_theirs = account_id in {None, found.sessions[0].account_id}
            return all_ended(found.sessions, reason) if is_theirs else None

        return await self._changes.settle_session(session_id, decide)

    async def keep_only(self, session_id: str, account_id: str, epoch: int, reason: str) -> None:
        def decide(found: Found) -> Change:
            kept = [replace(one, epoch=epoch) for one in found.sessions if one.id == session_id]
            others = [one for one in found.sessions if one.id != session_id]
            return all_ended(others, reason, kept=kept)

        await self._changes.settle_account(account_id, decide)

    async def end_heard(
        self,
        heard: Heard,
        account_id: str,
        reason: str,
        *,
        before_epoch: int | None = None,
        spared: Collection[str] = (),
    ) -> None:
        def decide(found: Found) -> Change | None:
            if heard.place <= found.heard:
                return None
            if before_epoch is None:
                return all_ended(found.sessions, reason)
            older = [one for one in found.sessions if one.epoch < before_epoch]
            return all_ended([one for one in older if one.id not in spared], reason)

        await self._changes.settle_account(account_id, decide, heard)

    async def seen(self, moments: Mapping[str, datetime]) -> None:
        pairs = [(one, rows.microseconds(at)) for one, at in moments.items()]
        for start in range(0, len(pairs), AT_ONCE):
            given = {"moments": dict(pairs[start : start + AT_ONCE]), "life": rows.LIFE}
            await self._seen([], [rows.ENCODER.encode(given)])
            self._committed()

    async def end_unused(self, seen_before: datetime, created_before: datetime) -> int:
        """Each is told of, but for those that Redis has let go of, when this was long not asked."""

        def decide(found: Found) -> Change | None:
            one = found.sessions[0]
            is_over = one.last_seen_at <= seen_before or one.created_at <= created_before
            return all_ended([one], "expired") if is_over else None

        times = [rows.microseconds(seen_before), rows.microseconds(created_before)]
        count = ended = 0
        while found := await self._unused([], [*times, AT_ONCE]):
            ended = sum([await self._changes.settle_session(one, decide) for one in set(found)])
            count += ended
            if not ended:
                break
        return count

    async def events_after(self, place: int, limit: int) -> list[Sent]:
        entries = await self._redis.do(
            "XRANGE", f"{lua.PREFIX}outbox", f"({place}-0", "+", "COUNT", limit
        )
        return [rows.sent(entry) for entry in entries]

    async def last_place(self) -> int:
        return int(await self._redis.do("HGET", f"{lua.PREFIX}places", "last") or 0)

    async def forgotten_up_to(self) -> int:
        return int(await self._redis.do("HGET", f"{lua.PREFIX}places", "forgotten") or 0)

    async def passed(self, listener: str, place: int) -> None:
        await self._passed([], [listener, place, lua.SHAPE])

    async def listeners(self) -> dict[str, int]:
        found = await self._redis.do("HGETALL", f"{lua.PREFIX}passed")
        return {listener: int(place) for listener, place in found.items()}

    async def forget(self, before: datetime, up_to: int, most: int) -> int:
        return int(await self._forget([], [rfc3339(before), up_to, most]))

    async def heard_up_to(self, source: str) -> int:
        return int(await self._redis.do("HGET", f"{lua.PREFIX}heard", source) or 0)

    async def pass_over(self, source: str, place: int) -> None:
        await self._pass_over([], [source, place, lua.SHAPE])

    def watch(self, wake: Callable[[], None]) -> None:
        """`wake` is called after each commit here, and soon after one by another process."""
        self._watchers.append(wake)
        if self._listening is None:
            self._listening = asyncio.get_running_loop().create_task(self._listen())

    async def check(self) -> None:
        """Unavailable when Redis does not answer or takes no writes, OutOfSpace when it is full."""
        await self._redis.check()

    async def close(self) -> None:
        if self._listening is not None:
            await end([self._listening])
        await self._redis.close()

    def _committed(self) -> None:
        self.generation += 1
        for wake in self._watchers:
            wake()

    async def _listen(self) -> None:
        place: int | None = None
        while True:
            with suppress(MarqueeError):
                before, place = place, await self.last_place()
                if place != before:
                    for wake in self._watchers:
                        wake()
            await asyncio.sleep(LISTEN_EVERY)


def _seen_at(session: Session) -> datetime:
    return session.last_seen_at
