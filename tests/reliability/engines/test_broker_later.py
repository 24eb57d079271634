"""A broker that is away at the start: all is taken meanwhile, and told when it is there."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
import structlog
from tests.app.relay.stage import Box
from tests.own_engine import PASSWORD, USER, OwnEngine, an_own_kafka
from tests.ports import free_port
from tests.real import fresh
from tests.reliability.services.wires import Wires, wires
from tests.reliability.site import NO_TLS, Site, wait_for

from marquee.app.assemble import Building, web
from marquee.app.relay.broker import Publish
from marquee.app.relay.topics import SETTING
from marquee.app.relay.trouble import REFUSED
from marquee.app.serving import make_ready, opened, working
from marquee.app.settings import Settings
from marquee.contexts.catalog.contract import Catalog, MovieFacts
from marquee.engines.bus import knock
from marquee.engines.bus.examine import examine
from marquee.engines.bus.kafka import Kafka
from marquee.kit.errors import Invalid, Unavailable

pytestmark = pytest.mark.engine
HEARD_WITHIN = 30.0
MIRROR = MovieFacts("Mirror", 1975, genres=("Drama",))
BROKER = "events: broker"


@pytest.fixture(scope="module")
def kafka() -> Iterator[OwnEngine]:
    """The first test starts it."""
    with an_own_kafka() as own:
        yield own


@pytest.fixture
def wire(kafka: OwnEngine) -> Iterator[Wires]:
    """`events` leads to it, once it is mended."""
    if not kafka.is_running:
        kafka.start()
    with wires() as found:
        found.through("events", kafka.url)
        found.put("events", "reset")
        yield found


def through(wire: Wires) -> str:
    return f"kafka://127.0.0.1:{wire.all['events'].port}/{a_name()}"


def a_name() -> str:
    return f"later-{uuid4().hex[:10]}"


def standing(client: httpx2.Client) -> dict[str, object]:
    answer = client.get("/readyz")
    assert answer.status_code == 200, answer.text
    found: dict[str, object] = answer.json()
    return found


async def test_what_started_without_it_serves_and_goes_on_when_it_comes(
    kafka: OwnEngine, tmp_path: Path
) -> None:
    kafka.kill()
    told = {"events_url": f"{kafka.url}/{a_name()}", "log_level": "info"}
    site = Site(tmp_path / "data", settings=told)
    site.start()
    try:
        async with site.asking(Catalog) as catalog:
            await catalog.merge(source="test", movies=[MIRROR])
        with httpx2.Client(base_url=site.url, trust_env=False, verify=NO_TLS) as client:

            def titles() -> list[str]:
                items = client.get("/api/v1/search?q=mirror").json()["items"]
                return [one["title"] for one in items]

            assert standing(client)["degraded"] == [BROKER]
            assert client.get("/api/v1/movies/1").json()["title"] == "Mirror"
            assert titles() == []
            assert site.said().count("events wait") == 1, site.said()
            kafka.start()
            wait_for(titles, within=HEARD_WITHIN)
            assert "degraded" not in standing(client)
            wait_for(lambda: "events go on" in site.said())
        assert "Traceback" not in site.said()
    finally:
        site.close()


@contextlib.asynccontextmanager
async def serving(settings: Settings) -> AsyncIterator[Building]:
    """The catalog alone."""
    async with opened(settings, ["catalog"]) as building:
        await make_ready(building)
        async with working(building):
            yield building


def a_catalog(folder: Path, url: str, events: str) -> Settings:
    given = {"catalog_url": url}
    return Settings(data=folder, starter=False, events_url=events, of_contexts=given)


async def until(there: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(HEARD_WITHIN):
        while not await there():  # noqa: ASYNC110 - what is asked knows no event
            await asyncio.sleep(0.05)


async def test_memory_fed_by_topics_is_right_once_it_is_there(wire: Wires, tmp_path: Path) -> None:
    events = through(wire)
    with fresh("postgresql", tmp_path) as url:
        first, second = (a_catalog(tmp_path / name, url, events) for name in "12")
        async with serving(first) as one, serving(second) as two:
            await one.contract(Catalog).merge(source="test", movies=[MIRROR])
            transport = httpx2.ASGITransport(app=web(two))
            async with httpx2.AsyncClient(transport=transport, base_url="http://two") as client:

                async def titles() -> list[str]:
                    items = (await client.get("/api/v1/movies")).json()["items"]
                    return [movie["title"] for movie in items]

                async def is_told() -> bool:
                    return await titles() == ["Mirror"]

                assert await titles() == []
                assert (await two.standing())[1] == [BROKER]
                wire.put("events", None)
                await until(is_told)
                assert (await two.standing()) == ([], [])


async def strangers(events: str) -> None:
    """The catalog's topic holds what another instance told."""
    box = Box()
    box.tell(*"abc")
    kafka = await Kafka.open(events)
    publish = Publish("catalog", box, kafka)
    await publish.step()
    await publish.close()
    await kafka.close()


