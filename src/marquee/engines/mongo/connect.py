"""How MongoDB is reached: a URL becomes a client that waits for nothing long and trusts a majority."""

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC
from typing import Any

from bson.codec_options import CodecOptions, TypeDecoder, TypeRegistry
from bson.int64 import Int64
from pymongo import AsyncMongoClient

from marquee.engines.address import Address
from marquee.kit.errors import Invalid, Unavailable

PORT = 27017
OPTIONS = ("replicaSet", "authSource", "retryWrites")
NAME = re.compile(r"[A-Za-z0-9_-]{1,63}")
ITS_OWN = frozenset({"admin", "config", "local"})
AWAY_AFTER = 1400
"""Milliseconds without a primary after which the engine is away; it looks every 500, and once more."""
SLOWEST = 30_000
"""Milliseconds one command may take, and a majority to confirm it."""
ASKED_EVERY, ANSWERS_IN = 2000, 5000
"""Milliseconds: whoever does not say hello in time is hung up on, whatever was going on."""
TRYING = 0.1
OLDEST_WIRE = 8
"""MongoDB 4.2's."""

Client = AsyncMongoClient[dict[str, Any]]


class _Whole(TypeDecoder):
    """Numbers beyond 32 bits come as a kind of int that encoders do not know."""

    @property
    def bson_type(self) -> type[Int64]:
        return Int64

    def transform_bson(self, value: Any) -> int:
        return int(value)


CODEC: CodecOptions[dict[str, Any]] = CodecOptions(
    tz_aware=True, tzinfo=UTC, type_registry=TypeRegistry([_Whole()])
)


def address_of(url: str) -> Address:
    """`mongodb://[user:pass@]host:port[,host:port]/DATABASE?replicaSet=…`; Invalid for another."""
    address = Address.read(url, scheme="mongodb", port=PORT, options=OPTIONS)
    if not NAME.fullmatch(address.name) or address.name in ITS_OWN:
        raise Invalid("It takes mongodb://HOST:PORT/DATABASE: letters, digits, _ and - name one.")
    if address.options.get("retryWrites", "true") not in {"true", "false"}:
        raise Invalid("retryWrites is true or false.")
    return address


def client_of(address: Address) -> Client:
    """Nothing is sent yet. What is written survives where a majority has it in its journal."""
    given: dict[str, Any] = {
        "appname": "marquee",
        "host": [
            f"[{host}]:{port}" if ":" in host else f"{host}:{port}" for host, port in address.hosts
        ],
        "serverSelectionTimeoutMS": AWAY_AFTER,
        # One connection watches a server, not two, of which one may be left open by a quick close.
        "serverMonitoringMode": "poll",
        "heartbeatFrequencyMS": ASKED_EVERY,
        "connectTimeoutMS": ANSWERS_IN,
        "socketTimeoutMS": SLOWEST,
        "w": "majority",
        "journal": True,
        "wTimeoutMS": SLOWEST,
        "readConcernLevel": "majority",
        "readPreference": "primary",
        "retryWrites": address.options.get("retryWrites") != "false",
        "tls": address.is_encrypted,
    }
    if address.ca is not None:
        given["tlsCAFile"] = address.ca
    if "replicaSet" in address.options:
        given["replicaSet"] = address.options["replicaSet"]
    if address.user is not None:
        source = address.options.get("authSource", address.name)
        given |= {"username": address.user, "password": address.password, "authSource": source}
    return AsyncMongoClient(**given)


async def hang_up(client: Client) -> None:
    """Called off in the middle, a try to connect would leave its socket open: it may end first."""
    await asyncio.sleep(TRYING)
    await client.close()


def ask_for_transactions(hello: Mapping[str, Any]) -> None:
    """Unavailable unless this server, as it says hello, can do what we need."""
    if hello.get("maxWireVersion", 0) < OLDEST_WIRE:
        raise Unavailable("It takes MongoDB 4.2 or newer.")
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise Unavailable(
            "It takes a replica set, if only of one member: others have no transactions."
        )
