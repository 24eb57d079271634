"""The events of each context as JSON Schema, and whether a newer schema still reads the older."""

import inspect
import json
from types import ModuleType
from typing import Any, cast

import msgspec

from marquee.app.remote import shapes
from marquee.kit.events import Event, kind_of

KEY = "x-key"


def events_of(module: ModuleType) -> list[type[Event]]:
    """The events a module defines, in the order they are written."""
    return [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type)
        and issubclass(kind, Event)
        and kind is not Event
        and kind.__module__ == module.__name__
    ]


def schema_of(module: ModuleType) -> str:
    """What each event's JSON holds. Unsupported for a type that cannot cross a network."""
    events = events_of(module)
    for event in events:
        shapes.fields_of(cast("type", event))
    _, parts = msgspec.json.schema_components(events, ref_template="#/$defs/{name}")
    for event in events:
        parts[event.__name__] = {
            "x-kind": kind_of(event),
            KEY: event.key_field,
            **parts[event.__name__],
        }
    for part in parts.values():
        if "description" in part:
            part["description"] = inspect.cleandoc(part["description"])
    context = module.__name__.split(".")[-2]
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Events of {context}",
        "description": "Derived from the events by `marquee events snapshot`; not written by hand.",
        "$defs": parts,
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def breaks(old: str, new: str) -> list[str]:
    """A sentence for each way in which what was saved under `old` is not what `new` expects.

    A field with a default may be added, and a default given. Nothing may go or change its type.
    """
    before, after = json.loads(old)["$defs"], json.loads(new)["$defs"]
    found = []
    for name, was in before.items():
        if name not in after:
            found.append(f"{name} is gone")
        else:
            found += _broken(name, was, after[name])
    return found


def _broken(name: str, was: dict[str, Any], now: dict[str, Any]) -> list[str]:
    found = []
    if was.get(KEY) != now.get(KEY):
        found.append(f"{name} was in order by {was.get(KEY)} and is by {now.get(KEY)} now")
    had, has = was.get("properties", {}), now.get("properties", {})
    for field, kind in had.items():
        if field not in has:
            found.append(f"{name}.{field} is gone")
        elif _meaning(kind) != _meaning(has[field]):
            found.append(f"{name}.{field} has another type")
    had_to = set(was.get("required", ()))
    for field in now.get("required", ()):
        if field not in had_to:
            found.append(f"{name}.{field} is {'required now' if field in had else 'new'}")
            found[-1] += " and has no default"
    return found


def _meaning(kind: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in kind.items() if name not in {"default", "description"}}
