"""What the catalog costs as it grows: imported, started, asked for lists and details.

python -m benchmarks sizes --movies 1000 37468 1000000
"""

import argparse
import asyncio
import gzip
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

import msgspec
import psutil

from benchmarks.films import STARTER
from benchmarks.table import table
from marquee.app import memory
from marquee.app.command import run
from marquee.contexts.catalog.contract import CreditFact, MovieFacts
from marquee.contexts.catalog.model.words import sort_title
from marquee.contexts.catalog.ports import Lists, Question
from marquee.contexts.catalog.service import CatalogService
from marquee.contexts.catalog.stores import open_lists, open_store
from marquee.contexts.ingestion.model.rows import Row
from marquee.contexts.ingestion.model.telling import facts
from marquee.kit.clock import SystemClock
from marquee.kit.paging import cursor

SIZES = (1_000, 37_468, 1_000_000)
BATCH, AHEAD, ASKED = 1_000, 4, 2_000
SORTS = ("popularity", "rating", "year", "title")
SORTED_BY = {"popularity": "popularity", "rating": "score", "year": "year", "title": "title"}
FACETS = ("genre", "decade", "platform")
PARTS = 4
Clocked = dict[str, float]
Call = Callable[[], Awaitable[object]]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks sizes")
    parser.add_argument("--movies", type=int, nargs="+", default=SIZES)
    asked = parser.parse_args()
    print(f"{psutil.cpu_count()} cores, load {psutil.getloadavg()[0]:.1f} when it began")
    found = []
    for size in sorted(asked.movies):
        with tempfile.TemporaryDirectory() as folder:
            found.append(_child("import", folder, size) | _child("ask", folder, size))
    head = ["", *(f"{size:,}" for size in sorted(asked.movies)), "goal"]
    print(table(head, [[name, *cells, goal] for name, cells, goal in _rows(found)]))


def _child(what: str, folder: str, size: int) -> Clocked:
    """In a process of its own, so that its memory and its start are its own."""
    command = [sys.executable, "-m", "benchmarks.sizes", "--child", what, folder, str(size)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found: Clocked = json.loads(done.stdout)
    return found


def _rows(found: Sequence[Clocked]) -> Iterator[tuple[str, list[str], str]]:
    least = found[0]["detail p95"]
    for name, form, goal in (
        ("import, movies/s", ",.0f", "20,000 at 1 M"),
        ("import, CPU us a movie", ".0f", ""),
        ("peak RSS, MB", ".0f", "500"),
        ("start: store and lists, s", ".2f", "5"),
        ("detail p50, ms", ".3f", ""),
        ("detail p95, ms", ".3f", f"{1.5 * least:.3f} (1.5 x the first)"),
        ("first page p50, ms", ".2f", ""),
        ("first page p95, ms", ".2f", ""),
        ("deep page p50, ms", ".2f", ""),
        ("deep page p95, ms", ".2f", ""),
        ("page and total found p95, ms", ".3f", "0.5 at 1 M"),
        ("with facets p95, ms", ".2f", "3 at 1 M, found alone"),
        ("facets found p95, ms", ".2f", "3 at 1 M"),
    ):
        key = name.split(", ")[0]
        yield name, [format(one.get(name, one.get(key, 0)), form) for one in found], goal


def films(count: int) -> Iterator[MovieFacts]:
    """The starter's first, then the same again under a number and without ids, as often as needed.

    Every other time the people in them have a number, too: there are as many people as films.
    """
    decode = msgspec.json.Decoder(Row).decode
    with STARTER.open("rb") as packed, gzip.open(packed) as lines:
        every = list(lines)
    if count < len(every):
        every = random.Random(3).sample(every, count)
    for number in range(count):
        again, place = divmod(number, len(every))
        told = facts(decode(every[place]))
        yield _again(told, again) if again else told


def _again(told: MovieFacts, again: int) -> MovieFacts:
    suffix = f" {again + 1}"
    named = again % 2 == 1
    return replace(
        told,
        title=told.title + suffix,
        original_title=told.original_title and told.original_title + suffix,
        alternative_titles=tuple(title + suffix for title in told.alternative_titles),
        imdb_id=None,
        tmdb_id=None,
        cast=_renamed(told.cast, suffix) if named else told.cast,
        crew=_renamed(told.crew, suffix) if named else told.crew,
    )


def _renamed(credits_: Sequence[CreditFact], suffix: str) -> tuple[CreditFact, ...]:
    return tuple(
        CreditFact(one.name + suffix, one.job, one.department, one.character) for one in credits_
    )


async def opened(folder: Path) -> tuple[CatalogService, Lists]:
    store = await open_store(f"sqlite:///{folder}/catalog.db")
    lists = await open_lists(folder / "lists", store)
    return CatalogService(store, lists, SystemClock(), await store.last_place()), lists


async def imported(folder: Path, size: int) -> Clocked:
    """Only merging is timed; the next batch waits while one is merged, as it does in an import."""
    memory.hold_little()
    catalog, _ = await opened(folder)
    made, wall, cpu = films(size), 0.0, 0.0
    while some := list(islice(made, BATCH * AHEAD)):
        batches = [some[at : at + BATCH] for at in range(0, len(some), BATCH)]
        began, busy = time.perf_counter(), time.process_time()
        merging = [
            asyncio.create_task(catalog.merge(source="starter", movies=batch))
            for batch in batches[:2]
        ]
        for at in range(len(batches)):
            await merging[at]
            if at + 2 < len(batches):
                task = catalog.merge(source="starter", movies=batches[at + 2])
                merging.append(asyncio.create_task(task))
        wall += time.perf_counter() - began
        cpu += time.process_time() - busy
    await catalog.close()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"import": size / wall, "import, CPU us a movie": cpu / size * 1e6, "peak RSS": peak}


