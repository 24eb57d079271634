"""An engine older than will do: the start ends in one line, and the doctor says so."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.app.doctor.ward import found, settings
from tests.contexts.search.homes import a_url
from tests.engines.own_redis import a_database as redis_database
from tests.mongo import a_database as mongo_database
from tests.real import fresh, on, real

from marquee.app.cli import _named
from marquee.app.doctor.examination import examine
from marquee.app.serving import opened
from marquee.app.settings import Settings
from marquee.engines import redis
from marquee.engines.bus import knock
from marquee.engines.mongo import connect
from marquee.engines.mongo import look as mongo_look
from marquee.engines.opensearch import cluster
from marquee.engines.queue.rabbitmq import link
from marquee.engines.sql import mysql, postgresql
from marquee.engines.sql.look import settings as sql_look
from marquee.kit.errors import MarqueeError

pytestmark = pytest.mark.engine
NEWER = 99
"""Than any there is."""
BOUNDS: dict[str, list[tuple[Any, str, Any]]] = {
    "postgresql": [(postgresql, "OLDEST", NEWER * 10_000), (sql_look, "OLDEST", NEWER * 10_000)],
    "mariadb": [(one, "OLDEST_MARIADB", (NEWER, 0)) for one in (mysql, sql_look)],
    "mongodb": [(connect, "OLDEST_WIRE", NEWER), (mongo_look, "OLDEST", (NEWER, 0))],
    "redis": [(redis, "OLDEST", (NEWER, 0))],
    "opensearch": [(cluster, "OLDEST", NEWER)],
    "rabbitmq": [(link, "OLDEST", (NEWER, 0))],
    "kafka": [(knock, "OLDEST_PRODUCE", NEWER)],
}
CONTEXTS = {
    "postgresql": "accounts",
    "mariadb": "reviews",
    "mongodb": "catalog",
    "redis": "auth",
    "opensearch": "search",
}
PARTS = {**CONTEXTS, "rabbitmq": "queue", "kafka": "events"}
SETTINGS = {name: f"MARQUEE_{part.upper()}_URL" for name, part in PARTS.items()}
WORD = "canary"


@pytest.fixture(params=on(*BOUNDS))
def engine(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@asynccontextmanager
async def an_url(engine: str, folder: Path) -> AsyncIterator[str]:
    async with AsyncExitStack() as stack:
        makers: dict[str, Callable[[], Any]] = {
            "redis": lambda: stack.enter_context(redis_database()),
            "opensearch": a_url,
            "rabbitmq": lambda: real("rabbitmq"),
            "kafka": lambda: real("kafka"),
            "mariadb": lambda: stack.enter_context(fresh("mariadb", folder)),
        }
        if engine == "mongodb":
            yield await stack.enter_async_context(mongo_database())
        elif engine == "postgresql":  # which takes any password here
            url = stack.enter_context(fresh("postgresql", folder))
            yield url.replace("@", f":{WORD}@")
        else:
            yield makers[engine]()


def told(engine: str, folder: Path, url: str) -> Settings:
    if engine in CONTEXTS:
        return settings(folder, {CONTEXTS[engine]: url})
    return settings(folder, **{f"{PARTS[engine]}_url": url})


async def test_the_start_ends_in_one_line_and_the_doctor_says_so(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with an_url(engine, tmp_path) as url:
        given = told(engine, tmp_path, url)
        with monkeypatch.context() as bounds:
            for module, name, value in BOUNDS[engine]:
                bounds.setattr(module, name, value)
            with pytest.raises(MarqueeError) as refused:
                async with opened(given):
                    pass
            about = found(await examine(given), PARTS[engine])
    line = _named(refused.value)
    assert SETTINGS[engine] in line
    assert "\n" not in line
    assert any(word in line for word in ("too old", "or later", "or newer", "is needed")), line
    texts = [line, *(f"{one.detail} {one.advice}" for one in about.values())]
    assert not any(WORD in text or "guest" in text for text in texts)
    if engine != "mongodb":  # ours is a compatible one, whose version says nothing
        assert about["version"].state == "wrong"
        assert about["version"].advice
