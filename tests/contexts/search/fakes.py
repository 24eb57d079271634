"""A catalog in memory, and movies and people to put into it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from marquee.contexts.catalog.contract import (
    MovieDocument,
    PersonDocument,
    PersonName,
)
from marquee.contexts.search.model.entries import Entry
from marquee.kit.errors import Unavailable


@dataclass
class MemoryCatalog:
    """Implements `Catalog` for what it was given. `asked` counts the calls."""

    films: dict[str, MovieDocument] = field(default_factory=dict)
    persons: dict[str, PersonDocument] = field(default_factory=dict)
    is_away: bool = False
    asked: int = 0

    def put(self, *known: MovieDocument | PersonDocument) -> None:
        for one in known:
            if isinstance(one, MovieDocument):
                self.films[one.id] = one
            else:
                self.persons[one.id] = one

    async def documents(self, *, ids: Sequence[str]) -> dict[str, MovieDocument]:
        self._answer()
        return {one: self.films[one] for one in ids if one in self.films}

    async def people(self, *, ids: Sequence[str]) -> dict[str, PersonDocument]:
        self._answer()
        return {one: self.persons[one] for one in ids if one in self.persons}

    async def movie_ids(self, *, after: str, limit: int) -> tuple[str, ...]:
        self._answer()
        return _next(self.films, after, limit)

    async def person_ids(self, *, after: str, limit: int) -> tuple[str, ...]:
        self._answer()
        return _next(self.persons, after, limit)

    def _answer(self) -> None:
        self.asked += 1
        if self.is_away:
            raise Unavailable("The catalog is away.")


def _next(known: dict[str, Any], after: str, limit: int) -> tuple[str, ...]:
    return tuple(sorted((one for one in known if int(one) > int(after)), key=int)[:limit])


def a_film(id_: int = 1, title: str = "Solaris", year: int | None = 1972, **more: Any) -> Any:
    """`people` may be plain names, `others` are alternative titles."""
    people = tuple(PersonName(str(n), name) for n, name in enumerate(more.pop("people", ()), 1))
    plain = {
        "original_title": None,
        "alternative_titles": tuple(more.pop("others", ())),
        "genres": (),
        "keywords": (),
        "platforms": (),
        "popularity": 0.0,
        "votes": 0,
        "poster_url": f"/posters/{id_}/1.svg",
    }
    return MovieDocument(id=str(id_), title=title, year=year, people=people, **(plain | more))


def a_person(id_: int = 1, name: str = "Andrei Tarkovsky", popularity: float = 0.0) -> Any:
    return PersonDocument(str(id_), name, 1, popularity, ("Solaris",))


def an_entry(id_: int = 1, *names: str, kind: str = "movie", **more: Any) -> Entry:
    return Entry(kind, str(id_), names or ("Solaris",), **more)
