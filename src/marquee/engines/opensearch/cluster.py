"""A cluster of OpenSearch: asked, written to in bulk, its indexes made; its errors as ours."""

import asyncio
import logging
import re
from collections.abc import Awaitable, Collection, Mapping, Sequence
from typing import Any, Self

import msgspec

from marquee.engines.address import Address, driver
from marquee.kit.errors import Conflict, Invalid, OutOfSpace, Unavailable

SCHEME, PORT, PREFIX, OLDEST = "opensearch", 9200, "marquee", 2
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}(?<!-next)(?<!-places)")
QUICK, SLOW = 1.9, 60.0
"""Seconds for a question, and for what may take its time once the engine has answered one."""
AGAIN = 2
NO_INDEX = "index_not_found_exception"
GONE = {NO_INDEX, "aliases_not_found_exception"}
TAKEN = "resource_already_exists_exception"
NO_ALIAS = "required alias"
"""In what it says where an alias that must be there went while it was at it."""
READ_ONLY = ("read_only", "read_only_allow_delete", "write")
BLOCKED, FULL = "cluster_block_exception", "read-only-allow-delete"
NOT_NOW, BROKEN = {401, 403, 408, 429}, 500
"""Who is not let in is as far from it as one who finds it away."""
OLDER = "version_conflict_engine_exception"
ANSWERS = (
    "responses.error,responses.status,responses._shards.failed,responses.timed_out,"
    "responses.hits.total.value,responses.hits.hits.sort,responses.hits.hits._source,"
    "responses.aggregations"
)
encoded = msgspec.json.Encoder().encode


class Elsewhere(Exception):
    """There is no such index, or no longer: whoever asked by an alias may ask again."""


def address(url: str) -> Address:
    """`opensearch://[USER:PASSWORD@]HOST[:9200][,HOST…][/PREFIX][?tls=on]`; Invalid otherwise."""
    return Address.read(url, scheme=SCHEME, port=PORT)


def prefix(where: Address) -> str:
    """What the names of all our indexes there begin with."""
    name = where.name or PREFIX
    if not NAME.fullmatch(name):
        raise Invalid("The prefix of an index is of small letters, figures, - and _.")
    return name


