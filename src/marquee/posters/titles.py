"""A title as a poster shows it."""

import re
import unicodedata

LONGEST = 96
JOINERS = "\u200c\u200d"
TURNED = re.compile(r"^(.*), (The|A|An|Der|Die|Das|Le|La|Les|L')$")


def clean(title: str) -> str:
    """Without what cannot be seen, its article in front, cut at a word when it is very long."""
    seen = [
        letter for letter in title if unicodedata.category(letter)[0] != "C" or letter in JOINERS
    ]
    text = " ".join("".join(seen).split())
    turned = TURNED.match(text)
    if turned:
        rest, article = turned.groups()
        text = article + ("" if article.endswith("'") else " ") + rest
    if len(text) > LONGEST:
        text = text[: LONGEST - 3].rsplit(" ", 1)[0] + "\u2026"
    return text or "Untitled"
