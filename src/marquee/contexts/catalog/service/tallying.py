"""Keeping each movie's members' rating, by what is heard of reviews."""

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from marquee.contexts.catalog.model.merging import Change
from marquee.contexts.catalog.model.movie import rated
from marquee.contexts.catalog.model.tallies import added, deltas
from marquee.contexts.catalog.ports import Saving
from marquee.contexts.catalog.service.desk import Desk, number, numbers, told
from marquee.kit.events import Heard


class Tallying:
    _desk: Desk

    async def hear(self, batch: Sequence[Heard]) -> None:
        """Events of one source, in order; those that were heard before have no effect."""
        if batch:
            await self._desk.alone(lambda: self._hear(batch))

    async def _hear(self, batch: Sequence[Heard]) -> None:
        known = await self._desk.store.heard_up_to(batch[0].source)
        new = [heard for heard in batch if heard.place > known]
        if not new:
            return
        more = deltas(heard.event for heard in new)
        records = await self._desk.store.records(numbers(more))
        changes = []
        for id_ in sorted(records):
            record = records[id_]
            histogram = added(record.movie.rating.histogram, more[str(id_)])
            after = replace(record, movie=rated(record.movie, histogram))
            changes.append(Change(record, after))
        await self._desk.commit(Saving(changes=changes, heard=new, events=list(told(changes))))

    async def retally(self, heard: Heard, counted: Mapping[str, Sequence[int]]) -> None:
        """The histograms of these movies are as `counted`, by all that its source told up to `heard`.

        Nothing is done where the source has been heard as far by now.
        """
        await self._desk.alone(lambda: self._retally(heard, counted))

    async def _retally(self, heard: Heard, counted: Mapping[str, Sequence[int]]) -> None:
        if heard.place <= await self._desk.store.heard_up_to(heard.source):
            return
        records = await self._desk.store.records(numbers(counted))
        changes = [
            Change(record, replace(record, movie=rated(record.movie, tuple(counted[str(id_)]))))
            for id_, record in sorted(records.items())
        ]
        await self._desk.commit(Saving(changes=changes, heard=[heard], events=list(told(changes))))

    async def tallies(self, *, after: str, limit: int) -> dict[str, tuple[int, ...]]:
        """The histograms of the next `limit` movies by number after `after` ("0" to begin)."""
        ids = await self._desk.store.movie_ids(number(after) or 0, limit)
        records = await self._desk.store.records(ids)
        return {str(id_): records[id_].movie.rating.histogram for id_ in ids if id_ in records}
