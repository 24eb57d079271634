"""Thousands of rows come page by page in order."""

from math import inf

import pytest
from msgspec import structs
from tests.engines.columns.naive import (
    SPEC,
    assert_same,
    in_order,
    matches,
)

from marquee.engines.columns import Columns, Many, Row, Where


@pytest.mark.parametrize("sort", SPEC.sorts)
@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize(
    "where",
    [
        Where(),
        Where(all_of={"genre": (("War",),)}),
        Where(all_of={"genre": (("Drama", "Horror"),), "language": (("cy",),)}),
        Where(between={"year": (1995, None)}),
        Where(between={"year": (None, 1901), "score": (9.05, 10)}),
        Where(linked={"person": (5,)}),
        Where(linked={"person": (2001,)}, between={"score": (0.05, 9.95)}),
    ],
)
def test_all_pages_of_many_rows_are_in_order(
    many: tuple[Columns, dict[int, Row]],
    where: Where,
    sort: str,
    descending: bool,  # noqa: FBT001 -- pytest gives it by name
) -> None:
    columns, rows = many
    assert_same(columns, rows, where, sort, descending=descending, limit=997)
    start = columns.page(where, sort=sort, descending=descending, limit=5)
    assert start.ids == in_order(matches(rows, where), sort, descending=descending)[:5]


@pytest.mark.parametrize("count", [3, 3000])
def test_rows_that_come_column_by_column_are_the_same_rows(
    many: tuple[Columns, dict[int, Row]], count: int
) -> None:
    rows = {id_: row for id_, row in many[1].items() if id_ <= count}
    columns = Columns(SPEC)
    columns.put([rows[1]])  # one of them is there already, and is replaced
    columns.put_many(
        Many(
            list(rows),
            {name: [row.sets.get(name, ()) for row in rows.values()] for name in SPEC.sets},
            {name: [row.numbers.get(name) for row in rows.values()] for name in ("year", "score")},
            {name: [row.links.get(name, ()) for row in rows.values()] for name in SPEC.links},
            {"title": [row.texts["title"] for row in rows.values()]},
        )
    )
    votes = {
        id_: structs.replace(row, numbers={**row.numbers, "votes": None})
        for id_, row in rows.items()
    }
    for where in (Where(), Where(all_of={"genre": (("War",),)}), Where(linked={"person": (5,)})):
        for sort in ("title", "score", "votes"):
            assert_same(columns, votes, where, sort, descending=False, limit=97)


@pytest.mark.parametrize("count", [3, 300])
def test_a_bad_number_or_id_leaves_all_columns_as_they_were(count: int) -> None:
    columns = Columns(SPEC)
    for many in (
        Many([*range(1, count), 0]),
        Many(list(range(1, count + 1)), numbers={"year": [*[1999.0] * (count - 1), inf]}),
    ):
        with pytest.raises(ValueError, match=r"out of range|infinite"):
            columns.put_many(many)
    assert len(columns) == 0
