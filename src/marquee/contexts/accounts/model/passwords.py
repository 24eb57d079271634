"""Which passwords are taken: long ones, of any letters, that nobody would guess first.

A password is kept in Unicode's NFC, so that one typed on another keyboard is the same; nothing
else about it is changed, and nothing is cut off. There is no rule of what it must be made of.
"""

import re
import unicodedata
from functools import cache
from importlib.resources import files

from marquee.kit.errors import Invalid

FEWEST, MOST = 8, 1_024
PRODUCT = "marquee"
LONGEST_GUESS = 24
"""Beyond, even "aaaa…" is nobody's first guess."""
FEWEST_OWN = 3
FEWEST_IN_A_WALK = 3
FEWEST_LETTERS_LEFT = 3
MOST_REPEATED = 4
MOST_PIECES = 3
"""A word, a year and a mark; what falls into more pieces is found in what was drawn by chance too."""
LEET = str.maketrans("@4310$57!|", "aaeiossili")
WALKS = tuple(
    walk + "\n" + walk[::-1]
    for walk in (
        "abcdefghijklmnopqrstuvwxyz",
        "01234567890123456789",
        "qwertyuiop[]",
        "asdfghjkl;'",
        "zxcvbnm,./",
        "qwertzuiop",
        "azertyuiop",
        "yxcvbnm",
        "!@#$%^&*()_+",
        "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik,9ol.0p;/",
        "1qa2ws3ed4rf5tg6yh7uj8ik9ol0p",
        "qazwsxedcrfvtgbyhnujmikolp",
        "zaq1xsw2cde3vfr4bgt5nhy6mju7",
        "1q2w3e4r5t6y7u8i9o0p",
        "q1w2e3r4t5y6u7i8o9p0",
        "a1b2c3d4e5f6g7h8i9",
        "1a2b3c4d5e6f7g8h9i",
        "a1s2d3f4g5h6j7k8l9",
        "1234qwerasdfzxcv5678tyuighjkbnm",
        "qweasdzxcrtyfghvbn",
        "147258369147",
        "159357",
        "1029384756",
        "0246813579",
        "112233445566778899",
        "aabbccddeeff",
        "asdfqwerzxcv",
    )
)
YEARS = re.compile(r"(?:0?[1-9]|[12]\d|3[01])?(?:0?[1-9]|1[0-2])?(?:19|20)\d\d(?:\d{4})?")


def checked_password(password: str, *, field: str, username: str, email: str) -> str:
    """The password as it is hashed; Invalid names `field` and says why."""
    plain = normal(password)
    if len(plain) < FEWEST:
        raise Invalid(f"A password has at least {FEWEST} characters.", field=field)
    if len(plain) > MOST:
        raise Invalid(f"A password has at most {MOST} characters.", field=field)
    own = (username, email, *re.split(r"[@.]", email), PRODUCT)
    if is_made_of(plain, own):
        raise Invalid("It is little more than your name, your e-mail address or ours.", field=field)
    if is_guessable(plain):
        raise Invalid("It is among the first that would be tried. Choose another.", field=field)
    return plain


def normal(password: str) -> str:
    """The one form of a password that is hashed."""
    if any("\ud800" <= letter <= "\udfff" for letter in password):
        raise Invalid("Half a surrogate pair is no text.", field="password")
    return unicodedata.normalize("NFC", password)


def is_made_of(password: str, own: tuple[str, ...]) -> bool:
    """Whether little is left of the password without these names."""
    for text in _spellings(password):
        left = text
        for name in sorted({_plain(name) for name in own}, key=len, reverse=True):
            if len(name) >= FEWEST_OWN:
                left = left.replace(name, "")
        if left != text and len(re.sub(r"[\W\d_]", "", left)) < FEWEST_LETTERS_LEFT:
            return True
    return False


def is_guessable(password: str) -> bool:
    """Whether it is one well-known word, or none, with runs of keys, years and repeats."""
    return len(password) <= LONGEST_GUESS and any(map(_is_predictable, _spellings(password)))


def _spellings(password: str) -> set[str]:
    plain = _plain(password)
    return {plain, plain.translate(LEET), plain.replace(" ", "")}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold()


def _is_predictable(text: str) -> bool:
    words: set[str] = set()
    strays = pieces = place = 0
    while place < len(text):
        pieces += 1
        if word := _word_at(text, place):
            words.add(word)
        length = len(word) or _pattern_at(text, place)
        strays += not length
        place += length or 1
        if len(words) > 1 or strays > 2 or pieces > MOST_PIECES:  # noqa: PLR2004 - "password!!" is a word
            return False
    return True


def _pattern_at(text: str, place: int) -> int:
    """How many letters from here follow from each other; 0 for none."""
    return max(_walk_at(text, place), _repeat_at(text, place), _year_at(text, place))


def _walk_at(text: str, place: int) -> int:
    length = FEWEST_IN_A_WALK
    if not any(text[place : place + length] in walk for walk in WALKS):
        return 0
    while place + length < len(text) and any(
        text[place : place + length + 1] in walk for walk in WALKS
    ):
        length += 1
    return length if place + length <= len(text) else 0


def _repeat_at(text: str, place: int) -> int:
    """A block of one to four letters that comes again at once, and again."""
    longest = 0
    for size in range(1, MOST_REPEATED + 1):
        block = text[place : place + size]
        end = place + size
        while len(block) == size and text.startswith(block, end):
            end += size
        times = (end - place) // size
        if times > (2 if size == 1 else 1):
            longest = max(longest, end - place)
    return longest


def _year_at(text: str, place: int) -> int:
    found = YEARS.match(text, place)
    return len(found.group()) if found else 0


def _word_at(text: str, place: int) -> str:
    by_length = _words()
    for length in sorted(by_length, reverse=True):
        if text[place : place + length] in by_length[length]:
            return text[place : place + length]
    return ""


@cache
def _words() -> dict[int, frozenset[str]]:
    """The words that passwords are most often made of, by length."""
    words = files(__package__).joinpath("guesses.txt").read_text("utf-8").split()
    return {
        length: frozenset(word for word in words if len(word) == length)
        for length in {len(word) for word in words}
    }
