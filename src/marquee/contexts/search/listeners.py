"""What search does when the catalog speaks."""

from collections.abc import Sequence

from marquee.contexts.catalog.events import MovieDeleted, MoviesChanged, PersonDeleted
from marquee.contexts.search.ports import SearchStore
from marquee.contexts.search.service import SearchService
from marquee.kit.context import Renew
from marquee.kit.events import Heard, Listener

HEARS = (MoviesChanged, MovieDeleted, PersonDeleted)


def listener(search: SearchService, store: SearchStore) -> Listener:
    """The index is made to say what the catalog says now, then the place is kept.

    A crash in between only does the same again.
    """

    async def on_told(batch: Sequence[Heard]) -> None:
        movies: dict[str, None] = {}
        people: dict[str, None] = {}
        for heard in batch:
            event = heard.event
            if isinstance(event, MoviesChanged):
                movies |= dict.fromkeys(event.movie_ids)
                people |= dict.fromkeys(event.person_ids)
            elif isinstance(event, MovieDeleted):
                movies[event.movie_id] = None
            elif isinstance(event, PersonDeleted):
                people[event.person_id] = None
        await search.follow(list(movies), list(people))
        await store.hear(batch[-1])

    return on_told


def renewal(search: SearchService) -> Renew:
    async def renew(_source: str) -> None:
        await search.rebuild()

    return renew
