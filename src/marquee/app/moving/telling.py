"""A move in words: what would be done, and what was."""

from collections.abc import Iterator

from marquee.app.contexts import CONTEXTS
from marquee.app.moving import places
from marquee.app.moving.move import Done, Plan

LEFT = "Stays behind: sessions, answers kept for repeated requests, events told so far."
STOP = "Stop everything that serves the source first: it must not change meanwhile."


def preview(plan: Plan) -> Iterator[str]:
    """What is there, where it goes, and what the target holds of it."""
    width = max(map(len, CONTEXTS))
    for context in places.COPIED:
        yield f"{context:<{width}}  {places.shown(plan.source, context)}"
        yield f"{'':<{width}}  -> {places.shown(plan.target, context)}"
        yield f"{'':<{width}}  {_counts(plan, context)}"
    for context in ("auth", "search"):
        yield f"{context:<{width}}  -> {places.shown(plan.target, context)}"
        yield f"{'':<{width}}  {places.NOT_COPIED[context]}"
    brought = sum(plan.brought.values())
    all_ = sum(plan.counts.values())
    yield (
        f"The target holds {brought:,} of {all_:,} of this very move, which goes on from there."
        if brought
        else "The target is empty."
    )
    yield LEFT
    if plan.is_shared:
        yield STOP


def closing(done: Done) -> Iterator[str]:
    for (context, kind), tally in done.tallies.items():
        yield f"{context} {kind}: {tally.count:,}, sha256 {tally.digest}"
    yield (
        f"{done.found.movies:,} films and {done.found.people:,} people can be found."
        " All of it was read back and is the same. Everybody signs in again."
    )


def _counts(plan: Plan, context: str) -> str:
    mine = [(kind, count) for (name, kind), count in plan.counts.items() if name == context]
    return ", ".join(f"{count:,} {kind}" for kind, count in mine)
