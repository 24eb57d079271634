"""A contract answered by another process, as far as the near end can tell."""

import asyncio
import contextlib
import stat
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import grpc
import pytest
from tests.app.remote.theater.contract import Play, Seat, Theater
from tests.app.remote.theater.house import NOON, House

from marquee.app.remote.client import Peer
from marquee.app.remote.events.contract import Outbox as OutboxContract
from marquee.app.remote.server import Server, serve
from marquee.app.remote.tokens import Key
from marquee.kit import errors

KEY = Key([b"k" * 32])


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def server(house: House) -> AsyncIterator[Server]:
    server = await serve({Theater: house}, address="127.0.0.1:0", key=KEY)
    yield server
    await server.stop(0)


@pytest.fixture
async def peer(server: Server) -> AsyncIterator[Peer]:
    async with Peer(f"grpc://{server.address}", key=KEY, caller="tests") as peer:
        yield peer


@pytest.fixture
def theater(peer: Peer) -> Theater:
    return peer.ask(Theater)


async def test_a_far_contract_answers_like_a_near_one(theater: Theater, house: House) -> None:
    assert await theater.plays(titles=["Hamlet", "Cats"]) == {"Hamlet": house.on["Hamlet"]}
    assert await theater.sell(title="Hamlet", seats=[Seat("A"), Seat("B")], paid=2) == 4
    assert await theater.sell(title="Hamlet", seats=()) == 0
    assert await theater.find(title="Cats") is None
    assert await theater.find(title="Hamlet", before=NOON) is None
    play = Play("Cats", NOON, 1.0, Seat("Z"), labels={"x": "y"})
    assert await theater.put_on(play=play) == play
    await theater.close()
    assert house.is_closed


@pytest.mark.parametrize("code", sorted(errors.kinds()))
async def test_every_error_of_the_kit_arrives_as_what_it_was(theater: Theater, code: str) -> None:
    with pytest.raises(errors.kinds()[code]) as caught:
        await theater.fail(how=code)
    error = caught.value
    assert type(error) is errors.kinds()[code]
    assert (error.detail, error.field) == ("So it is.", "how")
    assert (error.extra, error.retry_after) == ({"id": "5"}, 7)


async def test_an_error_derived_from_the_kit_arrives_as_the_kits(theater: Theater) -> None:
    with pytest.raises(errors.Conflict, match="Somebody sits there"):
        await theater.fail(how="in its own way")


async def test_an_error_that_is_too_long_is_cut_and_still_arrives(theater: Theater) -> None:
    with pytest.raises(errors.Conflict, match="long long") as caught:
        await theater.fail(how="at length")
    assert caught.value.field == "how"


async def test_a_mistake_at_the_far_end_tells_nothing_of_itself(
    theater: Theater, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(errors.MarqueeError) as caught:
        await theater.fail(how="badly")
    assert type(caught.value) is errors.MarqueeError
    assert "swordfish" not in caught.value.detail
    assert "swordfish" in capsys.readouterr().out


async def test_what_cannot_be_sent_is_refused_before_it_is_sent(
    theater: Theater, house: House
) -> None:
    with pytest.raises(errors.Invalid) as caught:
        await theater.plays(titles=["\ud800"])
    assert caught.value.field == "titles[0]"
    with pytest.raises(TypeError, match="no parameter title"):
        await theater.plays(titles=[], title="x")  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="titles is missing"):
        await theater.plays()  # type: ignore[call-arg]
    assert house.asked == 0


async def test_a_large_message_arrives_and_one_too_large_is_refused(theater: Theater) -> None:
    play = Play("Big", NOON, 1.0, Seat("A"), poster=b"x" * 20_000_000)
    assert await theater.put_on(play=play) == play
    with pytest.raises(errors.TooLarge):
        await theater.put_on(play=Play("Big", NOON, 1.0, Seat("A"), poster=b"x" * 70_000_000))


async def test_a_call_that_takes_longer_than_declared_is_given_up_and_not_repeated(
    theater: Theater, house: House
) -> None:
    with pytest.raises(errors.Unavailable, match="in time"):
        await theater.rehearse(seconds=30)
    assert house.asked == 1


async def test_a_far_unavailable_is_passed_on_at_once(theater: Theater, house: House) -> None:
    for _ in range(8):
        with pytest.raises(errors.Unavailable, match="So it is"):
            await theater.fail(how="unavailable")
    assert house.asked == 8


async def test_a_service_that_comes_back_is_found_again(house: House) -> None:
    server = await serve({Theater: house}, address="127.0.0.1:0", key=KEY)
    async with Peer(server.address, key=KEY) as peer:
        theater = peer.ask(Theater)
        assert await theater.plays(titles=[]) == {}
        await server.stop(0)
        with pytest.raises(errors.Unavailable) as caught:
            await theater.plays(titles=[])
        assert caught.value.retry_after
        server = await serve({Theater: house}, address=server.address, key=KEY)
        answer = None
        while answer is None:
            try:
                answer = await theater.plays(titles=["Cats"])
            except errors.Unavailable:
                await asyncio.sleep(0.05)
        assert answer == {}
        await server.stop(0)


