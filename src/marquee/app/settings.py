"""Every setting there is, read once from the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_network
from pathlib import Path

from marquee.app.config import from_file
from marquee.kit.errors import Invalid

PREFIX = "MARQUEE_"
CONTEXT_SETTINGS = {
    "URL": "Where the store of {context} is; unset means embedded in the data folder.",
    "AT": "Where {context} is served when it is not in this process, such as grpc://127.0.0.1:9001; several are replicas.",
    "HTTP": "Where {context} answers HTTP for an edge, such as http://127.0.0.1:9101; several are replicas.",
}
SETTINGS = {
    "CONFIG": "A TOML file with any of these settings; the environment wins over it.",
    "HOST": "The address to listen on. Default 127.0.0.1.",
    "PORT": "The port to listen on. Default 8000.",
    "DATA": "The data folder. Default ./data.",
    "GRPC": "Where this process answers other services, such as 127.0.0.1:9001; unset means nowhere.",
    "SITE_URL": "How people reach this site, such as https://films.example; for links in pages.",
    "TRUSTED_PROXIES": "Addresses or networks whose X-Forwarded-For and -Proto count, by comma.",
    "EVENTS_URL": "The broker that carries events between services, such as kafka://127.0.0.1:9092/marquee.",
    "CACHE_URL": "Where processes share counts, locks and kept answers, such as redis://127.0.0.1:6379/1.",
    "QUEUE_URL": "Where work waits for a worker, such as amqp://127.0.0.1:5672/; unset means embedded.",
    "OTLP_URL": "Where traces go, such as http://127.0.0.1:4317; unset means nowhere.",
    "SERVICE_KEY_FILE": "The secret services sign their calls with. Default DATA/service.key.",
    "AUTH_KEY_FILE": "The keys that sign access tokens. Default DATA/auth/keys.json.",
    "STARTER": "`on` (default) fills a new catalog with the starter catalog, `off` does not.",
    "KEEP_EVENTS_DAYS": "For how many days events are kept that all have heard. Default 7.",
    "LOG_LEVEL": "debug, info (default), warning or error.",
    "EDGE": "What `marquee up` puts in front of the services: `nginx`; unset means nothing.",
    "BEHIND_EDGE": "`on` answers only what an edge has vouched for; `off` (default) asks auth itself.",
    "WEB_HTTP": "Where the site and the API's documents are answered for an edge.",
}
MOST_DAYS = 36_500
LEVELS = ("debug", "info", "warning", "error")


@dataclass(frozen=True)
class Settings:
    """What the operator said. `of_contexts` maps `reviews_url` and `reviews_at` to their values."""

    host: str = "127.0.0.1"
    port: int = 8000
    data: Path = field(default_factory=lambda: Path("data"))
    grpc: str | None = None
    site_url: str | None = None
    events_url: str | None = None
    cache_url: str | None = None
    queue_url: str | None = None
    otlp_url: str | None = None
    trusted_proxies: tuple[str, ...] = ()
    service_key_file: Path | None = None
    auth_key_file: Path | None = None
    starter: bool = True
    keep_events_days: int = 7
    log_level: str = "info"
    edge: str | None = None
    behind_edge: bool = False
    config: Path | None = None
    of_contexts: Mapping[str, str] = field(default_factory=dict)

    def store_url(self, context: str) -> str | None:
        return self.of_contexts.get(f"{context}_url")

    def is_shared(self, context: str) -> bool:
        """Whether other processes may change this context's store too."""
        url = self.store_url(context)
        return url is not None and not url.startswith("sqlite:")

    def address(self, context: str) -> str | None:
        """`grpc://HOST:PORT`, of several replicas by comma."""
        return self.of_contexts.get(f"{context}_at")

    def addresses(self, context: str) -> tuple[str, ...]:
        """Of each replica."""
        return tuple(filter(None, (self.address(context) or "").split(",")))

    def http(self, service: str) -> tuple[str, ...]:
        """Where a context, or `web`, answers HTTP: `http://HOST:PORT` of each of its replicas."""
        return tuple(filter(None, self.of_contexts.get(f"{service}_http", "").split(",")))


AT = re.compile(r"grpc://(\[[0-9A-Fa-f:.]+\]|[^/\s:@\[\]]+):\d{1,5}", re.ASCII)
HTTP = re.compile(r"http://(\[[0-9A-Fa-f:.]+\]|[^/\s:@\[\]]+):\d{1,5}", re.ASCII)


