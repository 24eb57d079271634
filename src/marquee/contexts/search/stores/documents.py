"""An entry as a document of tantivy, and back."""

from functools import lru_cache

import msgspec
import tantivy

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.folding import joined, without_article, words

LONGEST_START, LONGEST_BEGIN = 7, 3
PEOPLE_BIT, ID_BITS, FINEST = 1, 38, 10_000
ENCODER = msgspec.json.Encoder()
DECODER = msgspec.json.Decoder(Entry)


@lru_cache(maxsize=1)
def schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("key", "exact", "start", "begin"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("words", "about"):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    for name in ("kind", "genre", "decade", "platform"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    builder.add_unsigned_field("order", fast=True)
    builder.add_bytes_field("entry", stored=True, indexed=False)
    return builder.build()


def document(entry: Entry) -> tantivy.Document:
    made = tantivy.Document()
    made.add_text("key", entry.key)
    made.add_text("kind", entry.kind)
    made.add_unsigned("order", order(entry))
    names = [words(name) for name in entry.names]
    forms = {joined(form) for parts in names for form in (parts, without_article(parts))} - {""}
    for form in sorted(forms):
        made.add_text("exact", form)
    for start in sorted({form[:n] for form in forms for n in range(1, LONGEST_START + 1)}):
        made.add_text("start", start)
    every = {word for parts in names for word in parts}
    for begin in sorted({word[:n] for word in every for n in range(1, LONGEST_BEGIN + 1)}):
        made.add_text("begin", begin)
    made.add_text("words", " ".join(sorted(every)))
    made.add_text("about", " ".join(sorted({w for text in entry.about for w in words(text)})))
    for genre in entry.genres:
        made.add_text("genre", genre)
    for platform in entry.platforms:
        made.add_text("platform", platform)
    if entry.decade:
        made.add_text("decade", entry.decade)
    made.add_bytes("entry", ENCODER.encode(entry))
    return made


def order(entry: Entry) -> int:
    """Best known first, then the oldest id: no two are equal, so the order is the same anywhere."""
    known = min(max(0, round(entry.popularity * FINEST)), (1 << 25) - 1)
    number = int(entry.id) << PEOPLE_BIT | (entry.kind == "person")
    return known << ID_BITS | ((1 << ID_BITS) - 1 - number)


def entry_of(found: tantivy.Document) -> Entry:
    return DECODER.decode(bytes(found.get_first("entry") or b""))
