"""A queue's server that is away at the start or takes nothing: all else is served, and none is lost."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx2
import pytest
from tests.engines.queues import KIND, at_work, until
from tests.own_engine import OwnEngine, an_own_rabbitmq
from tests.ports import free_port
from tests.reliability.site import NO_TLS, PASSWORD, Site, wait_for

from marquee.engines.queue import open_queue
from marquee.engines.queue.rabbitmq.examine import examine
from marquee.kit.errors import Unavailable
from marquee.kit.work import Task

pytestmark = pytest.mark.engine
QUEUE = "work: queue"
REBUILD = "/api/v1/search/rebuild"


@pytest.fixture(scope="module")
def rabbitmq() -> Iterator[OwnEngine]:
    """The first test starts it."""
    with an_own_rabbitmq() as own:
        yield own


def started(rabbitmq: OwnEngine) -> None:
    if not rabbitmq.is_running:
        rabbitmq.start()


def admin(site: Site) -> dict[str, str]:
    done = site.run("admin", "create", "boss", "boss@films.example", stdin=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    return site.headers("boss")


@contextmanager
def served(tmp_path: Path, queue_url: str) -> Iterator[tuple[Site, httpx2.Client]]:
    """A site that works from this queue, and its admin."""
    told = {"queue_url": queue_url, "log_level": "info"}
    site = Site(tmp_path / "data", settings=told, expects_trouble=True)
    site.start()
    try:
        with httpx2.Client(
            base_url=site.url, trust_env=False, verify=NO_TLS, headers=admin(site)
        ) as client:
            yield site, client
    finally:
        site.close()


def test_work_is_refused_while_it_is_away_and_done_once_it_is_there(
    rabbitmq: OwnEngine, tmp_path: Path
) -> None:
    with served(tmp_path, rabbitmq.url) as (site, client):
        assert client.get("/readyz").json()["degraded"] == [QUEUE]
        refused = client.post(REBUILD)
        assert (refused.status_code, "retry-after" in refused.headers) == (503, True)
        assert site.said().count("no tasks can be taken") == 1
        rabbitmq.start()
        wait_for(lambda: "degraded" not in client.get("/readyz").json())
        assert client.post(REBUILD).status_code == 202
        wait_for(lambda: "built anew" in site.said(), within=60.0)


def test_a_wrong_password_is_an_error_at_the_start(rabbitmq: OwnEngine, tmp_path: Path) -> None:
    started(rabbitmq)
    url = rabbitmq.url.replace("guest:guest", "ada:canary")
    done = Site(tmp_path / "data", settings={"queue_url": url}).run("serve")
    assert done.returncode != 0
    assert done.stderr.count("\n") == 1
    assert "MARQUEE_QUEUE_URL" in done.stderr
    assert "canary" not in done.stderr


def test_a_wrong_scheme_is_an_error_at_the_start(tmp_path: Path) -> None:
    url = f"kafka://ada:canary@127.0.0.1:{free_port()}"
    done = Site(tmp_path / "data", settings={"queue_url": url}).run("serve")
    assert done.returncode != 0
    assert "MARQUEE_QUEUE_URL" in done.stderr
    assert "canary" not in done.stderr


@contextmanager
def alarm(rabbitmq: OwnEngine) -> Iterator[None]:
    """On its memory, until the block ends."""
    rabbitmq.rabbitmqctl("set_vm_memory_high_watermark", "0.0001")
    try:
        yield
    finally:
        rabbitmq.rabbitmqctl("set_vm_memory_high_watermark", "0.9")


async def test_under_an_alarm_work_is_refused_at_once_and_none_is_lost(
    rabbitmq: OwnEngine,
) -> None:
    started(rabbitmq)
    url = f"{rabbitmq.url}?prefix=alarm"
    queue = await open_queue(url)
    taken = [await queue.put(KIND, "1") for _ in range(5)]
    done: list[str] = []

    async def worker(task: Task) -> None:
        done.append(task.id)

    with alarm(rabbitmq):
        for _ in range(5):
            with pytest.raises(Unavailable, match="an alarm on its memory or disk") as refused:
                taken.append(await queue.put(KIND, "1"))
            assert refused.value.retry_after
        with pytest.raises(Unavailable, match="alarm"):
            await queue.check()
        about = {one.what: one for one in await examine(url)}
        assert (about["reachable"].state, about["alarms"].state) == ("ok", "wrong")
        assert "rabbitmq-diagnostics alarms" in about["alarms"].advice
        async with at_work(queue, worker):
            await until(lambda: {*taken} <= {*done})  # what was taken before is done meanwhile

    async def is_well() -> bool:
        with suppress(Unavailable):
            await queue.check()
            return True
        return False

    await until(is_well)
    taken.append(await queue.put(KIND, "1"))
    async with at_work(queue, worker):
        await until(lambda: {*taken} <= {*done})
    assert len(done) <= len(taken) + 1, "only the one that was on its way may come besides"
    await queue.close()


def test_under_an_alarm_whoever_asks_for_work_is_told_503_and_all_else_is_served(
    rabbitmq: OwnEngine, tmp_path: Path
) -> None:
    started(rabbitmq)
    with served(tmp_path, f"{rabbitmq.url}?prefix=served") as (_site, client):
        with alarm(rabbitmq):
            for _ in range(2):
                refused = client.post(REBUILD)
                assert (refused.status_code, "alarm" in refused.json()["detail"]) == (503, True)
                assert int(refused.headers["retry-after"]) > 0
            assert client.get("/readyz").json()["degraded"] == [QUEUE]
            assert client.get("/api/v1/movies").status_code == 200
        wait_for(lambda: client.post(REBUILD).status_code == 202)
