"""The command `marquee parked`."""

from collections.abc import Sequence

from cyclopts import App

from marquee.app.command import asking_for_parked, run, say, warn
from marquee.app.parked.contract import Parked
from marquee.kit.errors import Conflict, NotFound, Unavailable

parked = App(name="parked", help="Messages that a listener could not take.")


@parked.command(name="list")
def list_messages(*, json: bool = False) -> None:
    """Every parked message in a line, the longest parked first."""
    messages = run(_messages)
    if json:
        say(_as_json(messages))
        return
    for message in messages:
        say(f"{message.id}  {message.kind}  {message.parked_at:%Y-%m-%d %H:%M}  {message.error}")
    if not messages:
        say("Nothing is parked.")


@parked.command
def show(message_id: str) -> None:
    """One parked message in full, as JSON."""
    found = [message for message in run(_messages) if message.id == message_id]
    if not found:
        raise NotFound(f"There is no parked message {message_id!r}.")
    say(_as_json(found[0]))


@parked.command
def replay(*message_ids: str) -> None:
    """Give these to their listeners again, all when none is named; dropped where that works."""

    async def work() -> tuple[int, list[str]]:
        done, failed = 0, []
        async with asking_for_parked() as messages:
            for id_ in message_ids or [message.id for message in await messages.messages()]:
                try:
                    await messages.replay(message_id=id_)
                except (Conflict, NotFound, Unavailable) as error:
                    failed.append(f"{id_}: {error.detail}")
                else:
                    done += 1
        return done, failed

    done, failed = run(work)
    say(f"{done} had their effect.")
    if failed:
        raise Conflict(f"{len(failed)} did not. {failed[0]}")


@parked.command
def drop(*message_ids: str) -> None:
    """Forget these for good."""

    async def work() -> None:
        async with asking_for_parked() as messages:
            for id_ in message_ids:
                await messages.drop(message_id=id_)

    run(work)
    say(f"{len(message_ids)} dropped.")


async def _messages() -> tuple[Parked, ...]:
    async with asking_for_parked() as messages:
        listed = await messages.listed()
    for service in listed.away:
        warn(f"{service} does not answer: what is parked there is not shown.")
    return listed.messages


def _as_json(what: Parked | Sequence[Parked]) -> str:
    import msgspec

    return msgspec.json.format(msgspec.json.encode(what), indent=2).decode()
