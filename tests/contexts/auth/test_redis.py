"""What is particular to sessions in Redis: that it is shared, emptied, restored or away."""

import asyncio
import random
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
import redis
from tests.contexts.auth.house import PASSWORD, START
from tests.contexts.auth.test_sessions import a_session
from tests.contexts.hosting import Seat, built
from tests.engines.own_redis import OwnRedis, a_database, a_redis

from marquee.contexts.accounts import wiring as accounts_wiring
from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.accounts.service import AccountService
from marquee.contexts.auth import wiring as auth_wiring
from marquee.contexts.auth.events import SessionStarted
from marquee.contexts.auth.model.sessions import Device, Exchange, Session
from marquee.contexts.auth.service import AuthService
from marquee.contexts.auth.stores.redis import RedisSessionStore, look, rows
from marquee.engines.redis import Redis
from marquee.kit.clock import SystemClock
from marquee.kit.errors import Invalid, Unauthenticated, Unavailable
from marquee.kit.events import Heard

pytestmark = pytest.mark.engine
ACCOUNTS = ("ada", "eve", "kim")


@pytest.fixture
def url() -> Iterator[str]:
    with a_database() as url:
        yield url


@pytest.fixture
async def stores(url: str) -> AsyncIterator[list[RedisSessionStore]]:
    """As several processes would have them."""
    stores = [await RedisSessionStore.open(url) for _ in range(4)]
    yield stores
    for store in stores:
        await store.close()


@pytest.fixture
def own(tmp_path: Path) -> Iterator[OwnRedis]:
    with a_redis(tmp_path) as own:
        yield own


def started(session: Session) -> list[SessionStarted]:
    return [SessionStarted(session_id=session.id, account_id=session.account_id, kind=session.kind)]


async def test_exchanges_in_several_processes_take_turns(stores: list[RedisSessionStore]) -> None:
    session, _token = a_session()
    await stores[0].start(session, 100, [])

    def turn(now: Session) -> Exchange:
        return Exchange(replace(now, turn=now.turn + 1), None, [now.ended("expired")])

    await asyncio.gather(*[stores[at % 4].exchange(session.id, turn) for at in range(64)])
    found = await stores[1].find(session.id)
    assert found is not None
    assert found.turn == 65
    assert len(await stores[2].events_after(0, 100)) == 64


async def test_starts_in_several_processes_keep_no_more_than_may_stay(
    stores: list[RedisSessionStore],
) -> None:
    sessions = [a_session()[0] for _ in range(64)]
    await asyncio.gather(
        *[stores[at % 4].start(one, 5, started(one)) for at, one in enumerate(sessions)]
    )
    assert len(await stores[0].of_account("ada")) == 5
    assert len(await stores[0].events_after(0, 200)) == 64 + 59


async def change(store: RedisSessionStore, live: list[Session], chance: random.Random) -> None:
    """One thing or another that may happen to sessions."""
    some = chance.choice(live) if live else a_session()[0]
    what = chance.randrange(8)
    if what < 3:
        new = replace(a_session()[0], account_id=chance.choice(ACCOUNTS))
        later = START + timedelta(microseconds=chance.randrange(10**9))
        new = replace(new, last_seen_at=later, created_at=later)
        live.append(new)
        await store.start(new, 6, started(new))
    elif what == 3:
        await store.end(some.id, "signed_out")
    elif what == 4:
        turned = replace(some, turn=some.turn + 1, digest=f"{chance.getrandbits(250):064x}")
        gone = Exchange(None, None, [some.ended("reused")])
        kept = Exchange(turned)
        await store.exchange(some.id, lambda _now: chance.choice((gone, kept)))
    elif what == 5:
        heard = Heard("accounts", chance.randrange(10**6), None)
        await store.end_heard(heard, chance.choice(ACCOUNTS), "password", before_epoch=1)
    elif what == 6:
        await store.seen({some.id: START + timedelta(microseconds=chance.randrange(10**9))})
    else:
        before = START + timedelta(microseconds=chance.randrange(10**8))
        await store.end_unused(before, before)


class Onlooker:
    """Another client, who follows the events."""

    def __init__(self, client: "redis.Redis[str]") -> None:
        self._client = client
        self._place = "0"
        self._there: set[str] = set()

    def disagreement(self) -> set[str]:
        """What was told of and is not there, or is there and was not told of, at one moment."""
        with self._client.pipeline(transaction=True) as asked:
            asked.xrange("marquee:auth:outbox", f"({self._place}")
            asked.zrange("marquee:auth:seen", 0, -1)
            asked.zrange("marquee:auth:created", 0, -1)
            for account in ACCOUNTS:
                asked.zrange(f"marquee:auth:of:{account}", 0, -1)
            told, seen, created, *by_account = asked.execute()
        for self._place, row in told:
            session_id = msgspec.json.decode(row["body"])["session_id"]
            if row["kind"] == "auth.SessionStarted":
                self._there.add(session_id)
            else:
                self._there.remove(session_id)
        listed = {one for account in by_account for one in account}
        return (self._there ^ set(seen)) | (self._there ^ set(created)) | (self._there ^ listed)


