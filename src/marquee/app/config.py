"""A whole deployment in one TOML file: settings by their names in lower case, a table a service."""

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from marquee.kit.errors import Invalid

SWITCH = {True: "on", False: "off"}


def from_file(path: Path, allowed: Collection[str]) -> dict[str, str]:
    """What the file says, as the environment would: `port` is PORT, `at` in `[search]` is SEARCH_AT.

    Invalid, naming the key and never its value, when one is unknown or of no use.
    """
    try:
        told = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise Invalid(f"{path} cannot be read: {error.strerror}.", field="MARQUEE_CONFIG") from None
    except ValueError:
        raise Invalid(f"{path} is not TOML.", field="MARQUEE_CONFIG") from None
    found: dict[str, str] = {}
    for name, value in _flat(told).items():
        if name.upper().replace(".", "_") not in allowed or name != name.lower():
            raise Invalid(f"{name} in {path.name} is not a setting of Marquee.", field=name)
        found[name.upper().replace(".", "_")] = _text(name, value, path)
    return found


def _flat(told: Mapping[str, Any]) -> dict[str, Any]:
    """`{"search": {"at": …}}` as `{"search.at": …}`."""
    found: dict[str, Any] = {}
    for name, value in told.items():
        if isinstance(value, Mapping):
            found |= {f"{name}.{inner}": each for inner, each in value.items()}
        else:
            found[name] = value
    return found


def _text(name: str, value: object, path: Path) -> str:
    if isinstance(value, bool):
        return SWITCH[value]
    if isinstance(value, str | int):
        return str(value)
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ",".join(value)
    raise Invalid(f"{name} in {path.name} must be a text, a number or a list of texts.", field=name)
