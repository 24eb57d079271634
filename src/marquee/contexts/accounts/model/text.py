"""What text people may show to each other."""

import unicodedata

from marquee.kit.errors import Invalid

LINE_ENDS = "\n\r\t"
UNSEEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u2800\u3164\uffa0"
    + "".join(map(chr, range(0xFE00, 0xFE10)))
)
"""Letters and marks that draw nothing."""
JOINERS = "\u200c\u200d"
"""Zero width, yet spelling in Persian and Hindi, and families in emoji."""
MOST_MARKS = 3


def checked_line(text: str, *, field: str, most: int) -> str:
    """One line for all to see, unchanged; Invalid names `field`."""
    if text != text.strip():
        raise Invalid("It may not begin or end with a space.", field=field)
    _check(text, field=field, most=most, allowed=JOINERS)
    if text and not any(_is_seen(letter) for letter in text):
        raise Invalid("There is nothing to see in it.", field=field)
    return text


def checked_lines(text: str, *, field: str, most: int) -> str:
    """Text of any number of lines, unchanged; Invalid names `field`."""
    _check(text, field=field, most=most, allowed=JOINERS + LINE_ENDS)
    return text


def _check(text: str, *, field: str, most: int, allowed: str) -> None:
    if len(text) > most:
        raise Invalid(f"It may have at most {most} characters.", field=field)
    marks = 0
    for letter in text:
        category = unicodedata.category(letter)
        if letter not in allowed and (category[0] == "C" or category in {"Zl", "Zp"}):
            raise Invalid(f"It may not contain U+{ord(letter):04X}.", field=field)
        marks = marks + 1 if category in {"Mn", "Me"} else 0
        if marks > MOST_MARKS:
            raise Invalid("It has too many marks on one letter.", field=field)


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter)[0] in "LNPS" and letter not in UNSEEN
