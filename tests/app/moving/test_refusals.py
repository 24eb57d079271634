"""What a move refuses, before anything is lost anywhere."""

import shutil
import sqlite3
from collections.abc import AsyncIterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.app.moving.club import a_club, a_film, moved
from tests.engines.own_redis import a_database as a_redis
from tests.mongo import a_database as a_mongo
from tests.real import fresh
from tests.topics import topics

from marquee.app.folder import UNFINISHED, Folder
from marquee.app.moving import copying
from marquee.app.moving.move import Plan, move
from marquee.app.parked.local import LocalParking
from marquee.app.parked.model import ParkedMessage
from marquee.app.serving import opened
from marquee.app.settings import Settings
from marquee.engines.bus.kafka import FOR_A_WHILE, Kafka
from marquee.engines.sql.carrying import Cargo
from marquee.kit.errors import Conflict, Invalid, MarqueeError, OutOfSpace, Unavailable
from marquee.kit.moving import Item


@pytest.fixture
def target(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "new", starter=False)


def at(settings: Settings, **urls: str) -> Settings:
    return replace(settings, of_contexts=urls)


def run(path: Path, sql: str) -> None:
    with closing(sqlite3.connect(path)) as one, one:
        one.execute(sql)


async def refused(
    source: Settings, target: Settings, *words: str, as_: type[MarqueeError] = Conflict
) -> None:
    with pytest.raises(as_) as told:
        await moved(source, target)
    assert [word for word in words if word not in told.value.detail] == [], told.value.detail


async def test_source_and_target_that_are_the_same(source: Settings) -> None:
    await refused(source, source, "Source and target have the same accounts")


async def test_a_target_with_only_one_store_of_the_source(
    source: Settings, target: Settings
) -> None:
    shared = at(target, reviews_url=f"sqlite:///{source.data}/../old/reviews.db")
    await refused(source, shared, "the same reviews")


async def test_a_target_that_holds_another_instance(source: Settings, target: Settings) -> None:
    async with a_club(target) as club:
        await club.merge(a_film("Nostalgia", 1983))
    await refused(source, target, "holds 1 movies, none from this move")


async def test_a_target_that_others_have_signed_in_to(source: Settings, target: Settings) -> None:
    async with a_club(target):
        pass
    shutil.copy(source.data / "auth.db", target.data)
    await refused(source, target, "The target's auth has been in use")


async def test_a_target_that_was_used_after_the_move(source: Settings, target: Settings) -> None:
    await moved(source, target)
    async with a_club(target) as club:
        await club.merge(a_film("Nostalgia", 1983))
    await refused(source, target, "4 movies, 3 of them from this move")


async def test_a_source_that_does_not_exist_and_is_not_made(
    target: Settings, tmp_path: Path
) -> None:
    nowhere = Settings(data=tmp_path / "nowhere")
    await refused(nowhere, target, "is not there", as_=Invalid)
    assert not nowhere.data.exists()
    assert not target.data.exists()


async def test_a_source_with_nothing_in_it(target: Settings, tmp_path: Path) -> None:
    empty = Settings(data=tmp_path / "empty", starter=False)
    async with opened(empty):
        pass
    await refused(empty, target, "nothing to move", as_=Invalid)


async def test_a_source_or_target_that_is_being_served(source: Settings, target: Settings) -> None:
    for settings in (source, target):
        folder = Folder.own(settings.data)
        try:
            await refused(source, target, "in use by process", "Stop it first")
        finally:
            folder.leave()
    await moved(source, target)


async def test_events_that_a_listener_has_yet_to_hear(source: Settings, target: Settings) -> None:
    run(source.data / "catalog.db", "UPDATE inbox SET place = 0 WHERE source = 'reviews'")
    await refused(source, target, "catalog has yet to hear", "of reviews", "Serve the source")


async def test_a_parked_message_of_a_store_that_is_copied(
    source: Settings, target: Settings
) -> None:
    parking = LocalParking(source.data / "parked.db")
    kind, now = "reviews.ReviewPosted", datetime.now(UTC)
    await parking.park(ParkedMessage("x", "catalog", "reviews", 9, kind, "k", "{}", "why", 5, now))
    await parking.close()
    await refused(source, target, "1 messages are parked")


async def test_whoever_says_no_has_moved_nothing(source: Settings, target: Settings) -> None:
    asked: list[Plan] = []

    def no(plan: Plan) -> None:
        asked.append(plan)
        raise Invalid("no")

    with pytest.raises(Invalid):
        await move(source, target, no)
    assert asked[0].counts["catalog", "movies"] == 3
    assert not any(asked[0].brought.values())
    async with a_club(target) as club:
        assert (await club.ask("GET", "/api/v1/movies"))["items"] == []


