"""What a store of sessions promises, on every engine."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import msgspec
import pytest
from tests.contexts.auth.house import START
from tests.contexts.auth.test_sessions import a_session
from tests.engines.own_redis import a_database
from tests.real import fresh, on

from marquee.contexts.auth.events import SessionStarted
from marquee.contexts.auth.model.sessions import Exchange, Session
from marquee.contexts.auth.ports import SessionStore
from marquee.contexts.auth.stores import open_store
from marquee.kit import ending
from marquee.kit.errors import Invalid
from marquee.kit.events import Heard


@pytest.fixture(params=on("sqlite", "postgresql", "mariadb", "redis"))
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "redis":
        with a_database() as url:
            yield url
    else:
        with fresh(request.param, tmp_path) as url:
            yield url


@pytest.fixture
async def store(url: str) -> AsyncIterator[SessionStore]:
    store = await open_store(url)
    yield store
    await store.close()


async def kinds(store: SessionStore) -> list[str]:
    return [sent.kind for sent in await store.events_after(0, 100)]


async def test_an_engine_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(Invalid) as refused:
        await open_store(f"oracle:///{tmp_path}")
    assert refused.value.field == "MARQUEE_AUTH_URL"


async def test_a_session_is_found_by_its_id_and_by_what_holds_it(store: SessionStore) -> None:
    session, _token = a_session()
    await store.start(session, 100, [])
    assert await store.find(session.id) == session
    assert await store.find_by_digest(session.digest) == session
    assert await store.of_account("ada") == [session]
    assert await store.find("x") is None
    assert await store.find_by_digest("x") is None


async def test_an_exchange_is_decided_inside_and_told_with_it(store: SessionStore) -> None:
    session, _token = a_session()
    await store.start(session, 100, [])
    turned = replace(session, turn=2, digest="d" * 64)
    assert await store.exchange(session.id, lambda _now: Exchange(turned)) == Exchange(turned)
    assert await store.find(session.id) == turned
    ended = Exchange(None, None, (session.ended("reused"),))
    await store.exchange(session.id, lambda _now: ended)
    assert await store.find(session.id) is None
    assert await kinds(store) == ["auth.SessionEnded"]
    assert await store.exchange(session.id, lambda _now: ended) is None


async def test_what_was_exchanged_is_found_by_what_holds_it_now(store: SessionStore) -> None:
    session, _token = a_session()
    await store.start(session, 100, [])
    turned = replace(session, turn=2, digest="d" * 64)
    await store.exchange(session.id, lambda _now: Exchange(turned))
    assert await store.find_by_digest(session.digest) is None
    assert await store.find_by_digest("d" * 64) == turned
    await store.end(session.id, "signed_out")
    assert await store.find_by_digest("d" * 64) is None


async def test_a_decision_that_fails_changes_nothing(store: SessionStore) -> None:
    session, _token = a_session()
    await store.start(session, 100, [])

    def fail(_now: object) -> Exchange:
        raise Invalid("No.")

    with pytest.raises(Invalid):
        await store.exchange(session.id, fail)
    assert await store.find(session.id) == session


async def test_only_the_owner_ends_a_session_by_its_id(store: SessionStore) -> None:
    session, _token = a_session()
    await store.start(session, 100, [])
    assert not await store.end(session.id, "revoked", account_id="eve")
    assert await store.end(session.id, "revoked", account_id="ada")
    assert not await store.end(session.id, "revoked")
    assert await kinds(store) == ["auth.SessionEnded"]


async def test_what_is_heard_ends_old_epochs_but_those_spared(store: SessionStore) -> None:
    old, spared, new = (a_session()[0] for _ in range(3))
    for session in (old, spared, replace(new, epoch=2)):
        await store.start(session, 100, [])
    heard = Heard("accounts", 7, None)
    for _ in range(2):
        await store.end_heard(heard, "ada", "password", before_epoch=2, spared=[spared.id])
    left = {session.id for session in await store.of_account("ada")}
    assert left == {spared.id, new.id}
    assert await store.heard_up_to("accounts") == 7
    assert await kinds(store) == ["auth.SessionEnded"]


async def test_being_seen_never_goes_back(store: SessionStore) -> None:
    session, _token = a_session()
    await store.start(session, 100, [])
    later = START + timedelta(minutes=5)
    await store.seen({session.id: later, "gone": later})
    await store.seen({session.id: START})
    found = await store.find(session.id)
    assert found is not None
    assert found.last_seen_at == later


async def test_text_and_times_come_back_as_they_were(store: SessionStore) -> None:
    session, _token = a_session()
    odd = replace(
        session,
        user_agent="' \" \\ \r\n $1 {{}} \u202e 電影 🎬 \ue000",
        address="fe80::1%eth0",
        account_id="ada:*[?]",
        epoch=2**31 - 1,
        turned_at=START + timedelta(microseconds=1),
        created_at=START - timedelta(microseconds=1),
        last_seen_at=START + timedelta(microseconds=999_999),
    )
    await store.start(odd, 100, [odd.ended("expired")])
    assert await store.find(odd.id) == odd
    assert await store.of_account("ada:*[?]") == [odd]
    told = await store.events_after(0, 10)
    assert [sent.key for sent in told] == ["ada:*[?]"]
    assert msgspec.json.decode(told[0].body)["account_id"] == "ada:*[?]"


async def test_a_microsecond_decides_what_is_unused(store: SessionStore) -> None:
    tick = timedelta(microseconds=1)
    kept, unused = a_session()[0], a_session()[0]
    kept = replace(kept, created_at=START + tick, last_seen_at=START + tick)
    for session in (kept, unused):
        await store.start(session, 100, [])
    assert await store.end_unused(START - tick, START - tick) == 0
    assert await store.end_unused(START, START - tick) == 1
    assert await store.of_account("ada") == [kept]
    assert await store.end_unused(START, START + tick) == 1
    assert await kinds(store) == ["auth.SessionEnded"] * 2
    assert await store.of_account("ada") == []


async def test_the_ones_used_longest_ago_make_room(store: SessionStore) -> None:
    sessions = [
        replace(a_session()[0], last_seen_at=START + timedelta(seconds=second))
        for second in (3, 1, 2)
    ]
    for session in sessions:
        await store.start(session, 100, [])
    other = replace(a_session()[0], account_id="eve")
    await store.start(other, 1, [])
    new = replace(a_session()[0], last_seen_at=START + timedelta(seconds=4))
    await store.start(new, 2, [])
    assert await store.of_account("ada") == [new, sessions[0]]
    assert await store.find(other.id) == other
    assert await kinds(store) == ["auth.SessionEnded"] * 2


async def test_events_are_told_in_order_and_a_few_at_a_time(store: SessionStore) -> None:
    assert await store.last_place() == 0
    sessions = [a_session()[0] for _ in range(5)]
    for session in sessions:
        await store.start(session, 100, [session.ended("expired")])
    every = await store.events_after(0, 100)
    assert [sent.place for sent in every] == sorted({sent.place for sent in every})
    assert await store.last_place() == every[-1].place
    assert await store.events_after(every[1].place, 2) == every[2:4]
    assert await store.events_after(every[-1].place, 2) == []


async def test_of_many_exchanges_at_once_each_sees_the_one_before(store: SessionStore) -> None:
    session, _token = a_session()
    await store.start(session, 100, [])

    def turn(now: Session) -> Exchange:
        turned = replace(now, turn=now.turn + 1, digest=f"{now.turn:064}")
        return Exchange(turned, None, [now.ended("expired")])

    done = await asyncio.gather(*[store.exchange(session.id, turn) for _ in range(64)])
    turns = [one.session.turn for one in done if one is not None and one.session is not None]
    assert sorted(turns) == list(range(2, 66))
    assert len(await kinds(store)) == 64
    found = await store.find(session.id)
    assert found is not None
    assert (found.turn, found.digest) == (65, f"{64:064}")


async def test_of_many_ends_at_once_one_ends_it(store: SessionStore) -> None:
    session, _token = a_session()
    await store.start(session, 100, [])
    ended = await asyncio.gather(*[store.end(session.id, "signed_out") for _ in range(64)])
    assert ended.count(True) == 1
    assert await kinds(store) == ["auth.SessionEnded"]


async def test_of_many_starts_at_once_no_more_stay_than_may(store: SessionStore) -> None:
    sessions = [a_session()[0] for _ in range(64)]
    await asyncio.gather(*[store.start(session, 5, []) for session in sessions])
    left = await store.of_account("ada")
    assert len(left) == 5
    told = [msgspec.json.decode(sent.body) for sent in await store.events_after(0, 100)]
    ended = {event["session_id"] for event in told}
    assert len(told) == len(ended) == 59
    assert ended | {session.id for session in left} == {session.id for session in sessions}


async def test_many_hear_an_event_and_it_counts_once(store: SessionStore) -> None:
    session, _token = a_session()
    await store.start(session, 100, [])
    heard = Heard("accounts", 7, None)
    await asyncio.gather(*[store.end_heard(heard, "ada", "deleted") for _ in range(16)])
    assert await kinds(store) == ["auth.SessionEnded"]
    await store.start(session, 100, [])
    await store.end_heard(Heard("accounts", 6, None), "ada", "deleted")
    assert await store.find(session.id) == session
    await store.end_heard(Heard("accounts", 8, None), "nobody", "deleted")
    assert await store.heard_up_to("accounts") == 8
    assert await store.heard_up_to("reviews") == 0


async def test_a_changed_password_leaves_the_session_that_changed_it(store: SessionStore) -> None:
    mine, other = a_session()[0], a_session()[0]
    for session in (mine, other):
        await store.start(session, 100, [])
    before = store.generation
    await store.keep_only(mine.id, "ada", 2, "password")
    assert await store.of_account("ada") == [replace(mine, epoch=2)]
    assert await store.find_by_digest(mine.digest) == replace(mine, epoch=2)
    assert await kinds(store) == ["auth.SessionEnded"]
    assert store.generation > before


async def test_each_commit_wakes_those_who_watch(store: SessionStore) -> None:
    woken: list[int] = []
    cast("Any", store).watch(lambda: woken.append(1))
    session, _token = a_session()
    await store.start(session, 100, [])
    await store.check()
    assert woken


@pytest.mark.parametrize("engine", on("sqlite", "redis"))
async def test_it_can_be_closed_at_any_moment(engine: str, tmp_path: Path) -> None:
    with a_database() if engine == "redis" else fresh(engine, tmp_path) as url:
        for steps in range(60):
            store = await open_store(url)
            cast("Any", store).watch(lambda: None)
            for _ in range(steps):
                await asyncio.sleep(0)
            async with asyncio.timeout(ending.AGAIN - 1):  # the first word is heeded
                await store.close()


async def test_what_is_old_is_forgotten_from_the_beginning_on(store: SessionStore) -> None:
    for day in (1, 2, 9, 3, 4):
        session, _token = a_session()
        at = START + timedelta(days=day)
        told = SessionStarted(session_id=session.id, account_id="ada", kind="bearer", at=at)
        await store.start(session, 100, [told])
    places = [sent.place for sent in await store.events_after(0, 9)]
    before = START + timedelta(days=8)
    assert await store.forgotten_up_to() == 0
    assert await store.forget(before, places[0], 9) == 1
    assert await store.forget(before, places[-1], 9) == 1
    assert await store.forget(before, places[-1], 9) == 0
    assert [sent.place for sent in await store.events_after(0, 9)] == places[2:]
    assert await store.forgotten_up_to() == places[1]
    assert await store.forget(START + timedelta(days=99), places[-1], 2) == 2
    assert await store.forget(START + timedelta(days=99), places[-1], 2) == 0
    assert await store.last_place() == places[-1]


async def test_it_knows_who_has_heard_it_and_what_it_has_heard(store: SessionStore) -> None:
    await store.passed("hall", 3)
    await store.passed("yard", 9)
    await store.passed("hall", 2)
    assert await store.listeners() == {"hall": 2, "yard": 9}
    await store.pass_over("accounts", 7)
    await store.pass_over("accounts", 5)
    assert await store.heard_up_to("accounts") == 7
