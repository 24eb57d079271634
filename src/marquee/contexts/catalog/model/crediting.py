"""The cast and crew that a row gives a movie."""

from collections.abc import Iterable

from marquee.contexts.catalog.model.draft import Draft
from marquee.contexts.catalog.model.faces import Faces, unique
from marquee.contexts.catalog.model.movie import CastMember, CrewMember
from marquee.contexts.catalog.model.telling import Credited, Told
from marquee.contexts.catalog.model.words import folded


def same_credits(draft: Draft, row: Told) -> bool:
    """Whether the movie has exactly these credits already, so that nobody need be looked up.

    Where a credit brings an id, or the movie has another year now, only looking tells.
    """
    if draft.before is None or draft.get("year") != draft.before.movie.year:
        return not row.cast and not row.crew
    movie = draft.before.movie
    if row.cast and draft.is_open("cast", row.tag):
        cast = [(folded(one.name), one.character) for one in movie.cast]
        if _has_ids(row.cast) or cast != [(one.folded, one.character) for one in row.cast]:
            return False
    if row.crew and draft.is_open("crew", row.tag):
        crew = [(folded(one.name), one.job, one.department) for one in movie.crew]
        told = [(one.folded, one.job, one.department) for one in row.crew]
        if _has_ids(row.crew) or crew != told:
            return False
    return True


def _has_ids(credits_: Iterable[Credited]) -> bool:
    return any(one.imdb_id or one.tmdb_id for one in credits_)


def credit(draft: Draft, row: Told, year: int | None, faces: Faces) -> bool:
    """Give a movie the cast and crew that a row tells of; whether that changed anything.

    `year` is the movie's as it was known when the row was read.
    """
    changed = False
    own = faces.kept(draft)
    if row.cast and draft.is_open("cast", row.tag):
        cast = [
            CastMember(str(person.id), person.name, one.character)
            for one in row.cast
            if not (person := faces.whose(one, year, own)).gone
        ]
        changed |= draft.state("cast", unique(cast), row.tag)
    if row.crew and draft.is_open("crew", row.tag):
        crew = [
            CrewMember(str(person.id), person.name, one.job, one.department)
            for one in row.crew
            if not (person := faces.whose(one, year, own)).gone
        ]
        changed |= draft.state("crew", unique(crew), row.tag)
    return changed
