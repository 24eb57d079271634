"""What comes first: how well the text fits, then how well known it is.

Everything is computed from the entry itself and the question, never from how the index is laid
out, so that a rebuilt index answers the same.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz.distance import OSA

from marquee.contexts.search.model import folding
from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.folding import joined, pairs, without_article, words

WELL_KNOWN = 65.0
PRIOR = 0.24
EXACT, OTHER_NAME = 1.0, 0.97
PREFIX, PREFIX_REST, PREFIX_SLIP = 0.68, 0.2, 0.56
TYPO, SHORT_TYPO, TWO_TYPOS, OTHER_NUMBER = 0.88, 0.8, 0.76, 0.45
"""Whoever types a number means it: the second part is no slip of the finger for the first."""
SHORT, LEAST_FOR_TYPO, LEAST_FOR_PREFIX_TYPO, LEAST_FOR_TWO = 5, 3, 5, 8
INITIALS, LEAST_INITIALS = 0.6, 3
LAST_NAME, LEAST_LAST_NAME = 0.88, 3
"""As good as a slip in the whole name: most people are asked for by it alone."""
GENERATIONS = frozenset({"jr", "sr", "2", "3"})
WHOLE_WORDS = 0.04
COVERED, FITTING, ELSEWHERE = 0.5, 0.12, 0.55
WELL_COVERED = COVERED * ELSEWHERE
ENDING, NEAR, BEGUN, LONG_WORD = 0.9, 0.8, 0.7, 4


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

    @cached_property
    def number(self) -> str:
        return _digits(self.all)

    @cached_property
    def respelled(self) -> "Asked | None":
        """The same with its numbers and titles in the other of their two spellings; None without any."""
        other = folding.respelled(self.parts)
        return None if other == self.parts else Asked(self.text, other, joined(other))

    @cached_property
    def wholes(self) -> tuple[str, ...]:
        """Its letters, also without the article."""
        both = (self.all, joined(without_article(self.parts)))
        return tuple(text for text in dict.fromkeys(both) if text)

    @cached_property
    def readings(self) -> tuple[tuple[str, ...], ...]:
        """The words as they are, and with each two of them run together."""
        parts = self.parts
        joint = [(*parts[:n], pair, *parts[n + 2 :]) for n, pair in enumerate(pairs(parts))]
        return (parts, *joint)


def score(asked: Asked, entry: Entry) -> float:
    """From 0 to about 1.25, rounded so that equal things are equal."""
    prior = min(1.0, max(0.0, entry.popularity / WELL_KNOWN))
    return round(fit(asked, entry) + PRIOR * prior, 6)


def fit(asked: Asked, entry: Entry) -> float:
    """How well the words fit, from 0 to 1: the best of its names, helped by what it is about."""
    names = [words(name) for name in entry.names]
    best = 0.0
    for n, parts in enumerate(names):
        best = max(best, _as_a_whole(asked, parts) * (EXACT if n == 0 else OTHER_NAME))
        if entry.kind == "person" and _is_last_name(asked.all, parts):
            best = max(best, LAST_NAME)
    if best >= COVERED + FITTING:
        return best
    for reading in asked.readings:
        fits = [_by_words(reading, parts, entry.about) for parts in names]
        best = max(best, *fits)
        if reading is asked.parts and best >= WELL_COVERED:
            break
    return best


@lru_cache(maxsize=1024)
def _about(texts: tuple[str, ...]) -> frozenset[str]:
    """Whoever types letter by letter meets the same entries again and again."""
    return frozenset([word for text in texts for word in words(text)])


def _as_a_whole(asked: Asked, parts: tuple[str, ...]) -> float:
    """The question as this very name, its beginning, or the same with a slip of the finger."""
    best = 0.0
    for n, bare in enumerate(dict.fromkeys((parts, without_article(parts)))):
        form = joined(bare)
        for m, text in enumerate(asked.wholes):
            if form:
                fits = _alike(text, form, asked.number)
                if form.startswith(text) and text in _beginnings(bare):
                    fits += WHOLE_WORDS
                best = max(best, fits - 0.01 * (n + m))
        if len(asked.parts) == 1 and len(asked.all) >= LEAST_INITIALS:
            letters = "".join([part[0] for part in bare])
            if letters.startswith(asked.all):
                best = max(best, INITIALS + PREFIX_REST * len(asked.all) / len(letters))
    return best


def _is_last_name(text: str, parts: tuple[str, ...]) -> bool:
    """Whether it is what a name ends with: "hanks", "de niro" or "deniro", "downey"."""
    if len(text) < LEAST_LAST_NAME:
        return False
    bare = parts[:-1] if parts and parts[-1] in GENERATIONS else parts
    names = [name for name in (parts, bare) if name and text.endswith(name[-1])]
    return any(text == joined(name[n:]) for name in names for n in range(1, len(name)))


def _beginnings(parts: tuple[str, ...]) -> list[str]:
    """What it begins with that is two words or more and not all of it: "et", "star wars"."""
    return [joined(parts[:n]) for n in range(2, len(parts))]


def _alike(text: str, form: str, number: str) -> float:
    if text == form:
        return EXACT
    if form.startswith(text):
        return PREFIX + PREFIX_REST * len(text) / len(form)
    slips = OSA.distance(text, form, score_cutoff=2)
    least = LEAST_FOR_TYPO if slips == 1 else LEAST_FOR_TWO
    if slips <= 2 and len(text) >= least:  # noqa: PLR2004 - the cutoff
        if (number or slips > 1) and _digits(form) != number:
            return OTHER_NUMBER
        return TWO_TYPOS if slips > 1 else TYPO if len(text) > SHORT else SHORT_TYPO
    return _begun_with_a_slip(text, form) if not number else 0.0


def _begun_with_a_slip(text: str, form: str) -> float:
    """What somebody is still typing, one letter of it wrong."""
    if not len(form) > len(text) >= LEAST_FOR_PREFIX_TYPO:
        return 0.0
    nearest = min(
        OSA.distance(text, form[:end], score_cutoff=1)
        for end in (len(text) - 1, len(text), len(text) + 1)
    )
    return PREFIX_SLIP + PREFIX_REST * len(text) / len(form) if nearest == 1 else 0.0


def _by_words(asked: tuple[str, ...], parts: tuple[str, ...], about: tuple[str, ...]) -> float:
    """How many of the words asked for are in the name, or at least in what it is about."""
    if not asked or not parts:
        return 0.0
    run_together = (*parts, *pairs(parts))
    found, in_name = 0.0, 0
    for n, word in enumerate(asked):
        here = _nearest(word, run_together, is_last=n == len(asked) - 1)
        found += max(here, ELSEWHERE * _elsewhere(word, _about(about)) if here < ELSEWHERE else 0.0)
        in_name += here > 0
    return COVERED * found / len(asked) + FITTING * min(1.0, in_name / len(parts))


def _nearest(word: str, parts: tuple[str, ...], *, is_last: bool) -> float:
    if word in parts:
        return 1.0
    begun = any(part.startswith(word) for part in parts)
    if is_last and begun:
        return ENDING
    if len(word) >= LONG_WORD and is_near(word, parts):
        return NEAR
    return BEGUN if begun and len(word) >= LEAST_FOR_TYPO else 0.0


def _elsewhere(word: str, about: frozenset[str]) -> float:
    if word in about:
        return 1.0
    if len(word) >= LONG_WORD and is_near(word, about):
        return NEAR
    return BEGUN if len(word) >= LEAST_FOR_TYPO and any(w.startswith(word) for w in about) else 0.0


def is_near(word: str, parts: Collection[str]) -> bool:
    """Whether one of them is a slip of the finger away, or none."""
    least, most = len(word) - 1, len(word) + 1
    return any(
        least <= len(part) <= most and OSA.distance(word, part, score_cutoff=1) <= 1
        for part in parts
    )


def _digits(text: str) -> str:
    return "".join([letter for letter in text if letter.isdigit()])
