"""People over HTTP."""

from collections import Counter
from collections.abc import Sequence

from litestar.handlers import HTTPRouteHandler
from msgspec import UNSET, Struct

from marquee.contexts.catalog.model.items import MovieItem
from marquee.contexts.catalog.model.movie import Ids
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.routes.bodies import IdsBody, NewPerson, PeopleQuery, PersonPatch
from marquee.contexts.catalog.routes.movies import gone
from marquee.contexts.catalog.service import CatalogService
from marquee.contexts.catalog.service.people import Appearance, Known, Role
from marquee.engines.web import Answer, Call, endpoint
from marquee.kit.paging import FacetCount, Page

MOST_GENRES = 5


class TitleView(Struct):
    id: str
    title: str
    year: int | None
    poster_url: str


class PersonItem(Struct):
    """`known_for` are the three best known movies."""

    id: str
    name: str
    movie_count: int
    popularity: float
    known_for: Sequence[TitleView]


class Credit(Struct):
    """A movie, and what they did in it."""

    movie: MovieItem
    roles: Sequence[Role]


class Career(Struct):
    """The years and kinds of the movies they worked on, and the genres with how many of each."""

    first_year: int | None
    last_year: int | None
    departments: Sequence[str]
    genres: Sequence[FacetCount]


class PersonView(PersonItem):
    ids: Ids
    career: Career
    filmography: Sequence[Credit]
    version: int


class PersonWritten(Struct):
    id: str
    name: str
    ids: Ids
    version: int


def item(known: Known) -> PersonItem:
    titles = [TitleView(one.id, one.title, one.year, one.poster_url) for one in known.known_for]
    person, standing = known.person, known.standing
    return PersonItem(str(person.id), person.name, standing.movies, standing.popularity, titles)


def view(known: Known, appearances: Sequence[Appearance]) -> PersonView:
    person, brief = known.person, item(known)
    genres = Counter(genre for one in appearances for genre in one.movie.genres)
    most = sorted(genres.items(), key=lambda one: (-one[1], one[0]))[:MOST_GENRES]
    return PersonView(
        id=brief.id,
        name=brief.name,
        movie_count=brief.movie_count,
        popularity=brief.popularity,
        known_for=brief.known_for,
        ids=Ids(person.imdb_id, person.tmdb_id),
        career=Career(
            person.first_year,
            person.last_year,
            person.departments,
            [FacetCount(name, count) for name, count in most],
        ),
        filmography=[Credit(one.movie, one.roles) for one in appearances],
        version=person.version,
    )


def written(person: Person) -> PersonWritten:
    ids = Ids(person.imdb_id, person.tmdb_id)
    return PersonWritten(str(person.id), person.name, ids, person.version)


def created(person: Person) -> Answer:
    location = {"location": f"/api/v1/people/{person.id}"}
    return Answer(written(person), 201, location, etag=str(person.version))


def changed(person: Person) -> Answer:
    return Answer(written(person), etag=str(person.version))


def reading(catalog: CatalogService) -> list[HTTPRouteHandler]:
    @endpoint("GET", "/api/v1/people", cached=("catalog",))
    async def list_people(query: PeopleQuery) -> Page[PersonItem]:
        """People, the best known first."""
        page = await catalog.list_people(
            q=query.q, sort=query.sort, token=query.cursor, limit=query.limit
        )
        return Page([item(known) for known in page.items], page.next, page.total)

    @endpoint(
        "GET",
        "/api/v1/people/{person_id}",
        answers=PersonView,
        cached=("catalog",),
        errors=(404,),
    )
    async def get_person(person_id: str) -> Answer:
        """A person and everything they did, newest first."""
        known = await catalog.get_person(person_id)
        seen = view(known, await catalog.filmography(known.person))
        return Answer(seen, version=seen.version)

    return [list_people, get_person]


def writing(catalog: CatalogService) -> list[HTTPRouteHandler]:
    @endpoint(
        "POST",
        "/api/v1/people",
        who="admin",
        status=201,
        answers=PersonWritten,
        errors=(409,),
        once=created,
    )
    async def create_person(call: Call, body: NewPerson) -> Answer:
        """Create a person."""
        ids = _ids(body.ids) if body.ids else Ids()
        return created(await catalog.create_person(call.member(), name=body.name, ids=ids))

    @endpoint(
        "PATCH",
        "/api/v1/people/{person_id}",
        who="admin",
        answers=PersonWritten,
        errors=(404, 409, 412),
        once=changed,
    )
    async def change_person(call: Call, person_id: str, body: PersonPatch) -> Answer:
        """Rename a person, in every movie; imports that use the old name still mean them."""
        person = await catalog.change_person(
            call.member(),
            person_id,
            name=None if body.name is UNSET else body.name,
            ids=None if body.ids is UNSET else _ids(body.ids),
            versions=call.if_match(required=False),
        )
        return changed(person)

    @endpoint("DELETE", "/api/v1/people/{person_id}", who="admin", errors=(404, 412), once=gone)
    async def delete_person(call: Call, person_id: str) -> None:
        """Delete a person and their credits; no import brings them back."""
        versions = call.if_match(required=False)
        await catalog.delete_person(call.member(), person_id, versions=versions)

    return [create_person, change_person, delete_person]


def _ids(body: IdsBody) -> Ids:
    return Ids(body.imdb, body.tmdb)
