"""The parked messages of a whole deployment: asked of every service, answered as by one."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from marquee.app.parked.contract import Parked, ParkedMessages
from marquee.kit.errors import NotFound, Unavailable


@dataclass(frozen=True)
class Listed:
    """`away` are the services that did not answer; what is parked there is not in the list."""

    messages: tuple[Parked, ...]
    away: tuple[str, ...]


class Everywhere:
    """`places` are the services by name. Of one that is away the others do not suffer."""

    def __init__(self, places: Mapping[str, ParkedMessages]) -> None:
        self._places = dict(places)

    async def messages(self) -> tuple[Parked, ...]:
        return (await self.listed()).messages

    async def listed(self) -> Listed:
        """Each message once, the longest parked first; Unavailable when nobody answers at all."""
        found: dict[str, Parked] = {}
        lost: dict[str, Unavailable] = {}
        asked = [place.messages() for place in self._places.values()]
        answers = await asyncio.gather(*asked, return_exceptions=True)
        for name, answer in zip(self._places, answers, strict=True):
            if isinstance(answer, Unavailable):
                lost[name] = answer
            elif isinstance(answer, BaseException):
                raise answer
            else:
                found |= {message.id: message for message in answer}
        if len(lost) == len(self._places):
            raise _out_of_reach(lost)
        messages = sorted(found.values(), key=lambda one: (one.parked_at, one.id))
        return Listed(tuple(messages), tuple(lost))

    async def replay(self, *, message_id: str) -> None:
        """By the first that serves its listener. Unavailable when that may be one that is away."""
        lost: dict[str, Unavailable] = {}
        missing: NotFound | None = None
        for name in self._likely(message_id):
            try:
                await self._places[name].replay(message_id=message_id)
            except NotFound as error:
                missing = error
            except Unavailable as error:
                lost[name] = error
            else:
                return
        _give_up(lost, missing)

    async def drop(self, *, message_id: str) -> None:
        """Wherever it is. Unavailable when it was nowhere, but may be where nobody answers."""
        lost: dict[str, Unavailable] = {}
        missing: NotFound | None = None
        dropped = False
        for name in self._likely(message_id):
            try:
                await self._places[name].drop(message_id=message_id)
            except NotFound as error:
                missing = error
            except Unavailable as error:
                lost[name] = error
            else:
                dropped = True
        if not dropped:
            _give_up(lost, missing)

    def _likely(self, message_id: str) -> list[str]:
        """First the service that a message's id names: it begins with its listener."""
        listener = message_id.partition("-")[0]
        return sorted(self._places, key=lambda name: listener not in name.split("-"))


def _give_up(lost: Mapping[str, Unavailable], missing: NotFound | None) -> None:
    if lost:
        raise _out_of_reach(lost)
    if missing is not None:
        raise missing


def _out_of_reach(lost: Mapping[str, Unavailable]) -> Unavailable:
    waits = [error.retry_after for error in lost.values() if error.retry_after is not None]
    detail = " ".join(f"{name}: {error.detail}" for name, error in lost.items())
    return Unavailable(detail, retry_after=max(waits, default=None))
