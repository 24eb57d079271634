"""Many entries at once: they are written beside what goes on here, and count as if put singly."""

import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator, Sequence
from pathlib import Path

import psutil
import pytest
from tests.contexts.search.fakes import an_entry
from tests.contexts.search.homes import Home
from tests.real import cannot_be_had

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.ports import Filters, Page, SearchIndex
from marquee.contexts.search.stores import open_index
from marquee.contexts.search.stores.tantivy import index as tantivy
from marquee.kit.errors import OutOfSpace, Unavailable


def alike(first: int, last: int, name: str = "Alike") -> list[Entry]:
    return [an_entry(n, f"{name} number{n}", genres=("Drama",)) for n in range(first, last + 1)]


async def total(index: SearchIndex, q: str) -> int:
    return (await index.find(Asked.of(q), Filters(), most=5)).total


async def paged(*pages: Page) -> AsyncIterator[Page]:
    for page in pages:
        yield page


async def built(*pages: Sequence[Entry]) -> AsyncIterator[Sequence[Entry]]:
    for page in pages:
        yield page


@pytest.fixture
def seen_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tantivy, "BIG", 60)


@pytest.mark.usefixtures("seen_often")
async def test_many_put_page_by_page_replace_and_drop_as_one_would(home: Home) -> None:
    index = await home.index()
    await index.rebuild(built(alike(1, 30)))
    await index.put_all(
        paged((alike(21, 70, "Changed"), ()), (alike(71, 120), ["movie:1"]), ((), ["movie:2"]))
    )
    assert (await total(index, "alike"), await total(index, "changed")) == (68, 50)
    again = await home.index()
    assert (await total(again, "alike"), await total(again, "changed")) == (68, 50)
    await index.put(alike(120, 121, "Changed"), ())
    assert (await total(index, "alike"), await total(index, "changed")) == (67, 52)


async def test_nothing_put_page_by_page_is_nothing(home: Home) -> None:
    index = await home.index()
    await index.rebuild(built(alike(1, 3)))
    await index.put_all(paged())
    await index.put_all(paged(((), ())))
    assert await total(index, "alike") == 3


async def test_a_large_rebuild_is_a_rebuild(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tantivy, "MANY", 40)
    index = await home.index()
    await index.rebuild(built(alike(1, 30)))
    await index.rebuild(built(alike(11, 40), alike(41, 70), alike(71, 75)))
    assert await total(index, "alike") == 65
    assert len(await home.names()) == 1


async def test_a_writer_that_is_killed_leaves_what_was_there(tmp_path: Path) -> None:
    index = await open_index("sqlite:///search.db", tmp_path)
    await index.rebuild(built(alike(1, 30)))
    before = set(psutil.Process().children())

    async def pages() -> AsyncIterator[Page]:
        yield alike(31, 60), ()
        [child] = set(psutil.Process().children()) - before
        child.kill()
        yield alike(61, 90), ()

    with pytest.raises(Unavailable, match="before its time"):
        await index.put_all(pages())
    assert await total(index, "alike") == 30
    await index.put_all(paged((alike(31, 60), ()), (alike(61, 90), ())))
    assert await total(index, "alike") == 90


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Three megabytes of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = shutil.which("mount")
    options = ["-t", "tmpfs", "-o", "size=3m", "tmpfs", str(folder)]
    if mount is None or subprocess.run([mount, *options], check=False).returncode:  # noqa: S603 - ours
        cannot_be_had("a disk is full soon when it is a small one, and to mount one takes root")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)  # noqa: S603, S607 - ours


@pytest.mark.parametrize("where", ["apart", "here"])
async def test_a_full_disk_is_no_fault_of_what_is_written(small_disk: Path, where: str) -> None:
    index = await open_index("sqlite:///search.db", small_disk)
    await index.rebuild(built(alike(1, 30)))
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(2_500_000))
    many = [an_entry(n, f"Alike {n} {n * 7} word{n} and{n * 3}") for n in range(31, 8_000)]
    with pytest.raises((OutOfSpace, Unavailable)):
        await (index.put_all(paged((many, ()))) if where == "apart" else index.put(many, ()))
    assert await total(index, "alike") == 30
    ballast.unlink()
    await index.put(alike(31, 40), ())
    assert await total(index, "alike") == 40
