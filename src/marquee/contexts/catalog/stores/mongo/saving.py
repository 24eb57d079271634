"""How one change of the catalog is written: all of it in one transaction, or nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from pymongo import DeleteOne, InsertOne, ReplaceOne, UpdateOne
from pymongo.errors import DuplicateKeyError

from marquee.contexts.catalog.model.matching import mark_of
from marquee.contexts.catalog.model.merging import Change
from marquee.contexts.catalog.ports import Counters, Saving
from marquee.contexts.catalog.stores.mongo.documents import (
    Document,
    mark_document,
    movie_document,
    person_document,
    platform_document,
)
from marquee.engines.mongo import Turn
from marquee.engines.mongo.turn import Operation
from marquee.kit.errors import Conflict, Stale

KINDS = ("movie", "person", "platform")


@dataclass(frozen=True)
class Rows:
    """A saving as documents, made before the turn is taken."""

    saving: Saving
    added: list[Operation] = field(default_factory=list)
    changed: list[Operation] = field(default_factory=list)
    gone: list[Operation] = field(default_factory=list)
    marks: list[Operation] = field(default_factory=list)
    people: list[Document] = field(default_factory=list)
    absorbed: list[Operation] = field(default_factory=list)


def rows_of(saving: Saving) -> Rows:
    rows = Rows(
        saving,
        people=[person_document(one) for one in saving.people],
        absorbed=_deletions(saving.absorbed),
    )
    for change in saving.changes:
        _lay_out(change, rows)
    forgiven = ({"_id": id_, "gone": True} for id_ in saving.forgiven)
    rows.marks.extend(DeleteOne(query) for query in forgiven)
    return rows


def _lay_out(change: Change, rows: Rows) -> None:
    before, after = change.before, change.after
    if before is None:
        if after is not None:
            rows.added.append(InsertOne(movie_document(after)))
            rows.marks.append(InsertOne(mark_document(change.mark or mark_of(after))))
        return
    read = {"_id": int(before.movie.id), "version": before.movie.version}
    if after is None:
        rows.gone.append(DeleteOne(read))
        rows.marks.append(UpdateOne({"_id": read["_id"]}, {"$set": {"gone": True}}))
        return
    rows.changed.append(ReplaceOne(read, movie_document(after)))
    was, now = mark_document(mark_of(before)), mark_document(mark_of(after))
    if was != now:
        rows.marks.append(ReplaceOne({"_id": read["_id"]}, now))


async def write(turn: Turn, rows: Rows) -> None:
    saving = rows.saving
    if saving.heard and not await turn.hear(saving.heard):
        raise Stale("These events have been heard already.")
    last = _count(turn, saving)
    await _movies(turn, rows)
    await _people(turn, rows, last.person)
    await _platforms(turn, saving, last.platform)
    turn.tell(saving.events)


def counters_of(last: Mapping[str, int]) -> Counters:
    return Counters(*(last.get(kind, 0) for kind in KINDS))


def _count(turn: Turn, saving: Saving) -> Counters:
    last = counters_of(turn.last)
    if saving.counters is not None and saving.counters != last:
        raise Stale("Numbers have been given out meanwhile.")
    if saving.given is not None:
        turn.last.update({kind: getattr(saving.given, kind) for kind in KINDS})
    return last


async def _movies(turn: Turn, rows: Rows) -> None:
    try:
        await turn.write("movies", rows.added)
        changed = await turn.write("movies", rows.changed)
        gone = await turn.write("movies", rows.gone)
        await turn.write("marks", rows.marks)
    except DuplicateKeyError:
        raise Stale("Somebody has added it meanwhile.") from None
    found = (changed.matched_count if changed else 0) + (gone.deleted_count if gone else 0)
    if found != len(rows.changed) + len(rows.gone):
        raise Stale("Somebody has changed it meanwhile.")


async def _people(turn: Turn, rows: Rows, last: int) -> None:
    await turn.write("people", [_kept(one, last) for one in rows.people])
    await turn.write("people", rows.absorbed)


async def _platforms(turn: Turn, saving: Saving, last: int) -> None:
    documents = [platform_document(one) for one in saving.platforms]
    try:
        await turn.write("platforms", [_kept(one, last) for one in documents])
    except DuplicateKeyError:
        raise Conflict("There is a platform of this name.", field="name") from None
    await turn.write("platforms", _deletions(saving.gone_platforms))


def _kept(document: Document, last: int) -> Operation:
    """As a new one when its number is a new one."""
    if document["_id"] > last:
        return InsertOne(document)
    return ReplaceOne({"_id": document["_id"]}, document)


def _deletions(ids: Iterable[int]) -> list[Operation]:
    return [DeleteOne({"_id": id_}) for id_ in ids]
