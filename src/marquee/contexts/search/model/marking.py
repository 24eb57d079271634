"""Show why something was found: the parts that were asked for, marked."""

import re
from html import escape

from rapidfuzz.distance import OSA

from marquee.contexts.search.model.folding import words

WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
LONG_ENOUGH = 4


def marked(text: str, asked: tuple[str, ...]) -> str:
    """HTML with nothing but `<mark>` in it, all else escaped."""
    parts, place = [], 0
    for found in WORD.finditer(text):
        parts.append(escape(text[place : found.start()]))
        parts.append(_word(found.group(), asked))
        place = found.end()
    parts.append(escape(text[place:]))
    return "".join(parts)


def _word(word: str, asked: tuple[str, ...]) -> str:
    folded = "".join(words(word))
    for one in asked:
        if folded == one or _slipped(folded, one):
            return f"<mark>{escape(word)}</mark>"
    starts = [one for one in asked if folded.startswith(one) and len(folded) == len(word)]
    if starts:
        end = max(map(len, starts))
        return f"<mark>{escape(word[:end])}</mark>{escape(word[end:])}"
    return escape(word)


def _slipped(word: str, asked: str) -> bool:
    return len(asked) >= LONG_ENOUGH and OSA.distance(word, asked, score_cutoff=1) <= 1
