"""A client of Redis: what it is opened with, and what its errors say."""

import asyncio
import time
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis
from tests.engines.own_redis import OwnRedis, a_database, a_redis

from marquee.engines.redis import Redis
from marquee.engines.redis.examine import examine
from marquee.kit.errors import Invalid, OutOfSpace, Unavailable

USER, SECRET = "somebody", "violet-kettle"


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[OwnRedis]:
    with a_redis(tmp_path, "--requirepass", "another-secret") as own:
        yield own


@pytest.mark.engine
@pytest.mark.parametrize("who", [f"{USER}:{SECRET}@", f":{SECRET}@", ""])
async def test_a_refused_password_is_told_of_and_not_told(
    locked: OwnRedis, who: str, caplog: pytest.LogCaptureFixture
) -> None:
    with pytest.raises(Invalid) as refused:
        await Redis.open(f"redis://{who}127.0.0.1:{locked.port}/0", field="X")
    told = "".join(traceback.format_exception(refused.value)) + caplog.text
    assert refused.value.field == "X"
    assert f"redis://127.0.0.1:{locked.port}/0" in told
    assert SECRET not in told
    assert USER not in told


@pytest.mark.engine
async def test_a_password_that_is_changed_later_is_not_told_either(locked: OwnRedis) -> None:
    client = await Redis.open(f"redis://:another-secret@127.0.0.1:{locked.port}/0", field="X")
    assert "another-secret" not in f"{client!r} {client._client!r} {client.address!r}"
    with redis.Redis(port=locked.port, password="another-secret") as other:
        other.config_set("requirepass", SECRET)
        other.client_kill_filter(_type="normal", skipme=True)
    for _ in range(2):
        with pytest.raises(Unavailable) as away:
            await client.check()
    told = "".join(traceback.format_exception(away.value))
    assert "another-secret" not in told
    assert SECRET not in told
    await client.close()


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1",
        "redis://127.0.0.1,127.0.0.2/0",
        "redis://127.0.0.1/name",
        "redis://127.0.0.1/-1",
        "redis://127.0.0.1/0?ca=/no/such/file",
        "redis://127.0.0.1/0?other=1",
        "redis://",
    ],
)
def test_a_url_it_cannot_use_is_refused(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        Redis.at(url, field="X")
    assert refused.value.field == "X"


@pytest.mark.engine
async def test_a_database_that_is_not_there_is_refused() -> None:
    with a_database() as url:
        beyond = url.rpartition("/")[0] + "/9999"
        with pytest.raises(Invalid):
            await Redis.open(beyond, field="X")


@pytest.mark.engine
async def test_a_full_memory_is_told_and_reading_goes_on(tmp_path: Path) -> None:
    with a_redis(tmp_path, "--maxmemory", "1") as own:
        client = await Redis.open(own.url, field="X", reads_text=True)
        with pytest.raises(OutOfSpace):
            await client.do("SET", "a", "b")
        with pytest.raises(OutOfSpace):
            await client.script("return redis.call('SET', 'a', 'b')")([], [])
        assert await client.do("GET", "a") is None
        with pytest.raises(OutOfSpace):
            await client.check()
        about = await examine(own.url, field="X", keeps=False)
        assert [one.state for one in about if one.what == "memory"] == ["wrong"]
        await client.close()


READER = ("reader", "on", ">canary", "~*", "+@read", "+ping", "+info", "+time", "+select")


@pytest.mark.engine
async def test_a_redis_that_takes_no_writes_from_us_is_told_as_such(tmp_path: Path) -> None:
    with a_redis(tmp_path) as own, redis.Redis(port=own.port) as boss:
        client = await Redis.open(own.url, field="X")
        script = client.script("return redis.call('SET', 'a', 'b')")
        boss.execute_command("ACL", "SETUSER", *READER)
        allowed = own.url.replace("redis://", "redis://reader:canary@")
        await told_of_no_writes(allowed, "does not let this user")
        boss.replicaof("127.0.0.1", "1")
        await told_of_no_writes(own.url, "is a replica")
        for asked in (client.check(), client.do("SET", "a", "b"), script([], [])):
            with pytest.raises(Unavailable, match="is a replica") as away:
                await asked
            assert away.value.retry_after
        await client.close()


async def told_of_no_writes(url: str, why: str) -> None:
    with pytest.raises(Invalid, match=why) as refused:
        await Redis.open(url, field="X")
    assert (refused.value.field, "canary" in refused.value.detail) == ("X", False)
    away = await Redis.open(url, field="X", may_be_away=True)  # whoever can do without it may
    with pytest.raises(Unavailable, match=why):
        await away.check()
    await away.close()
    about = await examine(url, field="X", keeps=False)
    assert [one.state for one in about if one.what == "writable"] == ["wrong"]


@pytest.mark.engine
async def test_a_script_is_sent_again_to_a_redis_that_has_forgotten_it() -> None:
    with a_database() as url, redis.Redis.from_url(url) as other:
        client = await Redis.open(url, field="X")
        script = client.script("return ARGV[1]")
        assert await script([], ["a"]) == b"a"
        other.script_flush()
        assert await script([], ["b"]) == b"b"
        await client.close()


async def test_one_that_takes_and_does_not_answer_is_away_after_two_seconds() -> None:
    async def never(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(never, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    client, start = Redis.at(f"redis://127.0.0.1:{port}", field="X"), time.monotonic()
    done = await asyncio.gather(*[client.check() for _ in range(100)], return_exceptions=True)
    assert {type(one) for one in done} == {Unavailable}
    assert time.monotonic() - start < 20  # not one after the other
    await client.close()
    server.close()


@pytest.mark.engine
async def test_whoever_is_cancelled_while_it_is_asked_does_not_go_on() -> None:
    async def ask(redis: Redis) -> None:
        await redis.do("GET", "nothing")
        await asyncio.sleep(60)

    with a_database() as url:
        for is_connected in (False, True):
            for steps in range(40):
                redis = Redis.at(url, field="X")
                if is_connected:
                    await redis.do("GET", "nothing")
                asking = asyncio.create_task(ask(redis))
                for _ in range(steps):
                    await asyncio.sleep(0)
                asking.cancel()
                with pytest.raises(asyncio.CancelledError):
                    async with asyncio.timeout(10):
                        await asking
                await redis.close()
