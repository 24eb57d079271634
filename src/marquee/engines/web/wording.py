"""What the decoder refuses, said in the words of whoever filled in the form."""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from msgspec import inspect

NAMES = {
    "int": "a whole number",
    "float": "a number",
    "str": "text",
    "bool": "true or false",
    "array": "a list",
    "object": "an object",
    "date": "a date",
    "datetime": "a date and time",
    "time": "a time",
}
"""Of what JSON has; `null` and the like are called what they are."""
ITEMS = {"str": ("character", "characters"), "bytes": ("byte", "bytes")}
ENTRIES = ("entry", "entries")
BOUNDS = {">=": "At least", "<=": "At most", ">": "More than", "<": "Less than"}
STEP = re.compile(r"\[[^\]]*\]|[^.\[\]]+")
PARAMETER = "parameter"
Say = Callable[[re.Match[str]], str]


def in_words(reason: str, kind: Any, place: str, *, of: str) -> str:
    """`reason` is msgspec's, about what is at `place` in a `kind`, whose parts are called `of`.

    What it says in a way not known here is left as it is: better odd than less.
    """
    if reason.startswith("Invalid enum value") and (choices := _choices(kind, place)):
        said = [one for one in choices if of != PARAMETER or one != "null"]
        return f"One of: {', '.join(said)}."
    if unknown := re.fullmatch(r"Object contains unknown field `(.*)`", reason, re.DOTALL):
        return f"There is no {of} {unknown[1]!r} here."
    for pattern, say in SAYINGS:
        if found := pattern.fullmatch(reason):
            return _of_text(say(found)) if of == PARAMETER else say(found)
    return f"{reason.replace('`', '')}."


def _of_text(said: str) -> str:
    """In a query everything is text, and nothing is null."""
    return said.replace(" or null", "").replace(", not text.", ".")


def _kind(found: re.Match[str]) -> str:
    """A whole number or null, not text."""
    wanted, got = found[1].split(" | "), found[2]
    said = " or ".join(NAMES.get(name, name) for name in wanted)
    said = said[0].upper() + said[1:]
    if got is None:
        return f"{said}."
    if got in {"int", "float"}:
        return f"{said}, not a {'fraction' if 'int' in wanted else 'number'}."
    return f"{said}, not {NAMES.get(got, got)}."


def _length(found: re.Match[str]) -> str:
    return f"{BOUNDS[found[2]]} {_many(found[1], found[3])}."


def _exact_length(found: re.Match[str]) -> str:
    bound = (found[2] or "exactly ").capitalize()
    return f"{bound}{_many(found[1], found[3])}."


def _many(kind: str, number: str) -> str:
    one, many = ITEMS.get(kind, ENTRIES)
    return f"{int(number):,} {one if number == '1' else many}"


SAYINGS: tuple[tuple[re.Pattern[str], Say], ...] = tuple(
    (re.compile(pattern, re.DOTALL), say)
    for pattern, say in (
        (r"Expected `([^`]+)`(?:, got `([^`]+)`)?", _kind),
        (r"Expected `(\w+)` of length (>=|<=) (\d+)", _length),
        (r"Expected `(\w+)` of (at (?:least|most) )?length (\d+)(?:, got \d+)?", _exact_length),
        (r"Expected `(?:int|float)` (>=|<=|>|<) (\S+)", lambda it: f"{BOUNDS[it[1]]} {it[2]}."),
        (r"Expected `\w+` that's a multiple of (\S+)", lambda it: f"A multiple of {it[1]}."),
        (r"Expected `str` matching regex (.+)", lambda it: f"Text of the pattern {it[1]}."),
        (r"Object missing required field `(.*)`", lambda it: f"{it[1]} is missing."),
        (r"Invalid RFC3339 encoded date", lambda _: "A date, such as 2026-03-01."),
        (
            r"Invalid RFC3339 encoded datetime",
            lambda _: "A date and time, such as 2026-03-01T20:30:00Z.",
        ),
        (
            r"Expected `datetime` with (a|no) timezone component",
            lambda it: f"A date and time with {it[1]} time zone.",
        ),
        (r"(?:Integer value|Number) out of range", lambda _: "This number is out of range."),
    )
)
"""Tried in turn."""


def _choices(kind: Any, place: str) -> list[str]:
    """What may stand at this place, where only a few values may."""
    found = list(_flat([inspect.type_info(kind)]))
    for step in STEP.findall(place):
        found = list(_flat(inner for one in found for inner in _inside(one, step)))
    choices: list[str] = []
    for one in found:
        if isinstance(one, inspect.LiteralType):
            choices += [str(value) for value in one.values]
        elif isinstance(one, inspect.EnumType):
            choices += [str(member.value) for member in one.cls]
        elif isinstance(one, inspect.NoneType):
            choices.append("null")
    return choices


def _flat(types: Iterable[inspect.Type]) -> Iterator[inspect.Type]:
    for one in types:
        if isinstance(one, inspect.UnionType):
            yield from _flat(one.types)
        elif isinstance(one, inspect.Metadata):
            yield from _flat([one.type])
        else:
            yield one


def _inside(one: inspect.Type, step: str) -> Iterable[inspect.Type]:
    if isinstance(one, inspect.StructType):
        return [field.type for field in one.fields if field.encode_name == step]
    if isinstance(one, inspect.ListType | inspect.VarTupleType):
        return [one.item_type]
    return [one.value_type] if isinstance(one, inspect.DictType) else []
