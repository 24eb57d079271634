"""What a store of sessions promises, on every engine."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.contexts.auth.house import START
from tests.contexts.auth.test_sessions import a_session

from marquee.contexts.auth.model.sessions import Exchange
from marquee.contexts.auth.ports import SessionStore
from marquee.contexts.auth.stores import open_store
from marquee.kit.errors import Invalid
from marquee.kit.events import Heard


@pytest.fixture
async def store(sql_url: str) -> AsyncIterator[SessionStore]:
    store = await open_store(sql_url)
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
