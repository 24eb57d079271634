"""`marquee` that dies where it is told to, notes what its listeners were given, and may be forgetful.

A file in the folder MARQUEE_TEST_FAILPOINTS says what: `publish` and the name of a service ends it
after its events are on the broker and before it knows how far it has got; `effect` after a listener's
effect is committed and before the broker is told; `forgetful` has the catalog apply what it has heard.
"""

import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from marquee.app import cli
from marquee.app.relay.broker import Consume
from marquee.contexts.catalog.stores.mongo.store import MongoCatalogStore
from marquee.engines.bus.kafka import Kafka
from marquee.engines.mongo.turn import Turn
from marquee.kit.events import Heard

FAILPOINTS = "MARQUEE_TEST_FAILPOINTS"
PUBLISH, EFFECT, FORGETFUL, GIVEN = "publish", "effect", "forgetful", "given"
FOLDER = Path(os.environ.get(FAILPOINTS) or "nowhere")
NAME = sys.argv[2] if len(sys.argv) > 2 else ""
_send, _give = Kafka.send, Consume._give
_heard_up_to, _hear = MongoCatalogStore.heard_up_to, Turn.hear


def _reached(point: str) -> None:
    """Only one of several replicas takes the file, and dies."""
    try:
        (FOLDER / f"{point}-{NAME}").unlink()
    except FileNotFoundError:
        return
    os.kill(os.getpid(), signal.SIGKILL)


async def send(self: Kafka, topic: str, messages: Sequence[Any]) -> int:
    last = await _send(self, topic, messages)
    _reached(PUBLISH)
    return last


async def give(self: Consume, records: list[Any]) -> None:
    await _give(self, records)
    if self.group is None:
        return
    lines = [f"{self.name} {record.offset}\n" for record in records]
    with (FOLDER / GIVEN).open("a", encoding="ascii") as noted:
        noted.write("".join(lines))
    _reached(EFFECT)


async def heard_up_to(self: MongoCatalogStore, source: str) -> int:
    return 0 if (FOLDER / FORGETFUL).exists() else await _heard_up_to(self, source)


async def hear(self: Turn, heard: Sequence[Heard]) -> bool:
    return await _hear(self, heard) or (FOLDER / FORGETFUL).exists()


if __name__ == "__main__":
    if FOLDER.is_dir():
        Kafka.send, Consume._give = send, give  # type: ignore[method-assign]
        MongoCatalogStore.heard_up_to, Turn.hear = heard_up_to, hear  # type: ignore[method-assign]
    cli.main()
