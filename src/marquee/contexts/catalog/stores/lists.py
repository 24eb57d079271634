"""The lists of the catalog in memory: movies by bitmaps, people by their standing."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Self

import msgspec

from marquee.contexts.catalog.events import LISTED, MovieDeleted, MoviesChanged, PersonDeleted
from marquee.contexts.catalog.model.movie import Movie
from marquee.contexts.catalog.model.words import sort_title
from marquee.contexts.catalog.ports import CatalogStore, Found, Place, Question, Standing
from marquee.contexts.catalog.stores.standings import Standings
from marquee.engines.columns import Columns, Many, Spec, Unreadable, Where
from marquee.kit.errors import Invalid
from marquee.kit.events import Event

SPEC = Spec(
    sets=("genre", "platform", "language", "decade", "year"),
    ranges={"year": (1870, 2100, 1), "runtime": (0, 600, 5), "rating": (0, 10, 0.5)},
    links=("person",),
    sorts={
        "popularity": "number",
        "rating": "number",
        "reviews": "number",
        "year": "number",
        "released": "number",
        "title": "text",
    },
    edition=2,  # titles are sorted with their letters folded
)
AT_ONCE = 1000
DECADE = re.compile("[1-9][0-9]{0,3}0s")
MOVIE = msgspec.json.Decoder(Movie)


def columns_of(movies: Sequence[Movie]) -> Many:
    years = [movie.year for movie in movies]
    decades = [_years(year) for year in years]
    return Many(
        [int(movie.id) for movie in movies],
        {
            "genre": [movie.genres for movie in movies],
            "platform": [
                [one.name for one in movie.platforms] if movie.platforms else () for movie in movies
            ],
            "language": [movie.languages for movie in movies],
            "decade": [decade for _, decade in decades],
            "year": [year for year, _ in decades],
        },
        {
            "year": years,
            "runtime": [movie.runtime_minutes for movie in movies],
            "rating": [movie.score for movie in movies],
            "popularity": [movie.popularity for movie in movies],
            "reviews": [movie.rating.count for movie in movies],
            "released": [_released(movie) for movie in movies],
        },
        {"person": [_people(movie) for movie in movies]},
        {"title": [sort_title(movie.title) for movie in movies]},
    )


def _people(movie: Movie) -> list[int]:
    people = {int(one.person_id) for one in movie.cast}
    if movie.crew:
        people.update([int(one.person_id) for one in movie.crew])
    return list(people)


@lru_cache(maxsize=512)
def _years(year: int | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The year and the decade, as they are counted."""
    return ((), ()) if year is None else ((str(year),), (f"{year // 10 * 10}s",))


def _released(movie: Movie) -> int | None:
    """`20080716`; without a day, the start of the year."""
    if movie.released_on:
        return int(movie.released_on.replace("-", ""))
    return movie.year * 10_000 if movie.year else None


