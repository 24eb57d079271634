"""Bring a context's collections up to date, a step at a time, each of which may be run again."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from typing import Any

from pymongo import IndexModel
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import DuplicateKeyError, OperationFailure

from marquee.kit.errors import Unavailable

Documents = AsyncDatabase[dict[str, Any]]
Step = Callable[[Documents], Awaitable[None]]
SCHEMA, OURS = "schema", "marquee"
NUMBERS, ALL = "numbers", "all"
THERE_ALREADY = 48


async def bring_up(db: Documents, of: str, steps: Sequence[Step]) -> None:
    """Run what is missing. Each step is marked when it is done; one that was cut short runs again.

    Unavailable when the collections are a newer Marquee's, another context's or another program's.
    """
    version = await _version(db, of)
    if version > len(steps):
        raise Unavailable("These documents were made by a newer Marquee; run that one.")
    for number, step in enumerate(steps[version:], version + 1):
        await step(db)
        mark = {"$set": {"version": number}}
        await db[SCHEMA].update_one({"_id": OURS, "version": {"$lt": number}}, mark)
    lost = await lost_collections(db)
    if lost:
        raise Unavailable(
            f"It has lost {', '.join(lost)}: bring the collections back from a backup."
        )


async def lost_collections(db: Documents) -> list[str]:
    """Those of ours that were made and are there no more."""
    mark = await db[SCHEMA].find_one({"_id": OURS}) or {}
    there = await db.list_collection_names()
    return sorted(set(mark.get("made", ())).difference(there))


async def _version(db: Documents, of: str) -> int:
    # Before the mark is looked for, which another of us may be making.
    names = [one for one in await db.list_collection_names() if not one.startswith("system.")]
    found = await db[SCHEMA].find_one({"_id": OURS})
    if found is None:
        if names:
            raise Unavailable("It holds another program's collections.")
        found = {"_id": OURS, "of": of, "version": 0}
        try:
            await db[SCHEMA].insert_one(found)
        except DuplicateKeyError:
            return await _version(db, of)
    if found.get("of") != of:
        raise Unavailable("It holds another context's collections.")
    return int(found["version"])


async def make(db: Documents, name: str, indexes: Collection[IndexModel] = ()) -> None:
    """A collection and its indexes, where they are not there yet; it is noted that it was made.

    Made ahead: inside a transaction not every server can make one.
    """
    try:
        await db.create_collection(name, check_exists=False)
    except OperationFailure as error:
        if error.code != THERE_ALREADY:
            raise
    if indexes:
        await db[name].create_indexes(list(indexes))
    await db[SCHEMA].update_one({"_id": OURS}, {"$addToSet": {"made": name}})


async def make_spine(db: Documents) -> None:
    """What every store has: numbers that were given out, what to tell, what was heard and asked once.

    The first step of each context calls this.
    """
    await make(db, NUMBERS)
    await make(db, "outbox", [IndexModel("at")])
    await make(db, "inbox")
    who = IndexModel([("who", 1), ("key", 1)], unique=True)
    await make(db, "once", [who, IndexModel("at")])
    start = {"$setOnInsert": {"turns": 0, "last": {}}}
    await db[NUMBERS].update_one({"_id": ALL}, start, upsert=True)
