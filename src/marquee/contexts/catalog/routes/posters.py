"""Posters and fields, drawn when they are asked for."""

from collections.abc import Mapping

from litestar.handlers import HTTPRouteHandler

from marquee.contexts.catalog.service import CatalogService
from marquee.engines.web import Answer, endpoint
from marquee.kit.errors import NotFound

SVG = "image/svg+xml"
FOREVER = "public, max-age=31536000, immutable"
OUTDATED = "public, no-cache"
SAFE: Mapping[str, str] = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "x-content-type-options": "nosniff",
}
ENDING = ".svg"


def drawing(catalog: CatalogService) -> list[HTTPRouteHandler]:
    async def drawn(movie_id: str, file: str, *, field: bool) -> Answer:
        if not file.endswith(ENDING):
            raise NotFound("There is only an .svg here.", field="file")
        mark, svg = await catalog.poster(movie_id, field=field)
        cache = FOREVER if file == mark + ENDING else OUTDATED
        headers = {**SAFE, "cache-control": cache}
        return Answer(svg.encode(), headers=headers, etag=mark, media_type=SVG)

    @endpoint("GET", "/posters/{movie_id}/{file}", answers=str, errors=(404,), media_type=SVG)
    async def get_poster(movie_id: str, file: str) -> Answer:
        """A movie's poster; an address that is out of date shows the present one."""
        return await drawn(movie_id, file, field=False)

    @endpoint("GET", "/fields/{movie_id}/{file}", answers=str, errors=(404,), media_type=SVG)
    async def get_field(movie_id: str, file: str) -> Answer:
        """The poster's art without letters, for the head of a page."""
        return await drawn(movie_id, file, field=True)

    return [get_poster, get_field]
