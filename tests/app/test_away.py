"""What is away at the start: told once, by the setting that names it, and waited for."""

from pathlib import Path

from tests.logged import logged
from tests.ports import free_port

from marquee.app.serving import opened
from marquee.app.settings import Settings


async def test_each_setting_whose_engine_is_away_is_named_once_without_its_password(
    tmp_path: Path,
) -> None:
    where = f"ada:canary@127.0.0.1:{free_port()}"
    settings = Settings(
        data=tmp_path,
        events_url=f"kafka://{where}/films",
        queue_url=f"amqp://{where}/",
        cache_url=f"redis://{where}/1",
    )
    with logged() as log:
        async with opened(settings, ()):
            told = log.lines(event="what this names is away", level="warning")
    assert [line["setting"] for line in told] == [
        "MARQUEE_EVENTS_URL",
        "MARQUEE_QUEUE_URL",
        "MARQUEE_CACHE_URL",
    ]
    assert "canary" not in log.getvalue()


async def test_a_cache_is_looked_for_only_where_some_context_uses_it(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, cache_url=f"redis://127.0.0.1:{free_port()}/1")
    with logged() as log:
        async with opened(settings, ["catalog"]):
            assert log.lines(setting="MARQUEE_CACHE_URL") == []
