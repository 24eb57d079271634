"""Whether search finds what people mean, how fast, and what it costs, as the catalog grows.

python -m benchmarks.search --movies 1000 37468 1000000
"""

import argparse
import asyncio
import json
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from heapq import nlargest
from itertools import islice
from operator import itemgetter
from pathlib import Path
from typing import Any, cast

import msgspec
import psutil

from benchmarks.asking import begun, careless, drawn, slipped
from benchmarks.films import Films, rows
from marquee.contexts.catalog.contract import Catalog
from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.ports import Filters
from marquee.contexts.search.service import SearchService
from marquee.contexts.search.stores.tantivy.index import TantivySearchIndex

SIZES = (1_000, 37_468, 1_000_000)
RELEVANCE, TYPED = 1_000, 150
BATCH = 20_000
ANY = Filters()
DECODE = msgspec.json.Decoder(Entry).decode


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--movies", type=int, nargs="*", default=SIZES)
    sizes = parser.parse_args().movies
    print(
        f"search: {psutil.cpu_count()} cores, load {psutil.getloadavg()[0]:.1f}, {pace():.0f} ms for a fixed loop"
    )
    found = [measured(size) for size in sizes]
    for name in dict.fromkeys(name for one in reversed(found) for name in one):
        print(f"{name:34}" + "".join(f"{one.get(name, ''):>16}" for one in found))


