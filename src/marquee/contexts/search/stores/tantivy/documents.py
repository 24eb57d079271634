"""An entry as a document of tantivy, and back."""

from collections.abc import Iterable
from functools import lru_cache

import tantivy

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.handles import Handles
from marquee.contexts.search.stores.values import FINEST, decoded, encoded, facets, known, order

START, BEGIN = 6, 4
"""Names, and words of them, can be asked for by so many first letters as by a term."""
RENOWN = (30, 45, 50, 55, 60)
"""Steps: whoever is known by so many points has taken them."""
KINDS = ("movie", "person")
KEY = "key"
"""The field by which a document replaces another."""


@lru_cache(maxsize=1)
def schema() -> tantivy.Schema:
    """Fields of terms, each a set of words: `document` says which."""
    builder = tantivy.SchemaBuilder()
    for name in ("exact", "start", "words", "begin", "any", "initials", "renown"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field(KEY, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("facet", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field("order", fast=True)
    builder.add_bytes_field("entry", stored=True, indexed=False)
    return builder.build()


def document(entry: Entry) -> tantivy.Document:
    handles = Handles.of(entry)
    made = tantivy.Document()
    made.add_text(KEY, entry.key)
    made.add_unsigned("order", order(entry))
    made.add_text("exact", " ".join(handles.forms))
    made.add_text("start", " ".join(starts(handles.forms, START)))
    made.add_text("words", " ".join(handles.words))
    made.add_text("begin", " ".join(starts(handles.words, BEGIN)))
    made.add_text("any", " ".join(handles.everything))
    if handles.initials:
        made.add_text("initials", " ".join(handles.initials))
    if renown := _renown(known(entry)):
        made.add_text("renown", " ".join(renown))
    for facet, values in facets(entry).items():
        for value in values:
            made.add_text("facet", facet_term(facet, value))
    made.add_bytes("entry", encoded(entry))
    return made


def facet_term(facet: str, value: str) -> str:
    """All facets are in one field, so that they are counted in one go."""
    return f"{facet}:{value}"


def starts(texts: Iterable[str], most: int) -> set[str]:
    return {text[:n] for text in texts for n in range(1, most + 1)}


def _renown(points: int) -> list[str]:
    """The steps it has taken: none, "1", or "1" and "2"."""
    return [str(n) for n, least in enumerate(RENOWN, 1) if points >= least * FINEST]


def entry_of(found: tantivy.Document) -> Entry:
    return decoded(bytes(found.get_first("entry") or b""))
