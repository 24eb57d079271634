"""Two services and the site's, each with its own folder: an admin and an operator see one list."""

import asyncio
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from tests.ports import free_port
from tests.reliability.site import environment

import marquee
from marquee.app.assemble import web
from marquee.app.building import Building
from marquee.app.control import control
from marquee.app.neighbors import service_key
from marquee.app.passes import HEADER, Passes
from marquee.app.relay import delivery as deliveries
from marquee.app.serving import opened
from marquee.app.settings import Settings
from marquee.contexts.catalog.contract import Catalog, MovieFacts
from marquee.kit.actor import Actor
from marquee.kit.events import Heard

BOSS = Actor("1", "boss", "Boss", "admin", "s1")
ANNA = Actor("2", "anna", "Anna", "regular", "s2")
PARKED = "/api/v1/parked"


@dataclass
class Town:
    catalog: Building
    site: httpx2.AsyncClient
    passes: Passes
    ports: dict[str, int]
    key: Path
    stack: AsyncExitStack
    """What ends the catalog."""

    async def asked(
        self, method: str, path: str = PARKED, *, by: Actor | None = BOSS
    ) -> httpx2.Response:
        return await self.site.request(method, path, headers={HEADER: self.passes.of(by)})

    async def command(self, *words: str) -> tuple[str, str]:
        """What `marquee parked WORDS` says, and what it complains of."""
        places = {f"{name}_at": f"grpc://127.0.0.1:{port}" for name, port in self.ports.items()}
        told = environment(
            data=str(self.key.parent / "operator"), service_key_file=str(self.key), **places
        )
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "marquee", "parked", *words),
            env={**told, "PYTHONPATH": str(Path(marquee.__file__).parents[1])},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        said, complained = await process.communicate()
        return said.decode(), complained.decode()


@pytest.fixture
async def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Town]:
    monkeypatch.setattr(deliveries, "FIRST_PAUSE", 0.0001)
    key = tmp_path / "service.key"
    key.write_text("a shared secret that only these services in this test know")
    ports = {name: free_port() for name in ("catalog", "reviews")}
    made: dict[str, Building] = {}
    async with AsyncExitStack() as stack:
        # Its end is the test's to choose: the last to be closed when nobody did it before.
        of_catalog = await stack.enter_async_context(AsyncExitStack())
        for name, own in (("catalog", of_catalog), ("reviews", stack), ("web", stack)):
            settings = Settings(
                data=tmp_path / name,
                grpc=f"127.0.0.1:{ports[name]}" if name in ports else None,
                service_key_file=key,
                behind_edge=True,
                starter=False,
                of_contexts={f"{n}_at": f"grpc://127.0.0.1:{p}" for n, p in ports.items()},
            )
            made[name] = await own.enter_async_context(opened(settings, [name]))
            await own.enter_async_context(control(made[name]))
        await a_parked_review(made)
        transport = httpx2.ASGITransport(app=web(made["web"]))
        client = httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1")
        site = await stack.enter_async_context(client)
        passes = Passes(service_key(made["web"].settings))
        yield Town(made["catalog"], site, passes, ports, key, of_catalog)


async def a_parked_review(made: dict[str, Building]) -> None:
    """Of a film that the catalog has, while it could not hear of reviews."""
    catalog = made["catalog"]
    await catalog.contract(Catalog).merge(source="test", movies=[MovieFacts("Mirror", 1975)])
    transport = httpx2.ASGITransport(app=web(made["reviews"]))
    passes = Passes(service_key(made["reviews"].settings))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as reviews:
        review = {"movie_id": "1", "rating": 8}
        headers = {HEADER: passes.of(ANNA)}
        answer = await reviews.post("/api/v1/reviews", json=review, headers=headers)
        assert answer.status_code == 201, answer.text
    [hears] = [one for one in catalog.relay.deliveries if one.source == "reviews"]
    well = hears.listener

    async def broken(_batch: Sequence[Heard]) -> None:
        raise ValueError("the lamp is broken")

    hears.listener = broken
    await catalog.relay.settle()
    hears.listener = well


async def tally(town: Town) -> int:
    transport = httpx2.ASGITransport(app=web(town.catalog))
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1") as asking:
        answer = await asking.get("/api/v1/movies/1", headers={HEADER: town.passes.of(None)})
        found: int = answer.json()["rating"]["count"]
        return found


async def test_the_site_lists_and_gives_again_what_another_service_parked(town: Town) -> None:
    assert (await town.asked("GET", by=None)).status_code == 401
    assert (await town.asked("GET", by=ANNA)).status_code == 403
    listed = (await town.asked("GET")).json()
    [message] = listed["items"]
    assert (message["listener"], listed["away"]) == ("catalog", [])
    assert await tally(town) == 0
    given = await town.asked("POST", f"{PARKED}/{message['id']}/replay")
    assert given.status_code == 204, given.text
    assert await tally(town) == 1
    assert (await town.asked("GET")).json()["items"] == []
    assert (await town.asked("DELETE", f"{PARKED}/{message['id']}")).status_code == 404


async def test_the_operator_sees_it_from_anywhere_and_may_drop_it(town: Town) -> None:
    said, complained = await town.command("list")
    assert "reviews.ReviewPosted" in said
    assert complained == ""
    assert await town.command("drop", said.split()[0]) == ("1 dropped.\n", "")
    assert await town.command("list") == ("Nothing is parked.\n", "")
    assert await tally(town) == 0


async def test_a_service_that_is_away_is_said_and_not_fatal(town: Town) -> None:
    [message] = (await town.asked("GET")).json()["items"]
    await town.stack.aclose()
    listed = await town.asked("GET")
    assert listed.status_code == 200
    assert (listed.json()["items"], listed.json()["away"]) == ([], ["catalog"])
    for method, path in (("POST", f"{message['id']}/replay"), ("DELETE", message["id"])):
        assert (await town.asked(method, f"{PARKED}/{path}")).status_code == 503
    said, complained = await town.command("list", "--json")
    assert said == "[]\n"
    assert complained == "catalog does not answer: what is parked there is not shown.\n"
