"""Where every change of the catalog is made: one at a time, in the store first, then in the lists."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TypeVar

import msgspec

from marquee.contexts.catalog.events import LISTED, MovieDeleted, MoviesChanged, PersonDeleted
from marquee.contexts.catalog.model.merging import Change
from marquee.contexts.catalog.ports import CatalogStore, Lists, Place, Saving
from marquee.kit.clock import Clock
from marquee.kit.errors import Stale
from marquee.kit.events import Event, Heard
from marquee.kit.ids import new_id
from marquee.kit.paging import after

T = TypeVar("T")
MOST_TOLD = 1000
DIGITS = 9
MOST_ROWS = 2**31
MOST_TRIES = 10
MOST_OWN = 10_000
AT_ONCE = 100


class Desk:
    """`generation` grows when a change can be seen everywhere, and before its writer is answered."""

    def __init__(self, store: CatalogStore, lists: Lists, clock: Clock, place: int) -> None:
        self.store = store
        self.lists = lists
        self.clock = clock
        self.generation = 0
        self.unkept = 0
        self._lock = asyncio.Lock()
        self._saving = asyncio.Lock()
        self._listed = place
        self._own: deque[str] = deque(maxlen=MOST_OWN)

    async def alone(self, work: Callable[[], Awaitable[T]]) -> T:
        """Do `work` while nobody else here writes, to its end even when whoever asked has gone.

        It is done again, from what it reads on, when another process was quicker.
        """

        async def run() -> T:
            async with self._lock:
                for _try in range(MOST_TRIES - 1):
                    try:
                        return await work()
                    except Stale as outrun:
                        if outrun.field is not None:
                            raise  # what the caller has read is old, not what we have
                return await work()

        return await asyncio.shield(asyncio.create_task(run()))

    async def commit(self, saving: Saving) -> None:
        """Save, and bring the lists up to date; only for `work` that is done `alone`."""
        async with self._saving:
            await self.store.save(saving)
            self._list(saving)
        self._own.extend(event.id for event in saving.events)
        self.generation += 1
        self.unkept += len(saving.changes) + len(saving.people)

    def _list(self, saving: Saving) -> None:
        movies = [change.after.movie for change in saving.changes if change.after]
        gone = [
            int(change.before.movie.id)
            for change in saving.changes
            if change.before and not change.after
        ]
        self.lists.put(movies, gone)
        self.lists.know(
            [person.id for person in saving.people if not person.gone],
            [*saving.absorbed, *(person.id for person in saving.people if person.gone)],
        )

    async def hear(self, batch: Sequence[Heard]) -> None:
        """The same as `follow`, of what comes in the order in which it was told."""
        new = [heard.event for heard in batch if heard.place > self._listed]
        if new:
            await self.alone(partial(self.follow, new))
        self._listed = max(self._listed, batch[-1].place)

    async def current(self) -> None:
        """Until the lists show all that was told so far, here or by another process.

        Whoever heard of a change may ask before they do.
        """
        async with self._saving:
            pass  # what was told is listed in a moment
        while told := await self.store.events_after(self._listed, AT_ONCE):
            own = set(self._own)
            others = [
                msgspec.json.decode(event.body, type=LISTED[event.kind])
                for event in told
                if event.kind in LISTED and event.id not in own
            ]
            if others:
                await self.alone(partial(self.follow, others))
            self._listed = max(self._listed, told[-1].place)

    async def follow(self, events: Sequence[Event]) -> None:
        """Bring the lists up to what other processes have saved; only for `work` done `alone`."""
        own = set(self._own)
        for event in events:
            if event.id not in own:
                await self.lists.follow(self.store, event)
        self.generation += 1

    async def keep(self) -> None:
        """Snapshot the lists, so that the next start is quick."""

        async def work() -> None:
            place = await self.store.last_place()
            told = await self.store.events_after(place - 1, 1) if place else []
            self.lists.keep(f"{place}:{told[0].id}" if told else "0:")
            self.unkept = 0

        await self.alone(work)


def place(about: object, token: str | None, kind: type[str] | type[float]) -> Place | None:
    """Where the page before ended, of a list that is sorted by values of this kind."""
    said = after(about, token, (kind if kind is str else float | None, range(1, MOST_ROWS)))
    return None if said is None else (said[0], said[1])


def number(id_: str) -> int | None:
    """The number that an id stands for; None when it is no id of ours."""
    if id_.isascii() and id_.isdigit() and len(id_) <= DIGITS and id_[0] != "0":
        return int(id_)
    return None


def numbers(ids: Iterable[str]) -> list[int]:
    return [one for one in map(number, ids) if one is not None]


def told(changes: Sequence[Change], people: Iterable[int] = ()) -> Iterator[Event]:
    """The events that tell of these changes, and of `people` who changed without a movie."""
    for change in changes:
        if change.before and not change.after:
            yield MovieDeleted(movie_id=change.before.movie.id)
    shown = [change for change in changes if change.is_shown]
    parts = [shown[at : at + MOST_TOLD] for at in range(0, len(shown), MOST_TOLD)] or [[]]
    for part in parts:
        movies = tuple(change.after.movie.id for change in part if change.after)
        names: set[str] = set()
        for change in part:
            for record in (change.before, change.after):
                if record:
                    names.update([one.person_id for one in record.movie.cast])
                    names.update([one.person_id for one in record.movie.crew])
        if part is parts[-1]:
            names.update(map(str, people))
        if movies or names:
            ordered = tuple(sorted(sorted(names), key=len))  # as numbers are
            yield MoviesChanged(batch_id=new_id(), movie_ids=movies, person_ids=ordered)


def gone_people(people: Iterable[int]) -> list[Event]:
    return [PersonDeleted(person_id=str(one)) for one in people]
