"""What of the catalog moves to another store, and its form on the way there."""

from typing import Any

import msgspec

from marquee.contexts.catalog.model.matching import Mark
from marquee.contexts.catalog.model.movie import Key, Record
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.model.platforms import Platform
from marquee.contexts.catalog.ports import Counters

MOVIES, MARKS, PEOPLE, PLATFORMS, COUNTERS = "movies", "marks", "people", "platforms", "counters"
KINDS = (MOVIES, MARKS, PEOPLE, PLATFORMS, COUNTERS)
"""Marks and people with the gone ones, which are what imports must not bring back."""
THERE = "There is one such already that this move has not brought."


class MarkForm(msgspec.Struct, gc=False):
    """What a movie, or one that is gone, is known by."""

    id: int
    imdb_id: str | None
    tmdb_id: int | None
    keys: tuple[Key, ...]
    aliases: tuple[Key, ...]
    gone: bool


READ: dict[str, msgspec.json.Decoder[Any]] = {
    MOVIES: msgspec.json.Decoder(Record),
    MARKS: msgspec.json.Decoder(MarkForm),
    PEOPLE: msgspec.json.Decoder(Person),
    PLATFORMS: msgspec.json.Decoder(Platform),
    COUNTERS: msgspec.json.Decoder(Counters),
}


def mark_form(mark: Mark) -> MarkForm:
    return MarkForm(mark.id, mark.imdb_id, mark.tmdb_id, mark.keys, mark.aliases, mark.gone)


def mark_of_form(form: MarkForm) -> Mark:
    return Mark(
        form.id, form.imdb_id, form.tmdb_id, form.keys, aliases=form.aliases, gone=form.gone
    )


def are_given(counters: Counters) -> bool:
    """Whether any number was ever given out: else there is nothing to carry."""
    return counters != Counters(0, 0, 0)