async def test_a_topic_of_another_instance_is_refused_at_the_start(
    kafka: OwnEngine, tmp_path: Path
) -> None:
    events = f"{kafka.url}/{a_name()}"
    await started(kafka)
    await strangers(events)
    settings = a_catalog(tmp_path, f"sqlite:///{tmp_path / 'catalog.db'}", events)
    with pytest.raises(Invalid, match="another instance") as refused:
        async with serving(settings):
            pass
    assert refused.value.field == SETTING


async def test_a_topic_of_another_instance_that_comes_later_is_told_and_degrades(
    wire: Wires, tmp_path: Path
) -> None:
    events = through(wire)
    wire.put("events", None)
    await strangers(events)
    wire.put("events", "reset")
    settings = a_catalog(tmp_path, f"sqlite:///{tmp_path / 'catalog.db'}", events)
    with structlog.testing.capture_logs() as logs:
        async with serving(settings) as building:
            wire.put("events", None)

            async def is_told() -> bool:
                return any(one["event"] == REFUSED for one in logs)

            await until(is_told)
            assert (await building.standing()) == ([], [BROKER])
    [told] = [one for one in logs if one["event"] == REFUSED]
    assert told["setting"] == SETTING
    assert "another instance" in told["reason"]


async def started(kafka: OwnEngine) -> None:
    if not kafka.is_running:
        await asyncio.to_thread(kafka.start)


def known(kafka: OwnEngine, user: str, password: str) -> str:
    return f"kafka://{user}:{password}@127.0.0.1:{kafka.place.ports['known']}"


async def test_a_user_and_password_let_in(kafka: OwnEngine) -> None:
    await started(kafka)
    open_ = await Kafka.open(known(kafka, USER, PASSWORD))
    await open_.check()
    await open_.close()


@pytest.mark.parametrize(("user", "word"), [(USER, "canary-other"), ("canary-user", PASSWORD)])
async def test_a_wrong_password_is_an_error_of_the_setting_at_the_start(
    kafka: OwnEngine, tmp_path: Path, user: str, word: str
) -> None:
    await started(kafka)
    settings = Settings(data=tmp_path, events_url=known(kafka, user, word), starter=False)
    with pytest.raises(Invalid, match="refuses the user or the password") as refused:
        async with serving(settings):
            pass
    assert refused.value.field == SETTING
    assert "canary" not in str(refused.value)
    about = {one.what: one for one in await examine(settings.events_url or "", names=[], kept=[])}
    assert "password" in about["reachable"].advice


async def test_a_user_where_nobody_signs_in_is_an_error(kafka: OwnEngine) -> None:
    await started(kafka)
    with pytest.raises(Invalid, match="SASL"):
        await Kafka.open(f"kafka://{USER}:{PASSWORD}@127.0.0.1:{kafka.place.ports['kafka']}")


async def test_no_user_where_one_is_wanted_looks_as_if_it_were_away(kafka: OwnEngine) -> None:
    await started(kafka)
    found = await Kafka.open(f"kafka://127.0.0.1:{kafka.place.ports['known']}")
    with pytest.raises(Unavailable):
        await found.check()
    await found.close()


async def test_a_broker_that_is_too_old_is_told(
    kafka: OwnEngine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await started(kafka)
    monkeypatch.setattr(knock, "OLDEST_PRODUCE", 1000)
    settings = Settings(data=tmp_path, events_url=kafka.url, starter=False)
    with pytest.raises(Invalid, match="too old") as refused:
        async with serving(settings):
            pass
    assert refused.value.field == SETTING
    about = {one.what: one for one in await examine(kafka.url, names=[], kept=[])}
    assert about["version"].state == "wrong"


def test_a_wrong_scheme_is_an_error_at_the_start(tmp_path: Path) -> None:
    site = Site(
        tmp_path / "data", settings={"events_url": f"amqp://u:canary@127.0.0.1:{free_port()}"}
    )
    done = site.run("serve")
    assert done.returncode != 0
    assert done.stderr.count("\n") == 1
    assert "MARQUEE_EVENTS_URL" in done.stderr
    assert "canary" not in done.stderr
