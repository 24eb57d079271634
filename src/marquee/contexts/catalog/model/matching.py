"""Which movie of the catalog a row of a source is about."""

from collections.abc import Callable, Sequence
from typing import Protocol

from marquee.contexts.catalog.model.movie import Key, Record
from marquee.contexts.catalog.model.telling import Refused, Told, Unwanted, aliases_of, keys_of


class Mark:
    """What a movie, or one that was deleted, is known by: its present keys first.

    `aliases` are as keys, of its other titles; they count only where nothing else is found.
    """

    __slots__ = ("aliases", "gone", "id", "imdb_id", "keys", "tmdb_id")

    def __init__(  # noqa: PLR0913 - all that it is known by
        self,
        id: int,  # noqa: A002 - it is one, and nothing else is meant
        imdb_id: str | None,
        tmdb_id: int | None,
        keys: tuple[Key, ...],
        *,
        aliases: tuple[Key, ...] = (),
        gone: bool = False,
    ) -> None:
        self.id, self.imdb_id, self.tmdb_id = id, imdb_id, tmdb_id
        self.keys, self.aliases, self.gone = keys, aliases, gone


class Marks(Protocol):
    """Marks, found by what they are known by; the gone ones too."""

    def by_imdb(self, imdb_id: str) -> Sequence[Mark]: ...

    def by_tmdb(self, tmdb_id: int) -> Sequence[Mark]: ...

    def by_key(self, key: Key) -> Sequence[Mark]: ...

    def by_alias(self, key: Key) -> Sequence[Mark]: ...

    def was_told(self, mark: Mark, tag: str) -> bool:
        """Whether this very row was taken to be about that movie before."""
        ...


Group = tuple[Key, Sequence[Mark]]


def mark_of(record: Record) -> Mark:
    movie = record.movie
    keys = keys_of(movie.title, movie.original_title, movie.year)
    if record.former:
        keys += tuple(key for key in record.former if key not in keys)
    aliases = aliases_of(movie.alternative_titles, movie.year, record.also)
    return Mark(int(movie.id), movie.ids.imdb, movie.ids.tmdb, keys, aliases=aliases)


def match(row: Told, marks: Marks) -> Mark | None:
    """The movie a row is about, None when there is none yet.

    By IMDb id, TMDB id, or title and year; where nothing is found so, by an alternative title and
    the year. A row without ids that was found so once is found so ever after. Refused when its ids
    say it is two movies, and when an admin has deleted it.
    """
    found = _by_ids(row, marks)
    if found is None:
        keyed, aliased = _fitting(row, marks.by_key), _fitting(row, marks.by_alias)
        if keyed or aliased:
            found = _told_before(row, [*keyed, *aliased], marks)
            found = found or _by_keys(keyed) or _by_alias(aliased)
    if found is not None and found.gone:
        raise Unwanted("An admin has deleted this movie.")
    return found


def _by_ids(row: Told, marks: Marks) -> Mark | None:
    if row.imdb_id is None and row.tmdb_id is None:
        return None
    by_imdb = _living_first(marks.by_imdb(row.imdb_id)) if row.imdb_id else None
    by_tmdb = _living_first(marks.by_tmdb(row.tmdb_id)) if row.tmdb_id else None
    if by_imdb and by_tmdb and by_imdb.id != by_tmdb.id and by_imdb.gone == by_tmdb.gone:
        raise Refused("Its IMDb id is one movie's and its TMDB id another's.")
    found = min((one for one in (by_imdb, by_tmdb) if one), key=lambda one: one.gone, default=None)
    if found and differ(row, found):
        raise Refused("Its IMDb and TMDB ids do not belong together here.")
    return found


def _fitting(row: Told, known_by: Callable[[Key], Sequence[Mark]]) -> list[Group]:
    return [
        (key, [mark for mark in marks if not differ(row, mark)])
        for key in row.keys
        if (marks := known_by(key))
    ]


def _told_before(row: Told, groups: Sequence[Group], marks: Marks) -> Mark | None:
    """Of several the one it was taken for before, known by its title before any other key."""
    if len({mark.id for _, group in groups for mark in group}) > 1:
        for key, group in groups:
            told = [mark for mark in group if not mark.gone and marks.was_told(mark, row.tag)]
            if told:
                return min(told, key=_likelihood(key))
    return None


def _by_keys(keyed: Sequence[Group]) -> Mark | None:
    """By its title before any other key."""
    for key, fitting in keyed:
        if fitting:
            return min(fitting, key=_likelihood(key))
    return None


def _likelihood(key: Key) -> Callable[[Mark], tuple[bool, bool, int]]:
    return lambda mark: (mark.gone, mark.keys[0] != key, mark.id)


def _by_alias(aliased: Sequence[Group]) -> Mark | None:
    """None when it may be one of several: whoever adds one too many is put right more easily."""
    found = {mark.id: mark for _, fitting in aliased for mark in fitting}
    living = [mark for mark in found.values() if not mark.gone]
    return None if len(living) > 1 else _living_first(living or list(found.values()))


def _living_first(marks: Sequence[Mark]) -> Mark | None:
    return min(marks, key=lambda one: (one.gone, one.id), default=None)


def differ(row: Told, mark: Mark) -> bool:
    """Whether an id says that they are two movies."""
    return bool(
        (row.imdb_id and mark.imdb_id and row.imdb_id != mark.imdb_id)
        or (row.tmdb_id and mark.tmdb_id and row.tmdb_id != mark.tmdb_id)
    )
