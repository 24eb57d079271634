"""What `marquee import` says of where the films went."""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from marquee.app import importing
from marquee.app.importing import import_files, place
from marquee.app.settings import read
from marquee.contexts.catalog.contract import MergeReport, MovieFacts
from marquee.kit.errors import OutOfSpace

SECRET = "sesame42"


class FullCatalog:
    """There was room for so many batches."""

    def __init__(self, batches: int) -> None:
        self.batches = batches

    async def merge(self, *, source: str, movies: Sequence[MovieFacts]) -> MergeReport:
        assert source
        self.batches -= 1
        if self.batches < 0:
            raise OutOfSpace("The disk is full. This change was not made.")
        return MergeReport(len(movies), 0, 0)


@pytest.mark.parametrize("batches", [0, 1])
async def test_on_a_full_disk_an_import_says_that_what_was_before_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    @asynccontextmanager
    async def asking(_contract: type) -> AsyncIterator[FullCatalog]:
        yield FullCatalog(batches)

    monkeypatch.setattr(importing, "asking", asking)
    monkeypatch.setenv("MARQUEE_DATA", str(tmp_path))
    rows = [json.dumps({"title": f"Film {n}", "year": 1950 + n % 70}) for n in range(5_000)]
    file = tmp_path / "films.jsonl"
    file.write_text("\n".join(rows), "utf-8")
    with pytest.raises(OutOfSpace, match=r"^The disk is full\. Make room .* before is there\.$"):
        await import_files([file])


def test_the_catalog_is_named_by_where_it_is_and_never_by_its_password() -> None:
    here = {"MARQUEE_DATA": "films"}
    far = {**here, "MARQUEE_CATALOG_URL": f"postgresql://ada:{SECRET}@127.0.0.1/catalog"}
    asked = {**far, "MARQUEE_CATALOG_AT": "grpc://127.0.0.1:9003"}
    assert place(read(("catalog",), here)) == f"in {Path('films').absolute()}"
    assert place(read(("catalog",), far)) == "that MARQUEE_CATALOG_URL names"
    assert place(read(("catalog",), asked)) == "at grpc://127.0.0.1:9003"
