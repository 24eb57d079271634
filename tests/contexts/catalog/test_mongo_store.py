"""What is MongoDB's own of the catalog: its indexes, documents one can ask about, turns among many."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack
from typing import Any

import pytest
from msgspec.structs import replace
from pymongo import monitoring
from tests.contexts.catalog.house import START
from tests.contexts.catalog.test_store import a_person, a_record, add
from tests.contexts.catalog.test_store_values import a_full_movie, a_full_record

from marquee.contexts.catalog.events import MoviesChanged
from marquee.contexts.catalog.model.merging import Change, Named, Sought
from marquee.contexts.catalog.model.movie import Ids
from marquee.contexts.catalog.ports import CatalogStore, Counters, Saving
from marquee.contexts.catalog.stores import open_store
from marquee.engines.mongo.connect import address_of, client_of
from marquee.kit.errors import Stale, Unavailable
from marquee.kit.events import Heard

pytestmark = pytest.mark.engine
BY_INDEX = {"IXSCAN", "IDHACK", "EXPRESS_IXSCAN", "COUNT_SCAN", "DISTINCT_SCAN"}


class Ear(monitoring.CommandListener):
    """Writes down what clients ask while somebody wants to know."""

    def __init__(self) -> None:
        self.heard: list[dict[str, Any]] | None = None

    def started(self, event: monitoring.CommandStartedEvent) -> None:
        if self.heard is not None and event.command_name in {"find", "aggregate", "findAndModify"}:
            self.heard.append(dict(event.command))

    def succeeded(self, event: monitoring.CommandSucceededEvent) -> None: ...

    def failed(self, event: monitoring.CommandFailedEvent) -> None: ...


EAR = Ear()
monitoring.register(EAR)


@pytest.fixture
async def store(mongo_url: str) -> AsyncIterator[CatalogStore]:
    opened = await open_store(mongo_url)
    yield opened
    await opened.close()


@pytest.fixture
async def several(mongo_url: str) -> AsyncIterator[list[CatalogStore]]:
    """The same catalog, opened by four processes as it were."""
    async with AsyncExitStack() as stack:
        opened = [await open_store(mongo_url) for _ in range(4)]
        for one in opened:
            stack.push_async_callback(one.close)
        yield opened


@pytest.fixture
async def documents(mongo_url: str) -> AsyncIterator[Any]:
    """The database as others see it."""
    address = address_of(mongo_url)
    client = client_of(address)
    yield client.get_database(address.name)
    await client.close()


def stages(plan: Any) -> set[str]:
    """The stages of a plan, wherever they are in it."""
    if isinstance(plan, Mapping):
        here = {str(plan["stage"])} if "stage" in plan else set()
        return here.union(*map(stages, plan.values()))
    if isinstance(plan, list):
        return set().union(*map(stages, plan))
    return set()


async def explained(documents: Any, command: dict[str, Any]) -> set[str]:
    left_out = {"lsid", "$clusterTime", "$db", "readConcern", "writeConcern", "$readPreference"}
    in_turn = {"txnNumber", "startTransaction", "autocommit"}
    asked = {name: value for name, value in command.items() if name not in left_out | in_turn}
    told = await documents.command("explain", asked, verbosity="queryPlanner")
    return stages(told["queryPlanner"]["winningPlan"])


async def test_every_look_up_goes_by_an_index(store: CatalogStore, documents: Any) -> None:
    await add(store, *(a_record(id_, ids=Ids(f"tt{id_}", id_)) for id_ in range(1, 40)))
    await store.save(Saving(people=[a_person(id_, f"Ada {id_}") for id_ in range(1, 40)]))
    EAR.heard = heard = []
    try:
        await store.documents([1, 2])
        await store.document(1)
        await store.cards([1])
        await store.records([1])
        await store.movie_ids(3, 5)
        await store.marks(
            Sought(frozenset(["tt1"]), frozenset([2]), frozenset([("solaris", 1972)]))
        )
        await store.counters()
        await store.people([1])
        await store.people_named(Named(frozenset(["ada 1"]), frozenset(["nm1"]), frozenset([1])))
        await store.person_ids(3, 5)
        for descending in (True, False):
            await store.people_by_name(None, 5, descending=descending)
            await store.people_by_name(("ada 2", 1), 5, descending=descending)
        await store.people_called("ad")
        await store.count_people()
        await store.platforms()
        await store.events_after(0, 5)
        await store.last_place()
        await store.heard_up_to("reviews")
        await store.find_once("ada", "key")
        await store.save(Saving(heard=[Heard("reviews", 1, None)]))
    finally:
        EAR.heard = None
    assert len(heard) >= 28
    for command in heard:
        found = await explained(documents, command)
        assert "COLLSCAN" not in found, command
        assert found & BY_INDEX, command


async def test_others_can_ask_about_what_is_in_a_movie(store: CatalogStore, documents: Any) -> None:
    await add(store, a_full_record(a_full_movie(7)))
    asked = {
        "cast.character": "Hari",
        "crew": {"$elemMatch": {"job": "Director", "name": "Andrei Tarkovsky"}},
        "external_ratings": {"$elemMatch": {"source": "imdb", "value": {"$gt": 8}}},
        "budget": 2**53 + 1,
        "updated_at": START,
        "origins": {"$elemMatch": {"field": "*", "source": "starter|x"}},
    }
    assert [one["_id"] async for one in documents["movies"].find(asked)] == [7]


async def add_one(store: CatalogStore) -> int:
    """As services do: read the counters, give out the next number, and start over when stale."""
    while True:
        counters = await store.counters()
        id_ = counters.movie + 1
        saving = Saving(
            changes=[Change(None, a_record(id_))],
            counters=counters,
            given=Counters(id_, 0, 0),
            events=[MoviesChanged(batch_id=str(id_), movie_ids=(str(id_),))],
        )
        try:
            await store.save(saving)
        except Stale:
            continue
        return id_


async def places(store: CatalogStore, last: int) -> list[int]:
    """As they turn up for somebody who goes on reading: what was passed is not looked for again."""
    seen: list[int] = []
    while len(seen) < last:
        sent = await store.events_after(seen[-1] if seen else 0, 10)
        seen.extend(one.place for one in sent)
        await asyncio.sleep(0.05)
    return seen


async def test_parallel_saves_give_no_number_twice_and_tell_in_order(
    several: Sequence[CatalogStore],
) -> None:
    async def alone(at: int) -> int:
        async with desks[at]:
            return await add_one(several[at])

    desks = [asyncio.Lock() for _ in several]
    adding = (alone(at % len(several)) for at in range(64))
    numbers = list(range(1, 65))
    seen, *ids = await asyncio.gather(places(several[0], 64), *adding)
    assert sorted(ids) == numbers
    assert seen == numbers
    sent = await several[1].events_after(0, 100)
    assert [one.key for one in sent] == [str(id_) for id_ in numbers]
    assert await several[2].last_place() == 64
    assert await several[3].movie_ids(0, 100) == numbers


async def test_of_two_who_change_one_movie_the_second_is_told(
    several: Sequence[CatalogStore],
) -> None:
    one, other, *_ = several
    before = a_record()
    await add(one, before)
    changes = [
        Change(before, replace(before, movie=replace(before.movie, version=2, plot=plot)))
        for plot in ("one", "other")
    ]
    told = await asyncio.gather(
        one.save(Saving(changes=[changes[0]])),
        other.save(Saving(changes=[changes[1]])),
        return_exceptions=True,
    )
    assert [type(result) for result in told if result is not None] == [Stale]
    kept = (await one.records([1]))[1]
    assert kept.movie.plot == ("one" if told[0] is None else "other")


async def test_a_search_for_a_nul_finds_just_that(store: CatalogStore) -> None:
    await add(store, a_full_record(a_full_movie(1)), a_full_record(a_full_movie(2, plot="a\0b")))
    assert len(await store.mentioning("\0", "\0")) == 1


async def test_nothing_can_be_asked_of_a_catalog_whose_engine_is_away() -> None:
    with pytest.raises(Unavailable) as caught:
        await open_store("mongodb://ada:canary@127.0.0.1:1/films?replicaSet=rs0")
    assert caught.value.retry_after
    assert "canary" not in caught.value.detail
    assert "ada" not in caught.value.detail
