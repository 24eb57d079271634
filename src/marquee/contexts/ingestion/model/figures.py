"""Which numbers and dates of a movie can be believed."""

import re
from datetime import date

from marquee.contexts.ingestion.model.text import remembering

FIRST_YEAR = 1870
LAST_YEAR = 2100
LONGEST_RUNTIME = 1500
"""Minutes; the longest films anybody sat through are longer, and are not movies."""

_LEAST_MONEY = 1_000
_MOST_BUDGET = 450_000_000
_MOST_REVENUE = 5_000_000_000
_BUDGET_ELSEWHERE = 100_000_000
_TIMES_LOST = 10
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CERTIFICATES = {
    "NOT RATED": "Not Rated",
    "UNRATED": "Unrated",
    "APPROVED": "Approved",
    "PASSED": "Passed",
    "NR": "Not Rated",
    "NA": "",
    "N/A": "",
    "NONE": "",
}


def believable_runtime(minutes: int | None) -> int | None:
    """Nought is how tables say that they do not know."""
    return minutes if minutes and 1 <= minutes <= LONGEST_RUNTIME else None


def believable_money(
    budget: int | None, revenue: int | None, *, american: bool
) -> tuple[int | None, int | None]:
    """US dollars, or None for what must be a slip or another currency.

    Below 1,000 either counts millions or is a guess. No film had cost 450 million when these
    tables were made; a film from elsewhere that cost over 100 million and took in less than a
    tenth of it was counted in its own currency.
    """
    if revenue is not None and not _LEAST_MONEY <= revenue <= _MOST_REVENUE:
        revenue = None
    if budget is not None and not _LEAST_MONEY <= budget <= _MOST_BUDGET:
        budget = None
    if (
        budget
        and not american
        and budget > _BUDGET_ELSEWHERE
        and (revenue or 0) * _TIMES_LOST < budget
    ):
        budget = None
    return budget, revenue


@remembering
def iso_date(text: str) -> str | None:
    """`text` when it is a day of the calendar written YYYY-MM-DD, within the years of movies."""
    if not _ISO_DATE.fullmatch(text) or not text.isascii():
        return None
    try:
        year = date.fromisoformat(text).year
    except ValueError:
        return None
    return text if FIRST_YEAR <= year <= LAST_YEAR else None


def near(day: str | None, year: int | None, *, within: int = 2) -> str | None:
    """The day, unless it is years away from the movie's own year."""
    if day and year and abs(int(day[:4]) - year) > within:
        return None
    return day


@remembering
def certificate(text: str) -> str | None:
    text = " ".join(text.split())
    known = _CERTIFICATES.get(text.upper(), text)
    return known if known and len(known) <= 20 else None  # noqa: PLR2004 - said once
