"""What a source says of a movie, made fit to be kept, or refused with a reason."""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from msgspec import Struct

from marquee.contexts.catalog.contract import CreditFact, ExternalRating
from marquee.contexts.catalog.model import bounds
from marquee.contexts.catalog.model.movie import Key
from marquee.contexts.catalog.model.words import (
    folded,
    folded_title,
    known_word,
    tidy,
    tidy_prose,
    turned,
)

JOB, ACTING = CreditFact.job, CreditFact.department


class Refused(Exception):
    """Why this row cannot be kept."""


class Unwanted(Refused):
    """Nothing is wrong with the row, but an admin does not want its movie."""


class Credited(Struct, frozen=True, gc=False):
    """A credit with its name folded too."""

    name: str
    folded: str
    job: str
    department: str
    character: str | None
    imdb_id: str | None
    tmdb_id: int | None


class Told(Struct, frozen=True, gc=False):
    """One row, read.

    `tag` is the source and what it calls the movie, and stays the same when the row is read again.
    `values` are the facts it states, by field; `keys` what it may be known by.
    """

    index: int
    tag: str
    title: str
    year: int | None
    imdb_id: str | None
    tmdb_id: int | None
    keys: tuple[Key, ...]
    values: dict[str, Any]
    cast: tuple[Credited, ...]
    crew: tuple[Credited, ...]
    ratings: tuple[ExternalRating, ...]


def told(source: str, index: int, said: Mapping[str, Any]) -> Told:
    """Refused when an id, a title or a year is not one; what else is odd is left out."""
    title = turned(tidy(said["title"]))
    imdb_id, tmdb_id = _imdb(said.get("imdb_id")), _tmdb(said.get("tmdb_id"))
    year = _year(said.get("year"))
    if not title and imdb_id is None and tmdb_id is None:
        raise Refused("It has neither a title nor an id.")
    if len(title) > bounds.TITLE:
        raise Refused(f"The title is longer than {bounds.TITLE} characters.")
    values = _values(said, title, year)
    called = imdb_id or (f"tmdb{tmdb_id}" if tmdb_id else f"{title} {year or ''}")
    cast, crew, ratings = said.get("cast"), said.get("crew"), said.get("external_ratings")
    return Told(
        index,
        f"{source}|{called}",
        title,
        year,
        imdb_id,
        tmdb_id,
        keys_of(title, values.get("original_title"), year),
        values,
        _credits(cast) if cast else (),
        _credits(crew) if crew else (),
        tuple([rating for rating in ratings if _sane(rating)]) if ratings else (),
    )


def keys_of(title: str, original_title: str | None, year: int | None) -> tuple[Key, ...]:
    if not title:
        return ()
    first = (folded_title(title), year)
    if not original_title:
        return (first,)
    second = (folded_title(original_title), year)
    return (first,) if first == second else (first, second)


def aliases_of(
    titles: Sequence[str], year: int | None, also: tuple[Key, ...] = ()
) -> tuple[Key, ...]:
    """Of a movie's alternative titles, and `also` what rows were found by that still mean it."""
    if not titles and not also:
        return ()
    return tuple(dict.fromkeys((*((folded_title(title), year) for title in titles), *also)))


def _imdb(text: str | None) -> str | None:
    if text is None or bounds.IMDB.fullmatch(text):
        return text
    raise Refused(f"{text[:20]!r} is no IMDb id such as tt0468569.")


def _tmdb(number: int | None) -> int | None:
    if number is None or 0 < number <= bounds.MOST_TMDB:
        return number
    raise Refused(f"The TMDB id is not from 1 to {bounds.MOST_TMDB}.")


def _year(year: int | None) -> int | None:
    if year is None or bounds.FIRST_YEAR <= year <= bounds.LAST_YEAR:
        return year
    raise Refused(f"The year {year} is not between {bounds.FIRST_YEAR} and {bounds.LAST_YEAR}.")


def _complain(_field: str, why: str) -> Exception:
    return Refused(why)


def _values(said: Mapping[str, Any], title: str, year: int | None) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if title:
        values["title"] = title
    if year is not None:
        values["year"] = year
    given = said.get
    for field, state in STATES:
        if (stated := given(field)) and (value := state(stated)):
            values[field] = value
    if values.get("original_title") == title:
        del values["original_title"]
    return values