def measured(size: int) -> dict[str, str]:
    """In a process of its own, which is given the entries in a file."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "entries.jsonl"
        with file.open("wb") as out:
            for entry in Films(size).entries():
                out.write(msgspec.json.encode(entry) + b"\n")
        child = [sys.executable, "-m", "benchmarks.search", "--child", folder, str(size)]
        done = subprocess.run(child, stdout=subprocess.PIPE, check=True)
        return cast("dict[str, str]", json.loads(done.stdout))


async def child(folder: Path, size: int) -> dict[str, str]:
    file = folder / "entries.jsonl"
    found = {"movies": f"{size:,}", "entries": f"{sum(1 for _ in file.open('rb')):,}"}
    found |= await written(folder, file)
    index = await TantivySearchIndex.open(folder / "built")
    search = SearchService(index, cast("Catalog", None))
    if size == len(rows()):
        found |= await relevance(search)
    found |= await speed(search, file, size)
    found |= await little(index, file)
    shutil.rmtree(folder / "put")
    return found


def read(file: Path, batch: int) -> Iterator[list[Entry]]:
    with file.open("rb") as lines:
        while some := [DECODE(line) for line in islice(lines, batch)]:
            yield some


async def written(folder: Path, file: Path) -> dict[str, str]:
    """Put in batches, as an import does, then built anew."""
    start, count = rss(), 0
    index = await TantivySearchIndex.open(folder / "put")
    spent, cpu, most = 0.0, 0.0, 0.0
    for some in read(file, BATCH):
        began, busy = time.perf_counter(), time.process_time()
        await index.put(some, ())
        spent += time.perf_counter() - began
        cpu += time.process_time() - busy
        count, most = count + len(some), max(most, rss())
    after = rss()

    async def pages() -> AsyncIterator[Sequence[Entry]]:
        for some in read(file, 1000):
            yield some

    built = await TantivySearchIndex.open(folder / "built")
    began = time.perf_counter()
    await built.rebuild(pages())
    anew = count / (time.perf_counter() - began)
    size = sum(path.stat().st_size for path in (folder / "built").rglob("*"))
    return {
        "entries put /s, in batches": f"{count / spent:,.0f}",
        "entries put /s of CPU": f"{count / cpu:,.0f}",
        "entries built anew /s": f"{anew:,.0f}",
        "index MB": f"{size / 2**20:,.0f}",
        "RSS MB before, most, after": f"{start:.0f} {most:.0f} {after:.0f}",
    }


async def relevance(search: SearchService) -> dict[str, str]:
    """Titles and people of the starter, drawn by votes."""
    rng, every = random.Random(7), rows()
    films = Films(len(every))
    titles = [
        (title, f"movie:{place + 1}")
        for place in drawn(rng, every, RELEVANCE)
        if (title := careless(every[place]["title"]))
    ]
    casts = [every[place].get("cast") or [] for place in drawn(rng, every, RELEVANCE)]
    names = list(dict.fromkeys(rng.choice(cast) for cast in casts if cast))
    people = [(careless(name), f"person:{films.number(name)}") for name in names]

    async def share(asked: list[tuple[str, str]], most: int, *, typing: bool = False) -> str:
        count = 0
        for q, key in asked:
            if typing:
                hits: Sequence[Any] = await search.suggest(q, limit=most)
            else:
                hits = (await search.search(q, ANY, cursor=None, limit=10)).hits[:most]
            count += key in [hit.entry.key for hit in hits]
        return f"{count / len(asked):.3f}"

    return {
        "title first": await share(titles, 1),
        "title with a slip in three": await share([(slipped(rng, q), k) for q, k in titles], 3),
        "60 % of it in five suggestions": await share(
            [(begun(q), k) for q, k in titles], 5, typing=True
        ),
        "person with a slip in three": await share([(slipped(rng, q), k) for q, k in people], 3),
    }


def typed(file: Path, size: int) -> dict[str, list[str]]:
    """What is asked while somebody looks for each of some films, the better known more often."""
    rng = random.Random(11)
    every = (
        (rng.random() ** (1 / (1 + entry.popularity**2)), entry)
        for some in read(file, 1000)
        for entry in some
        if entry.kind == "movie"
    )
    chosen = [entry for _, entry in nlargest(min(TYPED, size), every, key=itemgetter(0))]
    asked: dict[str, list[str]] = {"letter by letter": [], "whole": [], "slipped": [], "words": []}
    for entry in chosen:
        title = careless(entry.names[0]) or "x"
        about = [careless(text) for text in entry.about]
        asked["letter by letter"] += [title[:n] for n in range(1, len(title) + 1)]
        asked["whole"].append(title)
        asked["slipped"] += [slipped(rng, title), slipped(rng, title)]
        asked["words"] += [
            " ".join(rng.sample(title.split(), len(title.split()))),
            f"{rng.choice(about or ['x'])} {title.split()[-1]}",
            " ".join(rng.sample(about, min(2, len(about)))) or title,
        ]
        if about:
            asked["whole"].append(about[0])
            asked["slipped"].append(slipped(rng, about[0] or "x"))
    return asked


async def speed(search: SearchService, file: Path, size: int) -> dict[str, str]:
    asked, found = typed(file, size), {}
    together: dict[str, list[float]] = {"search": [], "suggest": []}
    busy: dict[str, list[float]] = {"search": [], "suggest": []}
    for what in together:
        for how, questions in asked.items():
            times = []
            for q in questions:
                began, cpu = time.perf_counter(), time.process_time()
                if what == "search":
                    await search.search(q, ANY, cursor=None, limit=20)
                else:
                    await search.suggest(q, limit=8)
                times.append((time.perf_counter() - began) * 1000)
                busy[what].append((time.process_time() - cpu) * 1000)
            found[f"{what}, {how}: ms"] = quantiles(times)
            together[what] += times
    for what, times in together.items():
        found[f"{what}, all: p50 p95 p99 ms"] = quantiles(times)
        found[f"{what}, all: of CPU"] = quantiles(busy[what])
    found["RSS MB after"] = f"{rss():.0f}"
    return found


def quantiles(times: Sequence[float]) -> str:
    cuts = statistics.quantiles(times, n=100)
    return f"{cuts[49]:.1f} {cuts[94]:.1f} {cuts[98]:.1f}"


async def little(index: TantivySearchIndex, file: Path) -> dict[str, str]:
    """One film at a time, as an editor or a reviewer changes them."""
    some, before, times = next(read(file, 40)), rss(), []
    for entry in some:
        began = time.perf_counter()
        await index.put([entry], ())
        times.append((time.perf_counter() - began) * 1000)
    return {
        "one put: ms": quantiles(times),
        "RSS MB before and after": f"{before:.0f} {rss():.0f}",
    }


def pace() -> float:
    """Milliseconds of CPU for a fixed piece of work: figures of a busy machine can be told by it."""
    began = time.process_time()
    sum(n * n for n in range(1_000_000))
    return (time.process_time() - began) * 1000


def rss() -> float:
    return float(psutil.Process().memory_info().rss) / 2**20


if __name__ == "__main__":
    if "--child" in sys.argv:
        folder_, size_ = sys.argv[sys.argv.index("--child") + 1 :]
        print(json.dumps(asyncio.run(child(Path(folder_), int(size_)))))
    else:
        main()