async def test_nobody_home_is_unavailable_and_soon_not_even_tried() -> None:
    async with Peer("127.0.0.1:1", key=KEY) as peer:
        theater = peer.ask(Theater)
        for _ in range(5):
            with pytest.raises(errors.Unavailable):
                await theater.close()
        assert peer._choice.among[0].breaker._failures == 5
        with pytest.raises(errors.Unavailable):
            await theater.close()
        assert peer._choice.among[0].breaker._failures == 5
        assert not await peer.is_well()


async def test_a_taken_address_is_one_clear_line(server: Server) -> None:
    with pytest.raises(errors.Unavailable, match="Cannot listen at"):
        await serve({}, address=server.address, key=KEY)


async def test_a_stranger_is_refused_and_learns_only_that(server: Server, house: House) -> None:
    for keyed in (None, Key([b"x" * 32])):
        async with Peer(server.address, key=keyed) as peer:
            with pytest.raises(errors.Unavailable, match="does not know our key"):
                await peer.ask(Theater).plays(titles=[])
            assert await peer.is_well(Theater)
    assert house.asked == 0


@pytest.mark.parametrize(
    "authorization", ["", "Bearer ", "Bearer x.y.z", "Basic x", "Bearer ..", "bearer x"]
)
async def test_a_token_that_is_none_is_refused(server: Server, authorization: str) -> None:
    async with grpc.aio.insecure_channel(server.address) as channel:
        for path in (
            "/marquee.theater.v1.Theater/Plays",
            "/marquee.theater.v1.Theater/Nothing",
            "/marquee",
            "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
        ):
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await channel.unary_unary(path)(
                    b"", metadata=[("authorization", authorization.encode("utf-8"))]
                )
            assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED


async def test_a_token_for_another_context_is_refused(server: Server, house: House) -> None:
    token = KEY.sign(caller="x", audience="catalog").text
    async with grpc.aio.insecure_channel(server.address) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await channel.unary_unary("/marquee.theater.v1.Theater/Plays")(
                b"", metadata=[("authorization", f"Bearer {token}")]
            )
    assert caught.value.code() is grpc.StatusCode.UNAUTHENTICATED
    assert house.asked == 0


async def test_an_answer_from_somebody_without_the_key_is_not_believed(
    house: House, tmp_path: Path
) -> None:
    impostor = await serve({Theater: house}, address=f"unix:{tmp_path}/socket", key=None)
    async with Peer(impostor.address, key=KEY) as peer:
        with pytest.raises(errors.Unavailable, match="not one of us"):
            await peer.ask(Theater).plays(titles=[])
        with pytest.raises(errors.Unavailable, match="not one of us"):
            await peer.ask(Theater).sell(title="Cats", seats=())
    await impostor.stop(0)


async def test_a_socket_file_is_for_its_owner_and_needs_no_key(
    house: House, tmp_path: Path
) -> None:
    path = tmp_path / "socket"
    server = await serve({Theater: house}, address=f"unix:{path}", key=None)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    async with Peer(f"unix:{path}") as peer:
        assert await peer.ask(Theater).plays(titles=["Cats"]) == {}
    await server.stop(0)


async def test_a_socket_file_left_by_a_killed_process_is_replaced(
    house: House, tmp_path: Path
) -> None:
    path = tmp_path / "socket"
    for _ in range(2):
        server = await serve({Theater: house}, address=f"unix:{path}", key=None)
        async with Peer(server.address) as peer:
            assert await peer.ask(Theater).plays(titles=[]) == {}
        path.rename(tmp_path / "kept")
        await server.stop(0)
        (tmp_path / "kept").rename(path) if (tmp_path / "kept").exists() else path.touch()


async def test_a_socket_file_nobody_can_make_is_one_clear_line(tmp_path: Path) -> None:
    for path in (tmp_path / "no" / "folder", tmp_path / ("x" * 200)):
        with pytest.raises(errors.Unavailable, match="Cannot listen at"):
            await serve({}, address=f"unix:{path}", key=None)


async def test_a_network_address_needs_a_key() -> None:
    with pytest.raises(errors.Invalid) as caught:
        await serve({}, address="127.0.0.1:0", key=None)
    assert caught.value.field == "service_key_file"


async def test_health_is_what_the_server_says(server: Server, peer: Peer) -> None:
    assert await peer.is_well()
    assert await peer.is_well(Theater)
    assert not await peer.is_well(OutboxContract)
    await server.say(is_well=False)
    assert not await peer.is_well(Theater)


async def test_a_trace_goes_with_the_call(house: House) -> None:
    heard = []

    @contextlib.contextmanager
    def traced(where: str, parent: str | None) -> Iterator[None]:
        heard.append((where, parent))
        yield

    server = await serve({Theater: house}, address="127.0.0.1:0", key=KEY, traced=traced)
    async with Peer(server.address, key=KEY, trace=lambda: "00-ab-cd-01") as peer:
        await peer.ask(Theater).close()
    await server.stop(0)
    assert heard == [("theater.close", "00-ab-cd-01")]
