"""What a value may be, whoever says it."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from types import MappingProxyType
from urllib.parse import urlsplit

from marquee.contexts.catalog.model.words import tidy, tidy_prose

FIRST_YEAR, LAST_YEAR = 1870, 2100
LONGEST = 60_000
"""Minutes; the longest film there is runs for 51,420."""
MOST_MONEY = 100_000_000_000
MOST_CREDITS = 500
TITLE, NAME, JOB, URL, PROSE = 500, 200, 50, 1000, 10_000
IMDB = re.compile(r"tt\d{5,10}")
IMDB_PERSON = re.compile(r"nm\d{5,10}")
LANGUAGE = re.compile(r"[a-z]{2,3}")
MOST_TMDB = 2**31 - 1

LINES: Mapping[str, int] = MappingProxyType(
    {"title": TITLE, "original_title": TITLE, "certificate": 30, "tagline": 500}
)
"""Texts of one line and how long they may be."""
TEXTS: Mapping[str, int] = MappingProxyType({"plot": PROSE, "awards": 1000})
LISTS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "alternative_titles": (100, TITLE),
        "genres": (20, 50),
        "languages": (50, 3),
        "countries": (50, 80),
        "keywords": (300, 100),
    }
)
"""Lists: how many there may be, and how long each."""
NUMBERS: Mapping[str, tuple[int, int]] = MappingProxyType(
    {
        "year": (FIRST_YEAR, LAST_YEAR),
        "runtime_minutes": (1, LONGEST),
        "budget": (1, MOST_MONEY),
        "revenue": (1, MOST_MONEY),
    }
)

Complain = Callable[[str, str], Exception]
"""Makes the error for (field, what is wrong with it)."""


def line(field: str, text: str, most: int, complain: Complain) -> str:
    words = tidy(text)
    if len(words) > most:
        raise complain(field, f"At most {most} characters.")
    return words


def prose(field: str, text: str, most: int, complain: Complain) -> str:
    words = tidy_prose(text)
    if len(words) > most:
        raise complain(field, f"At most {most} characters.")
    return words


def lines(field: str, texts: tuple[str, ...], complain: Complain) -> tuple[str, ...]:
    """Tidied, without blanks and repetitions, in the order given."""
    most, longest = LISTS[field]
    kept = dict.fromkeys(line(field, text, longest, complain) for text in texts)
    kept.pop("", None)
    if len(kept) > most:
        raise complain(field, f"At most {most} of them.")
    if field == "languages":
        for code in kept:
            if not LANGUAGE.fullmatch(code):
                raise complain(field, f"{code!r} is no ISO 639 code such as en.")
    return tuple(kept)


def number(field: str, value: int, complain: Complain) -> int:
    low, high = NUMBERS[field]
    if not low <= value <= high:
        raise complain(field, f"From {low} to {high}.")
    return value


def day(field: str, text: str, complain: Complain) -> str:
    """An ISO date within the years that a movie may have."""
    try:
        value = date.fromisoformat(text)
    except ValueError:
        raise complain(field, "A date such as 2008-07-16.") from None
    if text != value.isoformat() or not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise complain(field, f"A date such as 2008-07-16, from {FIRST_YEAR} to {LAST_YEAR}.")
    return text


def _has_host(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:  # half a bracket, or no number where a port should be
        return False


def address(field: str, text: str, complain: Complain, *, schemes: tuple[str, ...]) -> str:
    """A URL somebody may be sent to."""
    url = text.strip()
    scheme, colon, rest = url.partition("://")
    plain = url.isprintable() and " " not in url and "@" not in rest.split("/")[0]
    if not (plain and colon and scheme in schemes and _has_host(url) and len(url) <= URL):
        raise complain(field, f"A URL of at most {URL} characters that starts with {schemes[0]}://")
    return url
