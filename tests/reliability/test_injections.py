"""B7: injections and evil texts are answered like any other text, and at once."""

import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from tests.reliability import figures, odd
from tests.reliability.cast import Cast
from tests.reliability.operations import Operation, operations, percent
from tests.reliability.site import Site

INERT = "qzxwvqzxwv"
LONGEST = 10.0
"""Seconds that no single answer may take, on the busiest machine; the figures tell the real ones."""


@pytest.fixture(scope="module")
def cast(site: Site) -> Cast:
    return Cast.gathered(site)


@pytest.fixture(scope="module")
def every(site: Site, cast: Cast) -> list[Operation]:
    with site.client() as client:
        return operations(client.get("/schema").json(), cast)


@pytest.fixture
def admin(cast: Cast) -> Iterator[httpx2.Client]:
    with cast.client("admin") as client:
        yield client


def questions(every: list[Operation]) -> Iterator[tuple[Operation, str]]:
    """Every parameter that takes free text, but those that say where to go on."""
    for operation in every:
        if operation.method != "GET":
            continue
        for name, schema in operation.queries.items():
            kinds = {schema.get("type"), schema.get("items", {}).get("type")}
            if "string" in kinds and "enum" not in schema and name != "cursor":
                yield operation, name


def test_an_injection_is_answered_like_any_other_text(
    every: list[Operation], admin: httpx2.Client
) -> None:
    tried = 0
    for operation, name in questions(every):
        inert = admin.get(operation.with_query(name, INERT))
        for text in odd.some(odd.INJECTIONS, f"{operation.name} {name}"):
            answer = admin.get(operation.with_query(name, percent(f"{INERT}{text}")))
            assert answer.status_code in {inert.status_code, 422}, (operation.name, name, text)
            if answer.status_code == 200:
                assert found(answer) == found(inert), (operation.name, name, text)
            tried += 1
    figures.keep("B7", injections=tried)
    assert tried > 100


def found(answer: httpx2.Response) -> Any:
    """What was found, without what merely repeats the question."""
    shown = answer.json()
    return shown.get("items", shown.get("results")), shown.get("total", shown.get("count"))


def test_an_injection_alone_finds_nothing_it_should_not(
    every: list[Operation], admin: httpx2.Client
) -> None:
    """A wildcard is a letter like any other: it does not stand for all there is."""
    everything = admin.get("/api/v1/movies").json()["total"]
    for operation, name in questions(every):
        for text in ("%", "_", "*", "?", ".*", "' OR 1=1 --", "title:*"):
            answer = admin.get(operation.with_query(name, percent(text)))
            assert answer.status_code in {200, 422}, (operation.name, name, text)
            if answer.status_code == 200 and operation.template.startswith("/api/v1/search"):
                assert found(answer)[1] in {0, None} or found(answer)[1] < everything


def test_evil_text_takes_no_time(every: list[Operation], admin: httpx2.Client, cast: Cast) -> None:
    took: dict[str, float] = {}
    review = f"/api/v1/reviews/{cast.made('review_id')}"
    with cast.client("owner") as owner:
        for text in odd.some(odd.EVIL, "review"):
            body = {"text": text[:20_000]}
            took[f"review {text[:20]!r} {len(text)}"] = timed(owner, "PATCH", review, body)
    for operation, name in questions(every):
        for text in odd.some(odd.EVIL, f"{operation.name} {name}"):
            address = operation.with_query(name, percent(text)[:60_000])
            took[f"{address[:60]} {len(text)}"] = timed(admin, "GET", address)
    slowest = max(took, key=lambda place: took[place])
    figures.keep(
        "B7",
        evil_texts=len(took),
        slowest_ms=round(took[slowest] * 1000, 1),
        slowest=slowest,
        over_100_ms=sum(seconds > 0.1 for seconds in took.values()),
    )
    assert took[slowest] < LONGEST


def timed(client: httpx2.Client, method: str, address: str, body: Any = None) -> float:
    began = time.perf_counter()
    answer = client.request(method, address, json=body)
    assert answer.status_code < 500
    return time.perf_counter() - began


def test_a_page_is_never_longer_than_a_hundred(
    every: list[Operation], admin: httpx2.Client
) -> None:
    for operation in every:
        if "limit" in operation.queries:
            most = admin.get(operation.with_query("limit", "100"))
            assert most.status_code in {200, 422}, operation.name
            if most.status_code == 200:
                assert len(most.json()["items"]) <= 100
            for limit in ("101", "1000000", "0", "-1"):
                more = admin.get(operation.with_query("limit", limit))
                assert (more.status_code, more.json()["field"]) == (422, "limit"), operation.name
