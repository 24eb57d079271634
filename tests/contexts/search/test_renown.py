"""The best known of what many answer to: looked for among those of renown first."""

from pathlib import Path

import pytest
from tests.contexts.search.fakes import an_entry

from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.stores import queries
from marquee.contexts.search.stores.tantivy import looking
from marquee.contexts.search.stores.tantivy.documents import RENOWN
from marquee.contexts.search.stores.tantivy.index import TantivySearchIndex

ALIKE = queries.as_typed(Asked.of("alike"))
KNOWN = [n * 0.35 for n in range(1, 201)]


@pytest.mark.parametrize("most", [1, 5, 40, 150, 300])
async def test_they_are_the_same_as_if_all_had_been_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    index = await TantivySearchIndex.open(tmp_path)
    await index.put([an_entry(n, "Alike", popularity=one) for n, one in enumerate(KNOWN, 1)], ())
    view = index._view()
    way = view.way(ALIKE)
    plain = looking.best(view, way, most)
    monkeypatch.setattr(looking, "MANY", 0)
    by_renown = looking.best(view, way, most)
    assert list(by_renown.places) == list(plain.places)
    assert by_renown.is_all == (most > len(KNOWN))


async def test_whoever_took_a_step_took_those_before(tmp_path: Path) -> None:
    index = await TantivySearchIndex.open(tmp_path)
    await index.put([an_entry(n, "Alike", popularity=one) for n, one in enumerate(KNOWN, 1)], ())
    view = index._view()
    sizes = [view.term("renown", str(step)).size for step in range(1, len(RENOWN) + 1)]
    assert sizes == [sum(one >= least for one in KNOWN) for least in RENOWN]
