"""What an admin says of a movie: checked, and kept against all sources."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from marquee.contexts.catalog.contract import ExternalRating
from marquee.contexts.catalog.model import bounds
from marquee.contexts.catalog.model.draft import ADMIN, MOST_FORMER, OTHERS
from marquee.contexts.catalog.model.movie import Ids, Key, Movie, Record, settled
from marquee.contexts.catalog.model.telling import keys_of
from marquee.kit.errors import Invalid

MOST_RATINGS = 20
MOST_VOTES = 10**12
MOST_OUT_OF = 1000


def invalid(field: str, why: str) -> Invalid:
    return Invalid(why, field=field)


def checked(given: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they are kept; Invalid for one that cannot be. None takes a value away."""
    return {field: _checked(field, value) for field, value in given.items()}


def _checked(field: str, value: Any) -> Any:
    if value is None and field != "title":
        return "" if field == "poster_url" else None
    if field in bounds.LINES and field != "title":
        return bounds.line(field, value, bounds.LINES[field], invalid) or None
    if field in bounds.LISTS:
        return bounds.lines(field, tuple(value), invalid)
    if field in bounds.NUMBERS:
        return bounds.number(field, value, invalid)
    return CHECKS[field](value) if field in CHECKS else value


def _title(text: str) -> str:
    title = bounds.line("title", text, bounds.TITLE, invalid)
    if not title:
        raise invalid("title", "A movie has a title.")
    return title


def _ids(ids: Ids) -> Ids:
    if ids.imdb is not None and not bounds.IMDB.fullmatch(ids.imdb):
        raise invalid("ids.imdb", "An id such as tt0468569.")
    if ids.tmdb is not None and not 0 < ids.tmdb <= bounds.MOST_TMDB:
        raise invalid("ids.tmdb", f"From 1 to {bounds.MOST_TMDB}.")
    return ids


def _ratings(ratings: tuple[ExternalRating, ...]) -> tuple[ExternalRating, ...]:
    if len(ratings) > MOST_RATINGS or len({one.source for one in ratings}) != len(ratings):
        raise invalid("external_ratings", f"At most {MOST_RATINGS}, each of another source.")
    for place, one in enumerate(ratings):
        at = f"external_ratings[{place}]"
        if not (one.source and bounds.line(f"{at}.source", one.source, 50, invalid) == one.source):
            raise invalid(f"{at}.source", "The name of the source.")
        if not 0 < one.out_of <= MOST_OUT_OF or not 0 <= one.value <= one.out_of:
            raise invalid(f"{at}.value", f"From 0 to out_of, which is at most {MOST_OUT_OF}.")
        if one.votes is not None and not 0 <= one.votes <= MOST_VOTES:
            raise invalid(f"{at}.votes", "Not fewer than none.")
        if one.as_of is not None:
            bounds.day(f"{at}.as_of", one.as_of, invalid)
    return tuple(sorted(ratings, key=lambda one: one.source))


CHECKS: Mapping[str, Callable[[Any], Any]] = {
    "title": _title,
    "plot": lambda text: bounds.prose("plot", text, bounds.TEXTS["plot"], invalid) or None,
    "awards": lambda text: bounds.prose("awards", text, bounds.TEXTS["awards"], invalid) or None,
    "ids": _ids,
    "external_ratings": _ratings,
    "released_on": lambda text: bounds.day("released_on", text, invalid),
    "poster_url": lambda url: bounds.address("poster_url", url, invalid, schemes=("https",)),
}


def created(id_: int, values: Mapping[str, Any], now: datetime) -> Record:
    """A movie an admin has made: what was said stands, and sources fill what was not."""
    given = {field: value for field, value in values.items() if value is not None}
    movie = Movie(id=str(id_), updated_at=now, **given)
    return Record(settled(movie), {OTHERS: ADMIN}, 1)


def edited(before: Record, values: Mapping[str, Any], now: datetime) -> Record | None:
    """The movie with these values, which no source changes any more; None when all stood already.

    A value that was given as it was is the admin's from now on, too.
    """
    fields = {field for field in values if field != "platforms"}
    origins = {**before.origins, **dict.fromkeys(sorted(fields), ADMIN)}
    lists = (*bounds.LISTS, "cast", "crew", "platforms", "external_ratings")
    given = {
        field: () if value is None and field in lists else value for field, value in values.items()
    }
    if given.get("ids", before.movie.ids) is None:
        given["ids"] = Ids()
    movie = settled(replace(before.movie, **given))
    if movie == before.movie and origins == before.origins:
        return None
    version = before.movie.version + 1
    return replace(
        before,
        movie=replace(movie, version=version, updated_at=now),
        origins=origins,
        edited=version,
        former=_former(before, movie),
    )


def _former(before: Record, movie: Movie) -> tuple[Key, ...]:
    """What it was known by and is not any longer, so that sources still mean this movie."""
    was = before.movie
    keys = keys_of(movie.title, movie.original_title, movie.year)
    known = (*keys_of(was.title, was.original_title, was.year), *before.former)
    return tuple(dict.fromkeys(key for key in known if key not in keys))[:MOST_FORMER]
