"""Counts of broad questions, kept and corrected."""

from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contexts.search.fakes import an_entry

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.ports import Filters
from marquee.contexts.search.stores.tallies import MOST, Tallies
from marquee.contexts.search.stores.tantivy import index as on_tantivy
from marquee.contexts.search.stores.tantivy.index import TantivySearchIndex

TH = Asked.of("th")


@pytest.fixture
def everything_is_broad(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(on_tantivy, "BROAD", 0)


def test_the_least_used_are_forgotten_first() -> None:
    tallies = Tallies()
    empty: dict[str, dict[str, int]] = {"kind": {}, "genre": {}, "decade": {}, "platform": {}}
    for n in range(MOST + 20):
        tallies.keep(Asked.of(f"q{n}"), {}, empty)
        assert tallies.get(Asked.of("q0"), {}) is not None
    assert tallies.get(Asked.of("q1"), {}) is None
    assert tallies.get(Asked.of(f"q{MOST + 19}"), {}) is not None


def test_what_is_given_out_can_be_changed_without_harm() -> None:
    tallies = Tallies()
    tallies.keep(TH, {}, {"kind": {"movie": 1}, "genre": {}, "decade": {}, "platform": {}})
    got = tallies.get(TH, {})
    assert got is not None
    got["kind"]["movie"] = 7
    assert tallies.get(TH, {}) != got


CHANGES = st.lists(
    st.tuples(
        st.integers(1, 6),
        st.sampled_from(["The Thing", "Thor", "Others", "Alien", ""]),
        st.sampled_from([(), ("Drama",), ("War", "Drama")]),
        st.sampled_from([None, 1979, 1985]),
    ),
    max_size=12,
)


@pytest.mark.usefixtures("everything_is_broad")
@settings(max_examples=25, deadline=None)
@given(CHANGES, st.lists(st.sampled_from(["th", "the", "thor", "o"]), min_size=1, max_size=3))
async def test_kept_counts_stay_those_of_an_index_that_counts_anew(
    folder: Path,
    changes: list[tuple[int, str, tuple[str, ...], int | None]],
    questions: list[str],
) -> None:
    index = await TantivySearchIndex.open(Path(mkdtemp(dir=folder)))
    wanted = [Filters(), Filters({"genre": ("Drama",)}), Filters({"kind": ("movie",)})]

    async def answers() -> list[tuple[int, object]]:
        found = [
            await index.find(Asked.of(q), filters, most=1) for q in questions for filters in wanted
        ]
        return [(one.total, one.facets) for one in found]

    await answers()
    for id_, name, genres, year in changes:
        fresh: list[Entry] = [an_entry(id_, name, genres=genres, year=year)] if name else []
        await index.put(fresh, [] if fresh else [f"movie:{id_}"])
        kept = await answers()
        index._tallies.forget()
        assert kept == await answers()
