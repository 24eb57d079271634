"""What a context tells the host about itself, and what the host gives back."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

from marquee.kit.clock import Clock
from marquee.kit.events import Event, Listener, OwnInbox, OwnOutbox
from marquee.kit.findings import Look
from marquee.kit.moving import Portable
from marquee.kit.once import OnceStore
from marquee.kit.work import Queue, Worker

C = TypeVar("C")


class Host(Protocol):
    """The world as seen from inside a context."""

    @property
    def store_url(self) -> str:
        """Where this context's own store is; the scheme picks the adapter."""
        ...

    @property
    def folder(self) -> Path:
        """A folder of this context's own, for what can be built again."""
        ...

    @property
    def clock(self) -> Clock: ...

    @property
    def queue(self) -> Queue | None:
        """Where work waits for whoever takes it first; None where no context `shares_work`."""
        ...

    def setting(self, name: str) -> str | None:
        """A documented setting by its name without the prefix, such as `auth_key_file`."""
        ...

    def ask(self, contract: type[C]) -> C:
        """The implementation of another context's contract, near or far."""
        ...


@dataclass(frozen=True)
class Job:
    """Something to do on a clock: `run` is called every `every` seconds while serving.

    The first time it is after `first` seconds, where that is said.
    """

    name: str
    every: float
    run: Callable[[], Awaitable[None]]
    first: float | None = None


@dataclass(frozen=True)
class Check:
    """Something this context needs; raises when it is not well.

    What is not `is_needed` for most of what it does makes it degraded, not unready.
    """

    name: str
    run: Callable[[], Awaitable[None]]
    is_needed: bool = True


@dataclass(frozen=True)
class Mirror:
    """What a context keeps in memory of its own store, where other processes change that store too.

    `listener` is given the context's own events from after `place`, each at least once.
    """

    hears: Sequence[type[Event]]
    listener: Listener
    place: int


Renew = Callable[[str], Awaitable[None]]
"""Is given the source; what it says after this has begun will be told."""


@dataclass(frozen=True)
class Room:
    """A context, built and ready.

    `hears` are the events its `listener` is given; they must all be in its `inbox`.
    `renew` makes right what is kept of a source whose events were missed, from what others say now.
    `pause` is how many seconds are between two deliveries at least, so that much is heard at once.
    `reads_after` are sources in the same process of which a reading waits for what they told before
    it, and which do not wait for this one.
    `works` are the kinds of tasks that it takes from the queue, and what does them.
    `generation` changes whenever an answer to a public read may have changed.
    """

    service: object
    routes: Sequence[Any] = ()
    hears: Sequence[type[Event]] = ()
    listener: Listener | None = None
    pause: float = 0.0
    reads_after: Sequence[str] = ()
    outbox: OwnOutbox | None = None
    inbox: OwnInbox | None = None
    renew: Renew | None = None
    mirror: Mirror | None = None
    once: OnceStore | None = None
    portable: Portable | None = None
    jobs: Sequence[Job] = ()
    works: Mapping[str, Worker] = field(default_factory=dict)
    checks: Sequence[Check] = ()
    generation: Callable[[], int] = lambda: 0
    close: Callable[[], Awaitable[None]] | None = None


@dataclass(frozen=True)
class Context:
    """The door plate of a context.

    `look` examines its store at a URL, and its folder, without changing anything; None where it
    keeps nothing.
    """

    name: str
    build: Callable[[Host], Awaitable[Room]]
    offers: type | None = None
    needs: tuple[type[Any], ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    shares_work: bool = False
    shares_cache: bool = False
    look: Callable[[str, Path], Awaitable[Look]] | None = None
