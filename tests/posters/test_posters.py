"""Every film gets a poster: small, whole, the same every time."""

import gzip
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marquee.posters import LIMIT, Facts, composition_of, drawing, faces, field, poster
from marquee.posters.art import COMPOSITIONS
from marquee.posters.colors import READABLE, contrast, ink
from marquee.posters.palettes import PAL

STARTER = files("marquee.contexts.ingestion") / "starter" / "movies.jsonl.gz"
WHOLE = os.environ.get("MARQUEE_TEST_FULL") == "1"
ODD = [
    "9", "W.", "Up", "!!!", "…", "七人の侍", "올드보이", "جدایی نادر از سیمین", "Солярис", "שלום",
    "x" * 300, "<&\">'", "\u0301\u0302", "\x00\x01", "", "🎬🎥", "Crème brûlée", "ประเทศไทย",
    "Those Magnificent Men in Their Flying Machines or How I Flew from London to Paris",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
]  # fmt: skip


def starter() -> Iterator[Facts]:
    with STARTER.open("rb") as packed, gzip.open(packed) as lines:
        for line in lines:
            row = json.loads(line)
            yield Facts(
                title=row["title"],
                year=row.get("year"),
                imdb_id=row.get("imdb_id"),
                genres=tuple(row.get("genres") or ()),
                directors=tuple(_name(one) for one in row.get("directors") or ()),
                runtime_minutes=row.get("runtime"),
            )


def _name(part: Any) -> str:
    return str(part["name"] if isinstance(part, dict) else part)


@pytest.fixture
def placed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[float, float, float, float]]:
    """Where each line of lettering was drawn: left, right, top, bottom of its capitals."""
    found: list[tuple[float, float, float, float]] = []
    draw = faces.Face.draw

    def watched(face: faces.Face, text: str, *place: Any) -> str:
        x, y, cap, _color = place
        found.append((x, x + face.measure(text) * cap, y - cap, y))
        return draw(face, text, *place)

    monkeypatch.setattr(faces.Face, "draw", watched)
    return found


def outside(composition: str, boxes: list[tuple[float, float, float, float]]) -> list[Any]:
    """Lettering that leaves the sheet. A numeral bleeds on purpose; a spine's title is turned."""
    if composition == "numeral":
        boxes = boxes[1:]
    width, height = (760, 600) if composition == "spine" else (600, 900)
    return [
        box
        for box in boxes
        if box[0] < -0.5 or box[1] > width + 0.5 or box[2] < -1 or box[3] > height
    ]


def test_every_film_of_the_starter_has_a_poster(
    placed: list[tuple[float, float, float, float]],
) -> None:
    step = 1 if WHOLE else 11
    count = 0
    for number, facts in enumerate(starter()):
        if number % step:
            continue
        placed.clear()
        svg = poster(facts)
        boxes = list(placed)
        assert len(svg.encode()) <= LIMIT, facts
        assert outside(_drawn(facts, svg), boxes) == [], facts
        if number % (step * 40) == 0:
            ET.fromstring(svg)  # noqa: S314 - our own
            ET.fromstring(field(facts))  # noqa: S314 - our own
            assert poster(facts) == svg
        count += 1
    assert count > 37_000 // step


def _drawn(facts: Facts, svg: str) -> str:
    """The composition, also where a simpler one took its place."""
    first = composition_of(facts)
    if poster(facts, first, is_simple=True) == svg:
        return first
    return "lens" if first != "lens" else "stack"


@pytest.mark.parametrize("composition", sorted(COMPOSITIONS))
def test_every_composition_holds_every_title(
    composition: str, placed: list[tuple[float, float, float, float]]
) -> None:
    titles = [*ODD, *(facts.title for n, facts in enumerate(starter()) if n % 900 == 0)]
    for title in titles:
        facts = Facts(title, 1999, directors=("Apichatpong Weerasethakul and Friends, Ltd.",))
        placed.clear()
        svg = poster(facts, composition, is_simple=True)
        ET.fromstring(svg)  # noqa: S314 - our own
        assert outside(composition, list(placed)) == [], title
        assert len(poster(facts, composition).encode()) <= LIMIT, title


@settings(max_examples=60, deadline=None)
@given(
    title=st.text(max_size=120),
    year=st.none() | st.integers(1870, 2100),
    director=st.text(max_size=60),
    genre=st.sampled_from([genre for genre, _family in drawing.FAMILY]),
)
def test_any_text_is_drawn_and_escaped(
    title: str, year: int | None, director: str, genre: str
) -> None:
    facts = Facts(title, year, genres=(genre,), directors=(director,))
    svg = poster(facts)
    ET.fromstring(svg)  # noqa: S314 - our own
    assert len(svg.encode("utf-8", "replace")) <= LIMIT
    assert "<script" not in svg


def test_a_poster_is_the_same_in_another_process() -> None:
    code = (
        "from marquee.posters import Facts, poster;"
        "print(hash(poster(Facts('Solaris', 1972, genres=('Drama',)))) and "
        "poster(Facts('Solaris', 1972, genres=('Drama',))))"
    )
    there = subprocess.run(  # noqa: S603 - our own text
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "7"},
    ).stdout.rstrip("\n")
    assert there == poster(Facts("Solaris", 1972, genres=("Drama",)))


def test_a_remake_has_a_poster_of_its_own() -> None:
    assert poster(Facts("Solaris", 1972)) != poster(Facts("Solaris", 2002))
    known = Facts("Solaris", 1972, imdb_id="tt0069293")
    assert composition_of(known) == composition_of(Facts("Solyaris", 1972, imdb_id="tt0069293"))


def test_what_is_written_can_be_read() -> None:
    for palettes in PAL.values():
        for palette in palettes:
            ground, letters, *_rest = palette.split()
            assert contrast(ground, ink(ground, letters)) >= READABLE


def test_no_cheerful_face_looks_out_of_an_old_film() -> None:
    seen = {composition_of(Facts(f"Comedy {n}", 1935, genres=("Comedy",))) for n in range(300)}
    assert "face" not in seen
    later = {composition_of(Facts(f"Comedy {n}", 1995, genres=("Comedy",))) for n in range(300)}
    assert "face" in later
