"""What a SQL database promises on every engine: together when it can, alone when one fails."""

import asyncio
import secrets
from collections.abc import AsyncIterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection
from tests.engines.things import MIGRATIONS, Sold, add, names

from marquee.engines.sql import Database, raw
from marquee.kit.errors import Conflict, Invalid, Unavailable
from marquee.kit.events import Heard
from marquee.kit.once import Once, about_to_save, once


@pytest.fixture
async def db(sql_url: str) -> AsyncIterator[Database]:
    database = await Database.open(sql_url, migrations=MIGRATIONS)
    yield database
    await database.close()


async def test_what_queues_up_is_committed_together(db: Database) -> None:
    await asyncio.gather(*(db.write(add(str(n))) for n in range(200)))
    assert sorted(await names(db), key=int) == [str(n) for n in range(200)]
    assert db.generation < 200


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plan=st.lists(st.booleans(), min_size=1, max_size=40))
def test_a_failing_write_is_undone_alone(sql_url: str, plan: list[bool]) -> None:
    async def scenario() -> None:
        db = await Database.open(sql_url, migrations=MIGRATIONS)
        mark = secrets.token_hex(4)
        results = await asyncio.gather(
            *(db.write(add(f"{mark} {n}", fail=fails)) for n, fails in enumerate(plan)),
            return_exceptions=True,
        )
        kept = [name for name in await names(db) if name.startswith(mark)]
        assert [isinstance(r, Conflict) for r in results] == plan
        assert kept == [f"{mark} {n}" for n, fails in enumerate(plan) if not fails]
        await db.close()

    asyncio.run(scenario())


async def test_a_reader_never_writes(db: Database) -> None:
    with pytest.raises(Unavailable):
        await db.read(add("x"))


async def test_events_are_told_with_the_change_or_not_at_all(db: Database) -> None:
    def sell(connection: Connection, *, fail: bool) -> None:
        add("hat")(connection)
        db.tell(connection, [Sold(thing="hat")])
        if fail:
            raise Conflict("no")

    with pytest.raises(Conflict):
        await db.write(lambda c: sell(c, fail=True))
    assert await db.last_place() == 0
    await db.write(lambda c: sell(c, fail=False))
    [sent] = await db.events_after(0, 10)
    assert (sent.key, sent.kind.rpartition(".")[2]) == ("hat", "Sold")
    assert await db.events_after(sent.place, 10) == []


async def test_an_event_is_heard_once(db: Database) -> None:
    def hear(connection: Connection, place: int) -> bool:
        return db.hear(connection, Heard("reviews", place, None))

    assert await db.write(lambda c: hear(c, 3))
    assert not await db.write(lambda c: hear(c, 3))
    assert not await db.write(lambda c: hear(c, 2))
    assert await db.write(lambda c: hear(c, 4))
    assert await db.heard_up_to("reviews") == 4
    assert await db.heard_up_to("accounts") == 0


async def test_a_place_is_not_kept_when_its_effect_fails(db: Database) -> None:
    def work(connection: Connection) -> None:
        db.hear(connection, Heard("reviews", 9, None))
        raise Conflict("no")

    with pytest.raises(Conflict):
        await db.write(work)
    assert await db.heard_up_to("reviews") == 0


async def test_a_key_is_kept_with_its_effect(db: Database) -> None:
    asked = Once("ada", "k1", "f", str)
    token = once.set(asked)
    try:
        about_to_save(42)
        await db.write(add("once"))
        await db.write(add("and more of the same request"))
    finally:
        once.reset(token)
    assert await db.find_once("ada", "k1") == ("f", "42")
    assert await db.find_once("bo", "k1") is None


async def test_a_key_used_meanwhile_undoes_the_effect(db: Database) -> None:
    for outcome in (None, Conflict):
        token = once.set(Once("ada", "k1", "f", str))
        try:
            if outcome is None:
                await db.write(add("first"))
            else:
                with pytest.raises(outcome):
                    await db.write(add("second"))
        finally:
            once.reset(token)
    assert await names(db) == ["first"]


async def test_another_scheme_is_refused() -> None:
    with pytest.raises(Invalid, match="sqlite"):
        await Database.open("oracle://x", migrations=MIGRATIONS)


async def test_tables_of_a_newer_version_are_refused(sql_url: str) -> None:
    database = await Database.open(sql_url, migrations=MIGRATIONS)
    await database.write(lambda c: raw.run(c, "UPDATE alembic_version SET version_num = '9999'"))
    await database.close()
    with pytest.raises(Unavailable, match="newer"):
        await Database.open(sql_url, migrations=MIGRATIONS)


async def test_long_and_short_changes_keep_their_order(db: Database) -> None:
    await asyncio.gather(
        *(
            (db.write_in_thread if n % 3 == 0 else db.write)(add(str(n), fail=n % 5 == 0))
            for n in range(30)
        ),
        return_exceptions=True,
    )
    assert await names(db) == [str(n) for n in range(30) if n % 5]


async def test_closing_finishes_what_was_asked_for(sql_url: str) -> None:
    db = await Database.open(sql_url, migrations=MIGRATIONS)
    asked = [asyncio.create_task(db.write(add(str(n)))) for n in range(50)]
    await asyncio.sleep(0)
    await db.close()
    assert await asyncio.gather(*asked) == [str(n) for n in range(50)]
    with pytest.raises(Unavailable, match="closing"):
        await db.write(add("late"))
