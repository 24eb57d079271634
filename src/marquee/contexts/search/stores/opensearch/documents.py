"""An entry as a document of OpenSearch, and many of them as lines to write."""

from collections.abc import Iterable, Sequence
from typing import Any

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.handles import Handles
from marquee.contexts.search.ports import FACETS
from marquee.contexts.search.stores.values import encoded, facets, order
from marquee.engines.opensearch.cluster import encoded as line

START, BEGIN = 61, 12
"""Names, and words of them, can be asked for by so many first letters as by a term."""
LONGEST = 8_000
"""Letters; a term may be of 32,766 bytes. What is longer is passed over."""
AT_ONCE = 1_000
PAGE, PUT = 1, 2
"""What is put replaces what a page of a rebuild has put, and never the other way about.

Whoever puts has asked the catalog later, or will be told to ask again.
"""
TERM = {"type": "keyword", "doc_values": False, "ignore_above": LONGEST}


def _starts(most: int) -> dict[str, Any]:
    return {"type": "edge_ngram", "min_gram": 1, "max_gram": most}


def _begun(analyzer: str) -> dict[str, Any]:
    start = {"type": "text", "analyzer": analyzer, "norms": False, "index_options": "docs"}
    return TERM | {"fields": {"start": start}}


BODY = {
    "settings": {
        "number_of_shards": 1,
        "auto_expand_replicas": "0-1",
        "refresh_interval": "-1",  # readers see what is put when we say so, all of it at once
        "translog.durability": "request",
        "gc_deletes": "1h",  # a page of a rebuild must not bring back what has been dropped
        "sort.field": "order",
        "sort.order": "desc",
        "analysis": {
            "filter": {"names": _starts(START), "words": _starts(BEGIN)},
            "analyzer": {
                "names": {"tokenizer": "keyword", "filter": ["names"]},
                "words": {"tokenizer": "keyword", "filter": ["words"]},
            },
        },
    },
    "mappings": {
        "dynamic": "strict",
        "_source": {"includes": ["entry"]},
        "properties": {
            "exact": _begun("names"),
            "words": _begun("words"),
            "any": TERM,
            "initials": TERM,
            "order": {"type": "long"},
            "entry": {"type": "object", "enabled": False},
            **{name: {"type": "keyword", "ignore_above": LONGEST} for name in FACETS},
        },
    },
}


def document(entry: Entry) -> dict[str, Any]:
    handles = Handles.of(entry)
    return {
        "exact": list(handles.forms),
        "words": list(handles.words),
        "any": list(handles.everything),
        "initials": list(handles.initials),
        "order": order(entry),
        "entry": encoded(entry).decode(),  # text, so that nobody reads the numbers in it
        **facets(entry),
    }


def put(entries: Iterable[Entry], *, version: int) -> bytes:
    """Replace them by key, but for what is there of a later version."""
    return b"".join(
        line({"index": _name(entry.key, version)}) + b"\n" + line(document(entry)) + b"\n"
        for entry in entries
    )


def drop(keys: Iterable[str]) -> bytes:
    return b"".join(line({"delete": _name(key, PUT)}) + b"\n" for key in keys)


def parts(some: Sequence[Any]) -> list[Sequence[Any]]:
    """As much at once as makes a request of a few MB."""
    return [some[n : n + AT_ONCE] for n in range(0, len(some), AT_ONCE)]


def _name(key: str, version: int) -> dict[str, Any]:
    return {"_id": key, "version": version, "version_type": "external_gte"}
