"""Read what a client sent, strictly: anything odd is a 4xx that names the field."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any, TypeVar, get_args, get_origin
from urllib.parse import parse_qsl

import msgspec

from marquee.engines.web.wording import in_words
from marquee.kit.errors import BadRequest, Invalid, UnsupportedMedia

T = TypeVar("T")
PLACE = re.compile(r" - at `\$\.?([^`]*)`$")
NAMED = re.compile(r"field `([^`]+)`")
MOST_PARAMETERS = 100
JSON = re.compile(
    r'\s*application/json\s*(?:;\s*(?:charset=(?:utf-8|"utf-8")\s*)?)?', re.ASCII | re.IGNORECASE
)
WHOLE = re.compile(r"-?[0-9]+")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
"""What no store should be given as text, and none could give back to a page: all but tab and line."""
MAY_CONTROL = re.compile(rb"\\(?:u00[0189]|u007[fF]|[bf])|\x7f|\xc2[\x80-\x9f]")
"""How JSON may write one."""


def json_body(kind: type[T], content_type: str, raw: bytes) -> T:
    """`raw` as a `kind`: 415 for another media type, 400 for no JSON, 422 for a wrong value."""
    if JSON.fullmatch(content_type) is None:
        raise UnsupportedMedia("Send the body as application/json in UTF-8.", field="Content-Type")
    try:
        value = msgspec.json.decode(raw, type=kind)
        whole = json.loads(raw, object_pairs_hook=_once_each)
    except msgspec.ValidationError as error:
        raise _invalid(error, kind, of="field") from None
    except (msgspec.DecodeError, ValueError, RecursionError) as error:
        raise _culprit(raw) or BadRequest(_malformed(error), field="body") from None
    if MAY_CONTROL.search(raw) and (culprit := _odd(whole, "")) is not None:
        raise culprit
    return value


def query(kind: type[T], raw: bytes) -> T:
    """A query string as a `kind`, whose tuple fields take a parameter any number of times."""
    many = _tuples(kind)
    given: dict[str, Any] = {}
    for name, value in _pairs(raw):
        if name in many:
            given.setdefault(name, []).append(value)
        elif name in given:
            raise Invalid(f"{name} may be given once.", field=name)
        else:
            given[name] = value
    try:
        asked = msgspec.convert(given, kind, strict=False)
    except msgspec.ValidationError as error:
        raise _invalid(error, kind, of="parameter") from None
    _no_odd_numbers(given, asked)
    return asked


def no_query(raw: bytes) -> None:
    for name, _value in _pairs(raw):
        raise Invalid(f"There is no parameter {name!r} here.", field=name)


def _pairs(raw: bytes) -> list[tuple[str, str]]:
    try:
        pairs = parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            errors="surrogateescape",
            max_num_fields=MOST_PARAMETERS,
        )
    except ValueError:
        raise BadRequest(
            f"The query is not ASCII or has over {MOST_PARAMETERS} parameters.", field="query"
        ) from None
    for name, value in pairs:
        if not _is_text(name):
            raise BadRequest("A parameter's name is not UTF-8.", field="query")
        if not _is_text(value):
            raise BadRequest(f"{name} is not UTF-8.", field=name)
    return pairs


def _is_text(value: str) -> bool:
    return value.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in value)


def _tuples(kind: type) -> frozenset[str]:
    return frozenset(
        field.encode_name
        for field in msgspec.structs.fields(kind)
        if get_origin(_bare(field.type)) is tuple
    )


def _bare(kind: Any) -> Any:
    return get_args(kind)[0] if hasattr(kind, "__metadata__") else kind


def _no_odd_numbers(given: Mapping[str, Any], asked: object) -> None:
    """The lenient reading takes `nan` for a number, `null` for nothing and `1e1` for a whole number."""
    for name, value in given.items():
        got = getattr(asked, name, None)
        odd = isinstance(got, float) and not math.isfinite(got)
        if odd or (got is None and isinstance(value, str)):
            raise Invalid(f"{name} is not a number we can use.", field=name)
        if type(got) is int and WHOLE.fullmatch(value) is None:
            raise Invalid(f"{name} is not a whole number.", field=name)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen: dict[str, Any] = {}
    for name, value in pairs:
        if name in seen:
            raise Invalid(f"{name} is given twice.", field=name)
        seen[name] = value
    return seen


def _invalid(error: msgspec.ValidationError, kind: type, *, of: str) -> Invalid:
    text = str(error)
    place = PLACE.search(text)
    named = NAMED.search(text)
    inside = place.group(1) if place else ""
    field = ".".join(part for part in (inside, named.group(1) if named else "") if part)
    reason = in_words(PLACE.sub("", text), kind, inside, of=of)
    return Invalid(reason, field=field or "body")


def _culprit(raw: bytes) -> Invalid | None:
    """The field at fault, where the text is JSON but for one value that JSON does not have."""
    try:
        return _odd(json.loads(raw.decode("utf-8", "surrogateescape")), "")
    except (ValueError, RecursionError):
        return None


def _odd(value: Any, place: str) -> Invalid | None:
    """A number that is none, or text that is no Unicode, anywhere in a value."""
    if isinstance(value, float) and not math.isfinite(value):
        return Invalid("NaN and Infinity are no numbers in JSON.", field=place or "body")
    if isinstance(value, str) and not _is_text(value):
        return Invalid("It is not UTF-8, or has half a surrogate pair.", field=place or "body")
    if isinstance(value, str) and CONTROL.search(value):
        return Invalid("It has a control character, which is no text.", field=place or "body")
    inside: list[tuple[str, Any]] = []
    if isinstance(value, dict):
        inside = [(f"{place}.{key}".strip("."), item) for key, item in value.items()]
    elif isinstance(value, list):
        inside = [(f"{place}[{index}]", item) for index, item in enumerate(value)]
    return next((found for at, item in inside if (found := _odd(item, at))), None)


def _malformed(error: Exception) -> str:
    if isinstance(error, RecursionError):
        return "The body is nested too deeply."
    if isinstance(error, UnicodeDecodeError):
        return "The body is not UTF-8."
    return f"The body is not JSON: {str(error).removeprefix('JSON is malformed: ')}."
