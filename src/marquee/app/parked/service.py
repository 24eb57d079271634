"""Looking at parked messages, giving them again, dropping them."""

from collections.abc import Sequence

from marquee.app.parked.contract import Parked
from marquee.app.parked.model import ParkedMessage, Parking
from marquee.app.relay.delivery import PASSING, Delivery, reason, tried_again
from marquee.kit.errors import Conflict, NotFound


class ParkedService:
    """Of one process: it replays for the listeners it houses."""

    def __init__(self, parking: Parking, deliveries: Sequence[Delivery]) -> None:
        self._parking = parking
        self._deliveries = deliveries

    async def messages(self) -> tuple[Parked, ...]:
        return tuple([shown(message) for message in await self._parking.messages()])

    async def replay(self, *, message_id: str) -> None:
        message = await self._get(message_id)
        delivery = next((one for one in self._deliveries if _is_for(message, one)), None)
        if delivery is None:
            raise NotFound(f"{message.listener} is not served here.", field="message_id")
        try:
            await delivery.give_parked(message)
        except PASSING:
            raise
        except Exception as error:
            await self._parking.park(tried_again(message, error))
            raise Conflict(f"It failed again: {reason(error)}") from error
        await self._parking.drop(message_id)

    async def drop(self, *, message_id: str) -> None:
        await self._get(message_id)
        await self._parking.drop(message_id)

    async def _get(self, message_id: str) -> ParkedMessage:
        message = await self._parking.find(message_id)
        if message is None:
            raise NotFound(f"There is no parked message {message_id!r}.", field="message_id")
        return message


def _is_for(message: ParkedMessage, delivery: Delivery) -> bool:
    return (delivery.name, delivery.source) == (message.listener, message.source)


def shown(message: ParkedMessage) -> Parked:
    return Parked(
        id=message.id,
        listener=message.listener,
        source=message.source,
        kind=message.kind,
        key=message.key,
        body=message.body,
        error=message.error,
        tries=message.tries,
        parked_at=message.parked_at,
    )
