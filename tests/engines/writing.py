"""A process that writes on MongoDB, and is killed or paused while it has the turn.

`python -m tests.engines.writing URL HOW PATIENCE` puts `first` and `last`. HOW is `killed`, after the
first; `paused`, then too; or `before_commit`, paused after both. It says what became of it, after how
many tries.
"""

import asyncio
import os
import signal
import sys
from typing import Any

from pymongo import InsertOne

from marquee.engines.mongo import Database, Documents, Turn, make, make_spine
from marquee.engines.mongo import database as module
from marquee.kit.errors import MarqueeError

_commit = module.commit


async def start(db: Documents) -> None:
    await make_spine(db)
    await make(db, "things")


async def put(turn: Turn, *names: str) -> None:
    await turn.write("things", [InsertOne({"_id": name}) for name in names])
    turn.last["thing"] = turn.last.get("thing", 0) + len(names)


async def main(url: str, how: str) -> str:
    tries = 0

    async def work(turn: Turn) -> None:
        nonlocal tries
        tries += 1
        await put(turn, "first")
        if how == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        if how == "paused" and tries == 1:
            os.kill(os.getpid(), signal.SIGSTOP)
        await put(turn, "last")

    async def commit(session: Any, until: float) -> None:
        if how == "before_commit" and tries == 1:
            os.kill(os.getpid(), signal.SIGSTOP)
        await _commit(session, until)

    module.commit = commit
    db = await Database.open(url, of="shop", steps=[start])
    try:
        await db.write(work)
    except MarqueeError as error:
        return f"{error.code} {tries}: {error.detail}"
    finally:
        await db.close()
    return f"done {tries}"


if __name__ == "__main__":
    module.PATIENCE = float(sys.argv[3])
    sys.stdout.write(asyncio.run(main(sys.argv[1], sys.argv[2])))
