"""Search over HTTP."""

import re
from itertools import chain
from typing import Annotated, Literal

from litestar.handlers import HTTPRouteHandler
from msgspec import Meta, Struct

from marquee.contexts.search.model.folding import words
from marquee.contexts.search.model.marking import marked
from marquee.contexts.search.ports import Filters
from marquee.contexts.search.service import Hit, SearchService
from marquee.engines.web import endpoint
from marquee.kit.errors import Invalid
from marquee.kit.paging import LIMIT, MOST, Page

LONGEST = 200
DECADE = re.compile(r"\d{3}0s?", re.ASCII)
Question = Annotated[str, Meta(min_length=1, max_length=LONGEST)]
Kind = Literal["movie", "person"]


class SearchQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    q: Question
    kind: Kind | None = None
    genre: tuple[str, ...] = ()
    decade: tuple[str, ...] = ()
    platform: tuple[str, ...] = ()
    cursor: str | None = None
    limit: Annotated[int, Meta(ge=1, le=MOST)] = LIMIT


class SuggestQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    q: Annotated[str, Meta(max_length=LONGEST)]
    limit: Annotated[int, Meta(ge=1, le=20)] = 8


class HitView(Struct):
    """`highlight` is the title as HTML with nothing but `<mark>` in it."""

    kind: Kind
    id: str
    title: str
    year: int | None
    highlight: str
    score: float
    poster_url: str | None
    genres: tuple[str, ...]
    known_for: tuple[str, ...]


class Put(Struct):
    """The number of the task, for the logs."""

    task_id: str


def routes(search: SearchService) -> list[HTTPRouteHandler]:
    @endpoint("GET", "/api/v1/search", cached=("search",))
    async def search_everything(query: SearchQuery) -> Page[HitView]:
        """Find movies and people, even with a letter wrong."""
        given = {
            "kind": (query.kind,) if query.kind else (),
            "genre": _values("genre", query.genre),
            "decade": tuple(_decade(value) for value in _values("decade", query.decade)),
            "platform": _values("platform", query.platform),
        }
        filters = Filters({name: values for name, values in given.items() if values})
        found = await search.search(query.q, filters, cursor=query.cursor, limit=query.limit)
        asked = words(query.q)
        items = [_shown(hit, asked) for hit in found.hits]
        return Page(items, found.next, found.total, found.facets)

    @endpoint("GET", "/api/v1/search/suggest", cached=("search",))
    async def suggest(query: SuggestQuery) -> Page[HitView]:
        """What somebody may be typing the beginning of; never more than one page."""
        asked = words(query.q)
        hits = await search.suggest(query.q, limit=query.limit)
        return Page([_shown(hit, asked) for hit in hits], None, len(hits))

    @endpoint("POST", "/api/v1/search/rebuild", who="admin", status=202)
    async def rebuild_index() -> Put:
        """Let the index be built anew beside the one in use; asked twice, it may be done once."""
        return Put(await search.ask_for_rebuild())

    return [search_everything, suggest, rebuild_index]


def _values(name: str, given: tuple[str, ...]) -> tuple[str, ...]:
    found = [[value for one in part.split(",") if (value := one.strip())] for part in given]
    if [] in found:
        raise Invalid("It is empty.", field=name)
    return tuple(chain.from_iterable(found))


def _decade(value: str) -> str:
    if DECADE.fullmatch(value) is None:
        raise Invalid("A decade is such as 1990s.", field="decade")
    return value.removesuffix("s") + "s"


def _shown(hit: Hit, asked: tuple[str, ...]) -> HitView:
    entry = hit.entry
    return HitView(
        kind="movie" if entry.kind == "movie" else "person",
        id=entry.id,
        title=entry.names[0],
        year=entry.year,
        highlight=marked(entry.names[0], asked),
        score=hit.score,
        poster_url=entry.poster_url,
        genres=entry.genres,
        known_for=entry.known_for,
    )
