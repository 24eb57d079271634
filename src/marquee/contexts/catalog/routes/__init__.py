"""The catalog over HTTP."""

from litestar.handlers import HTTPRouteHandler

from marquee.contexts.catalog.routes import legacy, movies, people, platforms, posters
from marquee.contexts.catalog.service import CatalogService


def routes(catalog: CatalogService) -> list[HTTPRouteHandler]:
    return [
        *movies.reading(catalog),
        *movies.writing(catalog),
        *people.reading(catalog),
        *people.writing(catalog),
        *platforms.reading(catalog),
        *platforms.writing(catalog),
        *posters.drawing(catalog),
        *legacy.reading(catalog),
    ]
