"""The starter's format: a JSON object a line."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from marquee.contexts.ingestion.model.dialects.dialect import Found
from marquee.contexts.ingestion.model.lines import LONGEST, Line
from marquee.contexts.ingestion.model.rows import BadRow, Row, checked, cleaned
from marquee.contexts.ingestion.model.telling import facts

_KINDS = {"int": "a whole number", "float": "a number", "str": "text", "array": "a list"}


class StarterLines:
    name = "Marquee's own format"
    source = "facts"
    turn = 0
    adds = False

    def read(self, lines: Iterable[Line]) -> Iterator[Found]:
        decode = msgspec.json.Decoder(Row).decode
        for line in lines:
            if not line.body or line.body.isspace():
                if line.body is None:
                    problem = f"the line is longer than {LONGEST:,} bytes"
                    yield Found(line.number, problem=problem)
                continue
            try:
                row = cleaned(checked(decode(line.body)))
            except BadRow as problem:
                yield Found(line.number, problem=str(problem))
            except (msgspec.MsgspecError, ValueError, RecursionError) as error:
                yield Found(line.number, problem=_why(line.body, error))
            else:
                yield Found(line.number, facts(row))


def _why(body: bytes, error: Exception) -> str:
    """What is wrong with a line that is no movie, with the field where there is one."""
    if isinstance(error, UnicodeDecodeError):
        return "not UTF-8"
    if isinstance(error, RecursionError):
        return "nested too deeply"
    message, _, place = str(error).partition(" - at `$.")
    field = place.rstrip("`")
    if isinstance(error, msgspec.ValidationError):
        if not field:
            return "not a JSON object"
        return f"{field}: {_friendly(message)}"
    return _not_a_number(body) or f"not JSON ({message})"


def _friendly(message: str) -> str:
    if message.startswith("Expected `") and "`, got `" in message:
        wanted, got = message.removeprefix("Expected `").rstrip("`").split("`, got `")
        kinds = [kind for kind in wanted.split(" | ") if kind != "null"]
        return (
            f"{_KINDS.get(got, got)} where {' or '.join(_KINDS.get(k, k) for k in kinds)} belongs"
        )
    return message[:1].lower() + message[1:]


class _NotFinite(str):
    __slots__ = ()


def _not_a_number(body: bytes) -> str:
    """NaN and Infinity are no JSON, but common enough to be named."""
    found: list[str] = []

    def look(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found.extend(
            f"{key}: {value} is not a number"
            for key, value in pairs
            if isinstance(value, _NotFinite)
        )
        return dict(pairs)

    try:
        json.loads(body, parse_constant=_NotFinite, object_pairs_hook=look)
    except (ValueError, RecursionError):
        return ""
    return found[0] if found else ""
