"""What an admin says of a person."""

from msgspec.structs import replace

from marquee.contexts.catalog.model import bounds
from marquee.contexts.catalog.model.editing import invalid
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.model.words import folded


def named(name: str) -> str:
    text = bounds.line("name", name, bounds.NAME, invalid)
    if not text:
        raise invalid("name", "A person has a name.")
    return text


def renamed(person: Person, name: str) -> Person:
    """By the new name; sources that use an old one still mean this person."""
    text = named(name)
    names = tuple(dict.fromkeys((folded(text), *person.names)))
    return replace(person, name=text, names=names, version=person.version + 1)


def identified(person: Person, imdb_id: str | None, tmdb_id: int | None) -> Person:
    if imdb_id is not None and not bounds.IMDB_PERSON.fullmatch(imdb_id):
        raise invalid("ids.imdb", "An id such as nm0000151.")
    if tmdb_id is not None and not 0 < tmdb_id <= bounds.MOST_TMDB:
        raise invalid("ids.tmdb", f"From 1 to {bounds.MOST_TMDB}.")
    return replace(person, imdb_id=imdb_id, tmdb_id=tmdb_id, version=person.version + 1)
