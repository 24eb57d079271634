"""F2: what was acknowledged survives a power cut at any moment."""

import asyncio
import json
import random
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.reliability import figures
from tests.reliability.recorder import MODELS, Said, Step, after_power_cut, recording

from marquee.contexts.reviews.events import ReviewChanged, ReviewDeleted, ReviewPosted
from marquee.contexts.reviews.model import Author, Review
from marquee.contexts.reviews.stores import open_store
from marquee.engines.sql import sqlite
from marquee.kit.errors import Unavailable
from marquee.kit.ids import new_id

WRITERS = 8
WRITES = 12
CUTS_OF_A_RECORDING = 40
NOW = datetime(2026, 1, 1, tzinfo=UTC)
CHECKPOINT_OFTEN = "PRAGMA wal_autocheckpoint=60"


@dataclass
class Verdict:
    """What was found over many cuts."""

    cuts: int = 0
    acknowledged: int = 0
    lost: int = 0
    unexpected: int = 0
    mismatched: int = 0
    corrupt: int = 0
    in_doubt: int = 0
    recovered: int = 0


@dataclass
class Known:
    """One review as its author knows it: the states asked for, and how many were acknowledged."""

    states: list[Any] = field(default_factory=list)
    told: int = 0


async def write_reviews(folder: Path, seed: int) -> Sequence[Step]:
    """A busy store with its group commits and checkpoints, as the disk saw it."""
    rng = random.Random(seed)
    with recording(folder) as recorder:
        store = await open_store(f"sqlite:///{folder}/reviews.db")

        async def writer(number: int) -> None:
            standing: dict[str, Review] = {}
            for turn in range(WRITES):
                if standing and rng.random() < 0.35:
                    review = rng.choice(list(standing.values()))
                    del standing[review.id]
                    gone = rng.random() < 0.3
                    changed = None if gone else replace(review, rating=rng.randint(1, 10))
                    state = None if changed is None else changed.rating
                    recorder.said("tried", review.id, state)
                    await store.change(review.id, changing(changed))
                    recorder.said("told", review.id, state)
                else:
                    changed = a_review(f"{number}-{turn}", number, rng)
                    recorder.said("tried", changed.id, changed.rating)
                    await store.add(changed, [posted(changed)])
                    recorder.said("told", changed.id, changed.rating)
                if changed is not None:
                    standing[changed.id] = changed

        await asyncio.gather(*(writer(number) for number in range(WRITERS)))
        steps = list(recorder.steps)
        await store.close()
    return steps


def a_review(movie_id: str, number: int, rng: random.Random) -> Review:
    text = "x" * rng.randrange(50, 6000)
    return Review(
        id=new_id(),
        movie_id=movie_id,
        author=Author(f"author-{number}", f"writer{number}", f"Writer {number}"),
        rating=rng.randint(1, 10),
        text=text,
        html=text,
        has_spoilers=False,
        active=True,
        created_at=NOW,
        updated_at=NOW,
        version=1,
    )


def posted(review: Review) -> ReviewPosted:
    return ReviewPosted(
        review_id=review.id,
        movie_id=review.movie_id,
        author_id=review.author.id,
        rating=review.rating,
    )


def changing(changed: Review | None) -> Any:
    def change(before: Review) -> tuple[Review | None, Sequence[Any]]:
        about: dict[str, Any] = {
            "review_id": before.id,
            "movie_id": before.movie_id,
            "author_id": before.author.id,
        }
        if changed is None:
            return None, [ReviewDeleted(**about, rating=before.rating, was_active=True)]
        told = ReviewChanged(
            **about, previous_rating=before.rating, rating=changed.rating, is_active=True
        )
        return changed, [told]

    return change


