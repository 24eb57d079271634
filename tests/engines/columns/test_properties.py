"""The column engine does what a plain list of rows would, however it is changed."""

from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engines.columns.naive import (
    GENRES,
    SPEC,
    TEXTS,
    assert_same,
    in_order,
    matches,
    pages,
    row,
    tally,
)

from marquee.engines.columns import Columns, Row, Where

years = st.none() | st.integers(1890, 1900) | st.sampled_from([1895.5, -40000, 2**40 + 0.5])
scores = st.none() | st.floats(0, 10) | st.sampled_from([7.3, 0.1, 7.25, -0.0, 0.0])
votes = st.none() | st.sampled_from(
    [0, 1, 2, 40_000, 2**24 + 1, 2**31 - 1, 2**53, 1e300, 0.5, 1 / 3]
)
titles = st.none() | st.sampled_from(TEXTS) | st.text(max_size=20)
ids = st.integers(1, 40) | st.sampled_from([5_000, 2**32, 2**53])
rows_ = st.builds(
    row,
    ids,
    genre=st.lists(st.sampled_from(GENRES), max_size=3),
    language=st.lists(st.text(max_size=2), max_size=1),
    year=years,
    score=scores,
    votes=votes,
    title=titles,
    person=st.lists(st.integers(1, 12) | st.sampled_from([2**33]), max_size=4),
)
groups = st.lists(
    st.lists(st.sampled_from([*GENRES, "Unheard"]), max_size=2).map(tuple), max_size=2
)
bounds = st.tuples(years, years) | st.tuples(st.none(), st.none() | st.floats(allow_nan=False))
wheres = st.builds(
    Where,
    all_of=st.fixed_dictionaries({}, optional={"genre": groups.map(tuple)}),
    between=st.fixed_dictionaries(
        {}, optional={"year": bounds, "score": st.tuples(scores, scores)}
    ),
    linked=st.fixed_dictionaries(
        {}, optional={"person": st.lists(st.integers(1, 12), max_size=2).map(tuple)}
    ),
)
sorts = st.sampled_from(list(SPEC.sorts))
puts = st.tuples(st.just("put"), st.lists(rows_, min_size=1, max_size=40))
drops = st.tuples(st.just("drop"), st.lists(ids, min_size=1, max_size=20))
asks = st.tuples(st.just("ask"), st.tuples(wheres, sorts, st.booleans(), st.integers(1, 7)))
saves = st.tuples(st.just("save"), st.just(None))
patience = settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@patience
@given(st.lists(puts | drops | asks | saves, max_size=12))
def test_whatever_happens_it_answers_as_a_list_of_rows_would(
    tmp_path: Path, happenings: list[tuple[str, Any]]
) -> None:
    columns, rows = Columns(SPEC), dict[int, Row]()
    for what, given_ in happenings:
        if what == "put":
            columns.put(given_)
            rows |= {each.id: each for each in given_}
        elif what == "drop":
            columns.drop(given_)
            rows = {id_: each for id_, each in rows.items() if id_ not in given_}
        elif what == "save":
            columns.save(tmp_path / "columns")
            columns = Columns.load(SPEC, tmp_path / "columns")
        else:
            where, sort, descending, limit = given_
            assert_same(columns, rows, where, sort, descending=descending, limit=limit)
    assert len(columns) == len(rows)
    for sort in SPEC.sorts:
        for descending in (False, True):
            assert_same(columns, rows, Where(), sort, descending=descending, limit=6)
    for name in SPEC.sets:
        assert columns.counts(name) == tally(list(rows.values()), name)
    for person in range(13):
        named = sorted(id_ for id_, each in rows.items() if person in each.links["person"])
        assert columns.linked("person", person) == named


@patience
@given(st.lists(rows_, max_size=60), wheres)
def test_a_facet_counts_what_would_match_without_its_own_filter(
    given_: list[Row], where: Where
) -> None:
    columns = Columns(SPEC)
    columns.put(given_)
    rows = {each.id: each for each in given_}
    facets = columns.facets(where, ["genre", "language"])
    for name in ("genre", "language"):
        others = {other: groups for other, groups in where.all_of.items() if other != name}
        found = matches(rows, Where(all_of=others, between=where.between, linked=where.linked))
        assert facets[name] == tally(found, name)


@patience
@given(
    st.lists(rows_, min_size=10, max_size=60),
    st.lists(rows_ | ids, max_size=20),
    sorts,
    st.booleans(),
)
def test_paging_meets_every_unchanged_row_once_while_others_change(
    given_: list[Row],
    changes: list[Row | int],
    sort: str,
    descending: bool,  # noqa: FBT001 -- hypothesis gives it by place
) -> None:
    columns = Columns(SPEC)
    columns.put(given_)
    met: list[int] = []
    coming = iter(changes)
    for page in pages(columns, Where(), sort, 3, descending=descending):
        met += page.ids
        change = next(coming, None)
        if isinstance(change, Row):
            columns.put([change])
        elif change is not None:
            columns.drop([change])
    touched = {change.id if isinstance(change, Row) else change for change in changes}
    still = {each.id: each for each in given_ if each.id not in touched}
    assert [id_ for id_ in met if id_ in still] == in_order(
        list(still.values()), sort, descending=descending
    )
