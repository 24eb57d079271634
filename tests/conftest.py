"""What all tests have in common."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from tests.hanging import SPARE, Watch
from tests.mongo import a_database
from tests.real import NOT_RUNNING, fresh, on

# A busy machine is no finding: what is slow is told by benchmarks, never by a test.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_configure(config: pytest.Config) -> None:
    if seconds := float(config.getini("faulthandler_timeout")):
        config.pluginmanager.register(Watch(seconds - SPARE))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say in one line what was left out because an engine is not running."""
    missing: dict[str, int] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple | list) else ""
        if found := NOT_RUNNING.search(reason):
            missing[found[1]] = missing.get(found[1], 0) + 1
    if missing:
        told = ", ".join(f"{engine} ({count})" for engine, count in sorted(missing.items()))
        terminalreporter.write_line(f"Left out, since these engines are not running: {told}.")


@pytest.fixture(params=on("sqlite", "postgresql", "mariadb"))
def sql_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database on each engine that speaks SQL."""
    with fresh(request.param, tmp_path) as url:
        yield url


@pytest.fixture
async def mongo_url() -> AsyncIterator[str]:
    """A database of MongoDB that is not there yet."""
    async with a_database() as url:
        yield url
