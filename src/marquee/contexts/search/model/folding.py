"""Text as it is compared: no case, accents, punctuation or spelling of numbers."""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

MOST_WORDS = 24
LONGEST_WORD = 40
ARTICLES = frozenset({"the", "a", "an", "le", "la", "les", "der", "die", "das", "el", "il", "lo"})
# Letters that stand apart from their bases in Unicode, and marks that do not separate words.
LETTERS = str.maketrans(
    {
        "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "\u0131": "i",
        "&": " and ", "+": " plus ", "'": "", "\u2019": "", "\u2018": "", "\u02bc": "", "`": "", "\u00b4": "",
        "½": " 1 2 ", "²": "2", "³": "3",
    }
)  # fmt: skip
ROMAN = {
    "ii": "2", "iii": "3", "iv": "4", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
    "xi": "11", "xii": "12", "xiii": "13",
}  # fmt: skip
NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip
ORDINALS = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
)
ENDINGS = {1: "st", 2: "nd", 3: "rd"}
OTHER_SPELLINGS = {
    **{word: str(n) for n, word in enumerate(NUMBERS)},
    **{word: f"{n}{ENDINGS.get(n, 'th')}" for n, word in enumerate(ORDINALS, 1)},
    "doctor": "dr", "saint": "st", "mister": "mr", "missus": "mrs",
}  # fmt: skip
OTHER_SPELLINGS |= {short: word for word, short in OTHER_SPELLINGS.items()}
MARK = re.compile("[&+'`]")
# In ASCII, letters in lower case and figures are left, all else is space between words.
LATIN = bytes(
    ord(letter.lower()) if letter.isalnum() and letter.isascii() else ord(" ")
    for letter in map(chr, range(256))
)
NOT_WORDS = re.compile(r"[\W_]+")
# A plus in front of a word is how some search engines are told to insist; "Romeo + Juliet" is not.
SIGN = re.compile(r"(?<!\S)\+(?=\w)")
WIDE = re.compile(
    r"[\u0e00-\u0eff\u1100-\u11ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]"
)


@lru_cache(maxsize=16_384)
def words(text: str) -> tuple[str, ...]:
    """The words of a text, folded; scripts without spaces are cut into letters."""
    if not text.isascii():
        found = NOT_WORDS.split(_plain(text.casefold()))
    else:
        found = _latin(_meant(text) if MARK.search(text) else text)
    if len(found) == 1:
        return (found[0][:LONGEST_WORD],) if found[0] else ()
    found = [word[:LONGEST_WORD] for word in found if word][:MOST_WORDS]
    return tuple([ROMAN.get(word, word) if n else word for n, word in enumerate(found)])


def vocabulary(texts: Sequence[str]) -> set[str]:
    """All the words of these texts; where they take nothing but cutting, cut at once."""
    row = "\n".join(texts)
    if row.isascii() and not MARK.search(row) and max(map(len, texts), default=0) <= LONGEST_WORD:
        found = set(_latin(row))
        if ROMAN.keys().isdisjoint(found):
            return found
    return {word for text in texts for word in words(text)}


def _latin(text: str) -> list[str]:
    return text.encode("ascii").translate(LATIN).decode("ascii").split()


def _meant(plain: str) -> str:
    return SIGN.sub(" ", plain).translate(LETTERS)


def _plain(text: str) -> str:
    """Without accents, whatever they sit on."""
    spread = unicodedata.normalize("NFKD", _meant(text)).casefold()
    bare = "".join([letter for letter in spread if not unicodedata.combining(letter)])
    return WIDE.sub(r" \g<0> ", unicodedata.normalize("NFC", bare))


def joined(parts: tuple[str, ...]) -> str:
    """All letters in a row: what a title is but for how it is spaced."""
    return "".join(parts)


def without_article(parts: tuple[str, ...]) -> tuple[str, ...]:
    return parts[1:] if len(parts) > 1 and parts[0] in ARTICLES else parts


def respelled(parts: tuple[str, ...]) -> tuple[str, ...]:
    """Numbers in words become figures, those in figures words, and `Dr.` the doctor that he is."""
    return tuple([OTHER_SPELLINGS.get(part, part) for part in parts])


def pairs(parts: tuple[str, ...]) -> list[str]:
    """Each two words that follow each other, run together."""
    return [one + other for one, other in pairwise(parts)]
