"""Look at a context's database on MongoDB without changing anything."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pymongo.errors import PyMongoError

from marquee.engines.mongo.connect import (
    CODEC,
    Client,
    address_of,
    ask_for_transactions,
    client_of,
    hang_up,
)
from marquee.engines.mongo.database import Database
from marquee.engines.mongo.errors import NOT_LET_IN
from marquee.engines.mongo.steps import OURS, SCHEMA, Documents, Step, lost_collections
from marquee.kit.clock import SystemClock
from marquee.kit.errors import Unavailable
from marquee.kit.findings import Finding, Look, clock, ok, warning, wrong

OLDEST = 4, 2
GIVE_ANOTHER = "Give this context a database of its own, by its URL."


async def look(url: str, *, of: str, steps: Sequence[Step]) -> Look:
    """`of` is the context's name; Invalid for a URL that will not do."""
    address = address_of(url)
    client = client_of(address)
    db = client.get_database(address.name, codec_options=CODEC)

    async def close() -> None:
        await hang_up(client)

    try:
        found, is_readable = await _look(client, db, of, len(steps))
    except PyMongoError as error:
        return Look([_away(error)], close=close)
    except BaseException:  # given up in the middle
        await client.close()
        raise
    books = Database(client, db, SystemClock()) if is_readable else None
    return Look(found, books, books, close)


async def _look(client: Client, db: Documents, of: str, newest: int) -> tuple[list[Finding], bool]:
    asked = datetime.now(UTC)
    hello = await client.admin.command("hello")
    answered = datetime.now(UTC)
    found = [ok("reachable", "it answers, and lets us in")]
    found.append(_version(await client.admin.command("buildInfo")))
    found.append(_durability(hello))
    if "localTime" in hello:
        found.append(clock(hello["localTime"].replace(tzinfo=UTC), asked, answered))
    tables, is_readable = await _tables(db, of, newest)
    return [*found, tables], is_readable


def _version(build: Mapping[str, Any]) -> Finding:
    numbers = tuple(build.get("versionArray", ()))[:2]
    kept = next(
        (
            name
            for name in build
            if name.lower().endswith("version")
            and name != "version"
            and name not in {"gitVersion", "sysVersion"}
        ),
        None,
    )
    if kept is not None:
        detail = f"a compatible server ({kept.removesuffix('Version')}), not MongoDB"
        return warning("version", detail, "Its promises are not MongoDB's: use it for trials only.")
    if numbers < OLDEST:
        return wrong("version", f"MongoDB {build.get('version')}", "Update it to 4.2 or newer.")
    return ok("version", f"MongoDB {build.get('version')}")


def _durability(hello: Mapping[str, Any]) -> Finding:
    try:
        ask_for_transactions(hello)
    except Unavailable as error:
        return wrong("durability", error.detail, "Start it with --replSet, and initiate the set.")
    if not hello.get("isWritablePrimary"):
        return wrong("durability", "there is no primary", "Look at rs.status() on the server.")
    members = len(hello.get("hosts", ()))
    detail = "each change waits for the journal of a majority"
    return ok("durability", f"{detail}; {members} member{'s' * (members != 1)}")


async def _tables(db: Documents, of: str, newest: int) -> tuple[Finding, bool]:
    """And whether there is something of ours to read."""
    names = [one for one in await db.list_collection_names() if not one.startswith("system.")]
    if not names:
        return ok("tables", "none yet: the first start makes them"), False
    found = await db[SCHEMA].find_one({"_id": OURS}) if SCHEMA in names else None
    if found is None or found.get("of") != of:
        whose = "another program" if found is None else "another context"
        return wrong("tables", f"they are {whose}'s", GIVE_ANOTHER), False
    version = int(found["version"])
    if version > newest:
        detail = f"a newer Marquee made them: step {version} is not known here"
        return wrong("tables", detail, "Run that Marquee, or a later one."), False
    if version < newest:
        detail = f"{newest - version} of {newest} steps behind"
        advice = "Make a backup, then start Marquee: it brings them up to date."
        return warning("tables", detail, advice), version > 0
    lost = ", ".join(await lost_collections(db))
    if lost:
        advice = "Bring them back from a backup."
        return wrong("tables", f"{lost} not there any longer", advice), False
    return ok("tables", f"up to date (step {version})"), True


def _away(error: PyMongoError) -> Finding:
    if getattr(error, "code", None) in NOT_LET_IN:
        advice = "Correct user, password and authSource in the URL, and look at the user's roles."
        return wrong("reachable", "it does not let us in, or not do this", advice)
    advice = "Start it, or correct the hosts and replicaSet in the URL."
    return wrong("reachable", "it does not answer", advice)
