"""A batch of one source's rows, laid over the movies they are about."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from marquee.contexts.catalog.contract import MergeReport, MovieFacts, Skip
from marquee.contexts.catalog.model.crediting import credit, same_credits
from marquee.contexts.catalog.model.draft import Draft
from marquee.contexts.catalog.model.faces import Faces
from marquee.contexts.catalog.model.matching import Mark, match
from marquee.contexts.catalog.model.movie import Key, Record
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.model.saying import said_by
from marquee.contexts.catalog.model.telling import Refused, Told, Unwanted, told

NONE: Sequence[Mark] = ()


class Change(Struct, frozen=True, gc=False):
    """A movie before and after; `before` is None when it is new, `after` when it is deleted.

    `mark` is what it is known by afterwards, where that is at hand.
    """

    before: Record | None
    after: Record | None
    mark: Mark | None = None

    @property
    def is_shown(self) -> bool:
        """Whether anybody can see a difference."""
        return not (self.before and self.after) or (
            self.before.movie.version != self.after.movie.version
        )


class Sought(Struct, frozen=True, gc=False):
    """What a batch has to find: movies by their ids or title and year."""

    imdb_ids: frozenset[str]
    tmdb_ids: frozenset[int]
    keys: frozenset[Key]


class Named(Struct, frozen=True, gc=False):
    """People a batch has to find, by folded name or id."""

    names: frozenset[str]
    imdb_ids: frozenset[str]
    tmdb_ids: frozenset[int]


class Shelf:
    """The marks a batch may mean, which change while its rows are read."""

    def __init__(self, marks: Iterable[Mark], was_told: Callable[[int, str], bool]) -> None:
        self._was_told = was_told
        self._by_imdb: dict[str, list[Mark]] = {}
        self._by_tmdb: dict[int, list[Mark]] = {}
        self._by_key: dict[Key, list[Mark]] = {}
        self._by_alias: dict[Key, list[Mark]] = {}
        for mark in marks:
            self.file(mark)

    def file(self, mark: Mark) -> None:
        if mark.imdb_id:
            _file(self._by_imdb, mark.imdb_id, mark)
        if mark.tmdb_id:
            _file(self._by_tmdb, mark.tmdb_id, mark)
        for key in mark.keys:
            _file(self._by_key, key, mark)
        for key in mark.aliases:
            _file(self._by_alias, key, mark)

    def lacks(self, row: Told) -> bool:
        """Whether nothing here is known by anything that the row is known by."""
        return (
            row.imdb_id not in self._by_imdb
            and row.tmdb_id not in self._by_tmdb
            and self._by_key.keys().isdisjoint(row.keys)
            and self._by_alias.keys().isdisjoint(row.keys)
        )

    def by_imdb(self, imdb_id: str) -> Sequence[Mark]:
        marks = self._by_imdb.get(imdb_id, NONE)
        return [mark for mark in marks if mark.imdb_id == imdb_id] if marks else NONE

    def by_tmdb(self, tmdb_id: int) -> Sequence[Mark]:
        marks = self._by_tmdb.get(tmdb_id, NONE)
        return [mark for mark in marks if mark.tmdb_id == tmdb_id] if marks else NONE

    def by_key(self, key: Key) -> Sequence[Mark]:
        marks = self._by_key.get(key, NONE)
        return [mark for mark in marks if key in mark.keys] if marks else NONE

    def by_alias(self, key: Key) -> Sequence[Mark]:
        marks = self._by_alias.get(key, NONE)
        return [mark for mark in marks if key in mark.aliases] if marks else NONE

    def was_told(self, mark: Mark, tag: str) -> bool:
        return self._was_told(mark.id, tag)


K = TypeVar("K", str, int, Key)


def _file(shelf: dict[K, list[Mark]], key: K, mark: Mark) -> None:
    marks = shelf.get(key)
    if marks is None:
        shelf[key] = [mark]
    elif mark not in marks:
        marks.append(mark)


class Batch:
    """Read in four steps: `sought`, `lay`, `named`, `credit`; then there are changes and a report.

    The rows are read in order, and each sees what those before it did.
    """

    def __init__(self, source: str, movies: Sequence[MovieFacts]) -> None:
        self._size = len(movies)
        self._skips: list[Skip] = []
        self._rows: list[Told] = []
        for index, said in enumerate(said_by(movies)):
            try:
                self._rows.append(told(source, index, said))
            except Refused as refusal:
                self._skips.append(Skip(index, str(refusal)))
        self._laid: list[tuple[Told, Draft, int | None]] = []
        self._uncredited: list[tuple[Told, Draft, int | None]] = []
        self._drafts: dict[int, Draft] = {}
        self._touched: set[int] = set()
        self.faces = Faces((), 1)
        self.next_id = 1

    def sought(self) -> Sought:
        rows = self._rows
        return Sought(
            frozenset(row.imdb_id for row in rows if row.imdb_id),
            frozenset(row.tmdb_id for row in rows if row.tmdb_id),
            frozenset(key for row in rows for key in row.keys),
        )

    def lay(self, marks: Iterable[Mark], records: Mapping[int, Record], next_id: int) -> None:
        """Everything but the credits. `records` has every movie among the `marks` that exists."""

        def was_told(id_: int, tag: str) -> bool:
            draft = self._drafts.get(id_)
            if draft is None and id_ in records:
                draft = Draft(id_, records[id_], Mark(id_, None, None, ()))
            return draft is not None and draft.was_told(tag)

        self.next_id = next_id
        shelf = Shelf(marks, was_told)
        for row in self._rows:
            try:
                mark = None if shelf.lacks(row) else match(row, shelf)
                if mark is None and not row.title:
                    raise Refused("It is not in the catalog, and the row has no title.")  # noqa: TRY301
            except Refused as refusal:
                unwanted = isinstance(refusal, Unwanted)
                self._skips.append(Skip(row.index, str(refusal), unwanted))
                continue
            if mark is None:
                mark = Mark(self.next_id, None, None, ())
                self.next_id += 1
            draft = self._drafts.get(mark.id)
            if draft is None:
                draft = self._drafts[mark.id] = Draft(mark.id, records.get(mark.id), mark)
            if draft.lay(row):
                self._touched.add(row.index)
                shelf.file(mark)
            self._laid.append((row, draft, draft.get("year")))

    def named(self) -> Named:
        """Whom the credits name, but for movies that have these credits already."""
        shares = Counter([draft.id for _row, draft, _year in self._laid])
        self._uncredited = [
            (row, draft, year)
            for row, draft, year in self._laid
            if shares[draft.id] > 1 or not same_credits(draft, row)
        ]
        names: set[str] = set()
        imdb_ids: set[str] = set()
        tmdb_ids: set[int] = set()
        for row, _draft, _year in self._uncredited:
            for one in (*row.cast, *row.crew):
                names.add(one.folded)
                if one.imdb_id:
                    imdb_ids.add(one.imdb_id)
                if one.tmdb_id:
                    tmdb_ids.add(one.tmdb_id)
        return Named(frozenset(names), frozenset(imdb_ids), frozenset(tmdb_ids))

    def credit(self, people: Iterable[Person], next_id: int) -> None:
        """The cast and crew; `people` are all who were `named` and exist, the gone ones too."""
        self.faces = Faces(people, next_id)
        for row, draft, year in self._uncredited:
            if credit(draft, row, year, self.faces):
                self._touched.add(row.index)

    def changes(self, now: datetime) -> list[Change]:
        """Movies that are new or not as they were, by id; nobody in them was absorbed."""
        found = []
        for id_ in sorted(self._drafts):
            draft = self._drafts[id_]
            after = draft.record(now)
            if after is not None:
                if self.faces.absorbed:
                    after = self._put_right(draft.before, after, now)
                found.append(Change(draft.before, after, draft.mark))
        return found

    def _put_right(self, before: Record | None, after: Record, now: datetime) -> Record:
        movie = self.faces.put_right(after.movie)
        if before and movie != before.movie and movie.version == before.movie.version:
            movie = replace(movie, version=movie.version + 1, updated_at=now)
        return replace(after, movie=movie, edited=movie.version)

    def report(self, changes: Iterable[Change]) -> MergeReport:
        born: dict[str, bool] = {
            change.after.movie.id: change.before is None for change in changes if change.after
        }
        created = updated = 0
        seen: set[int] = set()
        for row, draft, _year in self._laid:
            is_new = born.get(str(draft.id))
            if is_new and draft.id not in seen:
                created += 1
            elif is_new is not None and row.index in self._touched:
                updated += 1
            seen.add(draft.id)
        unchanged = self._size - created - updated - len(self._skips)
        skips = sorted(self._skips, key=lambda skip: skip.index)
        return MergeReport(created, updated, unchanged, tuple(skips))
