"""People: listed, read with everything they did, and, by an admin, made, renamed and deleted."""

import dataclasses
from collections.abc import Collection, Sequence

from msgspec import Struct
from msgspec.structs import replace

from marquee.contexts.catalog.model import items
from marquee.contexts.catalog.model.items import MovieItem
from marquee.contexts.catalog.model.merging import Named
from marquee.contexts.catalog.model.movie import Ids
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.model.persons import identified, named, renamed
from marquee.contexts.catalog.model.words import folded
from marquee.contexts.catalog.ports import Card, Found, Place, Saving, Standing
from marquee.contexts.catalog.service.desk import Desk, gone_people, number, place, told
from marquee.contexts.catalog.service.joining import recasting
from marquee.kit.actor import Actor, an_admin
from marquee.kit.errors import Conflict, NotFound, Stale
from marquee.kit.once import about_to_save
from marquee.kit.paging import Page, cursor

KNOWN_FOR = 3


class Known(Struct, frozen=True):
    """A person with their standing; `known_for` are the cards of their best known movies."""

    person: Person
    standing: Standing
    known_for: Sequence[Card]


class Role(Struct, frozen=True):
    """What somebody did in a movie: `character` for the cast, a job for the crew."""

    department: str
    job: str
    character: str | None = None


class Appearance(Struct, frozen=True):
    movie: MovieItem
    roles: Sequence[Role]


