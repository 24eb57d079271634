"""Doing a thing once, however often it is asked for with the same key."""

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass
class Once:
    """A request that carries an Idempotency-Key, on its way to the store.

    The first write of the request keeps `key` in the same transaction, with the answer that
    `render` makes of what the service is about to return, so that neither is there without
    the other.
    """

    who: str
    key: str
    fingerprint: str
    render: Callable[[Any], str]
    answer: str | None = None
    kept: bool = False


class OnceStore(Protocol):
    """Where keys and answers are kept, beside the effects."""

    async def find_once(self, who: str, key: str) -> tuple[str, str | None] | None:
        """The fingerprint of the request that used this key, and its answer."""
        ...

    async def forget_answers(self, before: datetime, most: int) -> int:
        """Drop the oldest keys, `most` at most, that were kept before a moment; how many went."""
        ...


once: ContextVar[Once | None] = ContextVar("once", default=None)


def about_to_save(result: object) -> None:
    """Say what will be returned, just before the write that makes it true."""
    current = once.get()
    if current is not None and not current.kept:
        current.answer = current.render(result)
