"""People, and how two of one name are told apart."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

SAME_WORK = 35
OTHER_WORK = 20
"""Years between two credits of one name: beyond this they are two people's.

Thirty-five where both did the same kind of work, twenty where not. So the Harrison Ford of the silent
films (to 1928) is not the one who began in 1966, nor the director Steve McQueen (from 2008) the
actor (to 1980).
"""


class Person(Struct, frozen=True, gc=False):
    """`names` are the folded names they have been credited by, the present one first.

    `first_year` and `last_year` are of the movies they worked on. Somebody `gone` was deleted by
    an admin: sources that name them are not believed.
    """

    id: int
    name: str
    names: tuple[str, ...]
    imdb_id: str | None = None
    tmdb_id: int | None = None
    first_year: int | None = None
    last_year: int | None = None
    departments: tuple[str, ...] = ()
    gone: bool = False
    version: int = 1


class Sight(Struct, frozen=True, gc=False):
    """Somebody as one credit shows them."""

    name: str
    year: int | None
    department: str
    imdb_id: str | None = None
    tmdb_id: int | None = None


def distance(person: Person, first: int | None, last: int | None) -> int:
    """The years between a person's work and a stretch of time; 0 when either is not known."""
    if person.first_year is None or person.last_year is None or first is None or last is None:
        return 0
    return max(first - person.last_year, person.first_year - last, 0)


def ids_differ(person: Person, imdb_id: str | None, tmdb_id: int | None) -> bool:
    return bool(
        (imdb_id and person.imdb_id and imdb_id != person.imdb_id)
        or (tmdb_id and person.tmdb_id and tmdb_id != person.tmdb_id)
    )


def has_id(person: Person, sight: Sight) -> bool:
    return bool(
        (sight.imdb_id and sight.imdb_id == person.imdb_id)
        or (sight.tmdb_id and sight.tmdb_id == person.tmdb_id)
    )


def within(gap: int, one: Sequence[str], other: Sequence[str]) -> bool:
    if gap <= OTHER_WORK:
        return True
    return gap <= SAME_WORK and (not one or not other or not set(one).isdisjoint(other))


def fits(person: Person, sight: Sight) -> bool:
    """Whether a credit of this name can be this person's."""
    if ids_differ(person, sight.imdb_id, sight.tmdb_id):
        return False
    return within(distance(person, sight.year, sight.year), person.departments, (sight.department,))


def are_one(one: Person, other: Person) -> bool:
    """Whether two of one name turn out to be the same, now that more of their work is known."""
    if one.gone or other.gone or ids_differ(one, other.imdb_id, other.tmdb_id):
        return False
    gap = distance(one, other.first_year, other.last_year)
    return within(gap, one.departments, other.departments)


def chosen(people: Iterable[Person], sight: Sight) -> Person | None:
    """Whose credit it is: by id, else somebody it fits.

    Those who are there before those who are gone, the nearest, and of equals the one known longest.
    """
    known = list(people)
    named = [person for person in known if has_id(person, sight)]
    fitting = named or [person for person in known if fits(person, sight)]
    if not fitting:
        return None
    return min(fitting, key=lambda one: (one.gone, distance(one, sight.year, sight.year), one.id))


def seen(person: Person, sight: Sight) -> Person:
    """The person with what this credit adds; the very same object when it adds nothing."""
    year = sight.year
    grows = year is not None and (
        person.first_year is None
        or person.last_year is None
        or not person.first_year <= year <= person.last_year
    )
    imdb_id, tmdb_id = person.imdb_id or sight.imdb_id, person.tmdb_id or sight.tmdb_id
    if (
        not grows
        and sight.department in person.departments
        and imdb_id == person.imdb_id
        and tmdb_id == person.tmdb_id
    ):
        return person
    return Person(
        id=person.id,
        name=person.name,
        names=person.names,
        imdb_id=imdb_id,
        tmdb_id=tmdb_id,
        first_year=_least(person.first_year, year),
        last_year=_most(person.last_year, year),
        departments=tuple(sorted({*person.departments, sight.department})),
        gone=person.gone,
        version=person.version + 1,
    )


def lived(person: Person, year: int | None, department: str) -> Person:
    """As `seen`, where the year or the kind of work is known to be new and there is no id."""
    first, last, of = person.first_year, person.last_year, person.departments
    if year is not None:
        first = year if first is None or year < first else first
        last = year if last is None or year > last else last
    if department not in of:
        of = tuple(sorted((*of, department)))
    ids = person.imdb_id, person.tmdb_id
    version = person.version + 1
    return Person(person.id, person.name, person.names, *ids, first, last, of, person.gone, version)


def joined(keeper: Person, other: Person) -> Person:
    """The keeper, with the other's life and names as well."""
    return Person(
        id=keeper.id,
        name=keeper.name,
        names=tuple(dict.fromkeys((*keeper.names, *other.names))),
        imdb_id=keeper.imdb_id or other.imdb_id,
        tmdb_id=keeper.tmdb_id or other.tmdb_id,
        first_year=_least(keeper.first_year, other.first_year),
        last_year=_most(keeper.last_year, other.last_year),
        departments=tuple(sorted({*keeper.departments, *other.departments})),
        version=keeper.version + 1,
    )


def _least(one: int | None, other: int | None) -> int | None:
    known = [year for year in (one, other) if year is not None]
    return min(known, default=None)


def _most(one: int | None, other: int | None) -> int | None:
    known = [year for year in (one, other) if year is not None]
    return max(known, default=None)
