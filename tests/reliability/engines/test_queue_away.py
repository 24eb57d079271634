"""A queue's server that is away at the start or takes nothing: all else is served, and none is lost."""

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from tests.own_engine import OwnEngine, an_own_rabbitmq
from tests.ports import free_port
from tests.reliability.site import NO_TLS, PASSWORD, Site, wait_for

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


def test_work_is_refused_while_it_is_away_and_done_once_it_is_there(
    rabbitmq: OwnEngine, tmp_path: Path
) -> None:
    told = {"queue_url": rabbitmq.url, "log_level": "info"}
    site = Site(tmp_path / "data", settings=told, expects_trouble=True)
    site.start()
    try:
        with httpx2.Client(
            base_url=site.url, trust_env=False, verify=NO_TLS, headers=admin(site)
        ) as client:
            assert client.get("/readyz").json()["degraded"] == [QUEUE]
            refused = client.post(REBUILD)
            assert (refused.status_code, "retry-after" in refused.headers) == (503, True)
            assert site.said().count("no tasks can be taken") == 1
            rabbitmq.start()
            wait_for(lambda: "degraded" not in client.get("/readyz").json())
            assert client.post(REBUILD).status_code == 202
            wait_for(lambda: "built anew" in site.said(), within=60.0)
    finally:
        site.close()


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
