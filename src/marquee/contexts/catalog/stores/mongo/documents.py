"""Movies, marks, people and platforms as documents, and back.

A movie's document has the fields of its JSON. Dates there count milliseconds: `micros` are the
microseconds beside them.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from marquee.contexts.catalog.model.matching import Mark
from marquee.contexts.catalog.model.movie import Key, Movie, Record
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.model.platforms import Platform
from marquee.contexts.catalog.model.words import folded, folded_title

Document = dict[str, Any]
ENCODE = msgspec.json.Encoder().encode
OURS = ("edited", "origins", "told", "former", "also", "folded")
SHOWN = dict.fromkeys(OURS, False)
"""Which fields make up a movie's JSON: all but what only the catalog needs to know."""


def movie_document(record: Record) -> Document:
    movie = record.movie
    fields = msgspec.to_builtins(movie, builtin_types=(datetime,))
    del fields["id"]
    original = movie.original_title
    return {
        "_id": int(movie.id),
        **fields,
        "micros": movie.updated_at.microsecond % 1000,
        "edited": record.edited,
        "origins": [{"field": field, "source": one} for field, one in record.origins.items()],
        "told": record.told,
        "former": _keys(record.former),
        "also": _keys(record.also),
        "folded": {
            "title": folded_title(movie.title),
            "original": folded_title(original) if original else None,
        },
    }


def movie_json(document: Document) -> bytes:
    """Of a document with the fields that are SHOWN, as the movie itself would be encoded."""
    return ENCODE(_movie_fields(document))


def record_of(document: Document) -> Record:
    return Record(
        msgspec.convert(_movie_fields(document), Movie),
        {one["field"]: one["source"] for one in document["origins"]},
        document["edited"],
        tuple(document["told"]),
        _keys_from(document["former"]),
        _keys_from(document["also"]),
    )


def _movie_fields(document: Document) -> Document:
    fields = {"id": str(document.pop("_id")), **document}
    moment: datetime = fields["updated_at"]
    micros = fields.pop("micros")
    fields["updated_at"] = moment.replace(microsecond=moment.microsecond + micros)
    return fields


def mark_document(mark: Mark) -> Document:
    return {
        "_id": mark.id,
        **_ids(mark.imdb_id, mark.tmdb_id),
        "keys": [key_text(key) for key in mark.keys],
        "aliases": [key_text(key) for key in mark.aliases],
        "gone": mark.gone,
    }


def mark_from(document: Mapping[str, Any]) -> Mark:
    return Mark(
        document["_id"],
        document.get("imdb"),
        document.get("tmdb"),
        tuple(_key_of(text) for text in document["keys"]),
        aliases=tuple(_key_of(text) for text in document["aliases"]),
        gone=document["gone"],
    )


def key_text(key: Key) -> str:
    """`solaris (1972)`, or `solaris ()`: one value, so that one index entry finds it."""
    title, year = key
    return f"{title} ({'' if year is None else year})"


def _key_of(text: str) -> Key:
    title, _, year = text[:-1].rpartition(" (")
    return title, int(year) if year else None


def person_document(person: Person) -> Document:
    name = person.names[0]
    return {
        "_id": person.id,
        "name": person.name,
        "names": person.names,
        "folded": name,
        "starts": [] if person.gone else starts(name),
        **_ids(person.imdb_id, person.tmdb_id),
        "first_year": person.first_year,
        "last_year": person.last_year,
        "departments": person.departments,
        "gone": person.gone,
        "version": person.version,
    }


def person_from(document: Mapping[str, Any]) -> Person:
    return Person(
        id=document["_id"],
        name=document["name"],
        names=tuple(document["names"]),
        imdb_id=document.get("imdb"),
        tmdb_id=document.get("tmdb"),
        first_year=document["first_year"],
        last_year=document["last_year"],
        departments=tuple(document["departments"]),
        gone=document["gone"],
        version=document["version"],
    )


def starts(name: str) -> list[str]:
    """`helena bonham carter` -> itself, `bonham carter`, `carter`: what a search for it begins with."""
    words = name.split(" ")
    return [" ".join(words[at:]) for at in range(len(words))]


def platform_document(platform: Platform) -> Document:
    return {
        "_id": platform.id,
        "name": platform.name,
        "folded": folded(platform.name),
        "about": platform.about,
        "url": platform.url,
        "version": platform.version,
    }


def platform_from(document: Mapping[str, Any]) -> Platform:
    return Platform(
        id=document["_id"],
        name=document["name"],
        about=document["about"],
        url=document["url"],
        version=document["version"],
    )


def _ids(imdb_id: str | None, tmdb_id: int | None) -> Document:
    """Only those there are, so that their indexes hold no others."""
    given = {"imdb": imdb_id, "tmdb": tmdb_id}
    return {name: value for name, value in given.items() if value is not None}


def _keys(keys: tuple[Key, ...]) -> list[Document]:
    return [{"title": title, "year": year} for title, year in keys]


def _keys_from(documents: list[Document]) -> tuple[Key, ...]:
    return tuple((one["title"], one["year"]) for one in documents)
