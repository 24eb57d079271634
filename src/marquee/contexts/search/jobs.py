"""What search does on a clock, and what it takes from the queue."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from marquee.contexts.search.contract import RebuildReport
from marquee.contexts.search.ports import Busy, SearchIndex
from marquee.contexts.search.service import SearchService
from marquee.kit.errors import Unavailable
from marquee.kit.work import Task, Worker

log = structlog.get_logger()
AGAIN = 5.0
"""Seconds after which it is looked whether whoever builds the index has done so."""
LONG = 2.0
"""Seconds after which whoever waits for it is told what for."""


def mending(search: SearchService, index: SearchIndex) -> Callable[[], Awaitable[None]]:
    """Builds the index anew where it was missing or broken, as soon as catalog and index answer."""

    async def mend() -> None:
        loop = asyncio.get_running_loop()
        telling = loop.call_later(LONG, log.info, "the search index is being built anew")
        try:
            if await index.is_whole():
                return
            report = await search.rebuild()
        except Unavailable as error:
            log.warning("the search index waits to be built", why=error.detail)
            return
        finally:
            telling.cancel()
        if report.movies:
            log.info("the search index was built anew", movies=report.movies)

    return mend


def rebuilding(search: SearchService) -> Worker:
    """Whichever process takes the task builds the index anew, for all that share it."""

    async def rebuild(task: Task) -> None:
        report = await _in_turn(search)
        log.info("the search index was built anew", movies=report.movies, task=task.id)

    return rebuild


async def _in_turn(search: SearchService) -> RebuildReport:
    """What it was asked for may have come too late for the one under way: it is waited for."""
    while True:
        try:
            return await search.rebuild()
        except Busy:
            await asyncio.sleep(AGAIN)
