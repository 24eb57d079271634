"""Movies and genres over HTTP."""

import re
from collections.abc import Sequence
from typing import Any

from litestar.handlers import HTTPRouteHandler
from msgspec import UNSET, Struct, structs

from marquee.contexts.catalog.contract import ExternalRating
from marquee.contexts.catalog.model.asking import CarrierAsked, CastAsked, CrewAsked
from marquee.contexts.catalog.model.items import MovieItem
from marquee.contexts.catalog.model.movie import Ids, Movie
from marquee.contexts.catalog.ports import Question
from marquee.contexts.catalog.routes.bodies import (
    CarrierBody,
    Every,
    MoviePatch,
    MoviesQuery,
    NewMovie,
)
from marquee.contexts.catalog.service import CatalogService
from marquee.contexts.catalog.service.desk import number
from marquee.engines.web import Answer, Call, endpoint
from marquee.kit.errors import Invalid
from marquee.kit.paging import Page, part

FRESH = "public, no-cache"
DECADE = re.compile(r"(\d{3}0)s?")
NOBODY = 0


class GenreView(Struct):
    """`id` is how the genre is named in an address."""

    id: str
    name: str
    count: int


def groups(name: str, values: Sequence[str]) -> tuple[tuple[str, ...], ...]:
    """`("a", "b,c")` -> a, and b or c."""
    found = tuple(
        tuple(part.strip() for part in value.split(",") if part.strip()) for value in values
    )
    if () in found:
        raise Invalid("It is empty.", field=name)
    return found


def question(query: MoviesQuery) -> Question:
    decades = []
    for value in (one for group in groups("decade", query.decade) for one in group):
        fits = DECADE.fullmatch(value)
        if not fits:
            raise Invalid("A decade such as 1990s.", field="decade")
        decades.append(f"{fits[1]}s")
    return Question(
        genres=groups("genre", query.genre),
        platforms=groups("platform", query.platform),
        languages=groups("language", [value.lower() for value in query.language]),
        people=tuple(_person(value) for value in query.person),
        years=(str(query.year),) if query.year is not None else (),
        decades=tuple(decades),
        year_from=query.year_from,
        year_to=query.year_to,
        runtime_min=query.runtime_min,
        runtime_max=query.runtime_max,
        rating_min=query.rating_min,
    )


def _person(value: str) -> int:
    if not value.strip(", "):
        raise Invalid("It is empty.", field="person")
    return number(value) or NOBODY


def created(movie: Movie) -> Answer:
    location = {"location": f"/api/v1/movies/{movie.id}"}
    return Answer(movie, 201, location, etag=str(movie.version))


def changed(movie: Movie) -> Answer:
    return Answer(movie, etag=str(movie.version))


def gone(_: object) -> Answer:
    return Answer(status=204)


def values(body: MoviePatch) -> dict[str, Any]:
    """What was said, by field."""
    said = {field: value for field, value in structs.asdict(body).items() if value is not UNSET}
    if "cast" in said:
        said["cast"] = tuple(CastAsked(**structs.asdict(one)) for one in said["cast"])
    if "crew" in said:
        said["crew"] = tuple(CrewAsked(**structs.asdict(one)) for one in said["crew"])
    if "platforms" in said:
        said["platforms"] = tuple(_carrier(one) for one in said["platforms"])
    if "external_ratings" in said:
        said["external_ratings"] = tuple(
            ExternalRating(**structs.asdict(one)) for one in said["external_ratings"]
        )
    if "ids" in said:
        said["ids"] = Ids(said["ids"].imdb, said["ids"].tmdb)
    return said


def _carrier(one: CarrierBody | str) -> CarrierAsked:
    return CarrierAsked(id=one) if isinstance(one, str) else CarrierAsked(id=one.id, url=one.url)


def reading(catalog: CatalogService) -> list[HTTPRouteHandler]:
    @endpoint("GET", "/api/v1/movies", cached=("catalog",))
    async def list_movies(query: MoviesQuery) -> Page[MovieItem]:
        """Movies by genre, year, platform, person, language, length and rating, in any order."""
        return await catalog.list_movies(
            question(query),
            sort=query.sort,
            token=query.cursor,
            limit=query.limit,
            facets=[one.strip() for one in query.facets.split(",")]
            if query.facets is not None
            else (),
        )

    @endpoint("GET", "/api/v1/movies/{movie_id}", answers=Movie, errors=(404,))
    async def get_movie(movie_id: str) -> Answer:
        """Everything that is known of a movie."""
        version, document = await catalog.get_movie(movie_id)
        return Answer(document, headers={"cache-control": FRESH}, etag=str(version))

    @endpoint("GET", "/api/v1/genres", cached=("catalog",))
    async def list_genres(query: Every) -> Page[GenreView]:
        """Every genre, with how many movies have it."""
        genres = [GenreView(one.id, one.name, one.count) for one in catalog.genres()]
        return part(genres, ("genres",), query.cursor, query.limit)

    return [list_movies, get_movie, list_genres]


def writing(catalog: CatalogService) -> list[HTTPRouteHandler]:
    @endpoint(
        "POST",
        "/api/v1/movies",
        who="admin",
        status=201,
        answers=Movie,
        errors=(409,),
        once=created,
    )
    async def create_movie(call: Call, body: NewMovie) -> Answer:
        """Create a movie."""
        return created(await catalog.create_movie(call.member(), values(body)))

    @endpoint(
        "PATCH",
        "/api/v1/movies/{movie_id}",
        who="admin",
        answers=Movie,
        errors=(404, 409, 412, 428),
        once=changed,
    )
    async def change_movie(call: Call, movie_id: str, body: MoviePatch) -> Answer:
        """Change what is said of a movie; no import changes it back."""
        versions = call.if_match(required=True)
        movie = await catalog.change_movie(call.member(), movie_id, values(body), versions)
        return changed(movie)

    @endpoint("DELETE", "/api/v1/movies/{movie_id}", who="admin", errors=(404, 412, 428), once=gone)
    async def delete_movie(call: Call, movie_id: str) -> None:
        """Delete a movie; no import brings it back."""
        versions = call.if_match(required=True)
        await catalog.delete_movie(call.member(), movie_id, versions)

    return [create_movie, change_movie, delete_movie]
