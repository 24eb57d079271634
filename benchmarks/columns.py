"""What finding a page, its total and its facets costs in memory, beside plain SQLite, on generated rows.

python -m benchmarks.columns --rows 1000000
"""

import argparse
import gc
import random
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import psutil

from marquee.engines.columns import Columns, Row, Spec, Where

SPEC = Spec(
    sets=("genre", "platform", "language", "decade"),
    ranges={"year": (1870, 2100, 1), "runtime": (0, 600, 1), "score": (0, 10, 0.1)},
    links=("person",),
    sorts={
        "popularity": "number",
        "score": "number",
        "votes": "number",
        "year": "number",
        "title": "text",
    },
)
GENRES = [f"Genre {n}" for n in range(41)]
PLATFORMS = [f"Platform {n}" for n in range(20)]
LANGUAGES = [f"l{n}" for n in range(50)]
SYLLABLES = [a + b for a in "bcdfghjklmnprstvwxz" for b in "aeiou"]
BATCH = 2000
EVERYTHING = Where()


def some(rng: random.Random, of: list[str], most: int) -> list[str]:
    """A few values, the first of them far more often than the last."""
    return list({of[int(len(of) * rng.random() ** 2.5)] for _ in range(rng.randint(0, most))})


def generated(count: int) -> Iterator[list[Row]]:
    """The same rows every time, in batches."""
    rng = random.Random(7)
    people = max(100, count // 2)
    for start in range(1, count + 1, BATCH):
        yield [one(rng, id_, people) for id_ in range(start, min(start + BATCH, count + 1))]


def one(rng: random.Random, id_: int, people: int) -> Row:
    year = 2025 - int(120 * rng.random() ** 2)
    votes = int(10 ** (6.5 * rng.random() ** 3)) - 1
    return Row(
        id=id_,
        sets={
            "genre": some(rng, GENRES, 4),
            "platform": some(rng, PLATFORMS, 3),
            "language": some(rng, LANGUAGES, 2),
            "decade": [f"{year // 10 * 10}s"],
        },
        numbers={
            "year": year,
            "runtime": int(rng.gauss(100, 25)) if rng.random() < 0.6 else None,
            "score": round(min(10, max(1, rng.gauss(6.2, 1.3))), 1) if rng.random() < 0.7 else None,
            "votes": votes,
            "popularity": votes + rng.random(),
        },
        links={"person": [int(people * rng.random() ** 3) + 1 for _ in range(5)]},
        texts={
            "title": " ".join(
                "".join(rng.choices(SYLLABLES, k=3)) for _ in range(rng.randint(1, 4))
            )
        },
    )


@dataclass(frozen=True)
class Question:
    where: Where
    sort: str
    descending: bool
    after: tuple[float | str | None, int] | None


def filters(rng: random.Random, people: int) -> Where:
    """None to three of the filters that a list of movies offers."""
    sets: dict[str, tuple[tuple[str, ...], ...]] = {}
    between: dict[str, tuple[float | None, float | None]] = {}
    linked: dict[str, tuple[int, ...]] = {}
    year = 2025 - int(110 * rng.random() ** 2)
    for kind in rng.sample(range(7), rng.randint(0, 3)):
        if kind == 0:
            sets["genre"] = tuple((genre,) for genre in some(rng, GENRES, 2)) or (
                ("Genre 1", "Genre 4"),
            )
        elif kind == 1:
            sets["platform"] = (tuple(some(rng, PLATFORMS, 3) or ["Platform 1"]),)
        elif kind == 2:
            sets["language"] = (tuple(some(rng, LANGUAGES, 1) or ["l0"]),)
        elif kind == 3:
            between["year"] = (year, rng.choice([None, year + 10]))
        elif kind == 4:
            between["runtime"] = (None, rng.randint(60, 180))
        elif kind == 5:
            between["score"] = (rng.randint(40, 90) / 10, None)
        else:
            linked["person"] = (int(people * rng.random() ** 3) + 1,)
    return Where(sets, between, linked)


def questions(count: int, of: int, known: list[Row]) -> list[Question]:
    rng = random.Random(11)
    found = []
    for _ in range(count):
        sort, descending = rng.choice(list(SPEC.sorts)), rng.random() < 0.6
        at = rng.choice(known)
        key = at.texts["title"] if sort == "title" else at.numbers[sort]
        deep = rng.random() < 0.5 and key is not None
        where = filters(rng, max(100, of // 2))
        found.append(Question(where, sort, descending, (key, at.id) if deep else None))
    return found


def clocked(calls: list[Callable[[], Any]]) -> list[float]:
    """Milliseconds of each, without the garbage collector's."""
    took = []
    gc.collect()
    gc.disable()
    for call in calls:
        start = time.perf_counter()
        call()
        took.append((time.perf_counter() - start) * 1e3)
    gc.enable()
    return took


def told(what: str, took: list[float], limit: str = "") -> tuple[float, float]:
    p50, p95 = statistics.median(took), sorted(took)[int(len(took) * 0.95)]
    print(f"  {what:44} p50 {p50:8.3f}  p95 {p95:8.3f}  worst {max(took):8.3f} ms  {limit}")
    return p50, p95


def asked(columns: Columns, question: Question, limit: int = 20) -> Any:
    return columns.page(
        question.where,
        sort=question.sort,
        descending=question.descending,
        limit=limit,
        after=question.after,
    )


def built(count: int) -> tuple[Columns, list[Row], sqlite3.Connection, Path]:
    folder = Path(tempfile.mkdtemp())
    plain = open_sqlite(folder / "plain.sqlite")
    columns, known, spent = Columns(SPEC), list[Row](), 0.0
    for batch in generated(count):
        start = time.perf_counter()
        columns.put(batch)
        spent += time.perf_counter() - start
        fill(plain, batch)
        known += batch[:: max(1, count // 5000 // 4)]
    start = time.perf_counter()
    columns.settle()
    settled = time.perf_counter() - start
    index(plain)
    rate = count / spent
    print(f"  built {rate:,.0f} rows/s (wanted 100,000), then settled in {settled:.2f} s")
    return columns, known, plain, folder


# Plain SQLite, with every index that helps.

TABLES = """
CREATE TABLE movie (id INTEGER PRIMARY KEY, title TEXT, year INTEGER, runtime INTEGER, score REAL, votes INTEGER, popularity REAL);
CREATE TABLE genre (value TEXT, movie INTEGER, PRIMARY KEY (value, movie)) WITHOUT ROWID;
CREATE TABLE platform (value TEXT, movie INTEGER, PRIMARY KEY (value, movie)) WITHOUT ROWID;
CREATE TABLE language (value TEXT, movie INTEGER, PRIMARY KEY (value, movie)) WITHOUT ROWID;
CREATE TABLE person (value INTEGER, movie INTEGER, PRIMARY KEY (value, movie)) WITHOUT ROWID;
"""


def open_sqlite(path: Path) -> sqlite3.Connection:
    plain = sqlite3.connect(path)
    plain.executescript(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA cache_size=-200000;" + TABLES
    )
    return plain


def fill(plain: sqlite3.Connection, batch: list[Row]) -> None:
    names = ("year", "runtime", "score", "votes", "popularity")
    plain.executemany(
        "INSERT INTO movie VALUES (?, ?, ?, ?, ?, ?, ?)",
        [(row.id, row.texts["title"], *(row.numbers[name] for name in names)) for row in batch],
    )
    for name in ("genre", "platform", "language"):
        pairs = [(value, row.id) for row in batch for value in row.sets[name]]
        plain.executemany(f"INSERT OR IGNORE INTO {name} VALUES (?, ?)", pairs)  # noqa: S608 -- our own names
    pairs = [(person, row.id) for row in batch for person in row.links["person"]]
    plain.executemany("INSERT OR IGNORE INTO person VALUES (?, ?)", pairs)


def index(plain: sqlite3.Connection) -> None:
    for sort in SPEC.sorts:
        for way in ("ASC", "DESC"):
            rest = ", ".join(n for n in ("year", "runtime", "score") if n != sort)
            plain.execute(f"CREATE INDEX {sort}_{way} ON movie ({sort} {way}, id, {rest})")
    plain.commit()
    plain.execute("ANALYZE")


def sql_of(question: Question) -> tuple[str, list[Any]]:
    """The page without its total; rows without a sort value are left out, which spares SQLite work."""
    said, values = [f"{question.sort} IS NOT NULL"], list[Any]()
    for name, groups in question.where.all_of.items():
        for group in groups:
            marks = ", ".join("?" * len(group))
            said.append(f"EXISTS (SELECT 1 FROM {name} WHERE movie = m.id AND value IN ({marks}))")  # noqa: S608 -- our own names
            values += group
    for person in question.where.linked.get("person", ()):
        said.append("id IN (SELECT movie FROM person WHERE value = ?)")
        values.append(person)
    for name, (low, high) in question.where.between.items():
        for bound, sign in ((low, ">="), (high, "<=")):
            if bound is not None:
                said.append(f"{name} {sign} ?")
                values.append(bound)
    if question.after:
        key, id_ = question.after
        sign = "<" if question.descending else ">"
        said.append(f"{question.sort} {sign}= ? AND ({question.sort} {sign} ? OR id > ?)")
        values += [key, key, id_]
    way = "DESC" if question.descending else "ASC"
    text = f"SELECT id FROM movie m WHERE {' AND '.join(said)} ORDER BY {question.sort} {way}, id LIMIT 20"  # noqa: S608 -- our own names
    return text, values


def agree(columns: Columns, plain: sqlite3.Connection, asked_: list[Question]) -> None:
    for question in asked_:
        text, values = sql_of(question)
        ids = [id_ for (id_,) in plain.execute(text, values)]
        assert asked(columns, question).ids[: len(ids)] == ids, question


def run(count: int, sqlite_questions: int) -> None:
    print(f"{count:,} rows")
    columns, known, plain, folder = built(count)
    every = questions(3000, count, known)
    for question in every[:300]:
        asked(columns, question)
    told(
        "page of 20 with exact total",
        clocked([lambda q=q: asked(columns, q) for q in every]),
        "(limit p95 0.5)",
    )
    few = every[:sqlite_questions]
    agree(columns, plain, few)
    ours = told(
        f"  the first {len(few)} of these", clocked([lambda q=q: asked(columns, q) for q in few])
    )
    queries = [sql_of(question) for question in few]
    theirs = told(
        "  SQLite, page only", clocked([lambda q=q: plain.execute(*q).fetchall() for q in queries])
    )
    print(f"  SQLite / columns: p50 {theirs[0] / ours[0]:.1f}x, p95 {theirs[1] / ours[1]:.1f}x")
    facets = ("genre", "decade", "platform")
    told(
        "facets of 41 + 13 + 20 values",
        clocked([lambda q=q: columns.facets(q.where, facets) for q in every[:500]]),
        "(limit 3)",
    )
    changed(columns, known)
    kept(columns, folder / "columns")


def changed(columns: Columns, known: list[Row]) -> None:
    """One row whose rating and popularity change, and the next read."""
    rng = random.Random(13)

    def again(row: Row) -> Row:
        numbers = {"score": rng.randint(10, 100) / 10, "popularity": rng.random() * 1e4}
        return msgspec.structs.replace(row, numbers={**row.numbers, **numbers})

    def put(rows: list[Row], sort: str) -> Callable[[], Any]:
        question = Question(EVERYTHING, sort, descending=True, after=None)
        return lambda: (columns.put(rows), asked(columns, question))

    changes = [put([again(rng.choice(known))], "score") for _ in range(500)]
    told("one row changed and the next read", clocked(changes), "(limit 2 at 1 M, 0.1 at 37 k)")
    ids = iter(range(len(columns) + 1, 1 << 40))
    told(
        "one row added and the next read",
        clocked([put([one(rng, next(ids), 1000)], "title") for _ in range(200)]),
    )
    batches = [[one(rng, next(ids), 1000) for _ in range(BATCH)] for _ in range(5)]
    told(
        f"{BATCH} rows added and the next read", clocked([put(batch, "title") for batch in batches])
    )


def kept(columns: Columns, path: Path) -> None:
    start = time.perf_counter()
    columns.save(path)
    spent = time.perf_counter() - start
    print(f"  saved {path.stat().st_size / 1e6:.0f} MB in {spent:.2f} s")
    subprocess.run([sys.executable, "-m", "benchmarks.columns", "--load", str(path)], check=True)


def loaded(path: Path) -> None:
    """In a process of its own, so that the memory is that of the columns alone."""
    me = psutil.Process()
    before = me.memory_info().rss
    start = time.perf_counter()
    columns = Columns.load(SPEC, path)
    spent = time.perf_counter() - start
    grown = (me.memory_info().rss - before) / 1e6
    print(f"  loaded in {spent:.2f} s (limit 1.5), {grown:.0f} MB resident (limit 130)")
    rng = random.Random(17)
    for _ in range(3000):
        columns.page(
            filters(rng, len(columns) // 2),
            sort=rng.choice(list(SPEC.sorts)),
            descending=True,
            limit=20,
        )
    grown = (me.memory_info().rss - before) / 1e6
    print(f"  {grown:.0f} MB after 3,000 random questions")


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[37_652, 1_000_000])
    parser.add_argument(
        "--sqlite", type=int, default=300, help="how many questions SQLite is asked"
    )
    parser.add_argument("--load", type=Path, help=argparse.SUPPRESS)
    said = parser.parse_args()
    if said.load:
        loaded(said.load)
        return
    for count in said.rows:
        run(count, said.sqlite)


if __name__ == "__main__":
    main()
