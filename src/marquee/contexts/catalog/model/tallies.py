"""What a review's story does to the histogram of its movie."""

from collections.abc import Iterable
from typing import Any

from marquee.contexts.catalog.model.figures import SCALE
from marquee.contexts.reviews.events import (
    ReviewChanged,
    ReviewDeleted,
    ReviewHidden,
    ReviewPosted,
    ReviewShown,
)

Deltas = dict[str, list[int]]
"""By movie: how many more (or fewer) there are of 1, 2, ... 10."""


def deltas(events: Iterable[Any]) -> Deltas:
    found: Deltas = {}
    for event in events:
        for rating, step in _steps(event):
            if 1 <= rating <= SCALE:
                found.setdefault(event.movie_id, [0] * SCALE)[rating - 1] += step
    return {movie_id: changes for movie_id, changes in found.items() if any(changes)}


def _steps(event: Any) -> tuple[tuple[int, int], ...]:
    match event:
        case ReviewPosted() | ReviewShown():
            return ((event.rating, 1),)
        case ReviewHidden():
            return ((event.rating, -1),)
        case ReviewDeleted():
            return ((event.rating, -1),) if event.was_active else ()
        case ReviewChanged():
            if not event.is_active:
                return ()
            return ((event.previous_rating, -1), (event.rating, 1))
        case _:
            return ()


def added(histogram: Iterable[int], changes: Iterable[int]) -> tuple[int, ...]:
    """Never below none."""
    return tuple(max(0, many + more) for many, more in zip(histogram, changes, strict=True))