async def test_events_and_sessions_agree_at_every_moment(
    stores: list[RedisSessionStore], url: str
) -> None:
    chance, live = random.Random(7), list[Session]()

    async def work(store: RedisSessionStore) -> None:
        for _ in range(250):
            await change(store, live, chance)

    with redis.Redis.from_url(url, decode_responses=True) as client:
        working = asyncio.gather(*[work(store) for store in stores])
        onlooker, looks = Onlooker(client), 0
        while not working.done():
            assert onlooker.disagreement() == set()
            looks += 1
            await asyncio.sleep(0.005)
        await working
        assert looks
        assert onlooker.disagreement() == set()
        digests = {client.hget(name, "digest") for name in client.keys("marquee:auth:session:*")}
        held = {name.rpartition(":")[2] for name in client.keys("marquee:auth:digest:*")}
        assert digests == held
        assert len(digests) == client.zcard("marquee:auth:seen")


async def test_a_client_killed_in_the_middle_leaves_all_or_nothing(own: OwnRedis) -> None:
    store = await RedisSessionStore.open(own.url)
    with redis.Redis(port=own.port, decode_responses=True) as other:
        onlooker = Onlooker(other)
        for _ in range(100):
            session, _token = a_session()
            work = asyncio.create_task(store.start(session, 5, started(session)))
            await asyncio.sleep(random.random() / 1_000)
            other.client_kill_filter(_type="normal", skipme=True)
            with suppress(Unavailable):
                await work
            assert onlooker.disagreement() == set()
    await store.close()


async def test_what_another_process_tells_is_heard_of(stores: list[RedisSessionStore]) -> None:
    woken = asyncio.Event()
    stores[0].watch(woken.set)
    await asyncio.sleep(0)
    await asyncio.wait_for(woken.wait(), 5)
    woken.clear()
    session, _token = a_session()
    await stores[1].start(session, 5, started(session))
    await asyncio.wait_for(woken.wait(), 5)


async def test_sessions_expire_by_themselves_a_while_after_they_have_run_out(
    stores: list[RedisSessionStore], url: str
) -> None:
    store, session = stores[0], a_session()[0]
    await store.start(session, 5, [])
    hours = 60 * 60 * 1_000
    names = ("session:" + session.id, "digest:" + session.digest, "of:ada", "version:ada")
    with redis.Redis.from_url(url) as client:
        for name in names:
            assert 0 < client.pttl("marquee:auth:" + name) - 14 * 24 * hours <= 2 * hours
        await store.seen({session.id: START + timedelta(days=80)})
        left = client.pttl("marquee:auth:" + names[0])
        assert 0 < left - 10 * 24 * hours <= 2 * hours
        client.delete(*["marquee:auth:" + name for name in names[:2]])
    assert await store.find_by_digest(session.digest) is None
    assert await store.of_account("ada") == []
    assert await store.end_unused(START + timedelta(days=99), START) == 0
    assert await store.events_after(0, 10) == []


async def test_what_was_heard_is_kept_track_of_in_an_emptied_redis_too(
    stores: list[RedisSessionStore], url: str
) -> None:
    with redis.Redis.from_url(url) as client:
        for say in (stores[0].passed("hall", 3), stores[0].pass_over("accounts", 7)):
            client.flushdb()
            await say
            await (await RedisSessionStore.open(url)).close()  # it knows them for ours


async def test_an_emptied_redis_has_signed_out_and_goes_on(
    stores: list[RedisSessionStore], url: str
) -> None:
    store, other = stores[:2]
    session, new = a_session()[0], a_session()[0]
    await store.start(session, 5, started(session))
    place = await store.last_place()

    def emptied_meanwhile(now: Session) -> Exchange:
        with redis.Redis.from_url(url) as client:
            client.flushdb()
        return Exchange(replace(now, turn=2))

    assert await store.exchange(session.id, emptied_meanwhile) is None
    await store.seen({session.id: START + timedelta(days=1)})
    await store.keep_only(session.id, "ada", 2, "password")
    assert await store.find(session.id) is None
    assert await store.find_by_digest(session.digest) is None
    await other.start(new, 5, started(new))
    assert [sent.place > place for sent in await store.events_after(0, 10)] == [True]
    await (await RedisSessionStore.open(url)).close()


async def test_a_session_from_before_it_was_emptied_is_not_written_back(
    stores: list[RedisSessionStore], url: str
) -> None:
    store, old, new = stores[0], a_session()[0], a_session()[0]
    await store.start(old, 5, [])
    found = await store._changes.of_session(old.id)
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    await store.start(new, 5, [])
    turned = rows.Change(kept=[replace(old, turn=2)])
    assert await store._changes._commit([], [found.with_change(turned, None)]) == "stale"
    assert await store.of_account("ada") == [new]


async def test_of_two_who_hear_the_slower_does_not_go_back(
    stores: list[RedisSessionStore],
) -> None:
    slow, quick = stores[:2]
    found = await slow._changes.of_account("ada", "accounts")
    await quick.end_heard(Heard("accounts", 8, None), "ada", "deleted")
    late = found.with_change(rows.Change(), Heard("accounts", 7, None))
    assert await slow._changes._commit([], [late]) == "heard"
    assert await slow.heard_up_to("accounts") == 8


