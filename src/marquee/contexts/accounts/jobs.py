"""What accounts does on a clock."""

from collections.abc import Sequence

from marquee.contexts.accounts.service import AccountService
from marquee.kit.context import Job

DAY = 86_400.0


def jobs(accounts: AccountService) -> Sequence[Job]:
    async def forget_places() -> None:
        await accounts.forget_places()

    return (Job("forget where nobody signs in from", DAY, forget_places),)
