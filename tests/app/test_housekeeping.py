"""What is dropped by age is what all who hear it have heard, and nothing else."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import cast
from uuid import uuid4

import httpx2
import pytest
from tests.logged import logged
from tests.real import real

from marquee.app import housekeeping
from marquee.app.assemble import web
from marquee.app.building import Building
from marquee.app.doctor.examination import examine
from marquee.app.doctor.listeners import HEARS
from marquee.app.hears import LISTENERS
from marquee.app.housekeeping import Chore, jobs
from marquee.app.serving import opened
from marquee.app.settings import Settings, read
from marquee.contexts.catalog.contract import Catalog, MovieFacts
from marquee.engines.bus.kafka import Kafka
from marquee.engines.sql import SqlStore
from marquee.kit.errors import Invalid
from marquee.kit.events import OwnOutbox, kind_of


class Later:
    """So many days from now."""

    def __init__(self, days: float) -> None:
        self._days = days

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=self._days)


async def tidy(building: Building, name: str, days: float) -> None:
    await Chore(building, name, building.rooms[name], Later(days)).run()


def outbox(building: Building, name: str = "catalog") -> OwnOutbox:
    found = building.rooms[name].outbox
    assert found is not None
    return found


async def tell(building: Building, *titles: str) -> None:
    for title in titles:
        await building.contract(Catalog).merge(source="more", movies=[MovieFacts(title, 1980)])


async def gone(building: Building, name: str = "catalog") -> tuple[int, int]:
    """The last place that is forgotten, and the last there is."""
    return await outbox(building, name).forgotten_up_to(), await outbox(building, name).last_place()


async def test_what_all_have_heard_goes_after_a_week_but_the_last(building: Building) -> None:
    await tell(building, "A", "B", "C")
    await building.relay.settle()
    await tidy(building, "catalog", 6.9)
    assert (await gone(building))[0] == 0
    await tidy(building, "catalog", 7.1)
    forgotten, last = await gone(building)
    assert forgotten == last - 1 > 2
    text = building.figures.text(await building.state()).decode()
    assert f'marquee_forgotten_total{{context="catalog",what="events"}} {forgotten}.0' in text


async def test_what_one_has_yet_to_hear_is_kept(building: Building) -> None:
    await tidy(building, "catalog", 0)
    heard = (await outbox(building).listeners())["search"]
    await tell(building, "A", "B", "C")
    await tidy(building, "catalog", 1000)
    assert await gone(building) == (heard, heard + 3)
    await building.relay.settle()
    found = await building.contract(Catalog).movie_ids(after="0", limit=100)
    await tidy(building, "catalog", 1000)
    forgotten, last = await gone(building)
    assert (forgotten, len(found)) == (last - 1, 5)


async def test_who_said_once_that_it_hears_is_waited_for_when_it_is_away(
    building: Building,
) -> None:
    await tell(building, "A", "B", "C")
    await building.relay.settle()
    await outbox(building).passed("afar", 2)
    with logged() as log:
        await tidy(building, "catalog", 20)
    assert (await gone(building))[0] == 2
    [line] = log.lines(event="events are kept for one that does not hear them")
    assert line["by"] == "afar"


async def test_who_could_hear_and_never_said_so_is_waited_for_longer(tmp_path: Path) -> None:
    async with opened(Settings(data=tmp_path, starter=False), ["catalog"]) as building:
        await tell(building, "A", "B", "C")
        assert await outbox(building).listeners() == {}
        await tidy(building, "catalog", 27)
        assert (await gone(building))[0] == 0
        await tidy(building, "catalog", 29)
        forgotten, last = await gone(building)
        assert forgotten == last - 1


def test_who_hears_whom_is_as_the_listeners_say() -> None:
    found: dict[str, set[str]] = {}
    for listener, kinds in HEARS.items():
        for kind in kinds:
            found.setdefault(kind_of(kind).partition(".")[0], set()).add(listener)
    assert found == {source: set(listeners) for source, listeners in LISTENERS.items()}


async def test_nobody_hears_auth_so_a_week_is_enough(
    building: Building, client: httpx2.AsyncClient, admin: dict[str, str]
) -> None:
    assert admin
    login = {"login": "boss", "password": "a long walk by the water"}
    assert (await client.post("/api/v1/auth/login", json=login)).status_code == 200
    await tidy(building, "auth", 7.1)
    forgotten, last = await gone(building, "auth")
    assert forgotten == last - 1 > 0


async def test_many_go_in_small_steps(building: Building, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(housekeeping, "AT_ONCE", 2)
    monkeypatch.setattr(housekeeping, "BREATH", 0.0)
    await tell(building, *"ABCDEFG")
    await building.relay.settle()
    steps: list[int] = []
    store = building.rooms["catalog"].outbox
    assert isinstance(store, SqlStore)
    forget = store.forget

    async def counted(before: datetime, up_to: int, most: int) -> int:
        steps.append(await forget(before, up_to, most))
        return steps[-1]

    monkeypatch.setattr(store, "forget", counted)
    await tidy(building, "catalog", 8)
    forgotten, last = await gone(building)
    assert forgotten == last - 1 == sum(steps)
    assert max(steps) == 2


async def test_an_answer_is_given_again_for_a_day(
    building: Building, client: httpx2.AsyncClient, admin: dict[str, str]
) -> None:
    async def ask() -> httpx2.Response:
        headers = {**admin, "idempotency-key": "k1"}
        new = {"title": "Once", "year": 2007}
        return await client.post("/api/v1/movies", json=new, headers=headers)

    first = await ask()
    assert first.status_code == 201
    await tidy(building, "catalog", 0.99)
    assert (await ask()).headers["idempotency-replayed"] == "true"
    await tidy(building, "catalog", 1.01)
    assert "idempotency-replayed" not in (await ask()).headers


async def test_each_process_does_it_soon_and_again(building: Building) -> None:
    found = list(jobs(building))
    assert {job.name for job in found} == {
        "say what was heard",
        *(f"forget old {name}" for name in ("accounts", "auth", "catalog", "reviews")),
    }
    for job in found:
        assert job.first is not None
        assert job.first < 400
        await job.run()
    firsts = {next(iter(jobs(building))).first for _ in range(9)}
    assert len(firsts) > 1  # replicas that start together do not do it together


async def test_a_projection_that_begins_anew_is_right_though_events_are_gone(
    building: Building, tmp_path: Path
) -> None:
    """The films are found again where the index and its place were lost."""
    await tell(building, "Stalker", "Nostalghia")
    await building.relay.settle()
    await tidy(building, "catalog", 8)
    settings = building.settings
    await building.close()
    lost = tmp_path / "lost"
    settings.data.rename(lost)
    settings.data.mkdir()
    for path in lost.iterdir():
        if path.name != "search" and not path.name.startswith("search.db"):
            path.rename(settings.data / path.name)
    assert (await listeners_of(settings))["search<-catalog"][0] == "wrong"
    async with opened(settings) as again:
        with logged() as log:
            await again.relay.settle()
        assert log.lines(event="events were missed", way="search<-catalog")
        async with asked(again) as client:
            answer = await client.get("/api/v1/search", params={"q": "nostalghia"})
        assert [one["title"] for one in answer.json()["items"]] == ["Nostalghia"]
        forgotten, last = await gone(again)
        inbox = again.rooms["search"].inbox
        assert inbox is not None
        assert await inbox.heard_up_to("catalog") == last > forgotten


async def test_the_doctor_knows_who_has_missed_something(building: Building) -> None:
    await tell(building, "A", "B", "C")
    await building.relay.settle()
    await tidy(building, "catalog", 8)
    said = await listeners_of(building.settings)
    assert said["search<-catalog"] == said["reviews<-catalog"] == ("ok", "all heard")
    await tell(building, "D")
    assert (await listeners_of(building.settings))["search<-catalog"][1].startswith("1 to hear")
    store = cast("SqlStore", building.rooms["search"].inbox)
    await store._db.write(lambda connection: connection.exec_driver_sql("DELETE FROM inbox"))
    state, detail = (await listeners_of(building.settings))["search<-catalog"]
    assert (state, detail) == ("wrong", "it has yet to hear events that are kept no more")


async def listeners_of(settings: Settings) -> dict[str, tuple[str, str]]:
    report = await examine(settings)
    [part] = [one for one in report.parts if one.name == "listeners"]
    return {one.what: (one.state, one.detail) for one in part.findings}


@asynccontextmanager
async def asked(building: Building) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=web(building))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
        yield client


@pytest.mark.engine
async def test_with_a_broker_what_it_was_handed_may_go(tmp_path: Path) -> None:
    url = f"{real('kafka')}/test-{uuid4().hex[:10]}"
    settings = Settings(data=tmp_path, starter=False, events_url=url)
    try:
        async with opened(settings, ["catalog"]) as building:
            await tell(building, "A", "B", "C")
            await tidy(building, "catalog", 1000)
            assert (await gone(building))[0] == 0
            publish = next(way for way in building.relay.ways if way.name == "broker<-catalog")
            while await publish.step():
                pass
            await tell(building, "D", "E")
            _, last = await gone(building)
            await tidy(building, "catalog", 1000)
            assert await gone(building) == (last - 2, last)
            while await publish.step():
                pass
            assert await publish.behind() == 0
        async with opened(settings, ["catalog"]) as building:
            publish = next(way for way in building.relay.ways if way.name == "broker<-catalog")
            assert await publish.step() == 0  # it knows how far it is without what is gone
            await tell(building, "F")
            assert await publish.step() == 1
    finally:
        kafka = await Kafka.open(url)
        async with kafka._admin() as admin:
            await admin.delete_topics(await kafka.topics())
        await kafka.close()


def test_days_are_whole_and_at_least_one() -> None:
    assert read((), {}).keep_events_days == 7
    assert read((), {"MARQUEE_KEEP_EVENTS_DAYS": "30"}).keep_events_days == 30
    for wrong in ("0", "-1", "1.5", "week", "99999999999"):
        with pytest.raises(Invalid) as caught:
            read((), {"MARQUEE_KEEP_EVENTS_DAYS": wrong})
        assert caught.value.field == "MARQUEE_KEEP_EVENTS_DAYS"


async def test_how_long_is_what_the_operator_says(building: Building) -> None:
    await tell(building, "A", "B", "C")
    await building.relay.settle()
    building.settings = replace(building.settings, keep_events_days=30)
    await tidy(building, "catalog", 29)
    assert (await gone(building))[0] == 0
    await tidy(building, "catalog", 31)
    assert (await gone(building))[0] > 0
