"""What the index promises besides where it lives on OpenSearch, beside others who use it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from tests.contexts.search.fakes import MemoryCatalog, a_film, an_entry
from tests.contexts.search.homes import Home, a_cluster, a_home, a_url, cleared
from tests.contexts.search.house import a_house
from tests.contexts.search.wires import a_wire

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.ports import Filters, SearchIndex
from marquee.contexts.search.stores import open_index, open_store
from marquee.contexts.search.stores.opensearch import index as on_opensearch
from marquee.engines.opensearch import address
from marquee.kit.errors import Invalid, OutOfSpace, Unavailable
from marquee.kit.events import Heard

pytestmark = pytest.mark.engine
ALIKE = Asked.of("alike")


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with a_home("opensearch", tmp_path) as found:
        yield found


async def total(index: SearchIndex, q: str = "alike") -> int:
    return (await index.find(Asked.of(q), Filters(), most=40)).total


async def pages(*entries: Entry, each: int = 1_000) -> AsyncIterator[Sequence[Entry]]:
    for n in range(0, len(entries), each):
        yield entries[n : n + each]


def alike(*ids: int, name: str = "Alike") -> list[Entry]:
    return [an_entry(n, name, popularity=float(n % 60)) for n in ids]


async def test_while_it_is_built_anew_again_and_again_it_answers_all_the_time(home: Home) -> None:
    index, reader = await home.index(), await home.index()
    await index.put(alike(*range(1, 201)), ())
    before = await reader.find(ALIKE, Filters(), most=40)

    async def building() -> None:
        for _ in range(4):
            await index.rebuild(pages(*alike(*range(1, 201)), each=70))

    task, count = asyncio.create_task(building()), 0
    while not task.done():
        found = await reader.find(ALIKE, Filters(), most=40)
        count += 1
        assert (found.total, found.facets) == (before.total, before.facets)
        assert {one.key for one in found.entries} == {one.key for one in before.entries}
    await task
    assert count > 4
    assert len(await home.names()) == 1


async def test_what_is_put_meanwhile_by_another_is_in_the_new_index_and_newer_than_its_page(
    home: Home,
) -> None:
    index, other = await home.index(), await home.index()
    await index.put(alike(1, 2, 3), ())

    async def slow() -> AsyncIterator[Sequence[Entry]]:
        yield alike(1)
        await other.put(alike(1, 2, name="Newer"), ["movie:3"])
        assert (await total(index, "newer"), await total(index)) == (2, 0)
        yield alike(1, 2, 3, 4)

    await index.rebuild(slow())
    assert (await total(other, "newer"), await total(other)) == (2, 1)
    await other.put(alike(1, 2), ())
    assert (await total(index, "newer"), await total(index)) == (0, 3)


async def test_many_put_at_once(home: Home) -> None:
    indexes = [await home.index() for _ in range(3)]
    await asyncio.gather(
        *(
            indexes[n % 3].put(alike(*range(n * 20, n * 20 + 30)), [f"movie:{9000 + n}"])
            for n in range(9)
        )
    )
    assert {await total(index) for index in indexes} == {190}


async def test_what_is_left_of_a_killed_rebuild_is_dropped_by_the_next(home: Home) -> None:
    index, other = await home.index(), await home.index()
    await index.put(alike(1), ())
    left = await index._shelf.begin()  # type: ignore[attr-defined]
    assert left in await home.names()
    assert await total(other) == 1
    await other.put(alike(7), ())
    assert await total(index) == 2
    await other.rebuild(pages(*alike(1, 2)))
    assert await total(index) == 2
    assert len(await home.names()) == 1


async def test_one_that_is_being_filled_is_left_alone(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marquee.engines.opensearch.shelf.LULL", 1.0)
    index, other = await home.index(), await home.index()
    refused, begun = asyncio.Event(), asyncio.Event()

    async def slow() -> AsyncIterator[Sequence[Entry]]:
        for n in range(1, 600):
            if refused.is_set():
                return
            yield alike(n)
            begun.set()

    building = asyncio.create_task(index.rebuild(slow()))
    await begun.wait()
    with pytest.raises(Unavailable, match="being built"):
        await other.rebuild(pages(*alike(1)))
    refused.set()
    await building
    assert await total(other) > 0
    assert await other.is_whole()


async def test_whose_place_another_rebuild_has_taken_gives_up(home: Home) -> None:
    index, other = await home.index(), await home.index()

    async def overtaken() -> AsyncIterator[Sequence[Entry]]:
        yield alike(1)
        await other.rebuild(pages(*alike(1, 2)))
        yield alike(3)

    with pytest.raises(Unavailable, match="Another rebuild"):
        await index.rebuild(overtaken())
    assert await total(index) == 2
    assert len(await home.names()) == 1


async def test_an_index_that_is_anothers_is_refused(home: Home) -> None:
    name = address(home.url).name
    async with a_cluster(home.url) as cluster:
        await cluster.make(f"{name}-other", {"aliases": {name: {}}})
        with pytest.raises(Invalid, match="not Marquee's"):
            await open_index(home.url, home.folder)
        assert f"{name}-other" in await cluster.indexes(name)
        await cluster.drop(f"{name}-other")
        await cluster.make(f"{name}-0", {})
        with pytest.raises(Invalid, match="another's"):
            await open_index(home.url, home.folder)
        await cluster.drop(f"{name}-0")


async def test_an_index_of_another_prefix_is_none_of_its_business(home: Home) -> None:
    longer = f"{home.url}-b"
    near = await open_index(longer, home.folder)
    try:
        await near.put(alike(1), ())
        index = await home.index()
        await index.rebuild(pages(*alike(1, 2)))
        assert (await total(near), await total(index)) == (1, 2)
    finally:
        await near.close()
        await cleared(longer)


async def test_an_index_that_somebody_has_dropped_is_built_anew(home: Home) -> None:
    catalog = MemoryCatalog()
    catalog.put(a_film(1, "Alike"))
    async with a_house(home.folder, catalog, url=home.url) as house:
        async with a_cluster(home.url) as cluster:
            await cluster.drop(*await cluster.indexes(address(home.url).name))
        with pytest.raises(Unavailable, match="no search index"):
            await house.search.search("alike", Filters(), cursor=None, limit=5)
        with pytest.raises(Unavailable, match="no search index"):
            await house.search.follow(["1"], [])
        (mend,) = house.room.jobs
        await mend.run()
        page = await house.search.search("alike", Filters(), cursor=None, limit=5)
        assert page.total == 1


async def test_a_full_disk_is_called_one_and_a_locked_index_is_not(home: Home) -> None:
    index, store = await home.index(), await home.store()
    await index.rebuild(pages(*alike(1)))
    async with a_cluster(home.url) as cluster:
        settings = cluster._client.indices.put_settings
        name = address(home.url).name
        for block, error in (("read_only_allow_delete", OutOfSpace), ("write", Unavailable)):
            await settings(index=name, body={f"index.blocks.{block}": True})
            with pytest.raises(error):
                await index.put(alike(2), ())
            with pytest.raises(Unavailable, match="takes no change"):
                await store.check()
            assert await total(index) == 1
            await settings(index=name, body={f"index.blocks.{block}": None})
    await index.put(alike(2), ())
    assert await total(index) == 2


async def test_deeper_than_one_search_can_skip_the_others_go_on(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(on_opensearch, "WINDOW", 10)
    index = await home.index()
    await index.put([an_entry(n, "Alike", popularity=float(n)) for n in range(1, 41)], ())
    known = [an_entry(40, "Alike", popularity=40.0)]
    for skip in (0, 4, 6, 9, 10, 23, 36, 38, 39, 60):
        rest = await index.others(ALIKE, Filters(), known, skip=skip, limit=4)
        assert [int(one.id) for one in rest] == [
            n for n in range(39 - skip, 35 - skip, -1) if n > 0
        ]


async def test_away_it_says_so_soon_and_back_it_answers_as_before(home: Home) -> None:
    where = address(home.url)
    async with a_wire((where.host, where.port)) as wire:
        url = f"opensearch://ada:secret@127.0.0.1:{wire.port}/{where.name}"
        index, store = await open_index(url, home.folder), await open_store(url)
        try:
            await index.rebuild(pages(*alike(1)))
            for how in ("cut", "frozen"):
                if how == "cut":
                    await wire.cut()
                else:
                    wire.flows.clear()
                asks: list[Callable[[], Awaitable[object]]] = [
                    lambda: index.find(ALIKE, Filters(), most=5),
                    lambda: index.put(alike(1), ()),
                    lambda: store.hear(Heard("catalog", 1, None)),
                    lambda: index.rebuild(pages()),
                    index.is_whole,
                    lambda: store.heard_up_to("catalog"),
                    store.check,
                ]
                for ask in asks if how == "cut" else asks[:3]:
                    with pytest.raises(Unavailable) as caught:
                        await ask()
                    assert caught.value.retry_after
                    assert "secret" not in repr(caught.value)
                if how == "cut":
                    await wire.mend()
                wire.flows.set()
                assert await total(index) == 1
                await index.put(alike(1), ["movie:2"])
                await store.check()
        finally:
            await index.close()
            await store.close()


async def test_where_nobody_answers_or_somebody_else_does_it_does_not_open(home: Home) -> None:
    with pytest.raises(Unavailable, match="does not answer") as caught:
        await open_index("opensearch://ada:secret@127.0.0.1:1/marquee", home.folder)
    assert "secret" not in repr(caught.value)
    for url in ("opensearch://127.0.0.1:1/Films", "opensearch://127.0.0.1:1/films-next"):
        with pytest.raises(Invalid, match="prefix"):
            await open_store(url)
    assert a_url().startswith("opensearch:")
