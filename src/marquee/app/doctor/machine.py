"""What this machine gives: room on its disks, keys that are nobody else's, the server before services."""

import asyncio
import contextlib
import json
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from marquee.app.doctor.places import store_url
from marquee.app.settings import Settings
from marquee.app.up import plan
from marquee.engines.sql.sqlite import sqlite_path
from marquee.kit.errors import Invalid, MarqueeError
from marquee.kit.findings import Finding, ok, warning, wrong

LITTLE, TOO_LITTLE = 1024**3, 100 * 1024**2
"""Bytes free on a disk."""
OTHERS = 0o077
MIB = 1024**2


def folders(settings: Settings, names: Collection[str]) -> list[Path]:
    """The data folder and those of stores in files."""
    urls = [store_url(settings, name) for name in names]
    urls += [url for url in (settings.queue_url,) if url]
    found = [sqlite_path(url).absolute().parent for url in urls if url.startswith("sqlite:///")]
    return list(dict.fromkeys([settings.data.absolute(), *found]))


def room(
    paths: Sequence[Path], *, little: int = LITTLE, too_little: int = TOO_LITTLE
) -> list[Finding]:
    """A finding for each disk."""
    found: dict[int, Finding] = {}
    for path in paths:
        there = next(one for one in (path, *path.parents) if one.exists())
        disk = there.stat().st_dev
        if disk not in found:
            found[disk] = _room(path, shutil.disk_usage(there).free, little, too_little)
    return list(found.values())


def _room(path: Path, free: int, little: int, too_little: int) -> Finding:
    detail = f"{free / MIB:,.0f} MiB free for {path}"
    if free < too_little:
        return wrong("room", detail, "Make room now: when it is full, no change is taken.")
    if free < little:
        return warning("room", detail, "Make room, or give it a larger disk.")
    return ok("room", detail)


def keys(settings: Settings) -> list[Finding]:
    """None of them is made here."""
    service = settings.service_key_file or settings.data / "service.key"
    auth = [settings.data / "auth" / "keys.json", settings.data / "keys.json"]
    found = [_service_key(settings, service)]
    paths = [settings.auth_key_file] if settings.auth_key_file else auth
    found += [_auth_keys(path) for path in paths if path.exists()]
    config = settings.config
    if config is not None and _has_secrets(config):
        found.append(_private("config file", config) or ok("config file", "for its owner only"))
    return [one for one in found if one is not None] or [
        ok("keys", "none yet: the first start makes them")
    ]


def _service_key(settings: Settings, path: Path) -> Finding | None:
    from marquee.app.remote.tokens import Key

    if not path.exists():
        if settings.service_key_file is None:
            return None
        advice = "Put 32 bytes of chance or more into it, the same for all services."
        return wrong("service key", f"{path} is not there", advice)
    try:
        Key.load(path)
    except Invalid as error:
        advice = "Replace it by 32 bytes of chance or more, the same for all services."
        return wrong("service key", error.detail, advice)
    return _private("service key", path) or ok("service key", "long enough, for its owner only")


def _auth_keys(path: Path) -> Finding:
    try:
        is_ours = bool(json.loads(path.read_text("utf-8"))["keys"])
    except (OSError, ValueError, KeyError, TypeError):
        is_ours = False
    if not is_ours:
        advice = "Bring it back from a backup; a new one signs everybody out."
        return wrong("auth keys", f"{path} cannot be read as keys", advice)
    return _private("auth keys", path) or ok("auth keys", "for their owner only")


def _private(what: str, path: Path) -> Finding | None:
    if not path.stat().st_mode & OTHERS:
        return None
    return warning(what, f"others on this machine may read {path}", f"chmod 600 {path}")


def _has_secrets(path: Path) -> bool:
    with contextlib.suppress(OSError, ValueError):
        return "@" in path.read_text("utf-8")
    return False


async def edge(settings: Settings) -> list[Finding]:
    """The nginx that `marquee up` starts."""
    from marquee.app import edge_config

    found = []
    if plan.nginx() is None:
        advice = "Install nginx, or unset MARQUEE_EDGE."
        found.append(wrong("nginx", "it is not installed", advice))
    else:
        found.append(ok("nginx", "installed"))
    try:
        edge_config.text(settings, word="")
    except MarqueeError as error:
        advice = f"Set {error.field}." if error.field else "Correct the settings."
        found.append(wrong("configuration", error.detail, advice))
    host = "127.0.0.1" if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - a comparison
    try:
        _, writer = await asyncio.open_connection(host, settings.port)
        writer.close()
    except OSError:
        at = f"{host} port {settings.port}"
        found.append(wrong("answers", f"nobody answers at {at}", "Start it: marquee up."))
    else:
        found.append(ok("answers", "somebody answers there"))
    return found
