"""The promises of the store: how far the index has heard."""

import pytest
from tests.contexts.search.homes import Home

from marquee.contexts.search.stores import open_store
from marquee.kit.errors import Invalid
from marquee.kit.events import Heard


async def test_a_place_is_kept_for_each_source(home: Home) -> None:
    store = await home.store()
    assert await store.heard_up_to("catalog") == 0
    await store.hear(Heard("catalog", 7, None))
    await store.hear(Heard("reviews/2 ü", 3, None))
    assert await store.heard_up_to("catalog") == 7
    assert await store.heard_up_to("reviews/2 ü") == 3
    again = await home.store()
    assert await again.heard_up_to("catalog") == 7


async def test_a_place_goes_on_and_the_same_twice_is_once(home: Home) -> None:
    store = await home.store()
    before = store.generation
    for place in (1, 2, 2, 900_000_000_000):
        await store.hear(Heard("catalog", place, None))
    assert await store.heard_up_to("catalog") == 900_000_000_000
    assert store.generation > before


async def test_what_is_passed_over_never_goes_back(home: Home) -> None:
    store = await home.store()
    await store.pass_over("catalog", 7)
    await store.pass_over("catalog", 3)
    assert await store.heard_up_to("catalog") == 7
    await store.hear(Heard("catalog", 8, None))
    assert await store.heard_up_to("catalog") == 8


async def test_a_store_that_is_there_is_well(home: Home) -> None:
    await (await home.store()).check()


async def test_what_search_cannot_live_on_is_said_without_the_secret() -> None:
    with pytest.raises(Invalid, match="cannot live on kafka") as caught:
        await open_store("kafka://ada:secret@127.0.0.1/x")
    assert "secret" not in repr(caught.value)
