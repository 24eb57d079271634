"""Files into the catalog: whole, in order, each bad row told."""

import gzip
from pathlib import Path

import pytest
from tests.contexts.ingestion.makers import (
    BASICS,
    RATINGS,
    THOUSAND,
    UNWANTED,
    RememberingCatalog,
    a_file,
)

from marquee.contexts.catalog.contract import MovieFacts
from marquee.contexts.ingestion.model.progress import BadLine, Progress
from marquee.contexts.ingestion.service import IngestionService
from marquee.kit.errors import Invalid


def some_lines(count: int) -> str:
    return "".join(f'{{"title": "Tin {number}", "year": 1999}}\n' for number in range(count))


async def test_an_import_twice_is_an_import_once(tmp_path: Path) -> None:
    catalog = RememberingCatalog()
    path = a_file(tmp_path, "movies", some_lines(2_500), packed=True)
    first = await IngestionService(catalog).import_files([path])
    again = await IngestionService(catalog).import_files([path])
    assert (first.rows, first.created, first.unchanged) == (2_500, 2_500, 0)
    assert (again.rows, again.created, again.unchanged) == (2_500, 0, 2_500)
    assert [len(batch) for _, batch in catalog.batches[:3]] == [1_000, 1_000, 500]
    assert {source for source, _ in catalog.batches} == {"facts"}


async def test_every_bad_row_is_told_with_its_line_and_the_rest_goes_on(tmp_path: Path) -> None:
    path = a_file(tmp_path, "movies", some_lines(3) + "oops\n{}\n" + some_lines(3))
    catalog, told = RememberingCatalog(), list[BadLine]()
    report = await IngestionService(catalog).import_files([path], on_bad_row=told.append)
    assert told == [
        BadLine(str(path), 4, "not JSON (JSON is malformed: invalid character (byte 0))"),
        BadLine(str(path), 5, "title: missing"),
    ]
    assert report.files[0].examples == tuple(told)
    assert (report.rows, report.bad, len(catalog.movies)) == (8, 2, 6)


async def test_what_the_catalog_skips_is_told_by_its_line(tmp_path: Path) -> None:
    path = a_file(tmp_path, "movies", "oops\n" + some_lines(5))
    catalog = RememberingCatalog(lambda facts: "Another." if facts.title == "Tin 3" else "")
    told = list[BadLine]()
    report = await IngestionService(catalog).import_files([path], on_bad_row=told.append)
    assert told[1] == BadLine(str(path), 5, "Another.")
    assert (report.rows, report.created, report.bad) == (6, 4, 2)


async def test_what_an_admin_deleted_is_left_out_and_no_mistake(tmp_path: Path) -> None:
    path = a_file(tmp_path, "movies", some_lines(3))
    catalog = RememberingCatalog(lambda facts: UNWANTED if facts.title == "Tin 1" else "")
    told = list[BadLine]()
    report = await IngestionService(catalog).import_files([path], on_bad_row=told.append)
    assert (report.created, report.bad, told) == (2, 0, [])
    assert report.files[0].left_out == {UNWANTED: 1}


async def test_ratings_of_movies_nobody_has_are_no_mistake(tmp_path: Path) -> None:
    rows = "tt0000001\t5.6\t10\ntt0000002\t5.6\t10\n"
    catalog = RememberingCatalog(lambda facts: "" if facts.title else "No such movie.")
    report = await IngestionService(catalog).import_files([a_file(tmp_path, "r", RATINGS + rows)])
    assert (report.rows, report.bad, report.left_out) == (2, 0, 2)
    assert report.files[0].left_out == {"No such movie.": 2}


async def test_ratings_are_read_after_the_movies_they_speak_of(tmp_path: Path) -> None:
    ratings = a_file(tmp_path, "ratings", RATINGS + "tt0000001\t5.6\t10\n")
    movies = a_file(tmp_path, "m", BASICS + "tt0000001\tmovie\tTin\tTin\t0\t1999\t\\N\t9\t\\N\n")
    catalog = RememberingCatalog()
    await IngestionService(catalog).import_files([ratings, movies])
    assert [facts.title for facts in catalog.movies] == ["Tin", ""]


async def test_progress_goes_by_bytes_to_the_end(tmp_path: Path) -> None:
    one = a_file(tmp_path, "one", some_lines(30_000))
    two = a_file(tmp_path, "two", some_lines(10_000), packed=True)
    seen = list[Progress]()
    await IngestionService(RememberingCatalog()).import_files([one, two], on_progress=seen.append)
    done = [progress.done_bytes for progress in seen]
    total = one.stat().st_size + two.stat().st_size
    assert done == sorted(done)
    assert done[-1] == total == seen[0].all_bytes
    assert seen[-1].rows == 10_000