def _line(most: int) -> Callable[[str], str | None]:
    def state(text: str) -> str | None:
        words = tidy(text)
        return words if len(words) <= most else None

    return state


def _prose(most: int) -> Callable[[str], str]:
    return lambda text: tidy_prose(text)[:most]


def _lines(most: int, longest: int) -> Callable[[Sequence[str]], tuple[str, ...]]:
    @lru_cache(maxsize=1 << 11)
    def of(texts: tuple[str, ...]) -> tuple[str, ...]:
        kept = dict.fromkeys(map(known_word, texts))
        if len(kept) > most or "" in kept or max(map(len, kept), default=0) > longest:
            return tuple(text for text in kept if 0 < len(text) <= longest)[:most]
        return tuple(kept)

    return lambda texts: of(tuple(texts))


def _languages(codes: Sequence[str]) -> tuple[str, ...]:
    return _known_languages(tuple(codes))


@lru_cache(maxsize=1 << 10)
def _known_languages(codes: tuple[str, ...]) -> tuple[str, ...]:
    most, _ = bounds.LISTS["languages"]
    kept = dict.fromkeys(code.lower() for code in codes)
    return tuple(code for code in kept if bounds.LANGUAGE.fullmatch(code))[:most]


def _number(low: int, high: int) -> Callable[[int], int | None]:
    return lambda value: value if low <= value <= high else None


def _unless_refused(check: Callable[[str], str]) -> Callable[[str], str | None]:
    @lru_cache(maxsize=1 << 10)
    def state(text: str) -> str | None:
        try:
            return check(text)
        except Refused:
            return None

    return state


STATES: tuple[tuple[str, Callable[[Any], Any]], ...] = (
    ("original_title", _line(bounds.TITLE)),
    *((field, _line(bounds.LINES[field])) for field in ("certificate", "tagline")),
    *((field, _prose(most)) for field, most in bounds.TEXTS.items()),
    *(
        (field, _languages if field == "languages" else _lines(*limits))
        for field, limits in bounds.LISTS.items()
    ),
    *(
        (field, _number(*bounds.NUMBERS[field]))
        for field in ("runtime_minutes", "budget", "revenue")
    ),
    ("released_on", _unless_refused(lambda text: bounds.day("released_on", text, _complain))),
    (
        "poster_url",
        _unless_refused(
            lambda text: bounds.address("poster_url", text, _complain, schemes=("https",))
        ),
    ),
)
"""How each fact is made fit; what comes out empty was not stated."""


def _credits(told_of: Sequence[CreditFact | Mapping[str, Any]]) -> tuple[Credited, ...]:
    found = []
    for one in told_of[: bounds.MOST_CREDITS]:
        said = one if type(one) is dict else vars(one)
        if len(said) == 1:
            known = _actor(said["name"])
        else:
            job, department = said.get("job", JOB), said.get("department", ACTING)
            known = _credited(said["name"], job, department)
        if known is None:
            continue
        if len(said) > 1:
            character = said.get("character")
            imdb_id, tmdb_id = said.get("imdb_id"), said.get("tmdb_id")
            if character or imdb_id or tmdb_id:
                known = Credited(
                    known.name,
                    known.folded,
                    known.job,
                    known.department,
                    tidy(character or "")[: bounds.NAME] or None,
                    imdb_id,
                    tmdb_id,
                )
        found.append(known)
    return tuple(found)


@lru_cache(maxsize=1 << 14)
def _credited(name: str, job: str, department: str) -> Credited | None:
    """The same people do the same work in many movies."""
    name = tidy(name)
    if not 0 < len(name) <= bounds.NAME:
        return None
    job, department = tidy(job)[: bounds.JOB], tidy(department)[: bounds.JOB]
    return Credited(name, folded(name), job, department, None, None, None)


@lru_cache(maxsize=1 << 14)
def _actor(name: str) -> Credited | None:
    return _credited.__wrapped__(name, JOB, ACTING)


def _sane(rating: ExternalRating) -> bool:
    return rating.out_of > 0 and 0 <= rating.value <= rating.out_of and (rating.votes or 0) >= 0