async def asked(folder: Path, size: int) -> Clocked:
    rng = random.Random(5)
    began = time.perf_counter()
    catalog, lists = await opened(folder)
    await catalog.list_movies(Question())
    found = {"start: store and lists": time.perf_counter() - began}
    ids = [str(rng.randint(1, size)) for _ in range(ASKED)]
    found |= await _clocked("detail", [partial(catalog.get_movie, id_) for id_ in ids])
    page = await catalog.list_movies(Question(), facets=("genre",))
    genres = [one.value for one in (page.facets or {})["genre"]]
    calls: dict[str, list[Call]] = {}
    for id_ in ids:
        question, sort = _question(rng, genres), rng.choice(("", "-")) + rng.choice(SORTS)
        token = await _token(catalog, question, sort, id_)
        for name, call in (
            ("first page", partial(catalog.list_movies, question, sort=sort)),
            ("deep page", partial(catalog.list_movies, question, sort=sort, token=token)),
            ("page and total found", partial(_page, lists, question, sort)),
            ("with facets", partial(catalog.list_movies, question, sort=sort, facets=FACETS)),
            ("facets found", partial(_facets, lists, question)),
        ):
            calls.setdefault(name, []).append(call)
    for name, some in calls.items():
        found |= await _clocked(name, some)
    await catalog.close()
    return found


async def _page(lists: Lists, question: Question, sort: str) -> None:
    """The ids and the total alone, without the documents."""
    descending, key = sort.startswith("-"), sort.removeprefix("-")
    lists.page(question, sort=key, descending=descending, limit=20, after=None)


async def _facets(lists: Lists, question: Question) -> None:
    lists.facets(question, FACETS)


async def _token(catalog: CatalogService, question: Question, sort: str, id_: str) -> str | None:
    """A cursor from which the list goes on after some movie, wherever that is in it."""
    key = sort.removeprefix("-")
    value = json.loads((await catalog.get_movie(id_))[1])[SORTED_BY[key]]
    place = sort_title(value) if key == "title" else value and float(value)
    return cursor(("movies", question, sort), (place, int(id_)))


def _question(rng: random.Random, genres: Sequence[str]) -> Question:
    year = rng.randint(1920, 2015)
    some: tuple[dict[str, object], ...] = (
        {"genres": ((rng.choice(genres),),)},
        {"year_from": year, "year_to": year + rng.randint(1, 30)},
        {"languages": ((rng.choice(("en", "fr", "it", "ja", "de")),),)},
        {"runtime_max": rng.randint(70, 180)},
        {"rating_min": rng.randint(8, 16) / 2},
        {"decades": (f"{year // 10 * 10}s",)},
    )
    question = Question()
    for chosen in rng.sample(some, rng.randrange(PARTS)):
        question = replace(question, **chosen)  # type: ignore[arg-type]  # each is of its field
    return question


async def _clocked(name: str, calls: Sequence[Call]) -> Clocked:
    """The first tenth is for warming up, and not counted."""
    took = []
    for call in calls:
        began = time.perf_counter()
        await call()
        took.append((time.perf_counter() - began) * 1e3)
    took = sorted(took[len(took) // 10 :])
    return {f"{name} p50": took[len(took) // 2], f"{name} p95": took[int(len(took) * 0.95)]}


def child(what: str, folder: str, size: int) -> None:
    """As a command of ours runs."""
    work = imported if what == "import" else asked
    print(json.dumps(run(lambda: work(Path(folder), size))))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2], sys.argv[3], int(sys.argv[4]))
    else:
        main()
