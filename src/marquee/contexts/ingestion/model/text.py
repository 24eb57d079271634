"""Plain text out of what other people's tables call text."""

import html
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import ParamSpec, TypeVar, cast

KEPT = 1 << 15
"""How many answers each cache remembers; a bound, so that memory stays flat."""

P = ParamSpec("P")
T = TypeVar("T")
_remembered: list[Callable[[], None]] = []

# What may need work. Anything else is returned as it came, which is nearly everything.
_SUSPECT = re.compile(
    r"[&<>\[\]{}|\\\x00-\x1f\x7f-\xa0\u00ad\u2000-\u200b\u200e\u200f\u2018\u2019\u201c\u201d\u2028-\u202f"
    r"\u205f-\u206f\u3000\u3164\ufe0f\ufeff\ufffd\ud800-\udfff]|  |''|^ | $|[ÃÂâÐÑ][^a-z ]|\+\d\u2044"
)
_STYLE = re.compile(r"\.mw-parser-output[^{}]*\{[^{}]*\}")
_REFERENCE = re.compile(r"<ref\b[^<>]*(?:/>|>.*?</ref>)", re.IGNORECASE)
_BREAK = re.compile(r"<br ?/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,80}>|<!--.*?-->")
_LINK = re.compile(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]")
_TEMPLATE = re.compile(r"\{\{(?:[^{}|]*\|)*([^{}|]*)\}\}")
_NOTE = re.compile(r"(?<=.)\[(?:\d{1,3}|[a-z]{1,3}|note \d+|nb \d+|citation needed)\]")
_LOOSE = re.compile(r"\[\[|\]\]|\{\{.*|\}\}")
_MIXED = re.compile(r"\+(?=\d\u2044)")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    r"\u3164\ufe0f\ufeff\ufffd\ud800-\udfff]"
)
_MOJIBAKE = re.compile(r"[ÃÂâÐÑðÅÄ][^\x00-\x7f]")
_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})  # noqa: RUF001 - the curly ones
_ROUNDS = 120
_WORD = re.compile(r"\w+")


def remembering(work: Callable[P, T]) -> Callable[P, T]:
    """Remember answers, since tables repeat themselves; until `forget`."""
    cached = lru_cache(maxsize=KEPT)(work)
    _remembered.append(cached.cache_clear)
    return cast("Callable[P, T]", cached)


def forget() -> None:
    """An import is over: give back the memory of what was remembered."""
    for clear in _remembered:
        clear()


def listed(text: str, mark: str | None = None) -> frozenset[str]:
    """The words of a list in the code, or its entries where a mark is between them."""
    return frozenset(entry.strip() for entry in text.strip().split(mark))


def plain(text: str) -> str:
    """`text` without markup, entities, broken encoding, odd quotes and odd spaces; NFC.

    What is plain already is unchanged, so doing it twice is doing it once.
    """
    if text.isascii() and not _SUSPECT.search(text):
        return text
    for _ in range(_ROUNDS):
        cleaned = _once(text)
        if cleaned == text:
            break
        text = cleaned
    return text


def _once(text: str) -> str:
    text = unicodedata.normalize("NFC", _mended(html.unescape(text))).translate(_QUOTES)
    text = _UNSEEN.sub("", text)
    if "." in text and "{" in text:
        text = _STYLE.sub("", text)
    if "<" in text:
        text = _TAG.sub("", _BREAK.sub(" ", _REFERENCE.sub("", text)))
    if "[" in text or "{" in text or "]" in text or "}" in text:
        text = _NOTE.sub("", _TEMPLATE.sub(r"\1", _LINK.sub(r"\1", text)))
        text = _LOOSE.sub("", text)
    if "''" in text:
        text = _without_italics(text)
    return " ".join(_MIXED.sub(" ", text).split())


def _mended(text: str) -> str:
    """UTF-8 that was once read as Latin text, read again as what it was."""
    if not _MOJIBAKE.search(text):
        return text
    for encoding in ("cp1252", "latin-1"):
        try:
            return text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return text


def _without_italics(text: str) -> str:
    text = text.replace("'''''", "''").replace("'''", "''")
    if text.startswith("''") and text.endswith("''"):
        return text[2:-2]
    return text.replace("''", '"' if text.count("''") % 2 == 0 else "'")


@remembering
def fold(text: str) -> str:
    """Letters and digits alone, without case, accents, spaces and marks: to compare by."""
    return "".join(words(text))


def words(text: str) -> list[str]:
    """The folded words of `text`, in order; `&` is the word "and"."""
    if not text.isascii():
        text = "".join(
            mark for mark in unicodedata.normalize("NFKD", text) if not unicodedata.combining(mark)
        )
    text = text.casefold().replace("&", " and ").replace("'", "").replace("\u02bb", "")
    return _WORD.findall(text.replace("_", " "))
