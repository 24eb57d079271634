"""Rows enough that the walk, the pick and the merge all take part."""

import pytest
from tests.engines.columns.naive import (
    GENRES,
    SPEC,
    row,
)

from marquee.engines.columns import Columns, Row, Where


@pytest.fixture(scope="module")
def many() -> tuple[Columns, dict[int, Row]]:
    """Thousands of rows, so that the walk, the pick and the merge all take part."""
    rows = {
        id_: row(
            id_,
            genre=[GENRES[id_ % 3]] + (["War"] if id_ % 501 == 0 else []),
            language=["en" if id_ % 7 else "cy"],
            year=1900 + id_ * 7919 % 120 if id_ % 11 else None,
            score=id_ * 31 % 101 / 10 if id_ % 13 else None,
            votes=0 if id_ % 5 else id_ * 7919 % 100_003,
            title=f"{'the same beginning of ' * (id_ % 3)}{id_ * 7919 % 5_003}",
            person=[id_ % 997 + 1, 2000 + id_ % 3],
        )
        for id_ in range(1, 20_001)
    }
    columns = Columns(SPEC)
    coming = sorted(rows, key=lambda id_: id_ * 7919 % 20_011)
    for start in range(0, 20_000, 3000):
        columns.put([rows[id_] for id_ in coming[start : start + 3000]])
        columns.page(Where(), sort="title", descending=False, limit=1)
    return columns, rows
