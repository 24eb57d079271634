"""Setting movies right when two people turn out to be one, or somebody changes or goes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from marquee.contexts.catalog.model.faces import Faces, recast
from marquee.contexts.catalog.model.merging import Change, Named
from marquee.contexts.catalog.model.movie import Movie, Record, settled
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.ports import CatalogStore
from marquee.contexts.catalog.service.desk import Desk


async def everybody(store: CatalogStore, named: Named) -> list[Person]:
    """Whom these may be, and whoever has a name in common with one of those."""
    found = {person.id: person for person in await store.people_named(named)}
    asked = set(named.names)
    while more := {name for person in found.values() for name in person.names} - asked:
        asked |= more
        alike = await store.people_named(Named(frozenset(more), frozenset(), frozenset()))
        found.update((person.id, person) for person in alike)
    return list(found.values())


async def joined(
    desk: Desk, faces: Faces, last_person: int, changes: Sequence[Change], now: datetime
) -> tuple[list[int], list[Change]]:
    """Who of those in the store is now somebody else, and what that changes in their other movies."""
    absorbed = [one for one in faces.absorbed if one <= last_person]
    if not absorbed:
        return [], []
    done = {change.after.movie.id for change in changes if change.after}
    ids = {movie for person in absorbed for movie in desk.lists.movies_of(person)}
    records = await desk.store.records(sorted(one for one in ids if str(one) not in done))
    return absorbed, [
        changed(record, faces.put_right(record.movie), now) for record in records.values()
    ]


async def recasting(
    desk: Desk, person_id: int, person: Person | None, now: datetime
) -> list[Change]:
    """What it changes in their movies when a person has another name, or (None) is gone."""
    people: Mapping[str, Person | None] = {str(person_id): person}
    records = await desk.store.records(desk.lists.movies_of(person_id))
    return [changed(one, settled(recast(one.movie, people)), now) for one in _in_order(records)]


def _in_order(records: Mapping[int, Record]) -> Iterable[Record]:
    return (records[id_] for id_ in sorted(records))


def changed(before: Record, movie: Movie, now: datetime) -> Change:
    """The change of a record into this movie, one version on."""
    version = before.movie.version + 1
    after = replace(movie, version=version, updated_at=now)
    return Change(before, replace(before, movie=after, edited=version))
