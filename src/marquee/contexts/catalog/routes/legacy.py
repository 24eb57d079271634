"""Movies, genres and people as the older API showed them: read only, by page number."""

from collections.abc import Sequence
from typing import Generic, TypeVar
from urllib.parse import urlencode

from litestar.handlers import HTTPRouteHandler
from msgspec import Struct

from marquee.contexts.catalog.model.figures import votes
from marquee.contexts.catalog.model.movie import Movie
from marquee.contexts.catalog.model.people import Person
from marquee.contexts.catalog.routes.bodies import LegacyGenres, LegacyMovies, LegacyPeople
from marquee.contexts.catalog.service import CatalogService
from marquee.contexts.catalog.service.legacy import SIZE
from marquee.engines.web import Call, endpoint
from marquee.kit.errors import NotFound

T = TypeVar("T")


class LegacyPage(Struct, Generic[T]):
    count: int
    next: str | None
    previous: str | None
    results: Sequence[T]


class LegacyMovie(Struct, rename="camel"):
    """`voteAverage` is out of ten, of the world's votes and the members' together.

    `releaseDate` is only a year where the day is not known.
    """

    id: str
    title: str
    original_title: str | None
    overview: str | None
    release_date: str | None
    runtime: int | None
    vote_average: float | None
    vote_count: int
    popularity: float
    genres: Sequence[str]
    production_countries: Sequence[str]
    spoken_languages: Sequence[str]
    poster: str
    backdrop: str


class LegacyGenre(Struct):
    id: str
    name: str
    count: int


class LegacyPerson(Struct, rename="camel"):
    id: str
    name: str
    departments: Sequence[str]
    first_year: int | None
    last_year: int | None


def movie(one: Movie) -> LegacyMovie:
    return LegacyMovie(
        id=one.id,
        title=one.title,
        original_title=one.original_title,
        overview=one.plot,
        release_date=one.released_on or (str(one.year) if one.year else None),
        runtime=one.runtime_minutes,
        vote_average=one.score,
        vote_count=votes(one.external_ratings) + one.rating.count,
        popularity=one.popularity,
        genres=one.genres,
        production_countries=one.countries,
        spoken_languages=one.languages,
        poster=one.poster_url,
        backdrop=one.field_url,
    )


def person(one: Person) -> LegacyPerson:
    return LegacyPerson(str(one.id), one.name, one.departments, one.first_year, one.last_year)


def paged(
    address: str, results: Sequence[T], total: int, page: int, asked: dict[str, str]
) -> LegacyPage[T]:
    """Its links are whole addresses. NotFound beyond the last page, as the older API had it."""
    if not results and page > 1:
        raise NotFound("There is no such page.", field="page")
    said = {name: value for name, value in asked.items() if value}

    def link(number: int) -> str:
        return f"{address}?{urlencode({**said, 'page': number})}"

    more = page * SIZE < total
    previous = link(page - 1) if page > 1 else None
    return LegacyPage(total, link(page + 1) if more else None, previous, results)


def reading(catalog: CatalogService) -> list[HTTPRouteHandler]:
    return [*_movies(catalog), *_genres(catalog), *_people(catalog)]


def _movies(catalog: CatalogService) -> list[HTTPRouteHandler]:
    @endpoint("GET", "/api/movies/", cached=("catalog",), names_host=True, errors=(404,))
    async def legacy_movies(call: Call, query: LegacyMovies) -> LegacyPage[LegacyMovie]:
        """Movies, twenty to a page."""
        found, total = await catalog.movies_on_page(
            query.page, search=query.search, ordering=query.ordering
        )
        asked = {"search": query.search, "ordering": query.ordering}
        results = [movie(one) for one in found]
        return paged(f"{call.origin}/api/movies/", results, total, query.page, asked)

    @endpoint("GET", "/api/movies/{movie_id}/", cached=("catalog",), errors=(404,))
    async def legacy_movie(movie_id: str) -> LegacyMovie:
        """One movie."""
        found = await catalog.whole_movie(movie_id)
        if found is None:
            raise NotFound("There is no such movie.", field="movie_id")
        return movie(found)

    return [legacy_movies, legacy_movie]


def _genres(catalog: CatalogService) -> list[HTTPRouteHandler]:
    @endpoint("GET", "/api/genres/", cached=("catalog",), names_host=True, errors=(404,))
    async def legacy_genres(call: Call, query: LegacyGenres) -> LegacyPage[LegacyGenre]:
        """Genres, twenty to a page."""
        wanted, key = query.search.casefold(), query.ordering.removeprefix("-")
        known = [one for one in catalog.genres() if wanted in one.name.casefold()]
        if key:
            known.sort(
                key=lambda one: (one.count if key == "count" else 0, one.name),
                reverse=query.ordering.startswith("-"),
            )
        part = known[(query.page - 1) * SIZE : query.page * SIZE]
        results = [LegacyGenre(one.id, one.name, one.count) for one in part]
        asked = {"search": query.search, "ordering": query.ordering}
        return paged(f"{call.origin}/api/genres/", results, len(known), query.page, asked)

    @endpoint("GET", "/api/genres/{genre_id}/", cached=("catalog",), errors=(404,))
    async def legacy_genre(genre_id: str) -> LegacyGenre:
        """One genre."""
        for one in catalog.genres():
            if one.id == genre_id:
                return LegacyGenre(one.id, one.name, one.count)
        raise NotFound("There is no such genre.", field="genre_id")

    return [legacy_genres, legacy_genre]


def _people(catalog: CatalogService) -> list[HTTPRouteHandler]:
    @endpoint("GET", "/api/people/", cached=("catalog",), names_host=True, errors=(404,))
    async def legacy_people(call: Call, query: LegacyPeople) -> LegacyPage[LegacyPerson]:
        """People, the best known first, twenty to a page."""
        found, total = await catalog.people_on_page(
            query.page, search=query.search, ordering=query.ordering
        )
        results = [person(one) for one in found]
        asked = {"search": query.search, "ordering": query.ordering}
        return paged(f"{call.origin}/api/people/", results, total, query.page, asked)

    @endpoint("GET", "/api/people/{person_id}/", cached=("catalog",), errors=(404,))
    async def legacy_person(person_id: str) -> LegacyPerson:
        """One person."""
        return person((await catalog.get_person(person_id)).person)

    return [legacy_people, legacy_person]
