"""Where an engine is: a URL taken apart, and shown without what must stay secret."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, Self
from urllib.parse import SplitResult, parse_qsl, unquote, urlsplit

from marquee.kit.errors import Invalid

TLS_OPTIONS = frozenset({"tls", "ca"})


@dataclass(frozen=True)
class Address:
    """`SCHEME://[USER:PASSWORD@]HOST[:PORT][,HOST:PORT…][/NAME][?OPTION=VALUE…]`.

    `name` is the database, or whatever sets what is ours apart on that engine. `?tls=on` asks for
    TLS; `?ca=PATH` says whose certificates to trust besides the system's.
    """

    scheme: str
    hosts: tuple[tuple[str, int], ...]
    name: str = ""
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    options: Mapping[str, str] = field(default_factory=dict, repr=False)

    @classmethod
    def read(cls, url: str, *, scheme: str, port: int, options: Collection[str] = ()) -> Self:
        """Invalid, never showing what was given, for anything else; `port` where none is said."""
        start = f"{scheme}://"
        if not url.startswith(start):
            raise Invalid(f"It takes {scheme}://HOST:PORT/NAME.")
        try:
            parts = _whole(url)
            who, _, where = parts.netloc.rpartition("@")
            hosts = tuple(_host(one, port) for one in where.split(","))
            given = parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query))
        except ValueError:
            what = f"It is not a URL such as {start}USER:PASSWORD@HOST:{port}/NAME"
            raise Invalid(f"{what}, user and password percent-encoded.") from None
        user, _, password = who.partition(":")
        found = dict(given)
        for option in found.keys() - TLS_OPTIONS - set(options):
            raise Invalid(f"It has no option {option!r}.")
        if found.get("tls", "on") not in {"on", "off"}:
            raise Invalid("tls is on or off.")
        if "ca" in found and not Path(found["ca"]).is_file():
            raise Invalid("There is no such file as its ca says.")
        return cls(
            scheme,
            hosts,
            unquote(parts.path.strip("/")),
            unquote(user) if user else None,
            unquote(password) if password else None,
            found,
        )

    @property
    def host(self) -> str:
        return self.hosts[0][0]

    @property
    def port(self) -> int:
        return self.hosts[0][1]

    @property
    def is_encrypted(self) -> bool:
        return self.options.get("tls") == "on" or "ca" in self.options

    @property
    def ca(self) -> str | None:
        return self.options.get("ca")

    def __str__(self) -> str:
        """Without user, password and options: this is what logs and errors may show."""
        hosts = ",".join(f"[{h}]:{p}" if ":" in h else f"{h}:{p}" for h, p in self.hosts)
        return f"{self.scheme}://{hosts}" + (f"/{self.name}" if self.name else "")


def scheme_of(url: str, *, taken: Sequence[str], field: str) -> str:
    """Invalid, naming `field`, for one that is not among the `taken`."""
    scheme = url.partition(":")[0]
    if scheme not in taken:
        *most, last = [f"{one}:" for one in taken]
        there = f"{', '.join(most)} or {last}" if most else last
        raise Invalid(f"This cannot live on {scheme}:, but on {there}.", field=field)
    return scheme


def shown(url: str) -> str | None:
    """Any URL of ours without user, password and options; None where that cannot be told apart."""
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        return url
    options = [pair.partition("=")[0] for pair in url.partition("?")[2].split("&")]
    try:
        found = str(Address.read(url, scheme=scheme, port=0, options=options))
    except Invalid:
        return None
    return None if "@" in found else re.sub(r":0(?=[,/]|$)", "", found)


def driver(module: str, *, extra: str) -> Any:
    """An engine's driver, imported only where that engine is used."""
    try:
        return import_module(module)
    except ModuleNotFoundError:
        raise Invalid(f"Its driver is not installed: pip install 'marquee[{extra}]'.") from None


def _whole(url: str) -> SplitResult:
    """ValueError where what is not encoded in a password would be taken for a name, and shown."""
    parts = urlsplit(url)
    if parts.fragment or "@" in parts.path + parts.query:
        raise ValueError
    return parts


def _host(text: str, port: int) -> tuple[str, int]:
    parts = urlsplit(f"//{text}")
    if not parts.hostname or parts.path or parts.username:
        raise ValueError
    return parts.hostname, parts.port or port