async def test_a_byte_order_mark_and_windows_line_ends_change_nothing(tmp_path: Path) -> None:
    body = THOUSAND + "1,Tin,Drama,d,D,Ann Lee,2014,1,1,1,,\n"
    dressed = b"\xef\xbb\xbf" + body.replace("\n", "\r\n").encode()
    catalog = RememberingCatalog()
    service = IngestionService(catalog)
    await service.import_files([a_file(tmp_path, "plain.csv", body)])
    report = await service.import_files([a_file(tmp_path, "dressed.csv", dressed)])
    assert report.unchanged == 1


async def test_blank_lines_before_a_header_are_no_header(tmp_path: Path) -> None:
    thousand = THOUSAND + "1,Tin,Drama,d,D,Ann Lee,2014,1,1,1,,\n"
    basics = BASICS + "tt0000001\tmovie\tTin\tTin\t0\t1999\t\\N\t9\t\\N\n"
    service = IngestionService(RememberingCatalog())
    for table in (thousand, basics):
        report = await service.import_files([a_file(tmp_path, "m", "\n  \r\n" + table)])
        assert (report.rows, report.created) == (1, 1)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "is empty"),
        (gzip.compress(b"", mtime=0), "is empty"),
        (b"PK\x03\x04", "is a zip archive; unpack it first"),
        (b"\x00\x01\x02", "is not text"),
        (
            gzip.compress(gzip.compress(b"{}", mtime=0), mtime=0),
            "is packed with gzip twice; unpack it once",
        ),
        ('{"title": "Tin"}'.encode("utf-16"), "is UTF-16 text; save it as UTF-8"),
        (b"a,b\n1,2\n", "is not a kind of file that is known. Marquee reads"),
        (b"\x1f\x8bnonsense", "is damaged"),
        (gzip.compress(b"{}", mtime=0)[:15], "breaks off"),
        (
            f"{BASICS.strip()}\t{'x' * (2 << 20)}\ntt0000001\n",
            "is not a kind of file that is known: its first line is too long",
        ),
    ],
    ids=range(10),
)
async def test_a_file_that_is_none_costs_one_clear_line(
    tmp_path: Path, content: bytes | str, reason: str
) -> None:
    good = a_file(tmp_path, "good", some_lines(1))
    path = a_file(tmp_path, "bad", content)
    catalog = RememberingCatalog()
    with pytest.raises(Invalid) as refused:
        await IngestionService(catalog).import_files([good, path])
    assert refused.value.detail.startswith(f"{path} {reason}")
    assert "\n" not in refused.value.detail
    assert catalog.batches == []


async def test_a_missing_file_a_folder_and_no_file_at_all_are_said_so(tmp_path: Path) -> None:
    service = IngestionService(RememberingCatalog())
    with pytest.raises(Invalid, match="there is no such file"):
        await service.import_files([tmp_path / "nothing"])
    with pytest.raises(Invalid, match="it is a folder"):
        await service.import_files([tmp_path])
    with pytest.raises(Invalid, match="at least one file"):
        await service.import_files([])


async def test_a_file_that_breaks_off_keeps_what_was_read(tmp_path: Path) -> None:
    whole = gzip.compress(
        "".join(f'{{"title": "Tin {hash(n) % 999}-{n}"}}\n' for n in range(30_000)).encode()
    )
    path = a_file(tmp_path, "cut.gz", whole[: len(whole) // 2])
    catalog = RememberingCatalog()
    with pytest.raises(Invalid, match="breaks off in the middle") as cut:
        await IngestionService(catalog).import_files([path])
    assert cut.value.extra["rows"] == len(catalog.movies) > 5_000
    a_file(tmp_path, "cut.gz", whole)
    report = await IngestionService(catalog).import_files([path])
    assert (report.rows, report.unchanged) == (30_000, cut.value.extra["rows"])


async def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    whole = bytearray(gzip.compress(some_lines(60_000).encode(), mtime=0))
    whole[-5] ^= 0xFF
    path = a_file(tmp_path, "bad.gz", bytes(whole))
    with pytest.raises(Invalid, match="is damaged"):
        await IngestionService(RememberingCatalog()).import_files([path])


async def test_a_failing_catalog_stops_the_import(tmp_path: Path) -> None:
    class Failing(RememberingCatalog):
        async def merge(self, **_: object) -> None:  # type: ignore[override]
            raise OSError("no")

    path = a_file(tmp_path, "movies", some_lines(5_000))
    with pytest.raises(OSError, match="no"):
        await IngestionService(Failing()).import_files([path])


async def test_large_movies_travel_in_small_batches(tmp_path: Path) -> None:
    rows = "".join(f'{{"title": "T{n}", "plot": "{"x" * 19_000}"}}\n' for n in range(200))
    catalog = RememberingCatalog()
    await IngestionService(catalog).import_files([a_file(tmp_path, "big", rows)])

    def weight(batch: tuple[MovieFacts, ...]) -> int:
        return sum(len(facts.plot or "") for facts in batch)

    assert max(weight(batch) for _, batch in catalog.batches) < 2 << 20
    assert len(catalog.movies) == 200
