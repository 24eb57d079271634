"""The starter's films as what search is given, and as many more made of their parts."""

import gzip
import json
import random
from array import array
from collections.abc import Iterator
from importlib.resources import files
from math import log10
from typing import Any

from marquee.contexts.catalog.contract import MovieDocument, PersonDocument, PersonName
from marquee.contexts.search.model.entries import Entry, of_movie, of_person

STARTER = files("marquee.contexts.ingestion") / "starter/movies.jsonl.gz"
PEOPLE_A_FILM = 0.8
PLATFORMS = ("Netflix", "Prime Video", "Disney+", "Hulu", "Mubi", "Criterion", "Max", "Apple TV+")


def rows() -> list[dict[str, Any]]:
    with STARTER.open("rb") as packed, gzip.open(packed) as lines:
        return [json.loads(line) for line in lines]


def popularity(row: dict[str, Any]) -> float:
    return round(10 * log10(1 + (row.get("votes") or 0)), 4)


class Films:
    """`count` films and everybody in them: the starter's first, then others of their words.

    The same every time. People are known by number; those of the starter come first.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        every = rows()
        rng = random.Random(3)
        self._rows = every if count >= len(every) else rng.sample(every, count)
        self._words = [row["title"].split() for row in self._rows]
        self._casts = [_cast(row) for row in self._rows]
        names = list(dict.fromkeys(name for cast in self._casts for name in cast))
        self._numbers = {name: number for number, name in enumerate(names)}
        self._names = names
        self._firsts = list(dict.fromkeys(name.split()[0] for name in names))
        self._lasts = list(dict.fromkeys(name.split()[-1] for name in names))
        size = (
            max(len(names), int(count * PEOPLE_A_FILM)) if count > len(self._rows) else len(names)
        )
        self._points = array("d", bytes(8 * size))
        self._best: dict[int, tuple[float, str]] = {}

    def entries(self) -> Iterator[Entry]:
        """Films, then people, whose standing is known once the films are through."""
        for number in range(self.count):
            yield of_movie(self._movie(number))
        for number, points in enumerate(self._points):
            best = self._best.get(number)
            titles = (best[1],) if best else ()
            yield of_person(
                PersonDocument(str(number + 1), self.name(number), 1, round(points, 4), titles)
            )

    def number(self, name: str) -> str:
        """The id of somebody in the starter."""
        return str(self._numbers[name] + 1)

    def name(self, number: int) -> str:
        if number < len(self._names):
            return self._names[number]
        mixed = number * 2_654_435_761 % 2**32
        first = self._firsts[mixed % len(self._firsts)]
        return f"{first} {self._lasts[mixed // 4_099 % len(self._lasts)]}"

    def _movie(self, number: int) -> MovieDocument:
        rng = random.Random(number)
        real = number < len(self._rows)
        row = self._rows[number if real else rng.randrange(len(self._rows))]
        title, others = row["title"], tuple(row.get("alternative_titles", ()))
        people = [self._numbers[name] for name in self._casts[number]] if real else []
        if not real:
            title, others = self._title(rng), ()
            people = [self._person(rng) for _ in range(rng.randint(2, 8))]
        points = popularity(row if real else rng.choice(self._rows))
        for one in people:
            self._points[one] += points
            self._best[one] = max(self._best.get(one, (-1.0, "")), (points, title))
        return MovieDocument(
            id=str(number + 1),
            title=title,
            original_title=row.get("original_title") if real else None,
            alternative_titles=others,
            year=row["year"],
            people=tuple(PersonName(str(one + 1), self.name(one)) for one in people),
            genres=tuple(row.get("genres", ())),
            keywords=tuple(row.get("keywords", ())),
            platforms=tuple(rng.sample(PLATFORMS, rng.choice((0, 0, 1, 1, 2, 3)))),
            popularity=points,
            votes=row.get("votes") or 0,
            poster_url=f"/posters/{number + 1}/1.svg",
        )

    def _title(self, rng: random.Random) -> str:
        """The beginning of one title and the end of another, sometimes with a third's word."""
        first, second, third = rng.choices(self._words, k=3)
        parts = [*first[: (len(first) + 1) // 2], *second[len(second) // 2 :]]
        if rng.random() < 0.3:
            parts.insert(rng.randrange(len(parts) + 1), rng.choice(third))
        return " ".join(parts)

    def _person(self, rng: random.Random) -> int:
        """Some are in very many films, most in one or two."""
        return int(len(self._points) * rng.random() ** 2)


def _cast(row: dict[str, Any]) -> list[str]:
    given = [*row.get("directors", ()), *row.get("cast", ())]
    return list(dict.fromkeys(one if isinstance(one, str) else one["name"] for one in given))
