"""What people type when they look for something: carelessly, and letter by letter."""

import random
import re
import unicodedata
from math import ceil
from typing import Any

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def careless(text: str) -> str:
    """In lower case, without accents or punctuation."""
    spread = unicodedata.normalize("NFKD", text.lower())
    plain = "".join(letter for letter in spread if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", re.sub(r"[^\w\s]", "", plain)).strip()


def slipped(rng: random.Random, text: str) -> str:
    """With two letters swapped, or one dropped, added or replaced by another."""
    at, other = rng.randrange(len(text)), rng.choice(LETTERS)
    how = rng.choice(("swap", "drop", "add", "replace"))
    if how == "swap" and at + 1 < len(text):
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if how == "drop" and len(text) > 1:
        return text[:at] + text[at + 1 :]
    return text[:at] + other + text[at + (how == "replace") :]


def begun(text: str) -> str:
    """The first 60 % of its letters."""
    return text[: max(1, ceil(len(text) * 0.6))]


def drawn(rng: random.Random, rows: list[dict[str, Any]], count: int) -> list[int]:
    """Places of `count` different rows, those with more votes more often."""
    weights = [(row.get("votes") or 0) + 1 for row in rows]
    found: dict[int, None] = {}
    while len(found) < count:
        found |= dict.fromkeys(rng.choices(range(len(rows)), weights, k=count))
    return list(found)[:count]
