"""What random small rows seldom reach: crowded labels, many bounds, wide lanes, sparse ids."""

from pathlib import Path

import pytest
from tests.engines.columns.naive import (
    SPEC,
    assert_same,
    row,
)

from marquee.engines.columns import Columns, Found, Row, Spec, Where


def test_texts_put_between_two_neighbors_again_and_again_stay_in_order() -> None:
    columns = Columns(SPEC)
    columns.put([row(1, title="a"), row(2, title="b")])
    for id_ in range(3, 100):
        columns.put([row(id_, title="a" * id_)])
        columns.put([row(1000 - id_, title="a" + "c" * id_)])
    found = columns.page(Where(), sort="title", descending=False, limit=500).ids
    assert found == [1, *range(3, 100), *range(997, 900, -1), 2]


def test_a_batch_of_texts_finds_its_places_among_many() -> None:
    columns, rows = Columns(SPEC), {id_: row(id_, title=f"m{id_:05}") for id_ in range(1, 3001)}
    columns.put(rows.values())
    columns.settle()
    for turn in range(10):
        start = 5000 + turn * 100
        batch = [
            row(id_, title=f"m01500{'5' * turn}{start + 99 - id_}")
            for id_ in range(start, start + 100)
        ]
        columns.put(batch)
        rows |= {each.id: each for each in batch}
        assert_same(columns, rows, Where(), "title", descending=False, limit=500)


def test_texts_that_are_replaced_do_not_pile_up(tmp_path: Path) -> None:
    columns = Columns(SPEC)
    for turn in range(40):
        columns.put([row(id_, title=f"{turn} {id_} {'x' * 200}") for id_ in range(1, 500)])
    columns.save(tmp_path / "columns")
    assert (tmp_path / "columns").stat().st_size < 10 * 500 * 200
    found = columns.page(Where(), sort="title", descending=False, limit=2)
    assert found.ids == [1, 10]
    assert found.last == (f"39 10 {'x' * 200}", 10)


def test_many_bounds_are_asked_for_and_each_answers_exactly() -> None:
    columns = Columns(Spec(ranges={"score": (0, 1, 0.5)}, sorts={"score": "number"}))
    columns.put([Row(id=id_, numbers={"score": id_ / 100}) for id_ in range(1, 201)])
    for low in range(1, 200):
        where = Where(between={"score": (low / 100, (low + 1) / 100)})
        columns.put([Row(id=low, numbers={"score": low / 100 + 0.005})])
        found = columns.page(where, sort="score", descending=False, limit=9)
        assert (found.ids, found.total) == ([low, low + 1], 2)


def test_a_bound_asked_for_again_knows_what_changed() -> None:
    columns = Columns(Spec(ranges={"score": (0, 1, 0.1)}, sorts={"score": "number"}))
    columns.put([Row(id=id_, numbers={"score": 0.5}) for id_ in range(1, 100)])
    high = Where(between={"score": (0.6, 0.8)})
    for id_, score, expected in (
        (7, 0.6, [7]),
        (70, 0.8, [7, 70]),
        (7, None, [70]),
        (70, 0.59, []),
    ):
        columns.put([Row(id=id_, numbers={"score": score})])
        assert columns.page(high, sort="score", descending=False, limit=9).ids == expected
    columns.put([Row(id=id_, numbers={"score": 0.7 if id_ < 4 else 0.1}) for id_ in range(1, 100)])
    assert columns.page(high, sort="score", descending=False, limit=9).ids == [1, 2, 3]


def test_numbers_are_kept_exactly_when_others_are_of_another_kind() -> None:
    columns = Columns(SPEC)
    columns.put([row(1, votes=2**24 + 1), row(2, votes=2**24)])
    for id_, votes, expected in (
        (3, 0.5, [3, 2, 1]),
        (4, 2**40, [3, 2, 1, 4]),
        (5, 0.1, [5, 3, 2, 1, 4]),
    ):
        columns.put([row(id_, votes=votes)])
        assert columns.page(Where(), sort="votes", descending=False, limit=9).ids == expected
    after = columns.page(Where(), sort="votes", descending=False, limit=4).last
    assert after == (2**24 + 1, 1)


def test_sparse_ids_are_found_again_after_the_table_has_grown() -> None:
    columns = Columns(SPEC)
    columns.put([row(id_) for id_ in (5000, 9000, 2**50)])
    columns.put([row(id_) for id_ in range(1, 4000)])
    columns.put([row(8000)])
    columns.drop([9000])
    columns.put([row(5000), row(2**50)])
    assert len(columns) == 3999 + 3
    assert [id_ in columns for id_ in (5000, 9000, 2**50, 2**49)] == [True, False, True, False]


