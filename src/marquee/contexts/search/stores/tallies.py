"""Facets of broad questions, kept true while the index changes little by little."""

from collections.abc import Iterable
from dataclasses import dataclass

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.handles import Handles
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.stores.counting import add
from marquee.contexts.search.stores.wishes import Counts, Wanted

MOST = 512


@dataclass(frozen=True)
class Tally:
    asked: Asked
    wanted: Wanted
    counts: Counts


class Tallies:
    """Counting what "th" finds in a million costs tens of milliseconds, and everybody types it.

    So what was counted once is kept, and corrected by every entry that comes or goes. Holds what
    `Handles.answer` says yes of; whoever shares it between threads guards it.
    """

    def __init__(self) -> None:
        self._kept: dict[object, Tally] = {}

    def __bool__(self) -> bool:
        return bool(self._kept)

    def get(self, asked: Asked, wanted: Wanted) -> Counts | None:
        name = _name(asked, wanted)
        tally = self._kept.pop(name, None)
        if tally is None:
            return None
        self._kept[name] = tally
        return {facet: dict(counts) for facet, counts in tally.counts.items()}

    def keep(self, asked: Asked, wanted: Wanted, counts: Counts) -> None:
        own = {facet: dict(values) for facet, values in counts.items()}
        self._kept[_name(asked, wanted)] = Tally(asked, wanted, own)
        while len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]

    def forget(self) -> None:
        self._kept.clear()

    def change(self, before: Iterable[Entry], after: Iterable[Entry]) -> None:
        """These entries are gone, those have come."""
        for entries, step in ((before, -1), (after, 1)):
            for entry in entries:
                handles = Handles.of(entry)
                for tally in self._kept.values():
                    if handles.answer(tally.asked):
                        add(tally.counts, entry, tally.wanted, step)


def _name(asked: Asked, wanted: Wanted) -> object:
    return asked.parts, tuple(sorted((name, tuple(wanted[name])) for name in wanted))
