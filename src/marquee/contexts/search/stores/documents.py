"""An entry as a document of tantivy, and back."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import msgspec
import tantivy

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.handles import Handles

START, BEGIN = 6, 4
"""Names, and words of them, can be asked for by so many first letters as by a term."""
FAME = (30, 50)
KINDS = ("movie", "person")
PEOPLE_BIT, ID_BITS, FINEST = 1, 38, 10_000
ENCODER = msgspec.json.Encoder()
DECODER = msgspec.json.Decoder(Entry)


@lru_cache(maxsize=1)
def schema() -> tantivy.Schema:
    """Fields of terms, each a set of words: `document` says which."""
    builder = tantivy.SchemaBuilder()
    for name in ("exact", "start", "words", "begin", "any", "initials", "fame"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("facet", tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field("order", fast=True)
    builder.add_bytes_field("entry", stored=True, indexed=False)
    return builder.build()


def document(entry: Entry) -> tantivy.Document:
    handles = Handles.of(entry)
    made = tantivy.Document()
    made.add_text("key", entry.key)
    known = _known(entry)
    made.add_unsigned("order", _order(entry, known))
    made.add_text("exact", " ".join(handles.forms))
    made.add_text("start", " ".join(starts(handles.forms, START)))
    made.add_text("words", " ".join(handles.words))
    made.add_text("begin", " ".join(starts(handles.words, BEGIN)))
    made.add_text("any", " ".join(handles.everything))
    if handles.initials:
        made.add_text("initials", " ".join(handles.initials))
    if known >= FAME[0] * FINEST:
        made.add_text("fame", " ".join(_fame(known)))
    for facet, values in facets(entry).items():
        for value in values:
            made.add_text("facet", facet_term(facet, value))
    made.add_bytes("entry", ENCODER.encode(entry))
    return made


def facets(entry: Entry) -> dict[str, Sequence[str]]:
    """What an entry counts for in each facet."""
    return {
        "kind": (entry.kind,),
        "genre": tuple(dict.fromkeys(entry.genres)),
        "decade": (entry.decade,) if entry.decade else (),
        "platform": tuple(dict.fromkeys(entry.platforms)),
    }


def facet_term(facet: str, value: str) -> str:
    """All facets are in one field, so that they are counted in one go."""
    return f"{facet}:{value}"


def starts(texts: Iterable[str], most: int) -> set[str]:
    return {text[:n] for text in texts for n in range(1, most + 1)}


def _fame(known: int) -> list[str]:
    """How many of the steps to fame it has taken: "1", or "1" and "2"."""
    return [str(n) for n, least in enumerate(FAME, 1) if known >= least * FINEST]


def order(entry: Entry) -> int:
    """Best known first, then the oldest id: no two are equal, so the order is the same anywhere."""
    return _order(entry, _known(entry))


def _order(entry: Entry, known: int) -> int:
    number = int(entry.id) << PEOPLE_BIT | (entry.kind == "person")
    return known << ID_BITS | ((1 << ID_BITS) - 1 - number)


def _known(entry: Entry) -> int:
    return min(max(0, round(entry.popularity * FINEST)), (1 << 25) - 1)


def entry_of(found: tantivy.Document) -> Entry:
    return DECODER.decode(bytes(found.get_first("entry") or b""))