class MemoryLists:
    """Kept in `folder` as two snapshot files, which are only ever a shortcut."""

    def __init__(self, folder: Path, columns: Columns, standings: Standings) -> None:
        self._folder = folder
        self._columns = columns
        self._standings = standings

    @classmethod
    async def open(cls, folder: Path, store: CatalogStore) -> Self:
        """From the snapshot and what was told since, or else from everything in the store."""
        try:
            columns = Columns.load(SPEC, _columns(folder))
            standings, mark = Standings.load(_standings(folder))
        except (Unreadable, OSError, ValueError, KeyError):
            mark = ""
        else:
            lists = cls(folder, columns, standings)
            if mark == columns.mark and await lists._catch_up(store, mark):
                return lists
        lists = cls(folder, Columns(SPEC), Standings())
        await lists._read_all(store)
        return lists

    async def _read_all(self, store: CatalogStore) -> None:
        last = 0
        while ids := await store.movie_ids(last, AT_ONCE):
            documents = await store.documents(ids)
            self.put([MOVIE.decode(document) for document in documents.values()])
            last = ids[-1]
        last = 0
        while ids := await store.person_ids(last, AT_ONCE):
            self.know(ids)
            last = ids[-1]
        self._columns.settle()

    async def _catch_up(self, store: CatalogStore, mark: str) -> bool:
        """Read again what the events after `mark` speak of; False when they do not reach back."""
        first = int(mark.partition(":")[0])
        if await mark_of(store, first) != mark:
            return False
        while events := await store.events_after(first, AT_ONCE):
            for event in events:
                kind = LISTED.get(event.kind)
                if kind is not None:
                    await self.follow(store, msgspec.json.decode(event.body, type=kind))
            first = events[-1].place
        return True

    async def follow(self, store: CatalogStore, event: Event) -> None:
        if isinstance(event, MoviesChanged):
            movies = [int(one) for one in event.movie_ids]
            documents = await store.documents(movies)
            self.put(
                [MOVIE.decode(one) for one in documents.values()], set(movies) - set(documents)
            )
            people = [int(one) for one in event.person_ids]
            known = await store.people(people)
            self.know(known, set(people) - set(known))
        elif isinstance(event, MovieDeleted):
            self.put((), [int(event.movie_id)])
        elif isinstance(event, PersonDeleted):
            self.know((), [int(event.person_id)])

    def put(self, movies: Iterable[Movie], gone: Iterable[int] = ()) -> None:
        many = columns_of(list(movies))
        self._columns.put_many(many)
        popularity = [points or 0.0 for points in many.numbers["popularity"]]
        self._standings.put(many.ids, popularity, many.links["person"])
        dropped = list(gone)
        self._columns.drop(dropped)
        self._standings.drop(dropped)

    def know(self, people: Iterable[int], gone: Iterable[int] = ()) -> None:
        self._standings.know(people, gone)

    def page(
        self, question: Question, *, sort: str, descending: bool, limit: int, after: Place | None
    ) -> Found:
        where = _where(_by_years(question) if sort == "year" else question)
        try:
            found = self._columns.page(
                where, sort=sort, descending=descending, limit=limit, after=after
            )
        except ValueError:
            raise Invalid("This cursor does not belong to this list.", field="cursor") from None
        return Found(found.ids, found.total, found.last)

    def facets(self, question: Question, names: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        found: dict[str, Mapping[str, int]] = {}
        plain = [name for name in names if name != "year"]
        if plain:
            found.update(self._columns.facets(_where(question), plain))
        if "year" in names:
            found.update(self._columns.facets(_where(question, years=False), ["year"]))
        return found

    def counts(self, name: str) -> Mapping[str, int]:
        return self._columns.counts(name)

    def movies_of(self, person_id: int) -> list[int]:
        return self._columns.linked("person", person_id)

    def standing(self, person_id: int, known_for: int = 0) -> Standing:
        count, popularity = self._standings.standing(person_id)
        best = self._standings.best(self.movies_of(person_id), known_for) if known_for else ()
        return Standing(count, popularity, best)

    def best_known(
        self, among: Sequence[int] | None, *, descending: bool, limit: int, after: Place | None
    ) -> Found:
        place = None if after is None else (float(after[0] or 0), after[1])
        ids, total, last = self._standings.page(
            among, descending=descending, limit=limit, after=place
        )
        return Found(ids, total, last)

    def keep(self, mark: str) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._columns.save(_columns(self._folder), mark)
        self._standings.save(_standings(self._folder), mark)


async def mark_of(store: CatalogStore, place: int) -> str:
    """Names a state of the store by the last thing it told; empty when that is not kept."""
    if place == 0:
        return "" if await store.forgotten_up_to() else "0:"
    told = await store.events_after(place - 1, 1)
    return f"{place}:{told[0].id}" if told and told[0].place == place else ""


def _columns(folder: Path) -> Path:
    return folder / "lists.columns"


def _standings(folder: Path) -> Path:
    return folder / "lists.standings"


def _by_years(question: Question) -> Question:
    """The same, where one decade is asked for: a list by year is then looked at in that part only."""
    if len(question.decades) != 1 or (question.year_from, question.year_to) != (None, None):
        return question
    [decade] = question.decades
    if not DECADE.fullmatch(decade):
        return question
    first = int(decade[:-1])
    return replace(question, decades=(), year_from=first, year_to=first + 9)


def _where(question: Question, *, years: bool = True) -> Where:
    """The question as conditions; without the bounds on years when a facet is of the years."""
    groups: dict[str, tuple[tuple[str, ...], ...]] = {
        "genre": question.genres,
        "platform": question.platforms,
        "language": question.languages,
        "decade": (question.decades,) if question.decades else (),
        "year": (question.years,) if question.years else (),
    }
    between: dict[str, tuple[float | None, float | None]] = {
        "runtime": (question.runtime_min, question.runtime_max),
        "rating": (question.rating_min, None),
    }
    if years:
        between["year"] = (question.year_from, question.year_to)
    return Where(
        all_of={name: group for name, group in groups.items() if group},
        between={name: bounds for name, bounds in between.items() if bounds != (None, None)},
        linked={"person": question.people} if question.people else {},
    )
