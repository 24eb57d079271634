"""A catalog that knows a few movies, and people to review them."""

from collections.abc import Sequence

from marquee.contexts.catalog.contract import MovieCard
from marquee.kit.actor import Actor
from marquee.kit.errors import Unavailable

ADA = Actor("a1", "ada", "Ada", "regular")
BO = Actor("b1", "bo", "Bo", "regular")
MIRA = Actor("m1", "mira", "Mira", "moderator")


class FewMovies:
    """Answers what reviews ask of the catalog, for the movies 1, 2 and 3."""

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
