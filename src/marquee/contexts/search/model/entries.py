"""What the index holds of a movie or a person."""

from dataclasses import dataclass
from math import log10

from marquee.contexts.catalog.contract import MovieDocument, PersonDocument

MOST_PEOPLE = 40
MOST_KEYWORDS = 60
POINTS, HALF = 20, 2
ALSO = {
    "Science Fiction": "Sci-Fi SciFi",
    "Romance": "Romantic",
    "Animation": "Animated",
    "Biography": "Biopic",
}
"""Other words by which people look for a genre."""


@dataclass(frozen=True)
class Entry:
    """`names` are its titles, the one it goes by first; `about` is whatever else it is found by."""

    kind: str
    id: str
    names: tuple[str, ...]
    about: tuple[str, ...] = ()
    year: int | None = None
    genres: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    popularity: float = 0.0
    poster_url: str | None = None
    known_for: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.id}"

    @property
    def decade(self) -> str | None:
        return None if self.year is None else f"{self.year // 10 * 10}s"


def of_movie(movie: MovieDocument) -> Entry:
    names = (movie.title, movie.original_title, *movie.alternative_titles)
    when = (str(movie.year), f"{movie.year // 10 * 10}s") if movie.year else ()
    also = tuple(ALSO[genre] for genre in movie.genres if genre in ALSO)
    people = tuple(person.name for person in movie.people[:MOST_PEOPLE])
    return Entry(
        kind="movie",
        id=movie.id,
        names=tuple(dict.fromkeys(name for name in names if name)),
        about=(*people, *movie.genres, *also, *movie.keywords[:MOST_KEYWORDS], *when),
        year=movie.year,
        genres=movie.genres,
        platforms=movie.platforms,
        popularity=movie.popularity,
        poster_url=movie.poster_url,
    )


def of_person(person: PersonDocument) -> Entry:
    """Their popularity is the sum of their movies'; it is brought to the scale of one movie's."""
    return Entry(
        kind="person",
        id=person.id,
        names=(person.name,),
        popularity=round(POINTS * log10(1 + max(0.0, person.popularity) / HALF), 4),
        known_for=person.known_for[:3],
    )