def read(
    contexts: tuple[str, ...],
    environment: Mapping[str, str] | None = None,
    config: Path | None = None,
) -> Settings:
    """From the environment, and under it from the file `config` or MARQUEE_CONFIG.

    Invalid, naming the setting and never its value, when one is unknown or malformed.
    """
    given = {
        name.removeprefix(PREFIX): value
        for name, value in (os.environ if environment is None else environment).items()
        if name.startswith(PREFIX) and not name.startswith(f"{PREFIX}TEST_")
    }
    allowed = {f"{context.upper()}_{what}" for context in contexts for what in CONTEXT_SETTINGS}
    file = config or _path(given, "CONFIG")
    if file is not None:
        given = {**from_file(file, {*SETTINGS, *allowed} - {"CONFIG"}), **given}
    for name in given:
        if name not in SETTINGS and name not in allowed:
            raise Invalid(f"{PREFIX}{name} is not a setting of Marquee.", field=PREFIX + name)
    for name in sorted(allowed & given.keys()):
        if name.endswith("_AT"):
            given[name] = ",".join(_replicas(name, given[name], AT, "grpc"))
    allowed.add("WEB_HTTP")
    for name in sorted(allowed & given.keys()):
        if name.endswith("_HTTP"):
            given[name] = ",".join(_replicas(name, given[name], HTTP, "http"))
    site = given.get("SITE_URL")
    if site is not None and not site.startswith(("http://", "https://")):
        raise _wrong("SITE_URL", "must start with http:// or https://")
    return Settings(
        host=given.get("HOST", "127.0.0.1"),
        port=_port(given.get("PORT", "8000")),
        data=_path(given, "DATA") or Path("data").absolute(),
        grpc=given.get("GRPC"),
        site_url=site.rstrip("/") if site else None,
        events_url=given.get("EVENTS_URL"),
        cache_url=given.get("CACHE_URL"),
        queue_url=given.get("QUEUE_URL"),
        otlp_url=given.get("OTLP_URL"),
        trusted_proxies=_networks(given.get("TRUSTED_PROXIES", "")),
        service_key_file=_path(given, "SERVICE_KEY_FILE"),
        auth_key_file=_path(given, "AUTH_KEY_FILE"),
        starter=_one_of("STARTER", given.get("STARTER", "on"), ("on", "off")) == "on",
        keep_events_days=_days("KEEP_EVENTS_DAYS", given.get("KEEP_EVENTS_DAYS", "7")),
        log_level=_one_of("LOG_LEVEL", given.get("LOG_LEVEL", "info"), LEVELS),
        edge=_one_of("EDGE", given["EDGE"], ("nginx",)) if "EDGE" in given else None,
        behind_edge=_one_of("BEHIND_EDGE", given.get("BEHIND_EDGE", "off"), ("on", "off")) == "on",
        config=file,
        of_contexts={name.lower(): value for name, value in given.items() if name in allowed},
    )


def _wrong(name: str, reason: str) -> Invalid:
    return Invalid(f"{PREFIX}{name} {reason}.", field=PREFIX + name)


def _replicas(name: str, text: str, like: re.Pattern[str], scheme: str) -> list[str]:
    parts = [part.strip().rstrip("/") for part in text.split(",")]
    if not all(like.fullmatch(part) for part in parts):
        raise _wrong(name, f"takes {scheme}://HOST:PORT, several by comma")
    return parts


def _port(text: str) -> int:
    most = 65_535
    if not (text.isascii() and text.isdigit() and int(text[:9]) <= most):
        raise _wrong("PORT", "must be a number from 0 to 65535")
    return int(text)


def _days(name: str, text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= MOST_DAYS):
        raise _wrong(name, f"must be a number from 1 to {MOST_DAYS}")
    return int(text)


def _path(given: Mapping[str, str], name: str) -> Path | None:
    if name not in given:
        return None
    if not given[name] or "\0" in given[name]:
        raise _wrong(name, "must be a path")
    return Path(given[name]).expanduser().absolute()


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise _wrong(name, f"must be one of {', '.join(allowed)}")
    return value


def _networks(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in text.split(",") if part.strip())
    for part in parts:
        try:
            ip_network(part, strict=False)
        except ValueError:
            raise _wrong("TRUSTED_PROXIES", "must be addresses or networks by comma") from None
    return parts
