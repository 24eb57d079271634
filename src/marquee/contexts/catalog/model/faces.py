"""The people a batch may mean: of one name, told apart or found to be one."""

from collections.abc import Container, Iterable, Mapping
from typing import TypeVar

from msgspec.structs import replace

from marquee.contexts.catalog.model.draft import Draft
from marquee.contexts.catalog.model.movie import CastMember, CrewMember, Movie
from marquee.contexts.catalog.model.people import (
    Person,
    Sight,
    are_one,
    chosen,
    has_id,
    joined,
    lived,
    seen,
    within,
)
from marquee.contexts.catalog.model.telling import Credited

C = TypeVar("C", CastMember, CrewMember)


class Faces:
    """The people a batch may mean, as they stand now.

    The outcome does not depend on the order in which credits are read: two of one name become one
    as soon as enough is known of their lives, in whichever order it came.
    """

    def __init__(self, people: Iterable[Person], next_id: int) -> None:
        self.people: dict[int, Person] = {}
        self.changed: dict[int, Person] = {}
        self.absorbed: dict[int, int] = {}
        self.next_id = next_id
        self._by_name: dict[str, list[int]] = {}
        self._by_imdb: dict[str, int] = {}
        self._by_tmdb: dict[int, int] = {}
        for person in people:
            self._keep(person)

    def _keep(self, person: Person) -> None:
        self.people[person.id] = person
        for name in person.names:
            ids = self._by_name.setdefault(name, [])
            if person.id not in ids:
                ids.append(person.id)
        if person.imdb_id:
            self._by_imdb[person.imdb_id] = person.id
        if person.tmdb_id:
            self._by_tmdb[person.tmdb_id] = person.id

    def whose(self, credit: Credited, year: int | None, own: Container[str]) -> Person:
        """The person a credit is of, who comes to be if need be; `own` are in the movie already."""
        ids = self._by_name.get(credit.folded)
        if credit.imdb_id or credit.tmdb_id or (ids and len(ids) > 1):
            return self._weighed(credit, year, own)
        if not ids:
            return self._born(credit, year)
        person = self.people[ids[0]]
        first, last = person.first_year, person.last_year
        gap, grows = 0, False
        if year is not None:
            if first is None or last is None:
                grows = True
            else:
                gap = max(first - year, year - last, 0)
                grows = gap > 0
        if not grows and credit.department in person.departments:
            return person  # it can only be theirs, and shows nothing new of their life
        is_theirs = within(gap, person.departments, (credit.department,))
        if not is_theirs and str(person.id) not in own:
            return self._born(credit, year)
        return person if person.gone else self._grown(person, year, credit.department)

    def _grown(self, person: Person, year: int | None, department: str) -> Person:
        """As `sighted`, of a credit that adds to the life of somebody by its name alone."""
        grown = lived(person, year, department)
        self.people[person.id] = self.changed[person.id] = grown
        return self._join(grown)

    def _weighed(self, credit: Credited, year: int | None, own: Container[str]) -> Person:
        sight = Sight(credit.name, year, credit.department, credit.imdb_id, credit.tmdb_id)
        known = [self.people[each] for each in self._candidates(credit)]
        identified = [one for one in known if has_id(one, sight)]
        mine = [one for one in known if str(one.id) in own and not has_other_id(one, sight)]
        person = chosen(identified or mine, sight) or (mine[0] if mine else chosen(known, sight))
        if person is None:
            return self._born(credit, year)
        if person.gone:
            return person
        if len(identified) > 1:  # its ids are two people's, and neither gets the other's
            sight = Sight(credit.name, year, credit.department)
        return self.sighted(person, sight)

    def _candidates(self, credit: Credited) -> list[int]:
        found = list(self._by_name.get(credit.folded, ()))
        for each in (
            self._by_imdb.get(credit.imdb_id or ""),
            self._by_tmdb.get(credit.tmdb_id or 0),
        ):
            if each is not None and each not in found:
                found.append(each)
        return found

    def _born(self, credit: Credited, year: int | None) -> Person:
        id_, name = self.next_id, credit.folded
        imdb_id, tmdb_id = credit.imdb_id, credit.tmdb_id
        of = (credit.department,)
        person = Person(id_, credit.name, (name,), imdb_id, tmdb_id, year, year, of)
        self.next_id += 1
        self.people[id_] = self.changed[id_] = person
        ids = self._by_name.get(name)
        if ids is None:
            self._by_name[name] = [id_]
        else:
            ids.append(id_)
        if imdb_id:
            self._by_imdb[imdb_id] = id_
        if tmdb_id:
            self._by_tmdb[tmdb_id] = id_
        return person

    def _change(self, person: Person) -> None:
        self._keep(person)
        self.changed[person.id] = person

    def _join(self, person: Person) -> Person:
        """Whoever turns out to be the same, now that this one's life is longer."""
        while len(person.names) > 1 or len(self._by_name[person.names[0]]) > 1:
            ids = {each for name in person.names for each in self._by_name[name]}
            others = (self.people[each] for each in sorted(ids) if each != person.id)
            same = next((other for other in others if are_one(person, other)), None)
            if same is None:
                return person
            keeper, other = sorted((person, same), key=lambda one: one.id)
            self._forget(other, keeper.id)
            person = joined(keeper, other)
            self._change(person)
        return person

    def _forget(self, person: Person, keeper: int) -> None:
        del self.people[person.id]
        self.changed.pop(person.id, None)
        for name in person.names:
            self._by_name[name].remove(person.id)
        self.absorbed[person.id] = keeper

    def keeper(self, id_: int) -> Person | None:
        """Who an absorbed person has become."""
        if id_ not in self.absorbed:
            return None
        while id_ in self.absorbed:
            id_ = self.absorbed[id_]
        return self.people[id_]

    def find(self, person_id: str) -> Person | None:
        """Somebody by id, under whoever they have become."""
        if not (person_id.isascii() and person_id.isdigit()):
            return None
        return self.keeper(int(person_id)) or self.people.get(int(person_id))

    def kept(self, draft: Draft) -> set[str]:
        """Whom the movie credits already, under whoever they have become."""
        credits_ = (*(draft.get("cast") or ()), *(draft.get("crew") or ()))
        if not credits_:
            return set()
        ids = {one.person_id for one in credits_}
        if not self.absorbed:
            return ids
        keepers = {id_: self.keeper(int(id_)) for id_ in ids}
        return {str(person.id) if person else id_ for id_, person in keepers.items()}

    def put_right(self, movie: Movie) -> Movie:
        """The movie with whoever was absorbed under their one name."""
        if not self.absorbed:
            return movie
        kept = {id_: self.keeper(int(id_)) for id_ in movie.person_ids}
        return recast(movie, {id_: person for id_, person in kept.items() if person})

    def sighted(self, person: Person, sight: Sight) -> Person:
        """Somebody known by id, with what one more credit shows of their life."""
        grown = seen(person, sight)
        if grown is person:
            return person
        self._change(grown)
        return self._join(grown)


def has_other_id(person: Person, sight: Sight) -> bool:
    """Whether the credit has an id, and it is not this person's."""
    return (
        bool(sight.imdb_id or sight.tmdb_id)
        and not has_id(person, sight)
        and bool(person.imdb_id or person.tmdb_id)
    )


def unique(credits_: list[C]) -> tuple[C, ...]:
    """In the order given, without repetitions."""
    if len({one.person_id for one in credits_}) == len(credits_):
        return tuple(credits_)
    return tuple(dict.fromkeys(credits_))


def recast(movie: Movie, people: Mapping[str, Person | None]) -> Movie:
    """The movie with some people under another id or name, or (None) without them."""
    cast = [
        replace(one, person_id=str(person.id), name=person.name) if person else one
        for one in movie.cast
        if (person := people.get(one.person_id)) or one.person_id not in people
    ]
    crew = [
        replace(one, person_id=str(person.id), name=person.name) if person else one
        for one in movie.crew
        if (person := people.get(one.person_id)) or one.person_id not in people
    ]
    return replace(movie, cast=unique(cast), crew=unique(crew))
