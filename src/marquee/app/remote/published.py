"""What we publish of contracts and events, and how the files are kept true."""

import importlib
import importlib.util
import pkgutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType

from marquee import contexts
from marquee.app.parked import contract as parked_contract
from marquee.app.remote import pins, proto, schema, snapshots
from marquee.app.remote.events import contract as events_contract
from marquee.kit.errors import Conflict

Breaks = Callable[[str, str], list[str]]


def modules(door: str) -> dict[str, ModuleType]:
    """Each context's `contract` or `events`, of those that have one, by the context's name."""
    names = sorted(one.name for one in pkgutil.iter_modules(contexts.__path__) if one.ispkg)
    found = {name: f"{contexts.__name__}.{name}.{door}" for name in names}
    return {
        name: importlib.import_module(module)
        for name, module in found.items()
        if importlib.util.find_spec(module)
    }


def protos() -> dict[str, str]:
    """Every `.proto` file by its name."""
    offered = [module for module in modules("contract").values() if schema.protocols_of(module)]
    files = [schema.describe(module) for module in (*offered, events_contract, parked_contract)]
    return {file.name: proto.text_of(file) for file in files}


def schemas() -> dict[str, str]:
    """Every file of event schemas by its name."""
    return {
        f"{name}.json": snapshots.schema_of(module)
        for name, module in modules("events").items()
        if snapshots.events_of(module)
    }


def write_protos(folder: Path) -> list[Path]:
    """Bring `docs/reference/proto` up to date; returns the files that changed.

    Conflict, with nothing written, when that would break what is published there.
    """
    return _write(folder, protos(), pins.breaks)


def write_snapshots(folder: Path) -> list[Path]:
    """The same for `docs/reference/events`."""
    return _write(folder, schemas(), snapshots.breaks)


def _write(folder: Path, texts: Mapping[str, str], breaks: Breaks) -> list[Path]:
    broken = broken_in(folder, texts, breaks)
    if broken:
        raise Conflict("This would break what is published: " + "; ".join(broken) + ".")
    changed = [name for name in texts if _read(folder / name) != texts[name]]
    folder.mkdir(parents=True, exist_ok=True)
    for name in changed:
        (folder / name).write_text(texts[name], encoding="utf-8")
    return [folder / name for name in changed]


def broken_in(folder: Path, texts: Mapping[str, str], breaks: Breaks) -> list[str]:
    """What of the files in `folder` is not kept by `texts`."""
    return [
        f"{path.name}: {one}"
        for path in sorted(folder.glob("*.*"))
        for one in (
            breaks(path.read_text("utf-8"), texts[path.name]) if path.name in texts else ["is gone"]
        )
    ]


def _read(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None
