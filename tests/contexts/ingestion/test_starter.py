"""The catalog that comes with Marquee, and how it is made."""

import gzip
import hashlib
import re
from collections import Counter
from pathlib import Path

import msgspec
import pytest
from tests.contexts.ingestion.makers import RememberingCatalog, a_file

from marquee.contexts.ingestion.model.family import is_fit
from marquee.contexts.ingestion.model.rows import Row, checked, cleaned
from marquee.contexts.ingestion.model.text import fold
from marquee.contexts.ingestion.service import STARTER, IngestionService, build_starter
from marquee.kit.errors import Invalid

RAW = """
{"title":"TIN·Y","year":2008,"cast":["Ann Lee","and"],"tmdb_id":7,"countries":["USA"]}
{"title":"TIN-Y","year":2008,"cast":["Ann Lee","Bo Ray"],"imdb_id":"tt0000001","languages":["English"]}
{"title":"Goonish, The","year":1985,"rating":7.5,"votes":10}
{"title":"Untitled Tin film","year":2023}
"""


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    decoder = msgspec.json.Decoder(Row)
    return [decoder.decode(line) for line in gzip.decompress(STARTER.read_bytes()).splitlines()]


def test_the_starter_has_its_movies_within_two_megabytes(rows: list[Row]) -> None:
    assert 37_000 < len(rows) < 37_652
    assert STARTER.stat().st_size < 2_000_000
    assert [(row.year, row.title) for row in rows] == sorted((row.year, row.title) for row in rows)


def test_every_row_of_the_starter_is_clean_already(rows: list[Row]) -> None:
    for row in rows:
        assert cleaned(checked(row)) == row


def test_ids_are_given_once(rows: list[Row]) -> None:
    for field in ("imdb_id", "tmdb_id"):
        found = Counter(value for row in rows if (value := getattr(row, field)))
        assert found.most_common(1)[0][1] == 1
    assert len({(row.title, row.year) for row in rows}) == len(rows)


def test_no_known_dirt_is_left(rows: list[Row]) -> None:
    titles = {row.title for row in rows}
    assert not [title for title in titles if re.search(r"<|&\w+;|\[\d|\{|, The$| {2}", title)]
    assert not {"WALL-E", "Titanic 3D", "Goonies, The"} & titles
    assert {"WALL·E", "The Goonies", "[Rec]"} <= titles
    countries = {name for row in rows for name in row.countries}
    assert not {"USA", "UK", "United States of America", "Official site", "New Line"} & countries
    assert {"West Germany", "Soviet Union", "United States"} <= countries
    assert all(re.fullmatch(r"[a-z]{2,3}", code) for row in rows for code in row.languages)
    assert all(is_fit(word) for row in rows for word in row.keywords)


def test_only_people_are_in_it(rows: list[Row]) -> None:
    names = {str(name) for row in rows for name in (*row.cast, *row.directors)}
    assert not {"and", ")", "(director)", "Voices of", ".", "nominee)", "Sr."} & names
    assert not [name for name in names if re.search(r"[\[\]()<>]|^\W+$| and$|^and ", name)]
    folded = Counter(map(fold, names))
    assert folded.most_common(1)[0][1] == 1


def test_remakes_are_still_two(rows: list[Row]) -> None:
    years = [row.year for row in rows if row.title == "Death at a Funeral"]
    assert years == [2007, 2010]


async def test_the_starter_is_imported_without_a_bad_row() -> None:
    catalog = RememberingCatalog()
    report = await IngestionService(catalog).load_starter()
    assert report.bad == 0
    assert report.rows == len(catalog.movies) > 37_000


def test_building_twice_gives_the_same_bytes_and_an_account(tmp_path: Path) -> None:
    raw = a_file(tmp_path, "raw.jsonl.gz", RAW.strip(), packed=True)
    marks = set()
    for name in ("one", "two"):
        made = build_starter(raw, tmp_path / name / "out.gz", tmp_path / f"{name}.md")
        marks.add(hashlib.sha256((tmp_path / name / "out.gz").read_bytes()).hexdigest())
    assert len(marks) == 1
    assert (made.raw, made.movies, made.twins, made.left_out) == (4, 2, 1, 1)
    page = (tmp_path / "one.md").read_text()
    assert "| TIN·Y | TIN-Y | 2008 |" in page
    assert "P. Rust" in page
    lines = gzip.decompress((tmp_path / "one" / "out.gz").read_bytes()).splitlines()
    assert msgspec.json.decode(lines[1]) == {
        "title": "TIN·Y",
        "year": 2008,
        "cast": ["Ann Lee", "Bo Ray"],
        "languages": ["en"],
        "countries": ["United States"],
        "imdb_id": "tt0000001",
        "tmdb_id": 7,
    }


def test_a_raw_table_with_a_bad_row_makes_no_starter(tmp_path: Path) -> None:
    raw = a_file(tmp_path, "raw.jsonl", '{"title": "Tin"}\n{"title": 5}\n')
    with pytest.raises(Invalid, match="line 2"):
        build_starter(raw, tmp_path / "out.gz")
    assert not (tmp_path / "out.gz").exists()
    with pytest.raises(Invalid, match="cannot be read"):
        build_starter(tmp_path / "nothing", tmp_path / "out.gz")
