"""The cast and crew that an admin asks for."""

from collections.abc import Sequence

from marquee.contexts.catalog.model import bounds
from marquee.contexts.catalog.model.asking import CastAsked, CrewAsked
from marquee.contexts.catalog.model.editing import invalid
from marquee.contexts.catalog.model.faces import Faces
from marquee.contexts.catalog.model.movie import CastMember, CrewMember
from marquee.contexts.catalog.model.people import Person, Sight
from marquee.contexts.catalog.model.telling import Credited
from marquee.contexts.catalog.model.words import folded

ACTING = "Acting"


def cast_of(
    asked: Sequence[CastAsked], faces: Faces, year: int | None, own: set[str]
) -> tuple[CastMember, ...]:
    """Invalid for a person who is not there, or a character or name that is too long."""
    if len(asked) > bounds.MOST_CREDITS:
        raise invalid("cast", f"At most {bounds.MOST_CREDITS} people.")
    found = []
    for place, one in enumerate(asked):
        at = f"cast[{place}]"
        person = _person(at, one, ACTING, faces, year, own)
        character = bounds.line(f"{at}.character", one.character or "", bounds.NAME, invalid)
        found.append(CastMember(str(person.id), person.name, character or None))
    return tuple(dict.fromkeys(found))


def crew_of(
    asked: Sequence[CrewAsked], faces: Faces, year: int | None, own: set[str]
) -> tuple[CrewMember, ...]:
    """As `cast_of`."""
    if len(asked) > bounds.MOST_CREDITS:
        raise invalid("crew", f"At most {bounds.MOST_CREDITS} people.")
    found = []
    for place, one in enumerate(asked):
        at = f"crew[{place}]"
        job = bounds.line(f"{at}.job", one.job, bounds.JOB, invalid)
        department = bounds.line(f"{at}.department", one.department, bounds.JOB, invalid)
        if not job or not department:
            raise invalid(at, "A job and a department.")
        person = _person(at, one, department, faces, year, own)
        found.append(CrewMember(str(person.id), person.name, job, department))
    return tuple(dict.fromkeys(found))


def _person(  # noqa: PLR0913, PLR0917 - who, as what, among whom, when
    at: str,
    asked: CastAsked | CrewAsked,
    department: str,
    faces: Faces,
    year: int | None,
    own: set[str],
) -> Person:
    if asked.person_id is not None:
        known = faces.find(asked.person_id)
        if known is None:
            raise invalid(f"{at}.person_id", "There is no such person.")
        return faces.sighted(known, Sight(known.name, year, department))
    name = bounds.line(f"{at}.name", asked.name or "", bounds.NAME, invalid)
    if not name:
        raise invalid(f"{at}.name", "A person_id or a name.")
    credit = Credited(name, folded(name), "", department, None, None, None)
    return faces.whose(credit, year, own)