class Cluster:
    """By any of its nodes. Every call raises Unavailable where it does not answer."""

    def __init__(self, where: Address) -> None:
        opensearchpy = driver("opensearchpy", extra="opensearch")
        # It tells of every request and its answer; what matters of them is in our errors.
        logging.getLogger("opensearch").setLevel(logging.CRITICAL)
        self.id = ""
        """The cluster's own, by whatever address it is reached."""
        self._where = where
        self._errors = opensearchpy.exceptions
        is_known = where.user is not None
        self._client = opensearchpy.AsyncOpenSearch(
            hosts=[{"host": host, "port": port} for host, port in where.hosts],
            http_auth=(where.user, where.password or "") if is_known else None,
            use_ssl=where.is_encrypted,
            ca_certs=where.ca,
            timeout=SLOW,
            max_retries=len(where.hosts) - 1,
        )

    @classmethod
    async def open(cls, where: Address) -> Self:
        """Invalid where it is something else, or too old."""
        engine = cls(where)
        try:
            await engine._greet()
        except BaseException:
            await engine.close()
            raise
        return engine

    async def _greet(self) -> None:
        said = await self._asked(self._client.info())
        found = said.get("version", {}) if isinstance(said, dict) else {}
        kind, number = found.get("distribution", "something else"), str(found.get("number", ""))
        major = number.partition(".")[0]
        if kind != SCHEME or not major.isdecimal() or int(major) < OLDEST:
            told = f"It takes OpenSearch {OLDEST} or later; {self._where} is {kind} {number}"
            raise Invalid(f"{told.rstrip()}.")
        self.id = str(said.get("cluster_uuid", ""))

    async def search(
        self, index: str, bodies: Sequence[Mapping[str, Any]]
    ) -> list[Mapping[str, Any]]:
        """The answers to all, each whole; Elsewhere where one is not."""
        lines = b"".join(b"{}\n" + encoded(body) + b"\n" for body in bodies)
        call = self._client.msearch(body=lines, index=index, params={"filter_path": ANSWERS})
        answers: list[Mapping[str, Any]] = (await self._asked(call))["responses"]
        for answer in answers:
            if "error" in answer:
                raise self._told(answer.get("status", 500), answer["error"])
            if answer["_shards"]["failed"] or answer.get("timed_out"):
                raise Elsewhere
        return answers

    async def write(
        self, alias: str, lines: bytes, *, passing: Collection[str] = (), seconds: float = SLOW
    ) -> None:
        """In bulk and durably; errors of the `passing` types are passed over.

        Never makes an index where there is none of that alias: Elsewhere.
        """
        params = {"require_alias": "true", "filter_path": "errors,items.*.error,items.*.status"}
        call = self._client.bulk(body=lines, index=alias, params=params)
        said = await self._asked(call, seconds)
        if not said["errors"]:
            return
        for (item,) in map(dict.values, said["items"]):
            if "error" in item and item["error"]["type"] not in passing:
                raise self._told(item["status"], item["error"])

    async def get(self, index: str, id_: str) -> Mapping[str, Any] | None:
        """What was written last, seen by searches or not."""
        call = self._client.get(index=index, id=id_, params={"ignore": 404})
        found: Mapping[str, Any] = await self._asked(call)
        if "error" in found:
            raise Elsewhere
        return found if found.get("found") else None

    async def indexes(self, pattern: str) -> Mapping[str, Any]:
        """Aliases and mappings of every index, by its name, that has this name or alias."""
        call = self._client.indices.get(index=pattern, params={"ignore_unavailable": "true"})
        found: Mapping[str, Any] = await self._asked(call)
        return found

    async def behind(self, alias: str) -> list[str]:
        """The indexes that have this alias."""
        params = {"ignore": 404}
        said = await self._asked(self._client.indices.get_alias(name=alias, params=params))
        return [] if "error" in said else list(said)

    async def make(self, index: str, body: Mapping[str, Any]) -> None:
        """Conflict where it is there."""
        await self._asked(self._client.indices.create(index=index, body=body), SLOW)

    async def mark(self, index: str, meta: Mapping[str, Any]) -> None:
        """Replace what its mapping says about it."""
        call = self._client.indices.put_mapping(index=index, body={"_meta": meta})
        await self._asked(call, SLOW)

    async def alias(self, actions: Sequence[Mapping[str, Any]]) -> None:
        """All at once, or none; Elsewhere where an index or alias is not there."""
        await self._asked(self._client.indices.update_aliases(body={"actions": actions}), SLOW)

    async def refresh(self, *indexes: str) -> None:
        """From now on searches see what has been written, in those that are there."""
        params = {"ignore_unavailable": "true"}
        call = self._client.indices.refresh(index=",".join(indexes), params=params)
        if (await self._asked(call, SLOW))["_shards"]["failed"]:
            raise Unavailable(f"{self._where} does not refresh its index.", retry_after=AGAIN)

    async def drop(self, *indexes: str) -> None:
        """Those that are there."""
        if indexes:
            params = {"ignore_unavailable": "true"}
            call = self._client.indices.delete(index=",".join(indexes), params=params)
            await self._asked(call, SLOW)

    async def check(self, index: str) -> None:
        """Unavailable where not every part of it answers."""
        params = {"wait_for_status": "yellow"}
        await self._asked(self._client.cluster.health(index=index, params=params))

    async def blocked(self, names: str) -> list[str]:
        """Those of some indexes, which need not be there, that take no change."""
        found = await self.told(f"/{names}/_settings", ignore_unavailable="true")
        return sorted(name for name, one in found.items() if blocks_of(one))

    async def told(self, path: str, **params: str) -> Mapping[str, Any]:
        """What it says of itself there; nothing is changed."""
        call = self._client.transport.perform_request("GET", path, params=params)
        found: Mapping[str, Any] = await self._asked(call)
        return found

    async def close(self) -> None:
        pool = self._client.transport.connection_pool
        for connection in getattr(pool, "orig_connections", ()):  # also those it takes for dead
            await connection.close()
        await self._client.close()

    async def _asked(self, call: Awaitable[Any], seconds: float = QUICK) -> Any:
        errors = self._errors
        try:
            async with asyncio.timeout(seconds):
                return await call
        except (TimeoutError, errors.ConnectionError, errors.SerializationError) as error:
            raise Unavailable(f"{self._where} does not answer.", retry_after=AGAIN) from error
        except errors.TransportError as error:
            said = error.info.get("error") if isinstance(error.info, dict) else None
            raise self._told(error.status_code, said) from error

    def _told(self, status: int, error: Any) -> Exception:
        """Its error as one of ours; a mistake of ours remains one."""
        if not isinstance(error, dict):  # somebody in between, or not even that
            return Unavailable(f"{self._where} says {status}.", retry_after=AGAIN)
        kind, reason = str(error.get("type")), str(error.get("reason"))
        if kind in GONE or reason.startswith(NO_ALIAS):
            return Elsewhere(kind)
        if kind == TAKEN:
            return Conflict("There is an index of that name.")
        if kind == BLOCKED and FULL in reason:
            return OutOfSpace(f"The disk of {self._where} is full.")
        if kind == BLOCKED or status in NOT_NOW or status >= BROKEN:
            return Unavailable(f"{self._where} does not do it ({kind}).", retry_after=AGAIN)
        return ValueError(f"OpenSearch does not take it: {status} {kind}: {reason[:200]}")


def blocks_of(index: Mapping[str, Any]) -> list[str]:
    """What keeps an index, as the cluster describes it, from taking changes."""
    blocks = index.get("settings", {}).get("index", {}).get("blocks", {})
    return [block for block in READ_ONLY if str(blocks.get(block)) == "true"]
