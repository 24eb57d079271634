"""Idempotency-Key: the same request with the same key has one effect and one answer."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from weakref import WeakValueDictionary

import msgspec

from marquee.engines.web.answer import Answer, encoded
from marquee.kit.errors import Conflict, Invalid
from marquee.kit.once import Once, OnceStore, once


class Kept(msgspec.Struct):
    """An answer as it is kept beside its effect."""

    status: int
    headers: dict[str, str]
    etag: str | None
    body: str


_locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()


async def replayed(  # noqa: PLR0913, PLR0917 - a request and how to answer it
    store: OnceStore,
    asked: Sequence[Any],
    body: bytes,
    secret: bytes,
    render: Callable[[Any], Answer],
    work: Callable[[], Awaitable[Answer]],
) -> Answer:
    """The kept answer when there is one, else what `work` answers.

    `asked` starts with who asks and the key. Invalid when the key was used for another request.
    What is kept of a body is keyed by `secret`, which is not in the store: it may hold a password.
    """
    who, key, *rest = asked
    whole = repr(rest).encode() + body
    fingerprint = hashlib.blake2b(whole, digest_size=16, key=secret[:64]).hexdigest()
    lock = _locks.setdefault((who, key), asyncio.Lock())
    async with lock:
        if (known := await _known(store, who, key, fingerprint)) is not None:
            return known
        current = Once(who, key, fingerprint, lambda result: _text(render(result)))
        token = once.set(current)
        try:
            return await work()
        except Conflict:
            # Another process may have done the same request meanwhile.
            if (known := await _known(store, who, key, fingerprint)) is not None:
                return known
            raise
        finally:
            once.reset(token)


async def _known(store: OnceStore, who: str, key: str, fingerprint: str) -> Answer | None:
    found = await store.find_once(who, key)
    if found is None:
        return None
    first, answer = found
    if first != fingerprint:
        raise Invalid("This key was used for another request.", field="Idempotency-Key")
    if answer is None:
        raise Conflict("A request with this Idempotency-Key was done; its answer was not kept.")
    kept = msgspec.json.decode(answer, type=Kept)
    headers = {**kept.headers, "idempotency-replayed": "true"}
    return Answer(kept.body.encode() or None, kept.status, headers, kept.etag)


def _text(answer: Answer) -> str:
    body = "" if answer.value is None else encoded(answer.value).decode()
    kept = Kept(answer.status, dict(answer.headers), answer.etag, body)
    return msgspec.json.encode(kept).decode()
