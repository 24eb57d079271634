"""What the column engine must equal: a dict of rows, gone through one by one."""

from collections.abc import Iterator
from typing import Any

from marquee.engines.columns import Columns, Found, Row, Spec, Where

SPEC = Spec(
    sets=("genre", "language"),
    ranges={"year": (1870, 2100, 1), "score": (0, 10, 0.1)},
    links=("person",),
    sorts={"year": "number", "score": "number", "votes": "number", "title": "text"},
)
GENRES = ["Drama", "Comedy", "Horror", "War"]
TEXTS = [
    "",
    "a",
    "a\0",
    "ab",
    "alien",
    "aliens",
    "alien 3",
    "brazil",
    "é",
    "zulu",
    "the seventh seal",
]


def row(id_: int, **given: Any) -> Row:
    numbers = {name: given.get(name) for name in ("year", "score", "votes")}
    return Row(
        id=id_,
        sets={"genre": given.get("genre", ()), "language": given.get("language", ())},
        numbers=numbers,
        links={"person": given.get("person", ())},
        texts={"title": given.get("title")},
    )


def matches(rows: dict[int, Row], where: Where) -> list[Row]:
    return [each for each in rows.values() if holds(each, where)]


def holds(each: Row, where: Where) -> bool:
    for name, groups in where.all_of.items():
        if not all(set(group) & set(each.sets[name]) for group in groups):
            return False
    for name, (low, high) in where.between.items():
        value = each.numbers[name]
        if (low, high) == (None, None):
            continue
        if (
            value is None
            or (low is not None and value < low)
            or (high is not None and value > high)
        ):
            return False
    return all(set(wanted) <= set(each.links[name]) for name, wanted in where.linked.items())


def key_of(each: Row, sort: str) -> float | str | None:
    return each.texts[sort] if sort == "title" else each.numbers[sort]


def in_order(found: list[Row], sort: str, *, descending: bool) -> list[int]:
    found = sorted(found, key=lambda each: each.id)
    known = [each for each in found if key_of(each, sort) is not None]
    known.sort(key=lambda each: key_of(each, sort), reverse=descending)  # type: ignore[arg-type,return-value]
    return [each.id for each in (*known, *(each for each in found if key_of(each, sort) is None))]


def tally(found: list[Row], name: str) -> dict[str, int]:
    tallies: dict[str, int] = {}
    for each in found:
        for value in set(each.sets[name]):
            tallies[value] = tallies.get(value, 0) + 1
    return tallies


def pages(
    columns: Columns, where: Where, sort: str, limit: int, *, descending: bool
) -> Iterator[Found]:
    after = None
    while True:
        found = columns.page(where, sort=sort, descending=descending, limit=limit, after=after)
        yield found
        after = found.last
        if after is None:
            return


def assert_same(  # noqa: PLR0913 -- a question has this many parts
    columns: Columns, rows: dict[int, Row], where: Where, sort: str, *, descending: bool, limit: int
) -> None:
    found = matches(rows, where)
    met = list(pages(columns, where, sort, limit, descending=descending))
    assert [id_ for page in met for id_ in page.ids] == in_order(found, sort, descending=descending)
    assert {page.total for page in met} == {len(found)}
    assert all(len(page.ids) == limit for page in met[:-1])
