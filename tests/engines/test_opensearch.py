"""OpenSearch as an engine: what it takes, what it refuses, and what its errors become."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import uuid4

import pytest
from tests.real import real

from marquee.engines.opensearch import Cluster, Elsewhere, Shelf, address, prefix
from marquee.engines.opensearch.shelf import own
from marquee.kit.errors import Conflict, Invalid, Unavailable

BODY = {"settings": {"refresh_interval": "-1"}, "mappings": {"properties": {"n": {"type": "long"}}}}
ALL = {"query": {"match_all": {}}, "track_total_hits": True}
NAME = f"t{uuid4().hex[:12]}"


@pytest.fixture
async def cluster() -> AsyncIterator[Cluster]:
    found = await Cluster.open(address(real("opensearch")))
    try:
        yield found
    finally:
        await found.drop(*await found.indexes(f"{NAME}*"))
        await found.close()


@pytest.fixture
async def shelf(cluster: Cluster) -> Shelf:
    shelf = Shelf(cluster, NAME, BODY)
    await shelf.open()
    return shelf


def lines(*numbers: int, version: int = 1) -> bytes:
    name = '{"index":{"_id":"%d","version":%d,"version_type":"external_gte"}}\n{"n":%d}\n'
    return "".join(name % (n, version, n) for n in numbers).encode()


async def count(cluster: Cluster, index: str = NAME) -> int:
    (answer,) = await cluster.search(index, [ALL])
    return int(answer["hits"]["total"]["value"])


def test_a_prefix_is_small_letters_and_not_one_of_our_own_names() -> None:
    assert prefix(address("opensearch://one")) == "marquee"
    assert prefix(address("opensearch://ada:pw@one,two:1/films-2?tls=on")) == "films-2"
    for name in ("Films", "_films", "films*", "films,other", "films-next", "films-places", "a/b"):
        with pytest.raises(Invalid, match="prefix"):
            prefix(address(f"opensearch://one/{name}"))


@pytest.mark.engine
async def test_nothing_is_written_to_an_alias_that_is_not_there(cluster: Cluster) -> None:
    with pytest.raises(Elsewhere):
        await cluster.write(NAME, lines(1))
    with pytest.raises(Elsewhere):
        await cluster.search(NAME, [ALL])
    assert await cluster.behind(NAME) == []
    assert not await cluster.indexes(f"{NAME}*")
    await cluster.drop(NAME)


@pytest.mark.engine
async def test_what_is_seen_is_seen_all_at_once_and_the_later_version_stays(
    cluster: Cluster, shelf: Shelf
) -> None:
    await cluster.write(shelf.current, lines(1, 2, version=2))
    assert await count(cluster) == 0
    await cluster.refresh(shelf.current)
    assert await count(cluster) == 2
    with pytest.raises(ValueError, match="version_conflict"):
        await cluster.write(shelf.current, lines(1, 3))
    await cluster.write(shelf.current, lines(1, 4), passing={"version_conflict_engine_exception"})
    await cluster.refresh(shelf.current, f"{NAME}-not-there")
    assert await count(cluster) == 4
    found = await cluster.get(shelf.current, "1")
    assert found is not None
    assert found["_version"] == 2
    assert await cluster.get(shelf.current, "9") is None


@pytest.mark.engine
async def test_a_shelf_swaps_and_tidies_and_may_be_opened_by_many_at_once(cluster: Cluster) -> None:
    shelves = [Shelf(cluster, NAME, BODY) for _ in range(4)]
    await asyncio.gather(*(shelf.open() for shelf in shelves))
    assert await cluster.behind(NAME) == [f"{NAME}-0"]
    one, other = shelves[:2]
    assert not await one.is_whole()
    name = await one.begin()
    await cluster.write(own(name), lines(1, 2, 3))
    await one.use(name)
    assert await count(cluster) == 3
    assert await other.is_whole()
    assert not await Shelf(cluster, NAME, BODY, shape=2).is_whole()
    await one.abandon(name)
    assert await count(cluster) == 3
    await other.tidy()
    assert list(await cluster.indexes(f"{NAME}-*")) == [name]


@pytest.mark.engine
async def test_of_two_that_are_filled_the_older_is_not_used_after_the_newer(
    cluster: Cluster, shelf: Shelf
) -> None:
    older, newer = await shelf.begin(1), f"{NAME}-9"
    await shelf._make(newer, shelf.next, 2)  # who began at the same moment saw nobody
    await shelf.use(newer)
    with pytest.raises(Elsewhere):
        await shelf.use(older)
    assert await cluster.behind(NAME) == [newer]
    await shelf.abandon(older)
    with pytest.raises(Unavailable, match="later"):
        await shelf.begin(1)
    for number in (2, None, 3):
        latest = await shelf.begin(number)
        await shelf.use(latest)
        assert await cluster.behind(NAME) == [latest]
    await shelf.tidy()
    assert list(await cluster.indexes(f"{NAME}-*")) == [latest]


@pytest.mark.engine
async def test_one_whose_place_is_taken_is_either_used_or_dropped(
    cluster: Cluster, shelf: Shelf
) -> None:
    other = Shelf(cluster, NAME, BODY)
    for _ in range(5):
        (before,) = await cluster.behind(NAME)
        name = await shelf.begin()
        using, _gone = await asyncio.gather(
            shelf.use(name), other.abandon(name), return_exceptions=True
        )
        assert await cluster.behind(NAME) == [before if isinstance(using, Elsewhere) else name]
        assert await count(cluster) == 0


@pytest.mark.engine
async def test_who_is_held_up_just_before_the_swap_swaps_no_more(
    cluster: Cluster, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    older, newer, other = (
        await shelf.begin(1),
        f"{NAME}-9",
        await Cluster.open(address(real("opensearch"))),
    )
    await shelf._make(newer, shelf.next, 2)
    swap = cluster.alias

    async def late(actions: Sequence[Mapping[str, Any]]) -> None:
        await Shelf(other, NAME, BODY).use(newer)
        await swap(actions)

    monkeypatch.setattr(cluster, "alias", late)
    with pytest.raises(Elsewhere):
        await shelf.use(older)
    assert await cluster.behind(NAME) == [newer]
    await other.close()


@pytest.mark.engine
async def test_a_name_that_is_taken_is_a_conflict(cluster: Cluster, shelf: Shelf) -> None:
    (name,) = await cluster.behind(shelf.current)
    with pytest.raises(Conflict):
        await cluster.make(name, BODY)


@pytest.mark.engine
async def test_of_many_nodes_one_is_enough() -> None:
    where = address(real("opensearch"))
    found = await Cluster.open(address(f"opensearch://127.0.0.1:1,{where.host}:{where.port}"))
    try:
        for _ in range(4):
            assert await found.behind(NAME) == []
    finally:
        await found.close()
    with pytest.raises(Unavailable, match="does not answer"):
        await Cluster.open(address("opensearch://127.0.0.1:1,127.0.0.1:2"))


async def test_another_program_is_not_taken_for_opensearch() -> None:
    for status, body, error in (
        (b"200 OK", b"{}", Invalid),
        (b"200 OK", b'"x"', Invalid),
        (b"200 OK", b"<p>", Unavailable),
        (b"404 Not Found", b"{}", Unavailable),
        (b"500 Broken", b"<p>", Unavailable),
    ):

        async def answer(
            reader: asyncio.StreamReader,
            writer: asyncio.StreamWriter,
            said: tuple[bytes, int, bytes] = (status, len(body), body),
        ) -> None:
            await reader.readuntil(b"\r\n\r\n")
            kind = b"Content-Type: application/json"
            writer.write(
                b"HTTP/1.1 %b\r\n%b\r\nContent-Length: %d\r\n\r\n%b" % (said[0], kind, *said[1:])
            )
            await writer.drain()
            writer.close()

        async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
            port = server.sockets[0].getsockname()[1]
            with pytest.raises(error) as caught:
                await Cluster.open(address(f"opensearch://ada:secret@127.0.0.1:{port}"))
        assert "secret" not in repr(caught.value)
