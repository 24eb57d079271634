"""Files read in a process of their own, and what comes of it when that process ends."""

import gzip
from pathlib import Path

import psutil
import pytest
from tests.contexts.ingestion.makers import RememberingCatalog, a_file

from marquee.app.remote import wire
from marquee.contexts.catalog.contract import Catalog, MovieFacts
from marquee.contexts.ingestion.model.progress import BadLine, ImportReport
from marquee.contexts.ingestion.service import IngestionService, reading
from marquee.contexts.ingestion.service.batches import Batch
from marquee.contexts.ingestion.service.files import Source
from marquee.kit.errors import Invalid, Unavailable

ODD = (
    '{"title": "Éclair", "year": 1999, "imdb_id": "tt0000009", "rating": 7.5, "votes": 3,'
    ' "cast": ["Ada Lovelace", {"name": "Bo Diaz", "character": "Tin", "imdb_id": "nm0000001"}],'
    ' "directors": ["Cy Young"], "crew": [{"name": "Di Roe", "job": "Writer"}],'
    ' "keywords": ["robot"], "genres": ["Drama"], "alternative_titles": ["Lightning"]}\n'
)


def some_lines(count: int) -> str:
    return "".join(f'{{"title": "Tin {number}", "year": 1999}}\n' for number in range(count))


def test_what_was_read_apart_can_go_on_to_a_far_catalog(tmp_path: Path) -> None:
    source = Source(a_file(tmp_path, "movies", ODD + some_lines(3)))
    [merge] = [one for one in wire.methods_of(Catalog) if one.name == "merge"]
    sent = []
    for read in (all_of(reading.Apart(source.path)), all_of(reading.Here(source))):
        arguments = {"source": "facts", "movies": read[0].movies}
        sent.append(merge.asked.encode(arguments))
    source.close()
    assert sent[0] == sent[1]


def all_of(reader: reading.Reader) -> list[Batch]:
    found = []
    try:
        while not (batch := reader.read()).is_empty:
            found.append(batch)
    finally:
        reader.close()
    return found


def told(batches: list[Batch]) -> list[tuple[object, ...]]:
    return [(list(one.movies), one.numbers, one.others, one.done, one.broken) for one in batches]


def test_a_file_read_apart_is_the_file_read_here(tmp_path: Path) -> None:
    path = a_file(tmp_path, "movies", ODD + "oops\n" + some_lines(1_500) + "{}\n" + ODD)
    here, apart = Source(path), Source(path)
    read = all_of(reading.Apart(apart.path))
    assert told(read) == told(all_of(reading.Here(here)))
    assert [len(one.movies) for one in read] == [1_000, 502]
    first = read[0].movies[0]
    assert isinstance(first, MovieFacts)
    assert first.cast[1].character == "Tin"
    here.close()
    apart.close()


async def imported(path: Path, told: list[BadLine]) -> tuple[ImportReport, RememberingCatalog]:
    catalog = RememberingCatalog()
    return await IngestionService(catalog).import_files([path], on_bad_row=told.append), catalog


async def test_a_large_file_is_imported_as_a_small_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = a_file(tmp_path, "movies", "oops\n" + some_lines(2_500) + "{}\n", packed=True)
    bad, bad_apart = list[BadLine](), list[BadLine]()
    report, catalog = await imported(path, bad)
    monkeypatch.setattr(reading, "LARGE", 1)
    monkeypatch.setattr(reading.Here, "__init__", None)  # nothing is read in this process
    report_apart, catalog_apart = await imported(path, bad_apart)
    assert (report_apart, bad_apart) == (report, bad)
    assert catalog_apart.batches == catalog.batches


async def test_a_large_file_that_breaks_off_keeps_what_was_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "LARGE", 1)
    body = gzip.compress(some_lines(60_000).encode(), mtime=0)
    path = a_file(tmp_path, "movies", body[: len(body) // 2])
    with pytest.raises(Invalid, match=r"breaks off .* rows before that are imported") as error:
        await imported(path, [])
    assert 0 < error.value.extra["rows"] < 60_000


def test_a_child_that_is_killed_is_no_end_of_the_file(tmp_path: Path) -> None:
    apart = reading.Apart(a_file(tmp_path, "movies", some_lines(60_000)))
    assert len(apart.read().movies) == 1_000
    [child] = [one for one in psutil.Process().children() if one.pid == apart.child]
    child.kill()
    with pytest.raises(Unavailable, match="before its time"):
        all_of(apart)


def test_a_child_ends_when_nobody_reads_any_more(tmp_path: Path) -> None:
    apart = reading.Apart(a_file(tmp_path, "movies", some_lines(60_000)))
    child = psutil.Process(apart.child)
    apart.read()
    apart.close()
    assert not child.is_running()
