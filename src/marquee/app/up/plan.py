"""Which processes of a deployment belong on this machine, and what each is told."""

import contextlib
import os
import pwd
import shutil
import socket
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from itertools import zip_longest
from urllib.parse import urlsplit

from marquee.app.assemble import WEB
from marquee.app.contexts import CONTEXTS
from marquee.app.settings import Settings
from marquee.kit.errors import Invalid

LOOPBACK = ("127.0.0.1", "::1")
EDGE = "edge"
ANY_PORT = "http://127.0.0.1:0"
BESIDE_PATH = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin")
"""Where servers are installed that the path of a person does not always name."""
Place = tuple[str, int]


@dataclass(frozen=True)
class Service:
    """One process: `settings` are its own, by their names; it answers at `places` when ready."""

    name: str
    command: Sequence[str]
    settings: Mapping[str, str]
    places: Sequence[Place]


def stages(settings: Settings) -> list[list[Service]]:
    """Services of this machine, those that others need first; Invalid when there are none."""
    together = groups(settings)
    graph = {
        names: [
            other
            for other in together
            if other != names and any(offered in _needs(names) for offered in other)
        ]
        for names in together
    }
    sorter = TopologicalSorter(graph)
    found = []
    try:
        sorter.prepare()
        while sorter.is_active():
            batch = sorter.get_ready()
            found.append(batch)
            sorter.done(*batch)
    except CycleError:  # each waits for the others by itself
        found = [tuple(together)]
    made = [[one for names in batch for one in _replicas(names, settings)] for batch in found]
    if not any(made):
        raise Invalid("There is nothing to start here: give services an `http` or an `at`.")
    return [stage for stage in made if stage]


def groups(settings: Settings) -> list[tuple[str, ...]]:
    """Contexts by process: those that answer at the same address are served together."""
    found: dict[tuple[str, ...], list[str]] = {}
    for name in (*CONTEXTS, WEB):
        where = settings.http(name)
        if where or settings.address(name):
            found.setdefault(where or (name,), []).append(name)
    return [tuple(names) for names in found.values()]


def process_of(settings: Settings, name: str) -> str | None:
    """What the first process that serves this context is called; None where all is one process."""
    found = next((names for names in groups(settings) if name in names), None)
    return "-".join(found) if found else None


def nginx() -> str | None:
    """Where it is installed."""
    return shutil.which("nginx") or shutil.which("nginx", path=os.pathsep.join(BESIDE_PATH))


def _needs(names: Sequence[str]) -> set[str]:
    wanted = {need for name in names if name in CONTEXTS for need in CONTEXTS[name].needs}
    return {name for name, context in CONTEXTS.items() if context.offers in wanted}


def _replicas(names: Sequence[str], settings: Settings) -> list[Service]:
    http = settings.http(names[0])
    at = next(filter(None, map(settings.addresses, names)), ())
    called = "-".join(names)
    found = []
    for number, (face, asked) in enumerate(zip_longest(http, at), start=1):
        here = [_place(address) for address in (face, asked) if address is not None]
        if not is_here(here[0][0]):
            continue
        name = called if number == 1 else f"{called}-{number}"
        host, port = _place(face or ANY_PORT)
        told = {"HOST": host, "PORT": str(port), "DATA": str(settings.data / name)}
        if asked is not None:
            told["GRPC"] = asked.removeprefix("grpc://")
        told |= _shared(settings, host)
        command = (sys.executable, "-m", "marquee", "serve", *names)
        found.append(Service(name, command, told, here))
    return found


def _shared(settings: Settings, host: str) -> dict[str, str]:
    """What all services of a deployment have in common."""
    told = {
        "SERVICE_KEY_FILE": str(settings.service_key_file or settings.data / "service.key"),
        "AUTH_KEY_FILE": str(settings.auth_key_file or settings.data / "keys.json"),
        "STARTER": "on" if settings.starter else "off",
        "LOG_LEVEL": settings.log_level,
    }
    if settings.edge is not None:
        told["BEHIND_EDGE"] = "on"
        told["TRUSTED_PROXIES"] = ",".join(dict.fromkeys((*LOOPBACK, *_address_of(host))))
    return told


def _address_of(host: str) -> list[str]:
    with contextlib.suppress(OSError):
        return [str(found[4][0]) for found in socket.getaddrinfo(host, None)]
    return []


def _place(address: str) -> Place:
    found = urlsplit(address)
    return found.hostname or "", found.port or 0


def taken(services: Iterable[Service]) -> Invalid | None:
    """What to say, with the setting, where one of them cannot listen where it should."""
    for service in services:
        for host, port in service.places:
            if port and not is_here(host, port):
                return Invalid(
                    f"{service.name} cannot listen at {host}:{port}: it is taken or not ours.",
                    field=_setting(service, port),
                )
    return None


def _setting(service: Service, port: int) -> str:
    if service.name == EDGE:
        return "MARQUEE_PORT"
    is_asked = service.settings.get("GRPC", "").endswith(f":{port}")
    return f"MARQUEE_{service.command[-1].upper()}_{'AT' if is_asked else 'HTTP'}"


def is_here(host: str, port: int = 0) -> bool:
    """Whether this machine could listen there."""
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind) as one:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            one.bind(address)
    except OSError:
        return False
    return True


def edge(settings: Settings) -> Service | None:
    """The nginx before them, its configuration written; Invalid where none is installed."""
    if settings.edge is None:
        return None
    from marquee.app import edge_config

    text = edge_config.nginx(settings)
    binary = nginx()
    if binary is None:
        raise Invalid("There is no nginx on the path: install it.", field="MARQUEE_EDGE")
    folder = settings.data / "edge"
    folder.mkdir(parents=True, exist_ok=True)
    conf = folder / "nginx.conf"
    conf.touch(mode=0o600)
    conf.chmod(0o600)
    conf.write_text(text, encoding="utf-8")
    said = "daemon off;"
    if os.geteuid() == 0:  # whose own the data folder is, and nobody else's
        said += f" user {pwd.getpwuid(0).pw_name};"
    command = (binary, "-p", f"{folder}/", "-c", str(conf), "-e", "stderr")
    host = settings.host if settings.host not in {"0.0.0.0", "::"} else LOOPBACK[0]  # noqa: S104 - a comparison
    return Service(EDGE, (*command, "-g", said), {}, [(host, settings.port)])
