"""What search does on a clock."""

import asyncio
from typing import cast

import pytest
from structlog.testing import capture_logs

from marquee.contexts.search import jobs
from marquee.contexts.search.contract import RebuildReport
from marquee.contexts.search.ports import SearchIndex
from marquee.contexts.search.service import SearchService

BEING_BUILT = "the search index is being built anew"


class Index:
    async def is_whole(self) -> bool:
        return False


class Search:
    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

    async def rebuild(self) -> RebuildReport:
        await asyncio.sleep(self._seconds)
        return RebuildReport(movies=0, people=0)


@pytest.mark.parametrize(("seconds", "is_told"), [(0.2, True), (0.0, False)])
async def test_whoever_waits_long_for_the_index_is_told(
    monkeypatch: pytest.MonkeyPatch, seconds: float, *, is_told: bool
) -> None:
    monkeypatch.setattr(jobs, "LONG", 0.05)
    search, index = cast("SearchService", Search(seconds)), cast("SearchIndex", Index())
    with capture_logs() as said:
        await jobs.mending(search, index)()
        await asyncio.sleep(0.1)
    assert [one["event"] for one in said] == [BEING_BUILT] * is_told
