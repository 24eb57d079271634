"""A catalog that knows a few movies, and people to review them."""

from collections.abc import Sequence

from marquee.contexts.catalog.contract import (
    MergeReport,
    MovieCard,
    MovieDocument,
    MovieFacts,
    PersonDocument,
)
from marquee.kit.actor import Actor
from marquee.kit.errors import Unavailable

ADA = Actor("a1", "ada", "Ada", "regular")
BO = Actor("b1", "bo", "Bo", "regular")
MIRA = Actor("m1", "mira", "Mira", "moderator")


class FewMovies:
    """Implements `Catalog` for the movies 1, 2 and 3."""

    is_away = False

    async def movies(self, *, ids: Sequence[str]) -> dict[str, MovieCard]:
        if self.is_away:
            raise Unavailable("away")
        known = {"1": "Solaris", "2": "Stalker", "3": "Mirror"}
        return {
            one: MovieCard(one, known[one], 1972, f"/posters/{one}.svg", 1)
            for one in ids
            if one in known
        }

    async def documents(self, *, ids: Sequence[str]) -> dict[str, MovieDocument]:
        raise NotImplementedError

    async def people(self, *, ids: Sequence[str]) -> dict[str, PersonDocument]:
        raise NotImplementedError

    async def movie_ids(self, *, after: str, limit: int) -> tuple[str, ...]:
        raise NotImplementedError

    async def person_ids(self, *, after: str, limit: int) -> tuple[str, ...]:
        raise NotImplementedError

    async def merge(self, *, source: str, movies: Sequence[MovieFacts]) -> MergeReport:
        raise NotImplementedError
