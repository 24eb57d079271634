"""Which kind of table a file is, by how it begins."""

import csv

from marquee.contexts.ingestion.model.columns import Columns
from marquee.contexts.ingestion.model.dialects.dialect import Dialect
from marquee.contexts.ingestion.model.dialects.imdb import BASICS, RATINGS, ImdbBasics, ImdbRatings
from marquee.contexts.ingestion.model.dialects.imdb_thousand import HEADER as THOUSAND
from marquee.contexts.ingestion.model.dialects.imdb_thousand import ImdbThousand
from marquee.contexts.ingestion.model.dialects.starter import StarterLines
from marquee.contexts.ingestion.model.dialects.tmdb import CREDITS_HEADER, TmdbCredits, TmdbMovies
from marquee.contexts.ingestion.model.dialects.tmdb import HEADER as TMDB

HEAD = 64 * 1024
"""How many bytes from the beginning of a file are looked at."""

GZIP = b"\x1f\x8b"
UTF_8_MARK = b"\xef\xbb\xbf"
_KNOWN = (
    "Marquee reads its own format (a JSON object a line), the IMDb-1000 and TMDB-5000 tables (CSV), "
    "and IMDb's title.basics and title.ratings (TSV); each plain or gzip."
)
_PACKED = {
    b"PK\x03\x04": "a zip archive; unpack it first",
    b"PK\x05\x06": "an empty zip archive",
    b"7z\xbc\xaf\x27\x1c": "a 7z archive; unpack it first",
    b"\xfd7zXZ\x00": "packed with xz; unpack it first",
    b"BZh": "packed with bzip2; unpack it first",
    b"\x28\xb5\x2f\xfd": "packed with zstd; unpack it first",
    b"%PDF": "a PDF",
    GZIP: "packed with gzip twice; unpack it once",
}
_LOOKED_AT = 20
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")


class Unreadable(Exception):
    """Why nothing can be read from a file: ends the sentence "FILE is …"."""


def recognised(head: bytes) -> Dialect:
    """The kind of table that begins with `head`, which is unpacked and has no byte order mark.

    Unreadable says what it is instead, as far as that can be told.
    """
    if not head.strip():
        raise Unreadable("empty")
    for magic, what in _PACKED.items():
        if head.startswith(magic):
            raise Unreadable(what)
    if head.startswith(_UTF_16):
        raise Unreadable("UTF-16 text; save it as UTF-8")
    first, *more = head.lstrip().split(b"\n", _LOOKED_AT)
    if b"\x00" in first:
        raise Unreadable("not text")
    if first.startswith(b"{"):
        return StarterLines()
    if first.startswith(b"["):
        raise Unreadable("a JSON list; put each object on a line of its own")
    try:
        return _by_header(_whole(first, head).rstrip(b"\r"))
    except Unreadable:
        if any(line.startswith(b"{") and line.rstrip().endswith(b"}") for line in more):
            return StarterLines()  # whose first line is a bad one
        raise


def _whole(first: bytes, head: bytes) -> bytes:
    if b"\n" not in head.lstrip() and len(head) >= HEAD:
        raise Unreadable(f"not a kind of file that is known: its first line is too long. {_KNOWN}")
    return first


def _by_header(first: bytes) -> Dialect:
    text = first.decode(errors="replace")
    tabs = Columns(text.split("\t"))
    if tabs.has("tconst") or tabs.has("nconst") or tabs.has("titleId"):
        if tabs.has(*BASICS):
            return ImdbBasics()
        if tabs.has(*RATINGS):
            return ImdbRatings()
        raise Unreadable(f"one of IMDb's tables, but not one that is read. {_KNOWN}")
    try:
        commas = Columns(next(csv.reader([text], strict=True), []))
    except csv.Error:
        commas = Columns([])
    if commas.has(*TMDB):
        return TmdbMovies()
    if commas.has(*CREDITS_HEADER):
        return TmdbCredits()
    if commas.has(*THOUSAND):
        return ImdbThousand()
    raise Unreadable(f"not a kind of file that is known. {_KNOWN}")
