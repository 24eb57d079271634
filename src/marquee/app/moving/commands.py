"""The command `marquee move`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from marquee.app.command import log_as_set, run, say
from marquee.kit.errors import Invalid

if TYPE_CHECKING:
    from marquee.app.moving.move import Plan


TO = "A TOML file with the settings of the target; the environment says nothing about it."
FROM = "A TOML file with the settings of the source, where the environment does not say them."


def move(
    *,
    to: Annotated[Path, Parameter(help=TO)],
    from_: Annotated[Path | None, Parameter(name="--from", help=FROM)] = None,
    yes: Annotated[bool, Parameter(help="Do not ask.", negative="")] = False,
) -> None:
    """Copy this whole instance to the shape that TO describes, from one engine to another."""
    from marquee.app.contexts import CONTEXTS
    from marquee.app.settings import read

    source = read(tuple(CONTEXTS), config=from_)
    try:
        target = read(tuple(CONTEXTS), {}, to)
    except Invalid as error:
        raise Invalid(f"The target: {error.detail}") from None
    log_as_set(source)
    from marquee.app.moving.move import move as copy
    from marquee.app.moving.telling import closing, preview

    def agree(plan: "Plan") -> None:
        for line in preview(plan):
            say(line)
        if not yes and not _agrees():
            raise Invalid("Nothing was moved.")

    done = run(lambda: copy(source, target, agree))
    for line in closing(done):
        say(line)


def _agrees() -> bool:
    print("Move? [y/N] ", end="", flush=True)  # noqa: T201 - what the command asks
    return sys.stdin.readline().strip().casefold() in {"y", "yes"}
