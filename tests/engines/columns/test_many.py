"""Thousands of rows come page by page in order."""

import pytest
from tests.engines.columns.naive import (
    SPEC,
    assert_same,
    in_order,
    matches,
)

from marquee.engines.columns import Columns, Row, Where


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