async def test_places_grow_over_a_restored_snapshot(own: OwnRedis) -> None:
    store = await RedisSessionStore.open(own.url)
    session, _token = a_session()
    with redis.Redis(port=own.port) as client:
        await store.start(session, 5, started(session))
        client.save()
    await store.start(a_session()[0], 5, started(session) * 50)
    place = await store.last_place()
    own.stop()
    own.start()
    with suppress(Unavailable):
        await store.check()  # the loop has not yet heard that its connection is closed
    assert await store.last_place() == place - 50
    await store.end(session.id, "signed_out")
    assert await store.last_place() > place
    await store.close()


async def test_away_is_told_at_once_and_back_is_noticed(own: OwnRedis) -> None:
    store = await RedisSessionStore.open(own.url)
    session, _token = a_session()
    own.stop()
    tried: list[Any] = [
        store.check(),
        store.find(session.id),
        store.find_by_digest("d"),
        store.start(session, 5, []),
        store.seen({session.id: START}),
        store.last_place(),
    ]
    for trying in tried:
        with pytest.raises(Unavailable) as away:
            await trying
        assert away.value.retry_after == 2
    with pytest.raises(Unavailable):
        await RedisSessionStore.open(own.url)
    own.start()
    await store.start(session, 5, [])
    assert await store.find(session.id) == session
    await store.close()


async def test_many_who_change_the_same_while_it_is_away_wait_no_longer_than_one() -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    store = RedisSessionStore(Redis.at(f"redis://127.0.0.1:{port}/0", field="X"))
    asking = [asyncio.create_task(store.end("s", "signed_out")) for _ in range(64)]
    done, waiting = await asyncio.wait(asking, timeout=30)  # one after the other: 128
    assert {type(one.exception()) for one in done} == {Unavailable}
    assert not waiting
    await store.close()
    server.close()


FOREIGN = {
    "lamps": "another program's keys",
    b"lamps:\xff\xfe": "another program's keys",
    "marquee:auth:session:x": "of another kind",
    "marquee:auth:about": "of another kind",
    "marquee:auth:of:ada": "of another kind",
}


@pytest.mark.parametrize(("key", "what"), FOREIGN.items())
async def test_a_database_of_another_program_is_refused_and_left_as_it_is(
    url: str, key: str | bytes, what: str
) -> None:
    with redis.Redis.from_url(url) as client:
        client.set(key, "lit")
        with pytest.raises(Invalid, match=what) as refused:
            await RedisSessionStore.open(url)
        assert refused.value.field == "MARQUEE_AUTH_URL"
        found = await look(url)
        assert found.close is not None
        await found.close()
        [tables] = [one for one in found.findings if one.what == "tables"]
        assert (tables.state, what in tables.detail) == ("wrong", True)
        assert client.keys() == [key if isinstance(key, bytes) else key.encode()]
        assert client.get(key) == b"lit"


async def test_what_else_of_ours_is_there_and_what_comes_later_is_let_be(url: str) -> None:
    with redis.Redis.from_url(url) as client:
        client.set("marquee:locks", "1")
        for _ in range(2):
            store = await RedisSessionStore.open(url)
            await store.start(a_session()[0], 5, [])
            await store.close()
            client.mset({f"theirs:{number}": "x" for number in range(3_000)})
        assert len(client.keys("theirs:*")) == 3_000


class RedisSeat(Seat):
    @property
    def store_url(self) -> str:
        return self.settings["auth_url"]


async def test_nobody_is_let_in_by_what_an_emptied_redis_knew(url: str, tmp_path: Path) -> None:
    clock = SystemClock()
    accounts = await built(accounts_wiring, Seat("accounts", tmp_path, clock))
    contracts, settings = {Accounts: accounts.service}, {"auth_url": url}
    room = await auth_wiring.build(RedisSeat("auth", tmp_path, clock, contracts, settings))
    auth, device = cast("AuthService", room.service), Device("192.0.2.1", "a phone")
    ada = await cast("AccountService", accounts.service).create_admin(
        username="ada", email="ada@example.org", password=PASSWORD
    )
    asked: dict[str, Any] = {"login": "ada", "password": PASSWORD, "device": device}
    pair = await auth.log_in(**asked, signed_in_as="")
    browser = await auth.sign_in(**asked, signed_in_as="", replaces="")
    assert await auth.identify(token=pair.access_token, kind="bearer")
    assert await auth.identify(token=browser.cookie, kind="cookie")
    pair = await auth.refresh(pair.refresh_token)
    with redis.Redis.from_url(url) as client:
        client.flushdb()
    with pytest.raises(Unauthenticated):
        await auth.identify(token=pair.access_token, kind="bearer")
    with pytest.raises(Unauthenticated):
        await auth.refresh(pair.refresh_token)
    assert await auth.identify(token=browser.cookie, kind="cookie") is None
    await auth.keep_seen()
    assert await auth.sessions(ada.id, "") == []
    for one in (room, accounts):
        assert one.close is not None
        await one.close()
