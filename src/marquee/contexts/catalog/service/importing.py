"""Laying what sources say over the catalog."""

import asyncio
import gc
from collections.abc import Awaitable, Sequence

from marquee.contexts.catalog.contract import MergeReport, MovieFacts
from marquee.contexts.catalog.model.merging import Batch, Change
from marquee.contexts.catalog.ports import Counters, Saving
from marquee.contexts.catalog.service.desk import Desk, gone_people, told
from marquee.contexts.catalog.service.joining import everybody, joined
from marquee.kit.errors import Invalid
from marquee.kit.events import Event

MOST_ROWS = 1000
LONGEST_SOURCE = 50


class Importing:
    _desk: Desk

    async def merge(self, *, source: str, movies: Sequence[MovieFacts]) -> MergeReport:
        """At most 1,000 movies, in the order in which the source has them."""
        if not (0 < len(source) <= LONGEST_SOURCE and source.isprintable() and "|" not in source):
            raise Invalid("A source is named by 1 to 50 characters.", field="source")
        if len(movies) > MOST_ROWS:
            raise Invalid(f"At most {MOST_ROWS} movies at a time.", field="movies")
        # What does not depend on the catalog is read while the batch before is being written.
        reading = asyncio.ensure_future(asyncio.to_thread(Batch, source, movies))
        batches = [reading]

        def work() -> Awaitable[MergeReport]:
            batch = batches.pop() if batches else asyncio.to_thread(Batch, source, movies)
            return self._merge_uncollected(batch)

        return await self._desk.alone(work)

    async def _merge_uncollected(self, reading: Awaitable[Batch]) -> MergeReport:
        """A batch makes some ten thousand objects and no cycles; looking for some is a fifth of it."""
        was_on = gc.isenabled()
        gc.disable()
        try:
            return await self._merge(await reading)
        finally:
            if was_on:
                gc.enable()

    async def _merge(self, batch: Batch) -> MergeReport:
        store, now = self._desk.store, self._desk.clock.now()
        counters = await store.counters()
        marks = await store.marks(batch.sought())
        records = await store.records([mark.id for mark in marks if not mark.gone])
        await asyncio.to_thread(batch.lay, marks, records, counters.movie + 1)
        people = await everybody(store, batch.named())
        await asyncio.to_thread(batch.credit, people, counters.person + 1)
        changes = await asyncio.to_thread(batch.changes, now)
        report = batch.report(changes)
        absorbed, elsewhere = await joined(self._desk, batch.faces, counters.person, changes, now)
        changes += elsewhere
        if not changes and not batch.faces.changed:
            return report
        given = Counters(batch.next_id - 1, batch.faces.next_id - 1, counters.platform)
        events = [*await asyncio.to_thread(_events, changes), *gone_people(absorbed)]
        await self._desk.commit(
            Saving(
                changes=changes,
                people=tuple(batch.faces.changed.values()),
                absorbed=absorbed,
                counters=counters,
                given=given,
                events=events,
            )
        )
        return report


def _events(changes: Sequence[Change]) -> list[Event]:
    return list(told(changes))
