"""A move from its first look to its last: look, ask, copy, read back, build anew what is built."""

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from marquee.app.importing import MARK
from marquee.app.moving import checks, places
from marquee.app.moving.copying import Tally, copied, tallied
from marquee.app.moving.instance import Rooms, kinds, opened, portable, told
from marquee.app.settings import Settings
from marquee.app.terminal import bar, say_plainly
from marquee.contexts.search.contract import RebuildReport, Search
from marquee.kit.errors import Conflict, OutOfSpace, Unavailable

Counts = Mapping[tuple[str, str], int]
"""By context and kind."""
Tallies = dict[tuple[str, str], Tally]
TARGET = (*places.COPIED, "auth", "search")


@dataclass(frozen=True)
class Plan:
    """What would be done: how many the source has of each kind, and the target already of this move."""

    source: Settings
    target: Settings
    counts: Counts
    brought: Counts

    @property
    def is_shared(self) -> bool:
        """Whether others may change the source meanwhile."""
        return any(self.source.is_shared(context) for context in places.COPIED)


@dataclass(frozen=True)
class Done:
    tallies: Tallies
    found: RebuildReport


async def move(source: Settings, target: Settings, agree: Callable[[Plan], None]) -> Done:
    """Copy all of it; `agree` raises when it shall not be done.

    Killed at any moment, the same move may be made again and goes on from where it was.
    """
    for context in places.COPIED:
        places.must_exist(source, context)
    places.must_differ(source, target)
    with places.held(source, target):
        async with opened(source, places.COPIED, "The source's") as there:
            await checks.caught_up(there)
            await checks.nothing_parked(source)
            stands = await checks.standing(there)
            tallies = await _filled(Ends(source, target, there), stands, agree)
            if await checks.standing(there) != stands:
                raise Conflict(
                    "The source has changed meanwhile. Stop whatever serves it, empty the target"
                    " and move again."
                )
        found = await _whole(target, tallies)
        _keep_starter(source, target)
        places.ended(places.marked(source, target))
    return Done(tallies, found)


@dataclass(frozen=True)
class Ends:
    """The two ends, and the rooms of the one that is there."""

    source: Settings
    target: Settings
    there: Rooms


async def _filled(
    ends: Ends, stands: Mapping[str, tuple[int, str]], agree: Callable[[Plan], None]
) -> Tallies:
    """The target has all of it, as far as we know; the tallies of the source."""
    name = checks.name_of(ends.source, stands)
    counts = await checks.counted(ends.there)
    checks.is_something(counts)
    await checks.broker_is_free(ends.target)
    async with opened(ends.target, TARGET, "The target's") as here:
        brought = await checks.counted(here)
        await checks.is_free(here, brought, name)
        agree(Plan(ends.source, ends.target, counts, brought))
        places.started(places.marked(ends.source, ends.target))
        return await _copied(ends.there, here, name, counts)


async def _copied(there: Rooms, here: Rooms, name: str, counts: Counts) -> Tallies:
    tallies: Tallies = {}
    with bar("Copying", total=sum(counts.values())) as progress:
        [task] = progress.task_ids
        for context, kind, source in kinds(there):
            with _again(), told("On the way,", f"{context} {kind}"):
                tallies[context, kind] = await copied(
                    source,
                    portable(here, context),
                    kind,
                    name,
                    moved=lambda count: progress.advance(task, count),
                )
    return tallies


@contextlib.contextmanager
def _again() -> Iterator[None]:
    try:
        yield
    except (OutOfSpace, Unavailable) as error:
        raise type(error)(
            f"{error.detail} What was brought is kept: move again to go on."
        ) from None


async def _whole(target: Settings, tallies: Tallies) -> RebuildReport:
    """Opened anew, the target has what went in, and all of it can be found."""
    async with opened(target, (*places.COPIED, "search"), "The target's") as here:
        total = sum(tally.count for tally in tallies.values())
        with bar("Reading it back", total=total) as progress:
            [task] = progress.task_ids
            for context, kind, one in kinds(here):
                read = await tallied(one, kind, moved=lambda count: progress.advance(task, count))
                _same(context, kind, tallies[context, kind], read)
        say_plainly("Making it searchable")
        with told("The target's", "search"):
            found = await cast("Search", here["search"].service).rebuild()
    if found.movies != tallies["catalog", "movies"].count:
        raise Conflict(f"Only {found.movies:,} movies can be found. Run: marquee search rebuild.")
    return found


def _same(context: str, kind: str, sent: Tally, read: Tally) -> None:
    what = f"The target's {context} differs: {sent.count:,} {kind} were sent"
    again = "Empty the target and move again; the source is as it was."
    if read.count != sent.count:
        raise Conflict(f"{what}, {read.count:,} are there. {again}")
    if read.digest != sent.digest:
        raise Conflict(f"{what}, as many are there, and they are not the same. {again}")


def _keep_starter(source: Settings, target: Settings) -> None:
    """A catalog that has had the starter is not given it again."""
    had = places.own_settings(source, "ingestion").data / MARK
    has = places.own_settings(target, "ingestion").data / MARK
    if had.is_file() and had.resolve() != has.resolve():
        has.parent.mkdir(parents=True, exist_ok=True)
        has.write_bytes(had.read_bytes())
