"""What an entry is found by, and whether a question, as it is typed, finds it."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Self

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.folding import joined, pairs, vocabulary, without_article, words
from marquee.contexts.search.model.ranking import Asked

SHORTEST, LONGEST = 3, 8
"""Initials are known by so many of their letters."""


@dataclass(frozen=True)
class Handles:
    """`forms` are its names in a row of letters, with their article and without.

    `words` are those of its names, and each two of them run together; `everything` those and the
    words of what it is about. `initials` are the beginnings of the names' first letters.
    """

    forms: AbstractSet[str]
    words: AbstractSet[str]
    everything: AbstractSet[str]
    initials: AbstractSet[str]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        forms, in_name, initials = set[str](), set[str](), set[str]()
        for name in entry.names:
            parts = words(name)
            in_name.update(parts)
            in_name.update(pairs(parts))
            for form in _forms(parts):
                forms.add(joined(form))
                if len(form) >= SHORTEST:
                    initials.update(_initials(form))
        everything = in_name | vocabulary(entry.about)
        return cls(forms, in_name, everything, initials)

    def answer(self, asked: Asked) -> bool:
        """A name begins so, or all the words are there, the last perhaps only begun."""
        if not asked.all:
            return False
        if _begins(self.forms, asked.all):
            return True
        *whole, last = asked.parts
        if not all(word in self.everything for word in whole):
            return False
        return last in self.everything or _begins(self.words, last)


def _forms(parts: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    if not parts:
        return ()
    bare = without_article(parts)
    return (parts,) if bare == parts else (parts, bare)


def _initials(parts: tuple[str, ...]) -> list[str]:
    letters = "".join([part[0] for part in parts[:LONGEST]])
    return [letters[:n] for n in range(SHORTEST, len(letters) + 1)]


def _begins(texts: AbstractSet[str], with_: str) -> bool:
    return any(text.startswith(with_) for text in texts)
