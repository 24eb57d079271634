"""Passwords hashed with argon2id, a few at a time and off the event loop."""

import asyncio
import base64
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from marquee.kit.errors import Unavailable

T = TypeVar("T")
TIME_COST = 2
MEMORY_KIB = 19_456
PARALLELISM = 1
SALT_BYTES = 16
HASH_BYTES = 32
MOST_WAITING = 64
RETRY_AFTER = 2


class Argon2:
    """A hash costs about 20 ms and 19 MiB, so at most cores - 1 are made at a time.

    Unavailable when `most_waiting` others wait already: a flood of logins is refused rather than
    suffered.
    """

    def __init__(
        self,
        hasher: PasswordHasher | None = None,
        *,
        threads: int | None = None,
        most_waiting: int = MOST_WAITING,
    ) -> None:
        self._hasher = hasher or PasswordHasher(
            TIME_COST, MEMORY_KIB, PARALLELISM, HASH_BYTES, SALT_BYTES
        )
        self._threads = threads or max(1, (os.cpu_count() or 1) - 1)
        self._executor = ThreadPoolExecutor(self._threads, thread_name_prefix="argon2")
        self._most = self._threads + most_waiting
        self._asked = 0
        self._nobodys = _a_hash_of_nothing(self._hasher)

    async def hashed(self, password: str) -> str:
        """In PHC form: the parameters and a salt of its own are in it."""
        return await self._run(lambda: self._hasher.hash(password))

    async def matches(self, encoded: str | None, password: str) -> bool:
        """Whether `encoded` was made of `password`. None never matches and costs as much."""
        matched = await self._run(lambda: self._verify(encoded or self._nobodys, password))
        return matched and encoded is not None

    def is_outdated(self, encoded: str) -> bool:
        """Whether it was made with other parameters than are used now."""
        return self._hasher.check_needs_rehash(encoded)

    async def close(self) -> None:
        await asyncio.to_thread(self._executor.shutdown)

    def _verify(self, encoded: str, password: str) -> bool:
        try:
            return self._hasher.verify(encoded, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._asked >= self._most:
            raise Unavailable(
                "Too many people are signing in at once. Try again shortly.",
                retry_after=RETRY_AFTER,
            )
        loop = asyncio.get_running_loop()
        self._asked += 1
        running = self._executor.submit(work)

        def ended(_future: Future[T]) -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(self._done)

        # Not when the caller gives up: the thread is busy until the hash is made.
        running.add_done_callback(ended)
        return await asyncio.wrap_future(running)

    def _done(self) -> None:
        self._asked -= 1


def _a_hash_of_nothing(hasher: PasswordHasher) -> str:
    """A well-formed hash with these parameters that no known password has made."""
    salt, digest = os.urandom(hasher.salt_len), os.urandom(hasher.hash_len)
    costs = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v=19${costs}${_b64(salt)}${_b64(digest)}"


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode().rstrip("=")
