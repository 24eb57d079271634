"""What every store promises that is carried out and in, on every engine it can live on."""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import msgspec
import pytest
from tests.contexts.catalog.house import open_on
from tests.real import on

from marquee.app.settings import Settings
from marquee.contexts.accounts.stores import open_store as open_accounts
from marquee.contexts.catalog.stores import open_store as open_catalog
from marquee.kit.errors import Conflict
from marquee.kit.moving import Item, Portable

ENGINES = on("sqlite", "postgresql", "mariadb", "mongodb")
MANY = 1_000


@pytest.fixture
async def full(source: Settings) -> AsyncIterator[Portable]:
    """The club's catalog, in its file."""
    store = await open_catalog(f"sqlite:///{source.data / 'catalog.db'}")
    yield store.portable
    await store.close()


@pytest.fixture(params=ENGINES)
async def empty(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Portable]:
    async with open_on(request.param, tmp_path) as store:
        yield store.portable


async def everything(portable: Portable) -> dict[str, Sequence[Item]]:
    return {kind: await portable.carry_out(kind, "", MANY) for kind in portable.kinds}


async def filled(there: Portable, here: Portable, move: str = "one") -> None:
    for kind, items in (await everything(there)).items():
        await here.carry_in(kind, items, move=move, total=len(items))


async def test_what_was_carried_in_is_carried_out_byte_by_byte(
    full: Portable, empty: Portable
) -> None:
    assert not any([await empty.count(kind) for kind in empty.kinds])
    await filled(full, empty)
    assert await everything(empty) == await everything(full)
    for kind in full.kinds:
        assert await empty.count(kind) == await full.count(kind) == await empty.carried(kind, "one")


async def test_a_batch_that_is_carried_in_twice_is_there_once(
    full: Portable, empty: Portable
) -> None:
    await filled(full, empty)
    await filled(full, empty)
    assert await everything(empty) == await everything(full)


async def test_what_another_move_has_brought_is_in_the_way(full: Portable, empty: Portable) -> None:
    await filled(full, empty)
    movies = await full.carry_out("movies", "", MANY)
    with pytest.raises(Conflict):
        await empty.carry_in("movies", movies, move="two", total=len(movies))
    assert await empty.carried("movies", "two") == 0


async def test_it_is_carried_out_page_by_page_in_the_order_of_keys(
    full: Portable, empty: Portable
) -> None:
    await filled(full, empty)
    for portable in (full, empty):
        keys, after = [], ""
        while page := await portable.carry_out("people", after, 2):
            assert len(page) <= 2
            keys += [int(one.key) for one in page]
            after = page[-1].key
        assert keys == sorted(set(keys))
        assert len(keys) == await portable.count("people")


async def test_times_keep_their_microseconds(full: Portable, empty: Portable) -> None:
    movie = (await full.carry_out("movies", "", 1))[0]
    told = msgspec.json.decode(movie.body)
    told["movie"]["updated_at"] = "2026-01-02T03:04:05.678901Z"
    odd = Item(movie.key, msgspec.json.Encoder(order="sorted").encode(told))
    await empty.carry_in("movies", [odd], move="one", total=1)
    assert await empty.carry_out("movies", "", 1) == [odd]


async def test_rows_of_several_keys_go_on_where_a_page_ended(sql_url: str) -> None:
    store = await open_accounts(sql_url)
    portable = store.portable
    names = [f"{n:026}" for n in range(3)]
    await portable.carry_in("accounts", [an_account(one) for one in names], move="m", total=3)
    marks = [a_place(one, mark) for one in names for mark in ("A", "a", "Ω")]
    await portable.carry_in("places", marks, move="m", total=9)
    found: list[Item] = []
    while page := await portable.carry_out("places", found[-1].key if found else "", 2):
        found += page
    await store.close()
    assert [one.body for one in found] == [one.body for one in marks]


def an_account(account: str) -> Item:
    texts = ("username", "folded", "look", "email", "folded_email", "password_hash", "bio")
    row = dict.fromkeys(texts, account) | {
        "id": account,
        "display_name": "Ünïçødé 🎬 ",
        "role": "regular",
        "is_active": True,
        "epoch": 1,
        "preferences": "{}",
        "created_at": "2026-01-02T03:04:05.678901Z",
        "version": 7,
    }
    return Item(account, msgspec.json.encode(row))


def a_place(account: str, mark: str) -> Item:
    row = {"account_id": account, "mark": mark, "seen_at": "2026-01-02T03:04:05.678901Z"}
    return Item(mark, msgspec.json.encode(row))
