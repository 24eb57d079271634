"""Wishes, as searches of OpenSearch; what is wished for together is asked in one request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.ports import FACETS
from marquee.contexts.search.stores.counting import MOST_VALUES
from marquee.contexts.search.stores.opensearch.documents import BEGIN, START
from marquee.contexts.search.stores.queries import filters
from marquee.contexts.search.stores.values import decoded
from marquee.contexts.search.stores.wishes import (
    All,
    Begun,
    Best,
    Counted,
    Counts,
    Either,
    Exists,
    Is,
    Near,
    Place,
    Query,
    Talk,
    Top,
    Wish,
)
from marquee.engines.opensearch import Cluster, Elsewhere
from marquee.kit.errors import Unavailable

T = TypeVar("T")
TRIES = 3
SOON = 5
LONGEST_BEGUN = {"exact": START, "words": BEGIN}
BEST_KNOWN = [{"order": "desc"}]
Body = dict[str, Any]


@dataclass(frozen=True)
class Hit:
    text: str

    @cached_property
    def entry(self) -> Entry:
        return decoded(self.text)


class Reader:
    """Asks the index of an alias, which may be swapped for another at any moment."""

    def __init__(self, cluster: Cluster, alias: str) -> None:
        self._cluster = cluster
        self._alias = alias

    async def talked(self, talk: Talk[T]) -> T:
        """What comes of it."""
        said: Sequence[Any] | None = None
        while True:
            try:
                asked = talk.send(said) if said is not None else next(talk)
            except StopIteration as end:
                result: T = end.value
                return result
            answers = await self.asked([searched(wish) for wish in asked])
            said = [_granted(*pair) for pair in zip(asked, answers, strict=True)]

    async def asked(self, bodies: Sequence[Body]) -> Sequence[Mapping[str, Any]]:
        """Unavailable where there is no index, as when somebody has dropped it."""
        if not bodies:
            return ()
        for _ in range(TRIES):
            try:
                return await self._cluster.search(self._alias, bodies)
            except Elsewhere:
                continue  # it was swapped while it was read
        raise Unavailable("There is no search index at the moment.", retry_after=SOON)


def searched(wish: Wish) -> Body:
    match wish:
        case Top(query, most):
            return top(compiled(query), most)
        case Exists(query):
            end = {"size": 0, "terminate_after": 1, "track_total_hits": 1}
            return _only(compiled(query)) | end
        case Counted():
            return _counted(wish)


def top(query: Body, most: int) -> Body:
    """The best known; no two are equal. The index is in this order: no more is looked at."""
    return _only(query) | {"size": most, "sort": BEST_KNOWN, "track_total_hits": False}


def places(answer: Mapping[str, Any]) -> dict[int, Place]:
    hits = answer.get("hits", {}).get("hits", ())
    return {hit["sort"][0]: Hit(hit["_source"]["entry"]) for hit in hits}


def compiled(query: Query) -> Body:
    """Nothing in it is ever parsed."""
    match query:
        case Is(field, text):
            return {"term": {field: text}}
        case Begun(field, text):
            if len(text) <= LONGEST_BEGUN.get(field, 0):
                return {"term": {f"{field}.start": text}}
            return {"prefix": {field: {"value": text, "rewrite": "constant_score"}}}
        case Near(field, text, slips, begun):
            near = {"value": text, "fuzziness": slips, "rewrite": "constant_score"}
            return {"fuzzy": {f"{field}.start" if begun else field: near}}
        case All(parts):
            return {"bool": {"filter": [compiled(part) for part in parts]}}
        case Either(choices):
            return _either(choices)


def _either(choices: Sequence[Query]) -> Body:
    terms = [one for one in choices if isinstance(one, Is)]
    if len(terms) == len(choices) and len({one.field for one in terms}) == 1:
        return {"terms": {terms[0].field: [one.text for one in terms]}}
    if not choices:
        return {"match_none": {}}
    some = [compiled(one) for one in choices]
    return {"bool": {"should": some, "minimum_should_match": 1}}


def _only(query: Body) -> Body:
    """How well it fits is not for OpenSearch to say."""
    return {"query": {"constant_score": {"filter": query}}}


def _counted(wish: Counted) -> Body:
    """Each facet under the filters of the others."""
    facets = {}
    for facet in FACETS:
        rest = compiled(All(tuple(filters(wish.wanted, but=[facet]))))
        terms = {"values": {"terms": {"field": facet, "size": MOST_VALUES}}}
        facets[facet] = {"filter": rest, "aggs": terms}
    return _only(compiled(wish.query)) | {"size": 0, "track_total_hits": False, "aggs": facets}


def _granted(wish: Wish, answer: Mapping[str, Any]) -> object:
    match wish:
        case Top(_, most):
            found = places(answer)
            return Best(found, is_all=len(found) < most)
        case Exists():
            return answer["hits"]["total"]["value"] > 0
        case Counted():
            return _counts(answer["aggregations"])


def _counts(facets: Mapping[str, Any]) -> Counts:
    return {
        facet: {one["key"]: one["doc_count"] for one in facets[facet]["values"]["buckets"]}
        for facet in FACETS
    }
