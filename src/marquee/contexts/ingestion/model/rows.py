"""One movie as a line of the starter's format says it, and the same once it is clean."""

import re
from collections.abc import Callable, Sequence

import msgspec

from marquee.contexts.ingestion.model.countries import country
from marquee.contexts.ingestion.model.family import keyword
from marquee.contexts.ingestion.model.figures import (
    FIRST_YEAR,
    LAST_YEAR,
    believable_money,
    believable_runtime,
    certificate,
    iso_date,
    near,
)
from marquee.contexts.ingestion.model.genres import genre
from marquee.contexts.ingestion.model.languages import language
from marquee.contexts.ingestion.model.names import clean_people
from marquee.contexts.ingestion.model.text import plain
from marquee.contexts.ingestion.model.titles import LONGEST, clean_title, german_article_first

MOST = 2_000
"""Entries of the longest list that is read."""
LONGEST_PROSE = 20_000
_LISTS = (
    "cast", "crew", "directors", "keywords", "genres", "languages", "countries",
    "alternative_titles",
)  # fmt: skip
_MOST_NUMBER = 2**53
TITLE_ID = re.compile(r"tt\d{7,10}")
_AMERICA = "United States"
_FALSE_WAR = re.compile(r"\Bwar|war[dmnpty]", re.IGNORECASE)
_REAL_WAR = re.compile(r"\bwars?\b|warrior", re.IGNORECASE)
_LAST_SILENT = 1936
_SILENT_AGAIN = {"The Artist", "Sidewalk Stories", "Too Much Johnson", "Silent Movie"}


class BadRow(Exception):
    """Why a row cannot be used; the field comes first where one is at fault."""


class Part(msgspec.Struct, frozen=True, omit_defaults=True):
    """Somebody in a movie, when there is more to say than a name."""

    name: str
    character: str | None = None
    job: str | None = None
    department: str | None = None
    imdb_id: str | None = None
    tmdb_id: int | None = None


