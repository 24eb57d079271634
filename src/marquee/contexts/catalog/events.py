"""What the catalog tells the world."""

from dataclasses import dataclass
from typing import ClassVar

from marquee.kit.events import Event, kind_of


@dataclass(frozen=True, kw_only=True)
class MoviesChanged(Event):
    """Movies that were created or changed together, and the people whose standing that changes.

    At most 1,000 movies; a larger change is told in several of these.
    """

    key_field: ClassVar[str] = "batch_id"

    batch_id: str
    movie_ids: tuple[str, ...]
    person_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class MovieDeleted(Event):
    key_field: ClassVar[str] = "movie_id"

    movie_id: str


@dataclass(frozen=True, kw_only=True)
class PersonDeleted(Event):
    """A person is gone: deleted, or found to be the same as another."""

    key_field: ClassVar[str] = "person_id"

    person_id: str


LISTED: dict[str, type[Event]] = {
    kind_of(kind): kind for kind in (MoviesChanged, MovieDeleted, PersonDeleted)
}
"""What changes the lists, by its kind."""