def test_a_bound_is_not_rounded_to_how_numbers_are_kept() -> None:
    columns = Columns(Spec(ranges={"score": (0, 10, 0.1)}, sorts={"score": "number"}))
    nearly = 8.2 - 2**-21
    columns.put(
        [Row(id=1, numbers={"score": 8.199999809265137}), Row(id=2, numbers={"score": 8.25})]
    )
    for low, ids in ((8.2, [2]), (nearly, [1, 2]), (8.199999809265137, [1, 2]), (8.25, [2])):
        where = Where(between={"score": (low, None)})
        assert columns.page(where, sort="score", descending=False, limit=9).ids == ids


def test_links_of_very_many_rows_are_merged_and_still_change() -> None:
    columns = Columns(Spec(links=("person",), sorts={"n": "number"}))
    columns.put(
        [Row(id=id_, links={"person": [id_ % 100, 100 + id_ % 7]}) for id_ in range(1, 70_001)]
    )
    columns.put([Row(id=500, links={"person": [3]}), Row(id=7, links={"person": [107]})])
    columns.drop([1000])
    columns.put([Row(id=80_000, links={"person": [0]})])
    hundreds = [id_ for id_ in range(100, 70_001, 100) if id_ not in {500, 1000}]
    assert columns.linked("person", 0) == [*hundreds, 80_000]
    columns.settle()
    assert columns.linked("person", 0) == [*hundreds, 80_000]
    assert columns.linked("person", 107) == [7]


def test_a_bad_value_leaves_everything_as_it_was() -> None:
    columns = Columns(SPEC)
    columns.put([row(1, score=5)])
    for bad in ([row(1, score=6), row(2, score=float("inf"))], [row(0, score=6)], [row(2**53 + 1)]):
        with pytest.raises(ValueError, match=r"infinite|out of range"):
            columns.put(bad)
        with pytest.raises(ValueError, match=r"infinite|out of range"):
            columns.put([*(row(id_) for id_ in range(10, 40)), *bad])
    assert columns.page(Where(), sort="score", descending=True, limit=9).last is None
    assert len(columns) == 1
    assert columns.page(
        Where(between={"score": (5, 5)}), sort="score", descending=True, limit=9
    ).ids == [1]


def test_what_is_not_a_number_is_not_known() -> None:
    columns = Columns(SPEC)
    columns.put([row(1, score=float("nan")), row(2, score=1)])
    columns.put([row(id_, score=float("nan")) for id_ in range(3, 30)])
    assert columns.page(
        Where(between={"score": (0, None)}), sort="score", descending=True, limit=9
    ).ids == [2]


def test_a_question_that_makes_no_sense_is_refused() -> None:
    columns = Columns(SPEC)
    columns.put([row(1, score=5, title="a")])
    for where in (
        Where(all_of={"x": ()}),
        Where(between={"votes": (1, 2)}),
        Where(linked={"x": (1,)}),
    ):
        with pytest.raises(KeyError):
            columns.page(where, sort="score", descending=False, limit=1)
    with pytest.raises(KeyError):
        columns.page(Where(), sort="x", descending=False, limit=1)
    for bound in (float("nan"), 10**400):
        with pytest.raises(ValueError, match="not a number"):
            columns.page(
                Where(between={"score": (bound, 2)}), sort="score", descending=False, limit=1
            )
    for sort, key in (("score", "a"), ("score", float("nan")), ("year", 10**400), ("title", 1.0)):
        with pytest.raises(ValueError, match="cursor"):
            columns.page(Where(), sort=sort, descending=False, limit=1, after=(key, 1))
    with pytest.raises(ValueError, match="range"):
        Columns(Spec(ranges={"title": (0, 1, 1)}, sorts={"title": "text"}))


def test_a_cursor_beyond_what_a_column_holds_still_meets_the_unknown() -> None:
    columns = Columns(SPEC)
    columns.put([row(1, year=1900), row(2, year=None)])
    assert columns.page(Where(), sort="year", descending=False, limit=1, after=(1e9, 7)).ids == [2]
    assert columns.page(Where(), sort="year", descending=True, limit=2, after=(1e9, 7)).ids == [
        1,
        2,
    ]


def test_a_page_of_nothing_still_counts() -> None:
    columns = Columns(SPEC)
    assert columns.page(Where(), sort="year", descending=False, limit=3) == Found([], 0, None)
    columns.put([row(1, year=1900)])
    assert columns.page(Where(), sort="year", descending=False, limit=0) == Found([], 1, None)
