"""Text as the catalog keeps it, compares it and sorts it."""

import re
import unicodedata
from functools import lru_cache

LETTERS = str.maketrans(
    {
        "ø": "o",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "\u0131": "i",
    }
)
"""Those that stand apart from their bases in Unicode."""
FOLDS = LETTERS | str.maketrans({"&": " and "})
MARKS = dict.fromkeys(range(0x300, 0x370))
GAPS = re.compile(r"[^a-z0-9]+")
ARTICLES = ("the ", "a ", "an ")
LEADING = re.compile(r"^(?:the|an|a) (?=.)")
TRAILING = re.compile(
    r"^(.+), (the|an|a|la|le|les|l'|el|los|las|il|lo|gli|der|die|das|een|het|de)$", re.IGNORECASE
)
SPACES = re.compile(r"[^\S\n]+")
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]")
BLANKS = frozenset("\u2800\u3164\uffa0 ")
"""Letters, as Unicode has it, that draw nothing."""
NO_SLUG = re.compile(r"[^\w]+")


def turned(title: str) -> str:
    """`Last Dragon, The` -> `The Last Dragon`."""
    if ", " not in title:
        return title
    found = TRAILING.match(title)
    if not found:
        return title
    rest, article = found.groups()
    return f"{article}{rest}" if article.endswith("'") else f"{article} {rest}"


def folded(text: str) -> str:
    """What is left of a name when case, accents and punctuation do not count.

    A text of nothing but punctuation stays as it is, so that it still differs from others.
    """
    plain = text.casefold()
    if plain.isascii():
        if plain.replace(" ", "").isalnum() and "  " not in plain:
            return plain.strip()
        if "&" in plain:
            plain = plain.replace("&", " and ")
        words = GAPS.sub(" ", plain).strip()
    else:
        plain = unicodedata.normalize("NFKD", plain).translate(MARKS).translate(FOLDS)
        plain = unicodedata.normalize("NFC", plain)
        words = "".join(letter if _counts(letter) else " " for letter in plain)
        words = " ".join(words.split())
    return words or text.strip()


def folded_title(title: str) -> str:
    """As `folded`, and neither a leading English article nor a trailing one counts."""
    words = folded(turned(title))
    return LEADING.sub("", words) if words.startswith(ARTICLES) else words


def _counts(letter: str) -> bool:
    return letter.isalnum() or unicodedata.category(letter)[0] == "M"


def sort_title(title: str) -> str:
    """What a title is sorted by: neither case nor accents count, and `Æ` is an a and an e.

    Where this changes, the edition of the lists does too: their snapshots hold what it said.
    """
    plain = title.casefold()
    if plain.isascii():
        return plain
    spread = unicodedata.normalize(
        "NFKD", plain
    ).casefold()  # some, such as №, spread into capitals
    return spread.translate(MARKS).translate(LETTERS)


def tidy(text: str) -> str:
    """One line, composed, with single spaces and nothing that cannot be shown."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    text = CONTROLS.sub("", unicodedata.normalize("NFC", text).replace("\n", " "))
    # What joins letters or says which way they run stays; alone it is no text.
    is_seen = any(letter.isprintable() and letter not in BLANKS for letter in text)
    return SPACES.sub(" ", text).strip() if is_seen else ""


known_word = lru_cache(maxsize=1 << 14)(tidy)
"""As `tidy`, for words that come again and again: genres, jobs, names."""


def tidy_prose(text: str) -> str:
    """As `tidy`, but lines stay lines."""
    text = CONTROLS.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n")))
    return "\n".join(SPACES.sub(" ", line).strip() for line in text.split("\n")).strip()


def slug(text: str) -> str:
    """`Science Fiction` -> `science-fiction`."""
    return NO_SLUG.sub("-", text.casefold()).strip("-")
