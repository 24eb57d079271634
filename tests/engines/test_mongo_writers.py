"""Writers on MongoDB that are killed, paused or slow while they have the turn."""

import asyncio
import os
import signal
import subprocess
import sys
from typing import Any

import pytest
from pymongo.asynchronous.client_session import _TxnState
from pymongo.errors import AutoReconnect, OperationFailure
from tests.engines.writing import put, start

from marquee.engines.mongo import Database, Turn, line, writers
from marquee.engines.mongo.connect import address_of, client_of, hang_up
from marquee.engines.mongo.errors import is_held, is_transient, translated
from marquee.engines.mongo.line import Line
from marquee.engines.mongo.turn import commit
from marquee.engines.mongo.writers import Writer
from marquee.kit.errors import Stale, Unavailable

HELD = OperationFailure("x", 112, {"errorLabels": ["TransientTransactionError"]})
NO_SUCH = OperationFailure("x", 251, {"errorLabels": ["TransientTransactionError"]})
INTERRUPTED = OperationFailure("x", 11601)


def writing(url: str, how: str, patience: float = 60) -> subprocess.Popen[str]:
    words = ("-m", "tests.engines.writing", url, how, str(patience))
    command = [sys.executable, *words]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own


async def killed(url: str) -> None:
    process = writing(url, "killed")
    await asyncio.to_thread(process.communicate)
    assert process.returncode == -signal.SIGKILL


async def names(shop: Database) -> list[str]:
    return sorted(one["_id"] for one in await shop.find("things", {}))


async def announced(shop: Database) -> dict[str, int]:
    [mark] = await shop.find("schema", {})
    found: dict[str, int] = mark.get("writers", {})
    return found


async def soon_none(shop: Database) -> bool:
    for _ in range(300):
        if not await announced(shop):
            return True
        await asyncio.sleep(0.03)
    return False


# -- killed --------------------------------------------------------------------------------------


@pytest.mark.engine
async def test_writers_go_on_soon_after_one_was_killed_in_the_middle(
    mongo_url: str, shop: Database
) -> None:
    await killed(mongo_url)
    assert len(await announced(shop)) == 1
    await shop.write(lambda turn: put(turn, "ours"))
    assert await names(shop) == ["ours"]
    assert await shop.last() == {"place": 0, "thing": 1}
    assert list(await announced(shop)) == [shop._writer.id]


@pytest.mark.engine
async def test_one_who_cannot_end_the_dead_leaves_it_to_another(
    mongo_url: str, shop: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "LOOK_EVERY", 0.1)
    await killed(mongo_url)
    [dead] = await announced(shop)
    end = writers._end
    refused: list[str] = []

    async def end_at_last(client: Any, writer: str) -> None:
        refused.append(writer)
        if len(refused) < 3:
            raise OperationFailure("x", 13)
        await end(client, writer)

    monkeypatch.setattr(writers, "_end", end_at_last)
    await shop.write(lambda turn: put(turn, "ours"))
    assert refused == [dead] * 3


# -- alive ---------------------------------------------------------------------------------------


@pytest.mark.engine
async def test_a_slow_writer_that_lives_is_not_ended(mongo_url: str, shop: Database) -> None:
    other = await Database.open(mongo_url, of="shop", steps=[start])
    tries: list[int] = []
    in_turn = asyncio.Event()

    async def slow(turn: Turn) -> None:
        tries.append(1)
        await put(turn, "slow")
        in_turn.set()
        await asyncio.sleep(8)

    one = asyncio.create_task(shop.write(slow))
    await in_turn.wait()
    two = asyncio.create_task(other.write(lambda turn: put(turn, "quick")))
    await asyncio.gather(one, two)
    assert tries == [1]
    assert await names(shop) == ["quick", "slow"]
    await other.close()