class Row(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A line of the starter's format. `rating` and `votes` are IMDb's, seen `rating_as_of`."""

    title: str = ""
    year: int | None = None
    original_title: str | None = None
    original_language: str | None = None
    alternative_titles: tuple[str, ...] = ()
    genres: tuple[str, ...] = ()
    directors: tuple[str | Part, ...] = ()
    cast: tuple[str | Part, ...] = ()
    crew: tuple[Part, ...] = ()
    runtime: int | None = None
    rating: float | None = None
    votes: int | None = None
    rating_as_of: str | None = None
    metascore: int | None = None
    tmdb_rating: float | None = None
    tmdb_votes: int | None = None
    languages: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    certificate: str | None = None
    budget: int | None = None
    revenue: int | None = None
    keywords: tuple[str, ...] = ()
    release_date: str | None = None
    plot: str | None = None
    tagline: str | None = None
    awards: str | None = None
    poster_url: str | None = None
    imdb_id: str | None = None
    tmdb_id: int | None = None


def checked(row: Row) -> Row:
    """`row`, or BadRow naming the field that no movie can have."""
    if not row.title.strip() and not row.imdb_id:
        raise BadRow("title: missing")
    if len(row.title) > LONGEST:
        raise BadRow(f"title: longer than {LONGEST} characters")
    if row.year is not None and not FIRST_YEAR <= row.year <= LAST_YEAR:
        raise BadRow(f"year: {row.year} is not a year of movies ({FIRST_YEAR} to {LAST_YEAR})")
    if row.release_date and not iso_date(row.release_date):
        raise BadRow(f"release_date: {shown(row.release_date)} is not a day (YYYY-MM-DD)")
    if row.imdb_id and not (TITLE_ID.fullmatch(row.imdb_id) and row.imdb_id.isascii()):
        raise BadRow(f"imdb_id: {shown(row.imdb_id)} is not an IMDb id (tt and digits)")
    _check_numbers(row)
    for field, prose in (("plot", row.plot), ("tagline", row.tagline), ("awards", row.awards)):
        if prose and len(prose) > LONGEST_PROSE:
            raise BadRow(f"{field}: longer than {LONGEST_PROSE:,} characters")
    for field in _LISTS:
        if len(getattr(row, field)) > MOST:
            raise BadRow(f"{field}: more than {MOST:,} entries")
    return row


def _check_numbers(row: Row) -> None:
    for field, value, least, most in (
        ("runtime", row.runtime, 0, _MOST_NUMBER),
        ("rating", row.rating, 0, 10),
        ("tmdb_rating", row.tmdb_rating, 0, 10),
        ("votes", row.votes, 0, _MOST_NUMBER),
        ("tmdb_votes", row.tmdb_votes, 0, _MOST_NUMBER),
        ("metascore", row.metascore, 0, 100),
        ("budget", row.budget, 0, _MOST_NUMBER),
        ("revenue", row.revenue, 0, _MOST_NUMBER),
        ("tmdb_id", row.tmdb_id, 1, _MOST_NUMBER),
    ):
        if value is not None and not least <= value <= most:
            raise BadRow(f"{field}: {short(value)} is out of range")


def shown(value: object) -> str:
    """A bad value in a message: short, quoted, on one line."""
    return repr(short(value))


def short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004 - said once


def cleaned(row: Row) -> Row:
    """`row` with every rule of this folder applied. A clean row comes back equal."""
    title, others = clean_title(row.title, row.year)
    language_of_origin = language(row.original_language) if row.original_language else None
    if language_of_origin == "de":
        title = german_article_first(title)
    cast, named_directors = _people(row.cast)
    directors, more_directors = _people(row.directors)
    countries = _each(row.countries, country)
    budget, revenue = believable_money(
        row.budget, row.revenue, american=_AMERICA in countries or not countries
    )
    return msgspec.structs.replace(
        row,
        title=title,
        original_title=_original(row, title),
        original_language=language_of_origin,
        alternative_titles=_alternatives(row, title, others),
        genres=_genres(row, title),
        directors=directors or more_directors or named_directors,
        cast=cast,
        runtime=believable_runtime(row.runtime),
        rating=row.rating or None,
        votes=row.votes or None,
        metascore=row.metascore or None,
        languages=_languages(language_of_origin, row.languages),
        countries=countries,
        certificate=certificate(row.certificate) if row.certificate else None,
        budget=budget,
        revenue=revenue,
        keywords=_each(row.keywords, keyword),
        release_date=near(row.release_date, row.year),
        plot=_prose(row.plot),
        tagline=_prose(row.tagline),
        awards=_prose(row.awards),
    )


def _each(values: Sequence[str], one: Callable[[str], str | None]) -> tuple[str, ...]:
    if not values:
        return ()
    return tuple(dict.fromkeys(kept for value in values if (kept := one(value)) is not None))


def _prose(text: str | None) -> str | None:
    return (plain(text) or None) if text else None


def _people(
    entries: Sequence[str | Part],
) -> tuple[tuple[str | Part, ...], tuple[str | Part, ...]]:
    """Bare names are cleaned as a list; a Part is somebody's considered word and only trimmed."""
    if not entries:
        return (), ()
    names = [entry for entry in entries if isinstance(entry, str)]
    if len(names) == len(entries):
        return clean_people(names)
    parts: list[str | Part] = []
    for entry in entries:
        if isinstance(entry, str):
            parts.extend(clean_people([entry])[0])
        elif name := plain(entry.name):
            parts.append(msgspec.structs.replace(entry, name=name))
    return tuple(dict.fromkeys(parts)), ()


def _genres(row: Row, title: str) -> tuple[str, ...]:
    genres = _each(row.genres, genre)
    if "War" in genres and _FALSE_WAR.search(title) and not _REAL_WAR.search(title):
        genres = tuple(name for name in genres if name != "War")
    late = row.year is not None and row.year > _LAST_SILENT
    if late and "Silent" in genres and title not in _SILENT_AGAIN:
        genres = tuple(name for name in genres if name != "Silent")
    return genres


def _languages(origin: str | None, languages: Sequence[str]) -> tuple[str, ...]:
    """The language the movie was made in comes first."""
    spoken = _each(languages, language)
    if origin is None:
        return spoken
    return (origin, *(code for code in spoken if code != origin))


def _original(row: Row, title: str) -> str | None:
    if not row.original_title:
        return None
    original = clean_title(row.original_title, row.year)[0]
    return original if original and original != title else None


def _alternatives(row: Row, title: str, others: Sequence[str]) -> tuple[str, ...]:
    if not row.alternative_titles and not others:
        return ()
    found = [clean_title(other, row.year)[0] for other in row.alternative_titles]
    return tuple(dict.fromkeys(other for other in [*found, *others] if other and other != title))
