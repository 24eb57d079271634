"""What reviews tell the world. A rating is a whole number from 1 to 10."""

from dataclasses import dataclass
from typing import ClassVar

from marquee.kit.events import Event


@dataclass(frozen=True, kw_only=True)
class ReviewPosted(Event):
    key_field: ClassVar[str] = "review_id"

    review_id: str
    movie_id: str
    author_id: str
    rating: int


@dataclass(frozen=True, kw_only=True)
class ReviewChanged(Event):
    """Its rating, text or spoiler flag is another; `is_active` says whether it counts."""

    key_field: ClassVar[str] = "review_id"

    review_id: str
    movie_id: str
    author_id: str
    previous_rating: int
    rating: int
    is_active: bool


@dataclass(frozen=True, kw_only=True)
class ReviewDeleted(Event):
    """It is gone; `was_active` says whether it counted until now."""

    key_field: ClassVar[str] = "review_id"

    review_id: str
    movie_id: str
    author_id: str
    rating: int
    was_active: bool


@dataclass(frozen=True, kw_only=True)
class ReviewHidden(Event):
    """A moderator took it out of every listing and tally."""

    key_field: ClassVar[str] = "review_id"

    review_id: str
    movie_id: str
    author_id: str
    rating: int


@dataclass(frozen=True, kw_only=True)
class ReviewShown(Event):
    """A moderator let it count again."""

    key_field: ClassVar[str] = "review_id"

    review_id: str
    movie_id: str
    author_id: str
    rating: int
