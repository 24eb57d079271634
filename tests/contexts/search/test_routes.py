"""Search over HTTP."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from tests.contexts.search.fakes import a_film, a_person
from tests.contexts.search.homes import Home, a_home
from tests.contexts.search.house import House

SEARCH, SUGGEST = "/api/v1/search", "/api/v1/search/suggest"


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with a_home("tantivy", tmp_path) as found:
        yield found


@pytest.fixture
async def furnished(house: House) -> House:
    await house.rebuilt(
        a_film(1, "Solaris", 1972, genres=("Drama", "Science Fiction"), popularity=40.0),
        a_film(2, "Solaris", 2002, genres=("Drama",), platforms=("Mubi", "Max"), popularity=30.0),
        a_film(3, 'Tom & "Jerry" <b>', 1992, genres=("Comedy",)),
        a_person(1, "Andrei Tarkovsky", 90.0),
    )
    return house


async def get(house: House, path: str, status: int = 200) -> Any:
    async with house.caller() as caller:
        answer = await caller.get(path)
    assert answer.status_code == status, answer.text
    return answer.json()


async def test_a_hit_says_what_it_is_and_why(furnished: House) -> None:
    page = await get(furnished, f"{SEARCH}?q=solarsi&limit=1")
    (hit,) = page.pop("items")
    score = hit.pop("score")
    assert 0.5 < score < 1.3
    assert hit == {
        "kind": "movie",
        "id": "1",
        "title": "Solaris",
        "year": 1972,
        "highlight": "<mark>Solaris</mark>",
        "poster_url": "/posters/1/1.svg",
        "genres": ["Drama", "Science Fiction"],
        "known_for": [],
    }
    assert page.pop("next")
    assert page == {
        "total": 2,
        "facets": {
            "kind": [{"value": "movie", "count": 2}],
            "genre": [
                {"value": "Drama", "count": 2},
                {"value": "Science Fiction", "count": 1},
            ],
            "decade": [{"value": "1970s", "count": 1}, {"value": "2000s", "count": 1}],
            "platform": [{"value": "Max", "count": 1}, {"value": "Mubi", "count": 1}],
        },
    }


async def test_people_are_found_beside_movies(furnished: House) -> None:
    page = await get(furnished, f"{SEARCH}?q=tarkovski")
    (hit,) = page["items"]
    assert (hit["kind"], hit["title"], hit["known_for"]) == (
        "person",
        "Andrei Tarkovsky",
        ["Solaris"],
    )


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ("kind=movie", ["1", "2"]),
        ("kind=person", []),
        ("genre=Drama", ["1", "2"]),
        ("genre=Science+Fiction", ["1"]),
        ("genre=Comedy,Science%20Fiction", ["1"]),
        ("genre=Comedy&genre=Drama", ["1", "2"]),
        ("decade=2000s", ["2"]),
        ("decade=2000s&platform=Mubi&genre=Drama", ["2"]),
        ("platform=Nowhere", []),
        (f"genre={quote('x:y OR *')}", []),
    ],
)
async def test_filters_are_taken_as_they_read(
    furnished: House, filters: str, ids: list[str]
) -> None:
    page = await get(furnished, f"{SEARCH}?q=solaris&{filters}")
    assert [hit["id"] for hit in page["items"]] == ids
    assert page["total"] == len(ids)


async def test_pages_lead_from_one_to_the_next(furnished: House) -> None:
    first = await get(furnished, f"{SEARCH}?q=solaris&limit=1")
    second = await get(furnished, f"{SEARCH}?q=solaris&limit=1&cursor={first['next']}")
    assert [first["items"][0]["id"], second["items"][0]["id"]] == ["1", "2"]
    assert second["next"] is None


async def test_suggestions_are_few_and_marked(furnished: House) -> None:
    found = await get(furnished, f"{SUGGEST}?q=sol&limit=1")
    assert [(one["id"], one["highlight"]) for one in found["items"]] == [
        ("1", "<mark>Sol</mark>aris")
    ]
    assert await get(furnished, f"{SUGGEST}?q=") == {"items": [], "next": None, "total": 0}


async def test_markup_in_a_title_stays_text(furnished: House) -> None:
    page = await get(furnished, f"{SEARCH}?q=jerry")
    assert page["items"][0]["highlight"] == ("Tom &amp; &quot;<mark>Jerry</mark>&quot; &lt;b&gt;")


ODD = [
    " ",
    "*",
    "?",
    "AND",
    "solaris AND NOT drama",
    "title:solaris",
    "key:movie:1",
    'so"laris',
    '"',
    "'; DROP TABLE movies; --",
    "(((((",
    "[1 TO 5]",
    "sol~2^9",
    "-solaris +drama",
    ".*",
    "(a+)+$",
    "\\",
    "\x00\x01\x1f",
    "a\u0000b",
    "\u202esiralos",
    "🎬🎬🎬",
    "👩‍👩‍👧‍👦",
    "a" * 200,
    "a " * 100,
    "é" * 200,
    "مرحبا",
    "\u0301" * 50,
    "七人の侍",
    "\ufeffsolaris",
    "%",
    "ß" * 200,
    "the the the the the the the",
    "ﷺ" * 11,
    "{{7*7}}",
    "../../etc/passwd",
    "½" * 100,
]


@pytest.mark.parametrize("q", ODD)
@pytest.mark.parametrize("path", [SEARCH, SUGGEST])
async def test_whatever_is_typed_is_taken_as_words(furnished: House, path: str, q: str) -> None:
    page = await get(furnished, f"{path}?q={quote(q)}")
    assert isinstance(page["items"], list)


async def test_words_in_operators_clothes_are_words(furnished: House) -> None:
    for q in ("+solaris", "solaris*", '"solaris"', "solaris~", "(solaris)", "sol?aris"):
        page = await get(furnished, f"{SEARCH}?q={quote(q)}")
        assert [hit["id"] for hit in page["items"]][:2] == ["1", "2"], q


@pytest.mark.parametrize(
    ("query", "status", "field"),
    [
        ("", 422, "q"),
        ("q=", 422, "q"),
        (f"q={'a' * 201}", 422, "q"),
        ("q=a&limit=0", 422, "limit"),
        ("q=a&limit=101", 422, "limit"),
        ("q=a&limit=NaN", 422, "limit"),
        (f"q=a&limit={2**70}", 422, "limit"),
        ("q=a&kind=user", 422, "kind"),
        ("q=a&cursor=nonsense", 422, "cursor"),
        ("q=a&cursor=WyJhIiwxXQ", 422, "cursor"),
        ("q=a&colour=red", 422, "colour"),
        ("q=a&q=b", 422, "q"),
        ("q=a&genre=,", 422, "genre"),
        ("q=a&platform=", 422, "platform"),
        ("q=a&genre=Drama&genre=%20", 422, "genre"),
        ("q=a&decade=,", 422, "decade"),
        ("q=a&limit=1e1", 422, "limit"),
        ("q=%ed%a0%80", 400, "q"),
        ("q=%ff%fe", 400, "q"),
        ("&".join(["genre=x"] * 101), 400, "query"),
    ],
)
async def test_a_bad_value_is_refused_by_its_name(
    furnished: House, query: str, status: int, field: str
) -> None:
    problem = await get(furnished, f"{SEARCH}?{query}", status)
    assert problem["field"] == field


@pytest.mark.parametrize("query", [f"q={'a' * 201}", "q=a&limit=21", "q=%ed%b0%80", "q=a&x=1", ""])
async def test_a_bad_value_is_refused_beneath_the_box_too(furnished: House, query: str) -> None:
    async with furnished.caller() as caller:
        answer = await caller.get(f"{SUGGEST}?{query}")
    assert answer.status_code in {400, 422}


async def test_many_filters_at_once_are_no_trouble(furnished: House) -> None:
    many = ",".join(f"genre {n}" for n in range(300))
    page = await get(furnished, f"{SEARCH}?q=solaris&genre={quote(many)}&platform={quote(many)}")
    assert page["total"] == 0


async def test_an_answer_is_known_again_by_its_tag(furnished: House) -> None:
    async with furnished.caller() as caller:
        first = await caller.get(f"{SEARCH}?q=solaris")
        again = await tagged(caller, first)
        await furnished.rebuilt(a_film(9, "Solaris Nova"))
        changed = await tagged(caller, first)
    assert (again.status_code, changed.status_code) == (304, 200)


async def tagged(caller: httpx2.AsyncClient, first: httpx2.Response) -> httpx2.Response:
    return await caller.get(f"{SEARCH}?q=solaris", headers={"if-none-match": first.headers["etag"]})