def judge(
    steps: Sequence[Step], cut: int, files: dict[str, bytes], at: Path, all_: Verdict
) -> None:
    """Compare what is found after the cut with what callers had been told before it."""
    for name, raw in files.items():
        (at / Path(name).name).write_bytes(raw)
    known = ledger(steps[:cut])
    found, told, is_sound = reopened(at / "reviews.db")
    all_.cuts += 1
    all_.corrupt += not is_sound
    all_.mismatched += found != told
    all_.unexpected += len(found.keys() - known.keys())
    for review_id, one in known.items():
        all_.acknowledged += one.told
        all_.in_doubt += len(one.states) - one.told
        state = found.get(review_id)
        possible = one.states[max(0, one.told - 1) :]
        if state not in possible and not (state is None and not one.told):
            all_.lost += 1
        elif len(one.states) > one.told and state == one.states[-1]:
            all_.recovered += 1
    for path in at.iterdir():
        path.unlink()


def ledger(steps: Sequence[Step]) -> dict[str, Known]:
    known: dict[str, Known] = {}
    for step in steps:
        if isinstance(step, Said):
            one = known.setdefault(step.key, Known())
            if step.what == "tried":
                one.states.append(step.state)
            else:
                one.told = len(one.states)
    return known


def reopened(path: Path) -> tuple[dict[str, int], dict[str, int], bool]:
    """The reviews' ratings, the same by the events of the outbox, and whether the file is whole."""
    connection = sqlite3.connect(path)
    try:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_schema")}
        is_sound = connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if not {"reviews", "outbox"} <= tables:
            return {}, {}, is_sound
        found = dict(connection.execute("SELECT id, rating FROM reviews"))
        told: dict[str, int] = {}
        for kind, body in connection.execute("SELECT kind, body FROM outbox ORDER BY place"):
            event = json.loads(body)
            if kind == "reviews.ReviewDeleted":
                told.pop(event["review_id"], None)
            else:
                told[event["review_id"]] = event["rating"]
    except sqlite3.DatabaseError:
        return {}, {}, False
    finally:
        connection.close()
    return found, told, is_sound


async def cut_the_power(tmp_path: Path, seeds: int) -> Verdict:
    verdict = Verdict()
    steps: Sequence[Step] = ()
    at = tmp_path / "found"
    at.mkdir()
    for seed in range(seeds):
        if seed % CUTS_OF_A_RECORDING == 0:
            folder = tmp_path / f"recording-{seed}"
            folder.mkdir()
            steps = await write_reviews(folder, seed)
        rng = random.Random(seed)
        cut = rng.randrange(1, len(steps) + 1)
        for model in MODELS:
            judge(steps, cut, after_power_cut(steps, cut, model, rng), at, verdict)
    return verdict


@pytest.fixture(autouse=True)
def _often(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that cuts fall into checkpoints, too, and not into the log alone."""
    monkeypatch.setattr(sqlite, "PRAGMAS", (*sqlite.PRAGMAS, CHECKPOINT_OFTEN))


async def test_nothing_acknowledged_is_lost_when_the_power_goes(tmp_path: Path) -> None:
    verdict = await cut_the_power(tmp_path, figures.sized(20, 1000))
    figures.keep("F2", full=vars(verdict), models=MODELS)
    assert verdict.acknowledged > 0
    assert verdict.in_doubt > 0
    assert (verdict.lost, verdict.unexpected, verdict.mismatched, verdict.corrupt) == (0, 0, 0, 0)


async def test_a_store_that_does_not_sync_each_commit_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same test must see what `synchronous=NORMAL` loses."""
    weak = tuple(pragma.replace("FULL", "NORMAL") for pragma in sqlite.PRAGMAS)
    monkeypatch.setattr(sqlite, "PRAGMAS", weak)
    monkeypatch.setattr(sqlite, "SYNCHRONOUS_FULL", 1)
    verdict = await cut_the_power(tmp_path, figures.sized(20, 200))
    figures.keep("F2", normal=vars(verdict))
    assert verdict.lost > 0


async def test_a_store_that_does_not_sync_each_commit_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    weak = tuple(pragma.replace("FULL", "NORMAL") for pragma in sqlite.PRAGMAS)
    monkeypatch.setattr(sqlite, "PRAGMAS", weak)
    store = await open_store(f"sqlite:///{tmp_path}/reviews.db")
    review = a_review("1", 1, random.Random(1))
    with pytest.raises(Unavailable, match="FULL"):
        await store.add(review, [posted(review)])
    await store.close()
