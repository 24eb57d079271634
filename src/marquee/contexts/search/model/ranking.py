"""What comes first: how well the text fits, then how well known it is.

Everything is computed from the entry itself and the question, never from how the index is laid
out, so that a rebuilt index answers the same.
"""

from dataclasses import dataclass

from rapidfuzz.distance import OSA

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.folding import joined, without_article, words

WELL_KNOWN = 65.0
PRIOR = 0.24
EXACT, OTHER_NAME = 1.0, 0.97
PREFIX, PREFIX_REST = 0.68, 0.2
TYPO = {1: 0.88, 2: 0.76}
LONG_ENOUGH = {1: 3, 2: 8}
COVERED, FITTING, ELSEWHERE = 0.5, 0.12, 0.55


@dataclass(frozen=True)
class Asked:
    """A question, folded. `all` is its letters in a row."""

    text: str
    parts: tuple[str, ...]
    all: str

    @classmethod
    def of(cls, text: str) -> "Asked":
        parts = words(text)
        return cls(text, parts, joined(parts))


def score(asked: Asked, entry: Entry) -> float:
    """From 0 to about 1.25, rounded so that equal things are equal."""
    prior = min(1.0, max(0.0, entry.popularity / WELL_KNOWN))
    return round(fit(asked, entry) + PRIOR * prior, 6)


def fit(asked: Asked, entry: Entry) -> float:
    """How well the words fit, from 0 to 1: the best of its names, helped by what it is about."""
    about: set[str] = set()
    for text in entry.about:
        about.update(words(text))
    best = 0.0
    for n, name in enumerate(entry.names):
        parts = words(name)
        whole = _as_a_whole(asked, parts) * (EXACT if n == 0 else OTHER_NAME)
        best = max(best, whole, _by_words(asked.parts, parts, about))
    return best


def _as_a_whole(asked: Asked, parts: tuple[str, ...]) -> float:
    """The question as this very name, its beginning, or the same with a slip of the finger."""
    best = 0.0
    question = (asked.all, joined(without_article(asked.parts)))
    for n, form in enumerate(dict.fromkeys((joined(parts), joined(without_article(parts))))):
        for m, text in enumerate(dict.fromkeys(question)):
            best = max(best, _alike(text, form) - 0.01 * (n + m))
    return best


def _alike(text: str, form: str) -> float:
    if not text or not form:
        return 0.0
    if text == form:
        return EXACT
    if form.startswith(text):
        return PREFIX + PREFIX_REST * len(text) / len(form)
    slips = OSA.distance(text, form, score_cutoff=2)
    if slips in TYPO and len(text) >= LONG_ENOUGH[slips]:
        return TYPO[slips]
    # The beginning of the name, with one slip: what somebody is still typing.
    if len(form) > len(text) >= 5:  # noqa: PLR2004 - shorter beginnings fit nearly everything
        nearest = min(
            OSA.distance(text, form[:end], score_cutoff=1)
            for end in (len(text) - 1, len(text), len(text) + 1)
        )
        if nearest == 1:
            return PREFIX - 0.12 + PREFIX_REST * len(text) / len(form)
    return 0.0


def _by_words(asked: tuple[str, ...], parts: tuple[str, ...], about: set[str]) -> float:
    """How many of the words asked for are in the name, or at least in what it is about."""
    if not asked:
        return 0.0
    found, in_name = 0.0, 0
    for n, word in enumerate(asked):
        here = _nearest(word, parts, is_last=n == len(asked) - 1)
        found += max(here, ELSEWHERE if word in about else 0.0)
        in_name += here > 0
    return COVERED * found / len(asked) + FITTING * min(1.0, in_name / max(1, len(parts)))


def _nearest(word: str, parts: tuple[str, ...], *, is_last: bool) -> float:
    if word in parts:
        return 1.0
    if is_last and any(part.startswith(word) for part in parts):
        return 0.9
    if len(word) >= 4 and any(OSA.distance(word, part, score_cutoff=1) <= 1 for part in parts):  # noqa: PLR2004 - three letters are a letter off from too much
        return 0.8
    return 0.0
