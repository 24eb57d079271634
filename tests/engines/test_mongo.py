"""The door to MongoDB: whom it lets in, what it keeps beside a change, and in what order."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest
from pymongo import AsyncMongoClient, InsertOne
from pymongo.errors import (
    AutoReconnect,
    ConfigurationError,
    DuplicateKeyError,
    OperationFailure,
    ServerSelectionTimeoutError,
    WTimeoutError,
)
from tests.engines.writing import start
from tests.real import real

from marquee.engines.mongo import Database, Documents, Turn
from marquee.engines.mongo.connect import address_of, ask_for_transactions, client_of
from marquee.engines.mongo.errors import is_transient, translated
from marquee.engines.mongo.look import look
from marquee.kit.errors import Conflict, Invalid, OutOfSpace, Stale, Unavailable
from marquee.kit.events import Event, Heard
from marquee.kit.once import Once, once

BEGIN = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Sold(Event):
    key_field: ClassVar[str] = "item"
    item: str


@pytest.fixture
async def inside(mongo_url: str) -> AsyncIterator[Any]:
    """The database as another program would see it."""
    address = address_of(mongo_url)
    client = client_of(address)
    yield client.get_database(address.name)
    await client.close()


async def put(shop: Database, *names: str, tell: bool = True) -> None:
    async def work(turn: Turn) -> None:
        await turn.write("things", [InsertOne({"_id": name}) for name in names])
        turn.tell([Sold(item=name, at=BEGIN) for name in names] if tell else [])

    await shop.write(work)


async def names(shop: Database) -> list[str]:
    return sorted(one["_id"] for one in await shop.find("things", {}))


# -- the address ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "mongodb://host",
        "mongodb://host/",
        "mongodb://host/a b",
        "mongodb://host/a.b",
        "mongodb://host/admin",
        "mongodb://host/films?nosuch=1",
        "mongodb://host/films?retryWrites=maybe",
        "mongodb+srv://host/films",
    ],
)
def test_what_is_no_address_of_a_database_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        address_of(url)


async def test_user_and_password_are_the_databases_own_unless_it_is_said_whose() -> None:
    client = client_of(address_of("mongodb://ada:s%40cret@one,[::1]:7/films?retryWrites=false"))
    credentials = client.options._options["username"], client.options._options["password"]
    assert credentials == ("ada", "s@cret")
    assert client.options._options["authsource"] == "films"
    assert not client.options.retry_writes
    other = client_of(address_of("mongodb://ada:x@one/films?authSource=admin"))
    assert other.options._options["authsource"] == "admin"
    await client.close()
    await other.close()


def test_a_server_without_transactions_is_refused_in_one_line() -> None:
    ask_for_transactions({"maxWireVersion": 8, "setName": "rs0"})
    ask_for_transactions({"maxWireVersion": 21, "msg": "isdbgrid"})
    for hello in ({"maxWireVersion": 21}, {"maxWireVersion": 7, "setName": "rs0"}, {}):
        with pytest.raises(Unavailable) as caught:
            ask_for_transactions(hello)
        assert "\n" not in caught.value.detail


# -- the collections -----------------------------------------------------------------------------


@pytest.mark.engine
async def test_another_programs_collections_are_left_alone(mongo_url: str, inside: Any) -> None:
    await inside["theirs"].insert_one({"_id": 1})
    with pytest.raises(Unavailable, match="another program"):
        await Database.open(mongo_url, of="shop", steps=[start])
    assert await inside.list_collection_names() == ["theirs"]


@pytest.mark.engine
async def test_another_contexts_collections_are_left_alone(mongo_url: str, shop: Database) -> None:
    await put(shop, "a")
    with pytest.raises(Unavailable, match="another context"):
        await Database.open(mongo_url, of="library", steps=[start])


@pytest.mark.engine
async def test_a_newer_marquees_documents_are_left_alone(mongo_url: str, inside: Any) -> None:
    newer = await Database.open(mongo_url, of="shop", steps=[start, start])
    await newer.close()
    with pytest.raises(Unavailable, match="newer"):
        await Database.open(mongo_url, of="shop", steps=[start])
    assert (await inside["schema"].find_one())["version"] == 2


@pytest.mark.engine
async def test_a_step_that_was_cut_short_is_run_again(mongo_url: str) -> None:
    ran: list[str] = []

    async def cut_short(shop: Documents) -> None:
        await start(shop)
        await shop["things"].insert_one({"_id": "half"})
        raise Stale("The power went.")

    async def whole(shop: Documents) -> None:
        await start(shop)
        ran.append("whole")

    async def later(_: Documents) -> None:
        ran.append("later")

    with pytest.raises(Stale):
        await Database.open(mongo_url, of="shop", steps=[cut_short])
    for steps in ([whole], [whole, later], [whole, later]):
        opened = await Database.open(mongo_url, of="shop", steps=steps)
        assert await names(opened) == ["half"]
        await opened.close()
    assert ran == ["whole", "later"]


@pytest.mark.engine
async def test_several_may_open_an_empty_database_at_once(mongo_url: str) -> None:
    opened = await asyncio.gather(
        *(Database.open(mongo_url, of="shop", steps=[start]) for _ in range(4))
    )
    await asyncio.gather(*(put(shop, str(at)) for at, shop in enumerate(opened)))
    assert await names(opened[0]) == ["0", "1", "2", "3"]
    assert [one.place for one in await opened[1].events_after(0, 9)] == [1, 2, 3, 4]
    await asyncio.gather(*(shop.close() for shop in opened))


# -- one write -----------------------------------------------------------------------------------


@pytest.mark.engine
async def test_a_write_that_fails_leaves_nothing(shop: Database) -> None:
    async def work(turn: Turn) -> None:
        await turn.write("things", [InsertOne({"_id": "a"})])
        assert await turn.hear([Heard("reviews", 3, None)])
        turn.tell([Sold(item="a")])
        turn.last["thing"] = 7
        raise Stale("Not so.")

    with pytest.raises(Stale):
        await shop.write(work)
    await put(shop, "b")
    with pytest.raises(DuplicateKeyError):
        await put(shop, "c", "b")
    assert await names(shop) == ["b"]
    assert await shop.heard_up_to("reviews") == 0
    assert await shop.last() == {"place": 1}
    assert [one.key for one in await shop.events_after(0, 9)] == ["b"]


@pytest.mark.engine
async def test_every_commit_is_a_generation_and_wakes_who_watches(shop: Database) -> None:
    woken: list[int] = []
    shop.watch(lambda: woken.append(shop.generation))
    await put(shop, "a")
    await put(shop, "b")
    with pytest.raises(DuplicateKeyError):
        await put(shop, "b")
    assert woken == [1, 2]


@pytest.mark.engine
async def test_what_was_heard_is_not_heard_again(shop: Database) -> None:
    async def heard(*places: int) -> bool:
        events = [Heard("reviews", place, None) for place in places]

        async def work(turn: Turn) -> bool:
            return await turn.hear(events)

        return await shop.write(work)

    assert await heard(2, 5)
    assert not await heard(5)
    assert not await heard(4, 6)
    assert await heard(6)
    assert await shop.heard_up_to("reviews") == 6


@pytest.mark.engine
async def test_a_key_is_kept_once_with_the_change(shop: Database) -> None:
    asked = Once("ada", "k1", "print", str, answer="done")
    token = once.set(asked)
    try:
        await put(shop, "a")
        assert asked.kept
        await put(shop, "b")
        once.set(Once("ada", "k1", "print", str))
        with pytest.raises(Conflict):
            await put(shop, "c")
    finally:
        once.reset(token)
    assert await names(shop) == ["a", "b"]
    assert await shop.find_once("ada", "k1") == ("print", "done")
    assert await shop.find_once("bob", "k1") is None


@pytest.mark.engine
async def test_who_gives_up_does_not_undo_what_is_being_committed(shop: Database) -> None:
    begun = asyncio.Event()

    async def work(turn: Turn) -> None:
        await turn.write("things", [InsertOne({"_id": "a"})])
        begun.set()

    asking = asyncio.create_task(shop.write(work))
    await begun.wait()
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    await put(shop, "b")
    assert await names(shop) == ["a", "b"]


@pytest.mark.engine
async def test_work_is_done_again_when_somebody_else_got_in_between(
    mongo_url: str, shop: Database
) -> None:
    other = await Database.open(mongo_url, of="shop", steps=[start])
    tries: list[int] = []
    in_turn, may_go = asyncio.Event(), asyncio.Event()

    async def slow(turn: Turn) -> None:
        in_turn.set()
        await may_go.wait()
        turn.last["thing"] = turn.last.get("thing", 0) + 1

    async def second(turn: Turn) -> None:
        tries.append(turn.last.get("thing", 0))
        turn.last["thing"] = turn.last.get("thing", 0) + 1

    one = asyncio.create_task(shop.write(slow))
    await in_turn.wait()
    two = asyncio.create_task(other.write(second))
    await asyncio.sleep(0.05)
    may_go.set()
    await asyncio.gather(one, two)
    assert tries == [1]
    assert await shop.last() == {"place": 0, "thing": 2}
    await other.close()


# -- trouble -------------------------------------------------------------------------------------


@pytest.mark.engine
async def test_an_engine_that_goes_away_is_unavailable_and_names_no_secret() -> None:
    real("mongodb")
    with pytest.raises(Unavailable) as caught:
        await Database.open("mongodb://ada:canary@127.0.0.1:1/films", of="shop", steps=[start])
    assert caught.value.retry_after
    assert caught.value.detail.startswith("mongodb://127.0.0.1:1/films: ")
    assert "canary" not in f"{caught.value!r}{caught.value.__cause__!r}"


@pytest.mark.engine
async def test_an_emptied_database_is_noticed(shop: Database, inside: Any) -> None:
    await shop.check()
    await inside.client.drop_database(inside.name)
    for asked in (shop.check(), shop.last(), put(shop, "a")):
        with pytest.raises(Unavailable):
            await asked


@pytest.mark.engine
async def test_a_lost_collection_is_noticed(mongo_url: str, shop: Database, inside: Any) -> None:
    await shop.check()
    await inside["things"].drop()
    with pytest.raises(Unavailable, match="lacks a collection"):
        await shop.check()
    with pytest.raises(Unavailable, match="has lost things"):
        await Database.open(mongo_url, of="shop", steps=[start])
    found = await look(mongo_url, of="shop", steps=[start])
    assert found.close is not None
    await found.close()
    [tables] = [one for one in found.findings if one.what == "tables"]
    assert (tables.state, "things" in tables.detail) == ("wrong", True)
    assert "things" not in await inside.list_collection_names()


def test_a_drivers_trouble_becomes_one_of_ours() -> None:
    for error in (
        AutoReconnect("x"),
        ServerSelectionTimeoutError("x"),
        WTimeoutError("x"),
        OperationFailure("x", 112, {"errorLabels": ["TransientTransactionError"]}),
        OperationFailure("ada canary", 18),
        ConfigurationError("x"),
    ):
        found = translated(error)
        assert isinstance(found, Unavailable)
        assert "canary" not in found.detail
    assert isinstance(translated(OperationFailure("x", 14031)), OutOfSpace)
    bug = OperationFailure("unknown operator", 2)
    assert translated(bug) is bug


def test_only_what_may_do_better_is_tried_again() -> None:
    transient = {"errorLabels": ["TransientTransactionError"]}
    assert is_transient(OperationFailure("x", 112, transient))
    assert not is_transient(OperationFailure("x", 2))
    assert not is_transient(ServerSelectionTimeoutError("x", transient))


async def test_a_client_hangs_up_when_it_is_closed() -> None:
    client = client_of(address_of("mongodb://127.0.0.1:1/films"))
    assert isinstance(client, AsyncMongoClient)
    await client.close()
