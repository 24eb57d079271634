"""What an entry is found by, and whether a question, as it is typed, finds it."""

from dataclasses import dataclass
from typing import Self

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.folding import joined, without_article, words
from marquee.contexts.search.model.ranking import Asked

STEM = 3
"""A last word of so many letters or fewer may be the beginning of a name across its spaces."""


@dataclass(frozen=True)
class Handles:
    """`forms` are its names in a row of letters, with their article and without.

    `words` are those of its names, `everything` those and the words of what it is about.
    """

    forms: frozenset[str]
    words: frozenset[str]
    everything: frozenset[str]

    @classmethod
    def of(cls, entry: Entry) -> Self:
        names = [words(name) for name in entry.names]
        forms = {joined(form) for parts in names for form in (parts, without_article(parts))}
        in_name = frozenset(word for parts in names for word in parts)
        about = {word for text in entry.about for word in words(text)}
        return cls(frozenset(forms - {""}), in_name, in_name | about)

    def answer(self, asked: Asked) -> bool:
        """A name begins so, or all the words are there, the last perhaps only begun."""
        if not asked.all:
            return False
        if _begins(self.forms, asked.all):
            return True
        *whole, last = asked.parts
        if not all(word in self.everything for word in whole):
            return False
        if last in self.everything or _begins(self.words, last):
            return True
        return len(last) <= STEM and _begins(self.forms, last)


def _begins(texts: frozenset[str], with_: str) -> bool:
    return any(text.startswith(with_) for text in texts)