@pytest.mark.engine
async def test_who_waits_in_vain_is_told_why(
    mongo_url: str, shop: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await Database.open(mongo_url, of="shop", steps=[start])
    in_turn, may_go = asyncio.Event(), asyncio.Event()

    async def slow(_: Turn) -> None:
        in_turn.set()
        await may_go.wait()

    one = asyncio.create_task(shop.write(slow))
    await in_turn.wait()
    monkeypatch.setattr("marquee.engines.mongo.database.PATIENCE", 0.3)
    with pytest.raises(Unavailable, match="holds the turn") as caught:
        await other.write(lambda turn: put(turn, "quick"))
    assert caught.value.retry_after
    may_go.set()
    await one
    await other.close()


@pytest.mark.engine
async def test_only_who_writes_is_announced(
    shop: Database, mongo_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "BEAT", 0.05)
    assert await announced(shop) == {}
    for name in "ab":  # the second time it is announced anew
        await shop.write(lambda turn, name=name: put(turn, name))
        assert len(await announced(shop)) == 1
        assert await soon_none(shop)
    other = await Database.open(mongo_url, of="shop", steps=[start])
    await other.write(lambda turn: put(turn, "c"))
    await other.close()
    assert await announced(shop) == {}


@pytest.mark.engine
async def test_an_emptied_database_is_not_begun_anew_by_who_writes(
    mongo_url: str, shop: Database
) -> None:
    address = address_of(mongo_url)
    async with client_of(address) as client:
        await client.drop_database(address.name)
        for _ in range(2):
            with pytest.raises(Unavailable, match="emptied or replaced"):
                await shop.write(lambda turn: put(turn, "a"))
        assert await client.get_database(address.name).list_collection_names() == []


# -- paused --------------------------------------------------------------------------------------


@pytest.mark.engine
@pytest.mark.parametrize("how", ["paused", "before_commit"])
@pytest.mark.parametrize("patience", [60, 0.1])
async def test_a_paused_writer_whose_session_was_ended_keeps_all_or_nothing(
    mongo_url: str, shop: Database, how: str, patience: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "LOOK_EVERY", 0.2)
    process = writing(mongo_url, how, patience)
    _, status = await asyncio.to_thread(os.waitpid, process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)
    await shop.write(lambda turn: put(turn, "ours"))
    process.send_signal(signal.SIGCONT)
    said, _ = await asyncio.to_thread(process.communicate)
    if patience == 60:
        assert said == "done 2"
        assert await names(shop) == ["first", "last", "ours"]
        assert (await shop.last())["thing"] == 3
    else:
        assert said.startswith("unavailable 1: MongoDB ended this")
        assert await names(shop) == ["ours"]
        assert (await shop.last())["thing"] == 1
    assert list(await announced(shop)) in ([shop._writer.id], [])


@pytest.mark.engine
async def test_who_was_taken_for_dead_writes_by_another_session(shop: Database) -> None:
    await shop.write(lambda turn: put(turn, "a"))
    before = shop._writer.id
    await shop._db["schema"].update_one({}, {"$set": {f"writers.{before}": writers.DEAD}})
    shop._writer._said_at = -1e9
    await shop.write(lambda turn: put(turn, "b"))
    assert shop._writer.id not in {before, ""}
    assert shop._writer.id in await announced(shop)


# -- what was left open --------------------------------------------------------------------------


@pytest.mark.engine
async def test_what_a_lost_line_left_open_is_ended_when_it_is_quiet(
    mongo_url: str, shop: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writers, "STILL", 1000)  # nobody else does it
    monkeypatch.setattr(writers, "BEAT", 0.1)

    async def lost(turn: Turn) -> None:
        await put(turn, "lost")
        monkeypatch.setattr(type(turn._session), "abort_transaction", untold)
        raise Stale("Not so.")

    async def untold(session: Any) -> None:
        session._transaction.state = _TxnState.ABORTED

    with pytest.raises(Stale):
        await shop.write(lost)
    monkeypatch.undo()
    monkeypatch.setattr(writers, "STILL", 1000)
    other = await Database.open(mongo_url, of="shop", steps=[start])
    await other.write(lambda turn: put(turn, "ours"))
    assert await names(shop) == ["ours"]
    await other.close()


# -- errors --------------------------------------------------------------------------------------


def test_a_turn_that_is_held_is_not_silence() -> None:
    assert is_held(HELD)
    assert not is_held(NO_SUCH)
    assert "holds the turn" in str(translated(HELD))
    for ended in (NO_SUCH, INTERRUPTED):
        assert isinstance(translated(ended), Unavailable)
        assert "does not answer" not in str(translated(ended))
    for safe in (HELD, NO_SUCH, INTERRUPTED, AutoReconnect("x")):
        assert is_transient(safe)


class Sessions:
    """A session whose commits end with these, one after the other."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)

    async def commit_transaction(self) -> None:
        if self.errors:
            raise self.errors.pop(0)


async def test_a_commit_that_was_interrupted_is_asked_for_again() -> None:
    session: Any = Sessions(INTERRUPTED, OperationFailure("x", 251))
    await commit(session, float("inf"))
    assert session.errors == []
    session = Sessions(INTERRUPTED, NO_SUCH)
    with pytest.raises(OperationFailure) as caught:
        await commit(session, float("inf"))
    assert caught.value is NO_SUCH


async def test_who_is_refused_does_not_take_it_for_silence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(line, "SILENCE", 0.05)
    monkeypatch.setattr(line, "SPARE", 0.01)
    monkeypatch.setattr(line, "KNOCK", 0.3)
    client = client_of(address_of("mongodb://127.0.0.1:1/films"))
    here, silent = Line(client), Line(client)
    token = line.waits.set(0.1)

    async def refused(line: Line) -> str:
        for _ in range(20):
            line.saw(HELD)
            await asyncio.sleep(0.02)
        return "done"

    try:
        assert await here.heard(refused(here)) == "done"
        with pytest.raises(Unavailable):
            await silent.heard(asyncio.sleep(0.4))
    finally:
        line.waits.reset(token)
        await here.close()
        await silent.close()
        await hang_up(client)


async def test_a_writer_that_never_wrote_asks_nobody_when_it_closes() -> None:
    client = client_of(address_of("mongodb://127.0.0.1:1/films"))
    async with asyncio.timeout(1):  # nobody is there, and to learn that takes longer
        await Writer(client, client.get_database("films")).close()
    await client.close()
