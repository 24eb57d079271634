"""The index killed in the middle of writing; that on tantivy found damaged too."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from tests.contexts.search.fakes import MemoryCatalog, a_film, an_entry
from tests.contexts.search.homes import Home
from tests.contexts.search.house import a_house

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.ports import Filters
from marquee.contexts.search.stores.tantivy.index import TantivySearchIndex
from marquee.engines.tantivy import Volume

ROOT = Path(__file__).parents[3]
MANY = 400
WRITER = """
import asyncio, sys
from pathlib import Path
from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.stores import open_index

url, folder, how, many = *sys.argv[1:4], int(sys.argv[4])

def version(n):
    return [Entry("movie", str(id_), (f"Alike in version {n}",)) for id_ in range(1, many + 1)]

async def pages(n):
    for start in range(0, many, 50):
        yield version(n)[start:start + 50]

async def main():
    index = await open_index(url, Path(folder))
    await index.rebuild(pages(1))
    n = 1
    while True:
        print(n, flush=True)
        n += 1
        if how == "put":
            await index.put(version(n), ())
        else:
            await index.rebuild(pages(n))

asyncio.run(main())
"""


def killed_while_it_writes(home: Home, how: str, after: float) -> int:
    """The last version that was acknowledged."""
    writer = subprocess.Popen(  # noqa: S603 - our own
        [sys.executable, "-c", WRITER, home.url, str(home.folder), how, str(MANY)],
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        text=True,
    )
    assert writer.stdout is not None
    with writer.stdout:
        first = writer.stdout.readline()
        time.sleep(after)
        writer.send_signal(signal.SIGKILL)
        said = [first, *writer.stdout.read().splitlines()]
    writer.wait()
    return max(int(line) for line in said)


@pytest.mark.parametrize("how", ["put", "rebuild"])
async def test_killed_while_it_writes_the_index_is_whole_old_or_new(home: Home, how: str) -> None:
    rng, is_far = random.Random(how), not home.url.startswith("sqlite:")
    rounds = 8 if os.environ.get("MARQUEE_TEST_FULL") else 1 if is_far else 3
    for n in range(rounds):
        one = home if is_far else replace(home, folder=home.folder / str(n))
        said = killed_while_it_writes(one, how, rng.random() / 5)
        index = await one.index()
        assert await index.is_whole()
        found = await index.find(Asked.of("alike"), Filters(), most=2 * MANY)
        assert found.total == len(found.entries) == MANY
        (name,) = {entry.names[0] for entry in found.entries}
        assert name in {f"Alike in version {said}", f"Alike in version {said + 1}"}
        await index.put((), ["movie:1"])
        assert (await index.find(Asked.of("alike"), Filters(), most=1)).total == MANY - 1
        if is_far:  # whether its writer is dead is seen by the next one only
            await index.rebuild(pages())
        assert len(await one.names()) == 1


async def pages() -> AsyncIterator[Sequence[Entry]]:
    yield [an_entry(1)]


DAMAGE = {
    "no folder": lambda folder, _: shutil.rmtree(folder),
    "no index": lambda _, index: shutil.rmtree(index),
    "no pointer": lambda folder, _: (folder / "current").unlink(),
    "an empty pointer": lambda folder, _: (folder / "current").write_bytes(b""),
    "a pointer of noise": lambda folder, _: (folder / "current").write_bytes(b"\xff\x00/.."),
    "a pointer elsewhere": lambda folder, _: (folder / "current").write_text("../.."),
    "no list of parts": lambda _, index: (index / "meta.json").unlink(),
    "half a list of parts": lambda _, index: cut(index / "meta.json"),
    "no terms": lambda _, index: next(index.glob("*.term")).unlink(),
    "no positions": lambda _, index: next(index.glob("*.pos")).unlink(),
    "half of the documents": lambda _, index: cut(next(index.glob("*.store"))),
    "half of the numbers": lambda _, index: cut(next(index.glob("*.fast"))),
    "other fields": lambda _, index: renamed(index / "meta.json"),
}


def cut(file: Path) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])


def renamed(file: Path) -> None:
    file.write_text(file.read_text().replace('"exact"', '"other"'))


@pytest.mark.parametrize("damage", DAMAGE)
async def test_a_damaged_index_is_mended_from_the_catalog(tmp_path: Path, damage: str) -> None:
    catalog = MemoryCatalog()
    catalog.put(*(a_film(n, "Alike") for n in range(1, 30)))
    folder = tmp_path / "home"
    folder.mkdir()
    async with a_house(folder, catalog) as house:
        await house.search.follow(["1"], [])
    kept = (folder / "search.db").read_bytes()
    DAMAGE[damage](folder, next(folder.glob("index-*")))
    folder.mkdir(exist_ok=True)
    (folder / "search.db").write_bytes(kept)
    (folder / "index-left-from-a-crash").mkdir(exist_ok=True)
    async with a_house(folder, catalog) as house:
        page = await house.search.search("alike", Filters(), cursor=None, limit=5)
        assert page.total == 29
        catalog.put(a_film(1, "Changed"))
        await house.search.follow(["1"], [])
        assert (await house.search.search("changed", Filters(), cursor=None, limit=5)).total == 1
    assert len(list(folder.glob("index-*"))) == 1


async def test_what_was_written_but_not_shown_is_replaced_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_volume: Volume) -> None:
        raise OSError("not shown")

    index = await TantivySearchIndex.open(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(Volume, "show", broken)
        with pytest.raises(OSError, match="not shown"):
            await index.put([an_entry(1, "Solaris")], ())
    await index.put([an_entry(1, "Stalker")], ())
    found = await index.find(Asked.of("stalker"), Filters(), most=5)
    assert [entry.key for entry in found.entries] == ["movie:1"]
    assert (await index.find(Asked.of("solaris"), Filters(), most=5)).total == 0
