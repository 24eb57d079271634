"""The catalog's collections and indexes, step by step; each step may be run again."""

from pymongo import IndexModel

from marquee.engines.mongo import Documents, Step, make, make_spine

FROM_A, FROM_Z = "from_a", "from_z"
CALLED = "called"


async def start(db: Documents) -> None:
    """Movies, what they are known by, people and platforms."""
    await make_spine(db)
    await make(db, "movies")
    keys = [IndexModel("keys"), IndexModel("aliases")]
    await make(db, "marks", [*_ids(), *keys])
    await make(
        db,
        "people",
        [
            *_ids(),
            IndexModel("names"),
            IndexModel([("gone", 1), ("folded", 1), ("_id", 1)], name=FROM_A),
            IndexModel([("gone", 1), ("folded", -1), ("_id", 1)], name=FROM_Z),
            IndexModel("starts", name=CALLED),
        ],
    )
    await make(db, "platforms", [IndexModel("folded", unique=True)])


def _ids() -> list[IndexModel]:
    return [IndexModel("imdb", sparse=True), IndexModel("tmdb", sparse=True)]


STEPS: tuple[Step, ...] = (start,)
