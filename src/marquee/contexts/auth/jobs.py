"""What auth does on a clock."""

from collections.abc import Sequence

from marquee.contexts.auth.service import AuthService
from marquee.kit.context import Job

OFTEN = 30.0
HOUR = 3_600.0


def jobs(auth: AuthService) -> Sequence[Job]:
    async def end_unused() -> None:
        await auth.end_unused()

    return (
        Job("write down who was here", OFTEN, auth.keep_seen),
        Job("end sessions that have run out", HOUR, end_unused),
    )