class Peopling:
    _desk: Desk

    async def list_people(
        self, *, q: str = "", sort: str = "-popularity", token: str | None = None, limit: int = 20
    ) -> Page[Known]:
        """`sort` is popularity or name; `q` are the first letters of any part of the name."""
        about = ("people", q, sort)
        key, descending = sort.removeprefix("-"), sort.startswith("-")
        among = await self._desk.store.people_called(folded(q)) if q.strip() else None
        at = place(about, token, str if key == "name" else float)
        if key == "popularity":
            found = self._desk.lists.best_known(among, descending=descending, limit=limit, after=at)
        else:
            found = await self._by_name(among, at, limit, descending=descending)
        people = await self._desk.store.people(found.ids)
        return Page(
            await self._known([people[id_] for id_ in found.ids if id_ in people]),
            cursor(about, found.last) if found.last else None,
            found.total,
        )

    async def _by_name(
        self, among: Sequence[int] | None, at: Place | None, limit: int, *, descending: bool
    ) -> Found:
        start = (str(at[0]), at[1]) if at else None
        if among is None:
            total = await self._desk.store.count_people()
            people = await self._desk.store.people_by_name(start, limit + 1, descending=descending)
        else:
            total = len(among)
            called = await self._desk.store.people(among)
            people = sorted(called.values(), key=lambda one: one.id)
            people.sort(key=lambda one: one.names[0], reverse=descending)
            if start:
                people = [one for one in people if _is_past(one, start, descending=descending)]
        last = people[limit - 1] if len(people) > limit else None
        ids = [person.id for person in people[:limit]]
        return Found(ids, total, (last.names[0], last.id) if last else None)

    async def _known(self, people: Sequence[Person]) -> list[Known]:
        standings = [self._desk.lists.standing(one.id, KNOWN_FOR) for one in people]
        ids = {movie for standing in standings for movie in standing.known_for}
        cards = await self._desk.store.cards(list(ids))
        return [
            Known(person, standing, [cards[one] for one in standing.known_for if one in cards])
            for person, standing in zip(people, standings, strict=True)
        ]

    async def get_person(self, person_id: str) -> Known:
        return (await self._known([await self._person(person_id)]))[0]

    async def _person(self, person_id: str, versions: Collection[int] | None = None) -> Person:
        id_ = number(person_id)
        found = await self._desk.store.people([id_]) if id_ is not None else {}
        if id_ is None or id_ not in found:
            raise NotFound(f"There is no person {person_id[:20]}.", field="person_id")
        if versions is not None and found[id_].version not in versions:
            raise Stale(f"It is at version {found[id_].version} now.", field="If-Match")
        return found[id_]

    async def filmography(self, person: Person) -> list[Appearance]:
        """Everything they are credited for, newest first, those without a year last."""
        documents = await self._desk.store.documents(self._desk.lists.movies_of(person.id))
        found = [_appearance(document, str(person.id)) for document in documents.values()]
        found.sort(key=lambda one: (-(one.movie.year or 0), int(one.movie.id)))
        return found

    async def create_person(self, actor: Actor, *, name: str, ids: Ids) -> Person:
        an_admin(actor)
        text = named(name)

        async def work() -> Person:
            counters = await self._desk.store.counters()
            id_ = counters.person + 1
            blank = Person(id=id_, name=text, names=(folded(text),), version=0)
            person = identified(blank, ids.imdb, ids.tmdb)
            await self._unless_taken(person)
            about_to_save(person)
            given = dataclasses.replace(counters, person=id_)
            events = list(told((), [id_]))
            await self._desk.commit(
                Saving(people=(person,), counters=counters, given=given, events=events)
            )
            return person

        return await self._desk.alone(work)

    async def _unless_taken(self, person: Person) -> None:
        imdb_ids = frozenset(filter(None, (person.imdb_id,)))
        tmdb_ids = frozenset(filter(None, (person.tmdb_id,)))
        for one in await self._desk.store.people_named(Named(frozenset(), imdb_ids, tmdb_ids)):
            if one.id != person.id and not one.gone:
                field = "ids.imdb" if one.imdb_id in imdb_ids else "ids.tmdb"
                extra = {"person_id": str(one.id)}
                raise Conflict("Another person has this id.", field=field, extra=extra)

    async def change_person(
        self,
        actor: Actor,
        person_id: str,
        *,
        name: str | None = None,
        ids: Ids | None = None,
        versions: Collection[int] | None = None,
    ) -> Person:
        """None leaves it as it is. Their name changes in every movie."""
        an_admin(actor)

        async def work() -> Person:
            person = before = await self._person(person_id, versions)
            if name is not None and named(name) != person.name:
                person = renamed(person, name)
            if ids is not None and ids != Ids(person.imdb_id, person.tmdb_id):
                person = identified(person, ids.imdb, ids.tmdb)
                await self._unless_taken(person)
            if person == before:
                return person
            now = self._desk.clock.now()
            changes = await recasting(self._desk, person.id, person, now)
            events = list(told(changes, [person.id]))
            about_to_save(person)
            await self._desk.commit(Saving(changes=changes, people=(person,), events=events))
            return person

        return await self._desk.alone(work)

    async def delete_person(
        self, actor: Actor, person_id: str, *, versions: Collection[int] | None = None
    ) -> None:
        """Their credits go too, and sources that name them are not believed any more."""
        an_admin(actor)

        async def work() -> None:
            person = await self._person(person_id, versions)
            changes = await recasting(self._desk, person.id, None, self._desk.clock.now())
            gone = replace(person, gone=True, version=person.version + 1)
            events = [*told(changes), *gone_people([person.id])]
            about_to_save(None)
            await self._desk.commit(Saving(changes=changes, people=(gone,), events=events))

        await self._desk.alone(work)


def _is_past(person: Person, place: tuple[str, int], *, descending: bool) -> bool:
    name, id_ = place
    if person.names[0] == name:
        return person.id > id_
    return (person.names[0] < name) if descending else (person.names[0] > name)


def _appearance(document: bytes, person_id: str) -> Appearance:
    read = items.ROLES.decode(document)
    roles = [
        Role("Acting", "Actor", one.character) for one in read.cast if one.person_id == person_id
    ]
    roles += [Role(one.department, one.job) for one in read.crew if one.person_id == person_id]
    return Appearance(items.item_of(read), roles)
