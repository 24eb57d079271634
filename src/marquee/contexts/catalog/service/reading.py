"""Reading movies: lists, one in full, and what other contexts ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from msgspec import json

from marquee import posters
from marquee.contexts.catalog.contract import MovieCard, MovieDocument, PersonDocument
from marquee.contexts.catalog.model import items
from marquee.contexts.catalog.model.items import MovieItem
from marquee.contexts.catalog.model.movie import Movie, drawing
from marquee.contexts.catalog.model.words import slug
from marquee.contexts.catalog.ports import Question
from marquee.contexts.catalog.service.desk import Desk, number, numbers, place
from marquee.kit.errors import Invalid, NotFound
from marquee.kit.paging import FacetCount, Page, cursor

FACETS = ("genre", "platform", "language", "decade", "year")
IN_ORDER = {"decade", "year"}
KNOWN_FOR = 3
MOVIE = json.Decoder(Movie)


class Genre:
    """A genre by its slug, with how many movies have it."""

    __slots__ = ("count", "id", "name")

    def __init__(self, name: str, count: int) -> None:
        self.id, self.name, self.count = slug(name), name, count


class Reading:
    _desk: Desk

    @property
    def generation(self) -> int:
        return self._desk.generation

    async def list_movies(
        self,
        question: Question,
        *,
        sort: str = "-popularity",
        token: str | None = None,
        limit: int = 20,
        facets: Sequence[str] = (),
    ) -> Page[MovieItem]:
        """`token` is the cursor; `facets` are some of FACETS.

        Genres are found in whatever case; platforms are names or ids.
        """
        for name in facets:
            if name not in FACETS:
                raise Invalid(f"{name!r} is none of {', '.join(FACETS)}.", field="facets")
        asked = await self._in_our_words(question)
        key = sort.removeprefix("-")
        about = ("movies", question, sort)
        found = self._desk.lists.page(
            asked,
            sort=key,
            descending=sort.startswith("-"),
            limit=limit,
            after=place(about, token, str if key == "title" else float),
        )
        return Page(
            await self.items(found.ids),
            cursor(about, found.last) if found.last else None,
            found.total,
            self._facets(asked, facets) if facets else None,
        )

    async def items(self, ids: Sequence[int]) -> list[MovieItem]:
        """In the order of the ids; those that are gone are left out."""
        documents = await self._desk.store.documents(ids)
        return [items.item(documents[id_]) for id_ in ids if id_ in documents]

    async def _in_our_words(self, question: Question) -> Question:
        if question.genres:
            known = {name.casefold(): name for name in self._desk.lists.counts("genre")}
            question = replace(question, genres=_renamed(question.genres, known))
        if question.platforms:
            platforms = await self._desk.store.platforms()
            names = {one.name.casefold(): one.name for one in platforms}
            names.update({str(one.id): one.name for one in platforms})
            question = replace(question, platforms=_renamed(question.platforms, names))
        return question

    def _facets(self, question: Question, names: Sequence[str]) -> dict[str, list[FacetCount]]:
        found: dict[str, list[FacetCount]] = {}
        for name, counts in self._desk.lists.facets(question, names).items():
            values = [FacetCount(value, count) for value, count in counts.items()]
            if name in IN_ORDER:
                values.sort(key=lambda one: one.value)
            else:
                values.sort(key=lambda one: (-one.count, one.value))
            found[name] = values
        return found

    async def get_movie(self, movie_id: str) -> tuple[int, bytes]:
        """Its version and its JSON."""
        id_ = number(movie_id)
        found = await self._desk.store.document(id_) if id_ is not None else None
        if found is None:
            raise no_movie(movie_id)
        return found

    async def poster(self, movie_id: str, *, field: bool = False) -> tuple[str, str]:
        """The fingerprint of its poster (or field) as it is now, and the SVG."""
        _, document = await self.get_movie(movie_id)
        mark, facts = drawing(MOVIE.decode(document))
        return mark, posters.field(facts) if field else posters.poster(facts)

    def genres(self) -> list[Genre]:
        """By name."""
        counts = self._desk.lists.counts("genre")
        return [Genre(name, counts[name]) for name in sorted(counts)]

    async def movies(self, *, ids: Sequence[str]) -> dict[str, MovieCard]:
        cards = await self._desk.store.cards(numbers(ids))
        return {
            card.id: MovieCard(card.id, card.title, card.year, card.poster_url, card.version)
            for card in cards.values()
        }

    async def documents(self, *, ids: Sequence[str]) -> dict[str, MovieDocument]:
        found = await self._desk.store.documents(numbers(ids))
        return {str(id_): items.searchable(document) for id_, document in found.items()}

    async def people(self, *, ids: Sequence[str]) -> dict[str, PersonDocument]:
        await self._desk.current()
        people = await self._desk.store.people(numbers(ids))
        standings = {id_: self._desk.lists.standing(id_, KNOWN_FOR) for id_ in people}
        cards = await self._desk.store.cards(
            list({movie for one in standings.values() for movie in one.known_for})
        )
        return {
            str(id_): PersonDocument(
                str(id_),
                person.name,
                standings[id_].movies,
                standings[id_].popularity,
                tuple(cards[movie].title for movie in standings[id_].known_for if movie in cards),
            )
            for id_, person in people.items()
        }

    async def movie_ids(self, *, after: str, limit: int) -> tuple[str, ...]:
        return tuple(map(str, await self._desk.store.movie_ids(number(after) or 0, limit)))

    async def person_ids(self, *, after: str, limit: int) -> tuple[str, ...]:
        return tuple(map(str, await self._desk.store.person_ids(number(after) or 0, limit)))


def _renamed(
    groups: tuple[tuple[str, ...], ...], known: Mapping[str, str]
) -> tuple[tuple[str, ...], ...]:
    """Each value as it is kept; one that is not known stays, and matches nothing."""
    return tuple(tuple(known.get(value.casefold(), value) for value in group) for group in groups)


def no_movie(movie_id: str) -> NotFound:
    return NotFound(f"There is no movie {movie_id[:20]}.", field="movie_id")
