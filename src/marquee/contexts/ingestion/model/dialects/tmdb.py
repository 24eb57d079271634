"""TMDB's two tables: comma-separated, with lists in JSON inside."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

import msgspec

from marquee.contexts.catalog.contract import CreditFact, MovieFacts
from marquee.contexts.ingestion.model.columns import Columns
from marquee.contexts.ingestion.model.dialects.dialect import Found
from marquee.contexts.ingestion.model.dialects.table import read_table
from marquee.contexts.ingestion.model.lines import Line
from marquee.contexts.ingestion.model.names import LONGEST as LONGEST_NAME
from marquee.contexts.ingestion.model.rows import MOST, BadRow, Row, checked, cleaned, shown
from marquee.contexts.ingestion.model.telling import facts
from marquee.contexts.ingestion.model.text import plain
from marquee.contexts.ingestion.model.titles import clean_title

HEADER = ("id", "title", "genres", "keywords", "production_countries", "spoken_languages")
CREDITS_HEADER = ("movie_id", "title", "cast", "crew")
T = TypeVar("T")


class _Named(msgspec.Struct):
    name: str = ""
    iso_639_1: str = ""
    iso_3166_1: str = ""


class _Member(msgspec.Struct):
    name: str
    id: int | None = None
    character: str = ""
    order: int = 0
    job: str = ""
    department: str = ""


_NAMED = msgspec.json.Decoder(list[_Named])
_MEMBERS = msgspec.json.Decoder(list[_Member])


class TmdbMovies:
    name = "the TMDB-5000 table"
    source = "tmdb-5000"
    turn = 0
    adds = False

    def read(self, lines: Iterable[Line]) -> Iterator[Found]:
        for number, columns, fields, problem in read_table(lines):
            if problem:
                yield Found(number, problem=problem)
                continue
            try:
                row = cleaned(checked(_row(columns, fields)))
            except BadRow as error:
                yield Found(number, problem=str(error))
            else:
                yield Found(number, facts(row))


class TmdbCredits:
    name = "the credits of the TMDB-5000 table"
    source = "tmdb-5000-credits"
    turn = 1
    adds = True

    def read(self, lines: Iterable[Line]) -> Iterator[Found]:
        for number, columns, fields, problem in read_table(lines):
            if problem:
                yield Found(number, problem=problem)
                continue
            try:
                yield Found(number, _credits(columns, fields))
            except BadRow as error:
                yield Found(number, problem=str(error))


def _list(
    columns: Columns, fields: Sequence[str], name: str, decoder: msgspec.json.Decoder[list[T]]
) -> list[T]:
    text = columns.text(fields, name)
    if text is None:
        return []
    try:
        found = decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        raise BadRow(f"{name}: {shown(text)} is not a list in JSON") from None
    if len(found) > MOST:
        raise BadRow(f"{name}: more than {MOST:,} entries")
    return found


def _row(columns: Columns, fields: Sequence[str]) -> Row:
    columns.fit(fields)
    title = columns.text(fields, "title")
    if title is None:
        raise BadRow("title: missing")
    day = columns.text(fields, "release_date")
    return Row(
        title=title,
        year=int(day[:4]) if day and day[:4].isdecimal() and day.isascii() else None,
        original_title=columns.text(fields, "original_title"),
        original_language=columns.text(fields, "original_language"),
        genres=tuple(one.name for one in _list(columns, fields, "genres", _NAMED)),
        keywords=tuple(one.name for one in _list(columns, fields, "keywords", _NAMED)),
        countries=tuple(
            one.iso_3166_1 or one.name
            for one in _list(columns, fields, "production_countries", _NAMED)
        ),
        languages=tuple(
            one.iso_639_1 or one.name for one in _list(columns, fields, "spoken_languages", _NAMED)
        ),
        plot=columns.text(fields, "overview"),
        tagline=columns.text(fields, "tagline"),
        release_date=day,
        runtime=columns.whole(fields, "runtime"),
        budget=columns.whole(fields, "budget"),
        revenue=columns.whole(fields, "revenue"),
        tmdb_rating=columns.number(fields, "vote_average") or None,
        tmdb_votes=columns.whole(fields, "vote_count"),
        imdb_id=columns.text(fields, "imdb_id"),
        tmdb_id=columns.whole(fields, "id"),
    )


def _credits(columns: Columns, fields: Sequence[str]) -> MovieFacts:
    columns.fit(fields)
    checks = checked(
        Row(
            title=columns.text(fields, "title") or "",
            tmdb_id=columns.whole(fields, "movie_id"),
        )
    )
    cast = _list(columns, fields, "cast", _MEMBERS)
    crew = _list(columns, fields, "crew", _MEMBERS)
    return MovieFacts(
        title=clean_title(checks.title)[0],
        tmdb_id=checks.tmdb_id,
        cast=tuple(
            CreditFact(name, character=plain(one.character)[:200] or None, tmdb_id=_id(one))
            for one in sorted(cast, key=lambda one: one.order)
            if (name := _name(one))
        ),
        crew=tuple(
            CreditFact(
                name,
                plain(one.job) or "Crew",
                plain(one.department) or "Crew",
                None,
                None,
                _id(one),
            )
            for one in crew
            if (name := _name(one))
        ),
    )


def _name(one: _Member) -> str:
    name = plain(one.name)
    return name if len(name) <= LONGEST_NAME else ""


def _id(one: _Member) -> int | None:
    return one.id if one.id and 0 < one.id < 2**31 else None
