"""The figures that follow from ratings and votes."""

from collections.abc import Sequence
from math import log10

from marquee.contexts.catalog.contract import ExternalRating

SCALE = 10
WEIGHT = 5
NEUTRAL = 6.0
"""What a movie without an external rating is taken to be worth until members have rated it.

About the mean of IMDb's figures; it weighs as much as an external one would.
"""
REVIEW_IN_VOTES = 25
PREFERRED = "imdb"


def external_rating(ratings: Sequence[ExternalRating]) -> ExternalRating | None:
    """The one that counts: IMDb's, else the one with most votes, else the first by name."""
    if len(ratings) > 1:
        return min(ratings, key=_rank)
    return ratings[0] if ratings else None


def _rank(rating: ExternalRating) -> tuple[bool, int, str]:
    return rating.source.casefold() != PREFERRED, -(rating.votes or 0), rating.source


def out_of_ten(rating: ExternalRating) -> float:
    return rating.value if rating.out_of == SCALE else rating.value / rating.out_of * SCALE


def score(external: ExternalRating | None, histogram: Sequence[int]) -> float | None:
    """(5 x the external value + the members' ratings) / (5 + their number).

    Where nobody else has rated it, 6.0 stands in for the external value; where members have not
    either, there is no score.
    """
    count = sum(histogram)
    if external is None and not count:
        return None
    prior = NEUTRAL if external is None else out_of_ten(external)
    return (WEIGHT * prior + total(histogram)) / (WEIGHT + count)


def total(histogram: Sequence[int]) -> int:
    """The sum of the ratings, of which `histogram` has how many there are of 1, 2, ... 10."""
    return sum(stars * many for stars, many in enumerate(histogram, 1))


def votes(ratings: Sequence[ExternalRating]) -> int:
    """The votes of whichever source has most."""
    return max((one.votes or 0 for one in ratings), default=0)


def popularity(outside: int, members: int) -> float:
    """10 x log10(1 + external votes + 25 x members' reviews), to four places.

    So it follows the votes of the world, and where those are few or none, what members do.
    """
    reach = outside + REVIEW_IN_VOTES * members
    return round(10 * log10(1 + reach), 4) if reach else 0.0