async def test_a_copy_with_something_missing(
    source: Settings, target: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Cargo.carry_in

    async def losing(
        self: Cargo, kind: str, items: Sequence[Item], *, move: str, total: int
    ) -> None:
        await honest(self, kind, items[1:] if kind == "reviews" else items, move=move, total=total)

    monkeypatch.setattr(Cargo, "carry_in", losing)
    await refused(source, target, "3 reviews were sent, 2 are there")
    assert (target.data / UNFINISHED).exists()


async def test_a_copy_that_is_not_the_same(
    source: Settings, target: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = Cargo.carry_in

    async def forging(
        self: Cargo, kind: str, items: Sequence[Item], *, move: str, total: int
    ) -> None:
        forged = [Item(one.key, one.body.replace(b'"hush"', b'"hash"')) for one in items]
        await honest(self, kind, forged, move=move, total=total)

    monkeypatch.setattr(Cargo, "carry_in", forging)
    await refused(source, target, "reviews differs", "they are not the same")


async def test_a_source_that_changes_meanwhile(
    source: Settings, target: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = copying.copied

    async def meanwhile(*given: Any, **more: Any) -> Any:
        sql = "INSERT INTO outbox (id, kind, key, at, body) VALUES ('i', 'k', 'k', 'a', '{}')"
        run(source.data / "accounts.db", sql)
        return await honest(*given, **more)

    monkeypatch.setattr("marquee.app.moving.move.copied", meanwhile)
    await refused(source, target, "The source has changed meanwhile")


async def test_a_target_half_filled_before_its_source_changed(
    source: Settings, target: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    await half(source, target, monkeypatch)
    async with a_club(source) as club:
        await club.merge(a_film("Nostalgia", 1983))
    await refused(source, target, "none from this move", "only while its source is as it was")


async def half(source: Settings, target: Settings, patched: pytest.MonkeyPatch) -> None:
    """The disk is full when reviews are to be written, and is not later on."""

    async def full(*_given: Any, **_more: Any) -> None:
        raise OutOfSpace("The disk is full. This change was not made.")

    with patched.context() as here:
        here.setattr(Cargo, "carry_in", wholly_but_reviews(Cargo.carry_in, full))
        await refused(source, target, "The disk is full", "move again to go on", as_=OutOfSpace)


def wholly_but_reviews(honest: Any, full: Any) -> Any:
    async def carry_in(self: Cargo, kind: str, items: Any, **more: Any) -> None:
        await (full if kind == "reviews" else honest)(self, kind, items, **more)

    return carry_in


async def test_a_move_that_found_the_disk_full_goes_on_and_nobody_serves_it_before(
    source: Settings, target: Settings, monkeypatch: pytest.MonkeyPatch, before: dict[str, Any]
) -> None:
    await half(source, target, monkeypatch)
    with pytest.raises(Unavailable, match="has not ended"):
        Folder.own(target.data)
    await moved(source, target)
    Folder.own(target.data).leave()
    async with a_club(target) as club:
        assert await club.answers() == before["answers"]


async def test_an_engine_that_is_away(source: Settings, target: Settings) -> None:
    away = at(target, reviews_url="redis://127.0.0.1:1/0")
    await refused(source, away, "The target's reviews", "cannot live on redis", as_=Invalid)
    for context, url in {
        "accounts": "postgresql://ann:hush@127.0.0.1:1/x",
        "catalog": "mongodb://ann:hush@127.0.0.1:1/x",
        "reviews": "mysql://ann:hush@127.0.0.1:1/x",
        "auth": "redis://ann:hush@127.0.0.1:1/0",
        "search": "opensearch://ann:hush@127.0.0.1:1/x",
    }.items():
        with pytest.raises(Unavailable) as told:
            await moved(source, at(target, **{f"{context}_url": url}))
        assert told.value.detail.startswith(f"The target's {context}: ")
        assert "hush" not in told.value.detail


@pytest.fixture
async def kafka() -> AsyncIterator[str]:
    async with topics() as url:
        yield url


@pytest.mark.engine
async def test_a_topic_of_the_target_that_holds_events(
    source: Settings, target: Settings, kafka: str
) -> None:
    broker = await Kafka.open(kafka)
    topic = await broker.make("catalog", settings=FOR_A_WHILE)
    await broker.send(topic, [("k", b"{}", [])])
    await broker.close()
    named = replace(target, events_url=kafka)
    await refused(source, named, f"The topic {topic} of the target holds events already")


@pytest.mark.engine
async def test_a_topic_that_is_empty_is_no_hindrance(
    source: Settings, target: Settings, kafka: str
) -> None:
    broker = await Kafka.open(kafka)
    await broker.make("catalog", settings=FOR_A_WHILE)
    await broker.close()
    await moved(source, replace(target, events_url=kafka))


@pytest.mark.engine
async def test_a_wrong_password(source: Settings, target: Settings, tmp_path: Path) -> None:
    with fresh("postgresql", tmp_path) as url:
        name = url.rpartition("@")[2]
        wrong = at(target, accounts_url=f"postgresql://marquee:hush@{name}")
        with pytest.raises(Unavailable) as told:
            await moved(source, wrong)
    assert told.value.detail.startswith("The target's accounts: ")
    assert "hush" not in told.value.detail


@pytest.mark.engine
async def test_an_engine_that_holds_what_is_not_ours(source: Settings, target: Settings) -> None:
    async with a_mongo() as url:
        await moved(source, at(target, catalog_url=url))
        another = at(replace(target, data=target.data / "more"), catalog_url=url)
        held = replace(source, data=source.data.parent / "other")
        shutil.copytree(source.data, held.data)
        await refused(held, another, "none from this move")
    with a_redis() as sessions:
        both = at(replace(target, data=target.data / "most"), auth_url=sessions)
        async with a_club(both) as club:
            await club.join("eve")
        others = replace(both, data=target.data / "last")
        await refused(source, others, "The target's auth has been in use")
