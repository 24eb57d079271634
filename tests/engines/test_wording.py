"""What is wrong with a body or a query, in words that need no programmer."""

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Literal

import pytest
from msgspec import UNSET, Meta, Struct, UnsetType

from marquee.engines.web.decode import json_body, query
from marquee.engines.web.wording import in_words
from marquee.kit.errors import Invalid


class Light(Enum):
    DARK = "dark"
    BRIGHT = "bright"


class Wish(Struct, forbid_unknown_fields=True, kw_only=True):
    style: Literal["stars", "ten"] | UnsetType = UNSET
    light: Light | None = None


class Asked(Struct, forbid_unknown_fields=True, kw_only=True):
    title: Annotated[str, Meta(min_length=2, max_length=500)] = "Mirror"
    code: Annotated[str, Meta(pattern="^[a-z]{2}$")] = "ru"
    year: Annotated[int, Meta(ge=1870, le=2100)] | None = None
    score: Annotated[float, Meta(gt=0, lt=10)] = 5
    seen: bool = False
    genres: Annotated[tuple[Annotated[str, Meta(min_length=1)], ...], Meta(max_length=1)] = ()
    day: date | None = None
    at: datetime | None = None
    orders: list[Literal["newest", "oldest"]] = []
    wish: Wish | UnsetType = UNSET
    plot: Annotated[str, Meta(max_length=10_000)] = ""
    pair: tuple[int, int] = (1, 2)


class Needed(Struct):
    title: str


def told(read: Callable[..., object], *given: object) -> tuple[str | None, str]:
    with pytest.raises(Invalid) as refused:
        read(*given)
    return refused.value.field, refused.value.detail


@pytest.mark.parametrize(
    ("body", "field", "words"),
    [
        ('{"title": "a"}', "title", "At least 2 characters."),
        ('{"title": "%s"}' % ("a" * 501), "title", "At most 500 characters."),
        ('{"plot": "%s"}' % ("a" * 10_001), "plot", "At most 10,000 characters."),
        ('{"title": 7}', "title", "Text, not a number."),
        ('{"title": null}', "title", "Text, not null."),
        ('{"code": "RU"}', "code", "Text of the pattern '^[a-z]{2}$'."),
        ('{"year": 99999}', "year", "At most 2100."),
        ('{"year": 1}', "year", "At least 1870."),
        ('{"year": "soon"}', "year", "A whole number or null, not text."),
        ('{"year": 1975.5}', "year", "A whole number or null, not a fraction."),
        ('{"score": 0}', "score", "More than 0.0."),
        ('{"score": 10}', "score", "Less than 10.0."),
        ('{"score": []}', "score", "A number, not a list."),
        ('{"seen": "yes"}', "seen", "True or false, not text."),
        ('{"genres": ["a", "b"]}', "genres", "At most 1 entry."),
        ('{"genres": [""]}', "genres[0]", "At least 1 character."),
        ('{"genres": {}}', "genres", "A list, not an object."),
        ('{"day": "soon"}', "day", "A date, such as 2026-03-01."),
        ('{"at": "soon"}', "at", "A date and time, such as 2026-03-01T20:30:00Z."),
        ('{"orders": ["best"]}', "orders[0]", "One of: newest, oldest."),
        ('{"wish": {"style": "five"}}', "wish.style", "One of: stars, ten."),
        ('{"wish": {"light": "off"}}', "wish.light", "One of: dark, bright, null."),
        ('{"wish": {"color": 1}}', "wish.color", "There is no field 'color' here."),
        ('{"pair": [1]}', "pair", "Exactly 2 entries."),
        ("[]", "body", "An object, not a list."),
    ],
)
def test_a_refused_value_is_told_in_plain_words(body: str, field: str, words: str) -> None:
    assert told(json_body, Asked, "application/json", body.encode()) == (field, words)


def test_what_is_missing_is_named() -> None:
    said = told(json_body, Needed, "application/json", b"{}")
    assert said == ("title", "title is missing.")


@pytest.mark.parametrize(
    ("raw", "field", "words"),
    [
        ("year=soon", "year", "A whole number."),
        ("colour=red", "colour", "There is no parameter 'colour' here."),
        ("score=11", "score", "Less than 10.0."),
    ],
)
def test_a_refused_parameter_is_told_in_plain_words(raw: str, field: str, words: str) -> None:
    assert told(query, Asked, raw.encode()) == (field, words)


def test_what_cannot_be_said_better_is_said_as_it_came() -> None:
    assert in_words("Invalid `thing` 7", Asked, "", of="field") == "Invalid thing 7."
