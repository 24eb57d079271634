"""Streaming platforms over HTTP."""

from litestar.handlers import HTTPRouteHandler
from msgspec import UNSET, Struct, structs

from marquee.contexts.catalog.model.movie import Movie
from marquee.contexts.catalog.model.platforms import Platform
from marquee.contexts.catalog.routes.bodies import CarryBody, Every, NewPlatform, PlatformPatch
from marquee.contexts.catalog.routes.movies import changed as changed_movie
from marquee.contexts.catalog.routes.movies import gone
from marquee.contexts.catalog.service import CatalogService
from marquee.engines.web import Answer, Call, endpoint
from marquee.kit.paging import Page, part


class PlatformView(Struct):
    """`url` is its site; `movie_count` how many movies it carries."""

    id: str
    name: str
    about: str | None
    url: str | None
    movie_count: int
    version: int


def view(platform: Platform, count: int = 0) -> PlatformView:
    id_ = str(platform.id)
    return PlatformView(id_, platform.name, platform.about, platform.url, count, platform.version)


def created(platform: Platform) -> Answer:
    location = {"location": f"/api/v1/platforms/{platform.id}"}
    return Answer(view(platform), 201, location, etag=str(platform.version))


def changed(found: tuple[Platform, int]) -> Answer:
    platform, count = found
    return Answer(view(platform, count), etag=str(platform.version))


def reading(catalog: CatalogService) -> list[HTTPRouteHandler]:
    @endpoint("GET", "/api/v1/platforms", cached=("catalog",))
    async def list_platforms(query: Every) -> Page[PlatformView]:
        """Every platform, by name."""
        found = [view(platform, count) for platform, count in await catalog.list_platforms()]
        return part(found, ("platforms",), query.cursor, query.limit)

    @endpoint("GET", "/api/v1/platforms/{platform_id}", answers=PlatformView, errors=(404,))
    async def get_platform(platform_id: str) -> Answer:
        """One platform."""
        platform, count = await catalog.get_platform(platform_id)
        return changed((platform, count))

    return [list_platforms, get_platform]


def writing(catalog: CatalogService) -> list[HTTPRouteHandler]:
    return [*_platforms(catalog), *_carrying(catalog)]


def _platforms(catalog: CatalogService) -> list[HTTPRouteHandler]:
    @endpoint(
        "POST",
        "/api/v1/platforms",
        who="admin",
        status=201,
        answers=PlatformView,
        errors=(409,),
        once=created,
    )
    async def create_platform(call: Call, body: NewPlatform) -> Answer:
        """Create a platform."""
        return created(
            await catalog.create_platform(
                call.member(), name=body.name, about=body.about, url=body.url
            )
        )

    @endpoint(
        "PATCH",
        "/api/v1/platforms/{platform_id}",
        who="admin",
        answers=PlatformView,
        errors=(404, 409, 412),
        once=changed,
    )
    async def change_platform(call: Call, platform_id: str, body: PlatformPatch) -> Answer:
        """Change a platform, in every movie it carries."""
        said = {name: value for name, value in structs.asdict(body).items() if value is not UNSET}
        versions = call.if_match(required=False)
        return changed(await catalog.change_platform(call.member(), platform_id, said, versions))

    @endpoint(
        "DELETE", "/api/v1/platforms/{platform_id}", who="admin", errors=(404, 412), once=gone
    )
    async def delete_platform(call: Call, platform_id: str) -> None:
        """Delete a platform; the movies it carried stay."""
        versions = call.if_match(required=False)
        await catalog.delete_platform(call.member(), platform_id, versions)

    return [create_platform, change_platform, delete_platform]


def _carrying(catalog: CatalogService) -> list[HTTPRouteHandler]:
    @endpoint(
        "PUT",
        "/api/v1/platforms/{platform_id}/movies/{movie_id}",
        who="admin",
        answers=Movie,
        errors=(404,),
        once=changed_movie,
    )
    async def carry_movie(call: Call, platform_id: str, movie_id: str, body: CarryBody) -> Answer:
        """Say that a platform carries a movie, with a link to it there if you have one."""
        movie = await catalog.carry(
            call.member(), platform_id, movie_id, url=body.url, carries=True
        )
        return changed_movie(movie)

    @endpoint(
        "DELETE",
        "/api/v1/platforms/{platform_id}/movies/{movie_id}",
        who="admin",
        errors=(404,),
        once=gone,
    )
    async def drop_movie(call: Call, platform_id: str, movie_id: str) -> None:
        """Say that a platform does not carry a movie any more."""
        await catalog.carry(call.member(), platform_id, movie_id, url=None, carries=False)

    return [carry_movie, drop_movie]
