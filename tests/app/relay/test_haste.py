"""Who is about to read waits for what was told before."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.app.relay.stage import KIND, KINDS, Audience, Box

from marquee.app.parked.local import LocalParking
from marquee.app.relay import Relay, pulling
from marquee.app.relay.delivery import Delivery
from marquee.app.relay.pulling import Pull
from marquee.kit import ending
from marquee.kit.events import Heard


@dataclass
class NearBox(Box):
    """Says when something was put into it."""

    bells: list[Callable[[], None]] = field(default_factory=list)

    def watch(self, wake: Callable[[], None]) -> None:
        self.bells.append(wake)

    def tell(self, *lamps: str, kind: str = KIND, body: str | None = None) -> None:
        super().tell(*lamps, kind=kind, body=body)
        for wake in self.bells:
            wake()


async def test_what_comes_while_something_is_delivered_is_waited_for_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pulling, "WAIT_AT_MOST", 600.0)
    audience, box, begun, go = Audience(), NearBox(), asyncio.Event(), asyncio.Event()

    async def hear(batch: Sequence[Heard]) -> None:
        begun.set()
        await go.wait()
        for _ in range(10):
            await asyncio.sleep(0)
        await audience.hear(batch)

    relay = Relay(LocalParking(tmp_path / "parked.db"))
    pull = Pull(Delivery("hall", "lamps", hear, KINDS, relay.parking), box)
    relay.ways.append(pull)
    relay.start()
    box.tell("first")
    await begun.wait()
    box.tell("second")
    reading = asyncio.create_task(pull.hear_now())
    await asyncio.sleep(0)
    go.set()
    await reading
    assert audience.lit == ["first", "second"]
    await relay.stop()


@pytest.mark.parametrize("is_shared", [False, True])
async def test_it_can_be_stopped_the_moment_something_is_told(
    tmp_path: Path, *, is_shared: bool
) -> None:
    for steps in range(12):
        audience, box = Audience(), NearBox()
        relay = Relay(LocalParking(tmp_path / f"parked{steps}.db"))
        delivery = Delivery("hall", "lamps", audience.hear, KINDS, relay.parking)
        relay.ways.append(Pull(delivery, box, is_shared=is_shared))
        relay.start()
        await asyncio.sleep(0.01)
        box.tell("first")
        for _ in range(steps):
            await asyncio.sleep(0)
        async with asyncio.timeout(ending.AGAIN - 1):  # the first word is heeded
            await relay.stop()
