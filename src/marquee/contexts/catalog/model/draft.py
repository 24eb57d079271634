"""A movie while rows of a source are laid over it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from marquee.contexts.catalog.contract import ExternalRating
from marquee.contexts.catalog.model import bounds
from marquee.contexts.catalog.model.matching import Mark
from marquee.contexts.catalog.model.movie import NO_IDS, Ids, Key, Record, completed, settled
from marquee.contexts.catalog.model.telling import Told, aliases_of, keys_of
from marquee.contexts.catalog.model.words import folded_title

ADMIN = "!"
"""The origin of what an admin has said: no source changes it."""
OTHERS = "*"
"""Stands in `origins` for every field that is not named."""
DRAWN = "/posters/"
MOST_FORMER = 20


class Draft:
    """Whoever states a fact first owns it.

    Only the same row of the same source changes it later, or an admin. Others fill what is
    missing. Nothing empty replaces anything.

    Ratings by others are kept by their source: the newer one counts, and of two as new the one
    with more votes. Alternative titles are gathered from all.
    """

    __slots__ = ("_changes", "also", "before", "former", "id", "mark", "origins", "told")

    def __init__(self, id: int, before: Record | None, mark: Mark) -> None:  # noqa: A002 - it is one
        self.id = id
        self.before = before
        self.mark = mark
        self.origins: dict[str, str] = dict(before.origins) if before else {}
        self.told: tuple[str, ...] = before.told if before else ()
        self.former: tuple[Key, ...] = before.former if before else ()
        self.also: tuple[Key, ...] = before.also if before else ()
        self._changes: dict[str, Any] = {}

    def get(self, field: str) -> Any:
        if field in self._changes:
            return self._changes[field]
        return getattr(self.before.movie, field) if self.before else None

    def is_open(self, field: str, tag: str) -> bool:
        """Whether the row `tag` may state this field."""
        named = self.origins.get(field)
        if named == ADMIN:
            return False
        return (named or self.origins.get(OTHERS)) == tag or self._is_empty(field)

    def _is_empty(self, field: str) -> bool:
        value = self.get(field)
        return not value or (field == "poster_url" and value.startswith(DRAWN))

    def state(self, field: str, value: Any, tag: str) -> bool:
        """Keep a fact that is open to `tag`; whether that changed anything."""
        if self.get(field) == value:
            return False
        self._changes[field] = value
        if self.origins.setdefault(OTHERS, tag) != tag or field in self.origins:
            self.origins[field] = tag
        return True

    def lay(self, row: Told) -> bool:
        """Everything a row says but its credits; whether that changed anything."""
        if self.before is None and not self._changes:
            self._begin(row)
            return True
        self._note_alias(row)
        changed = self._fill_ids(row)
        for field, value in row.values.items():
            if field != "alternative_titles" and self.is_open(field, row.tag):
                changed |= self.state(field, value, row.tag)
        if changed:
            self._remark()
        changed |= self._gather_titles(row) | self._weigh(row.ratings)
        if changed:
            self.mark.aliases = self._aliases()
        self._remember(row)
        return changed

    def _begin(self, row: Told) -> None:
        """The same for the first row about a new movie, which owns all it says."""
        self._changes.update(row.values)
        self._changes["id"] = str(self.id)
        self.origins[OTHERS] = row.tag
        if row.imdb_id or row.tmdb_id:
            self._changes["ids"] = Ids(row.imdb_id, row.tmdb_id)
        if "alternative_titles" in row.values:
            self._changes["alternative_titles"] = ()
            self._gather_titles(row)
        if row.ratings:
            self._weigh(row.ratings)
        mark = self.mark
        mark.imdb_id, mark.tmdb_id, mark.keys = row.imdb_id, row.tmdb_id, row.keys
        mark.aliases = self._aliases()

    def _fill_ids(self, row: Told) -> bool:
        ids: Ids = self.get("ids") or NO_IDS
        filled = Ids(ids.imdb or row.imdb_id, ids.tmdb or row.tmdb_id)
        if filled == ids or self.origins.get("ids") == ADMIN:
            return False
        self._changes["ids"] = filled
        return True

    def _gather_titles(self, row: Told) -> bool:
        offered = (*row.values.get("alternative_titles", ()), row.title)
        known = self.get("alternative_titles") or ()
        if not known and offered == (self.get("title"),):
            return False
        if self.origins.get("alternative_titles") == ADMIN:
            return False
        held = {folded_title(one) for one in (self.get("title"), self.get("original_title")) if one}
        held.update(title for title, _ in self.former)
        kept: dict[str, str] = {}
        for title in sorted({*known, *offered}):
            if title and folded_title(title) not in held:
                kept.setdefault(folded_title(title), title)
        most, _ = bounds.LISTS["alternative_titles"]
        gathered = tuple(sorted(kept.values())[:most])
        if gathered == known:
            return False
        self._changes["alternative_titles"] = gathered
        return True

    def _weigh(self, ratings: Iterable[ExternalRating]) -> bool:
        known: tuple[ExternalRating, ...] = self.get("external_ratings") or ()
        best = {one.source: one for one in known}
        for one in ratings:
            best[one.source] = max(one, best.get(one.source, one), key=_freshness)
        weighed = tuple(sorted(best.values(), key=lambda one: one.source))
        if weighed == known or self.origins.get("external_ratings") == ADMIN:
            return False
        self._changes["external_ratings"] = weighed
        return True

    def _remark(self) -> None:
        """What it is known by now, and still by what it was."""
        ids: Ids = self.get("ids") or NO_IDS
        mark = self.mark
        mark.imdb_id, mark.tmdb_id = ids.imdb, ids.tmdb
        keys = keys_of(self.get("title"), self.get("original_title"), self.get("year"))
        former = tuple(key for key in mark.keys if key not in keys)[:MOST_FORMER]
        mark.keys, self.former = (*keys, *former), former

    def _aliases(self) -> tuple[Key, ...]:
        return aliases_of(self.get("alternative_titles") or (), self.get("year"), self.also)

    def _remember(self, row: Told) -> None:
        """A row without ids has to be known again, even when it had nothing to add."""
        if not row.imdb_id and not row.tmdb_id and not self.was_told(row.tag):
            self.told = (*self.told, row.tag)

    def _note_alias(self, row: Told) -> None:
        """What a row without ids was found by stays, whatever becomes of the titles and the year."""
        if not row.imdb_id and not row.tmdb_id and set(row.keys).isdisjoint(self.mark.keys):
            found_by = (key for key in row.keys if key in self.mark.aliases)
            self.also = tuple(dict.fromkeys((*self.also, *found_by)))[:MOST_FORMER]

    def was_told(self, tag: str) -> bool:
        return tag in self.told or tag in self.origins.values()

    def record(self, now: datetime) -> Record | None:
        """What came of it; None when it is as it was before."""
        before = self.before
        if before is None:
            movie = completed({**self._changes, "updated_at": now})
            return Record(movie, self.origins, 1, self.told, self.former, self.also)
        movie = settled(replace(before.movie, **self._changes)) if self._changes else before.movie
        if movie != before.movie:
            version = movie.version + 1
            movie = replace(movie, version=version, updated_at=now)
            return Record(movie, self.origins, version, self.told, self.former, self.also)
        if self.told == before.told and self.also == before.also:
            return None
        return Record(movie, before.origins, before.edited, self.told, before.former, self.also)


def _freshness(rating: ExternalRating) -> tuple[str, int, float, float]:
    return rating.as_of or "", rating.votes or 0, rating.value, rating.out_of
