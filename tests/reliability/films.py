"""Invented films, as many as are wanted, in the starter's format."""

import json
import random
from pathlib import Path
from typing import Any

import msgspec
from tests.reliability import figures

FILMS = figures.sized(300, 1500)
SYLLABLES = [
    "bra",
    "vel",
    "tor",
    "min",
    "zuk",
    "lam",
    "fen",
    "dor",
    "wix",
    "pol",
    "gat",
    "ruv",
    "jes",
    "kon",
    "hal",
]
GENRES = ("Drama", "Comedy", "Science Fiction", "Western", "Documentary")
LANGUAGES = ("en", "fr", "de", "ja")
FIRST_ID = 7_000_000
PEOPLE = 100


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A film of ours, every member known."""

    title: str
    year: int
    imdb_id: str
    genres: tuple[str, ...]
    languages: tuple[str, ...]
    runtime: int
    rating: float
    votes: int
    directors: tuple[str, ...]
    cast: tuple[str, ...]
    keywords: tuple[str, ...]


def word(rng: random.Random) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(3)).capitalize()


def rows(count: int, seed: int = 1) -> list[dict[str, Any]]:
    """Each is a film of its own: the number is in its IMDb id and in its title."""
    rng = random.Random(seed)
    people = [f"{word(rng)} {word(rng)}" for _ in range(PEOPLE)]
    return [
        {
            "title": f"{word(rng)} {word(rng)}" + (f" {word(rng)}" if number % 3 else ""),
            "year": 1930 + number % 90,
            "imdb_id": f"tt{FIRST_ID + number}",
            "genres": rng.sample(GENRES, 2),
            "languages": [rng.choice(LANGUAGES)],
            "runtime": 60 + number % 120,
            "rating": round(rng.uniform(2, 9.5), 1),
            "votes": rng.randrange(10, 900_000),
            "directors": [rng.choice(people)],
            "cast": rng.sample(people, 4),
            "keywords": [word(rng).lower()],
        }
        for number in range(count)
    ]


def write(path: Path, count: int, seed: int = 1) -> Path:
    text = "".join(f"{json.dumps(row)}\n" for row in rows(count, seed))
    path.write_text(text, encoding="utf-8")
    return path
