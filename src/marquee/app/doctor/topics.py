"""Whether the topics on the broker go on from the outboxes of this instance."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from marquee.app.doctor.places import where
from marquee.app.doctor.report import Part, Patience
from marquee.app.doctor.stores import Store
from marquee.app.settings import Settings
from marquee.engines.address import driver
from marquee.kit.errors import Invalid, MarqueeError
from marquee.kit.events import Sent
from marquee.kit.findings import Finding, ok, warning, wrong

if TYPE_CHECKING:
    from marquee.engines.bus.kafka import Kafka

SECONDS = 5.0
SETTING = "MARQUEE_EVENTS_URL"


class Untold:
    """The outbox of a store that has none yet."""

    async def events_after(self, place: int, limit: int) -> Sequence[Sent]:  # noqa: ARG002 - of none
        return []

    async def last_place(self) -> int:
        return 0

    async def forgotten_up_to(self) -> int:
        return 0


async def topics(
    settings: Settings, stores: Iterable[Store], broker: Part, patience: Patience
) -> Sequence[Part]:
    """Nothing where no broker carries events, or what is wrong with it is said already."""
    url = settings.events_url
    closed = any(one.state == "wrong" and one.what != "topics" for one in broker.findings)
    if url is None or closed:
        return []

    async def work() -> Sequence[Finding]:
        driver("aiokafka", extra="kafka")
        from marquee.engines.bus.kafka import Kafka

        kafka = await Kafka.open(url)
        try:
            there = set(await kafka.topics())
            found = [
                await _topic(kafka, one)
                for one in stores
                if one.look is not None and kafka.topic(one.name) in there
            ]
        finally:
            await kafka.close()
        return found or [ok("topics", "none yet of the stores that are looked at here")]

    at = where(url, SETTING)
    return [await patience.part("topics", at, work, seconds=SECONDS, setting=SETTING)]


async def _topic(kafka: "Kafka", store: Store) -> Finding:
    from marquee.app.relay.topics import stand

    unknown = warning(
        store.name,
        "how far it has got cannot be read",
        f"Put right what is said of {store.name} and of events.",
    )
    if not store.is_readable:
        return unknown
    outbox = (store.look.outbox if store.look else None) or Untold()
    try:
        place, _ = await stand(kafka, store.name, outbox)
        is_behind = await outbox.last_place() > place
    except Invalid as error:
        return wrong(store.name, error.detail, f"Correct {error.field or SETTING}.")
    except MarqueeError:
        return unknown
    return ok(store.name, "not all it tells is there yet" if is_behind else "all it tells is there")
