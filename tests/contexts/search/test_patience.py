"""How long search waits for the catalog where nobody waits for search."""

import pytest

from marquee.contexts.catalog.contract import Catalog
from marquee.kit.calls import SECONDS, terms_of


@pytest.mark.parametrize("name", ["documents", "people", "movie_ids", "person_ids"])
def test_a_catalog_under_load_has_longer_for_a_page_of_the_index_than_for_a_reader(
    name: str,
) -> None:
    terms = terms_of(getattr(Catalog, name))
    assert terms.is_safe
    assert terms.seconds >= 10 * SECONDS
    assert terms_of(Catalog.movies).seconds == SECONDS
