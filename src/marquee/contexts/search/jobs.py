"""What search does on a clock."""

from collections.abc import Awaitable, Callable

import structlog

from marquee.contexts.search.ports import SearchIndex
from marquee.contexts.search.service import SearchService
from marquee.kit.errors import Unavailable

log = structlog.get_logger()


def mending(search: SearchService, index: SearchIndex) -> Callable[[], Awaitable[None]]:
    """Builds the index anew where it was missing or broken, as soon as the catalog answers."""

    async def mend() -> None:
        if index.is_whole:
            return
        try:
            report = await search.rebuild()
        except Unavailable:
            log.warning("the search index waits for the catalog")
            return
        if report.movies:
            log.info("the search index was built anew", movies=report.movies)

    return mend
