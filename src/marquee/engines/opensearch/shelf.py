"""Indexes of one prefix, one of which is in use: the one that the prefix is an alias of."""

import asyncio
import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from marquee.engines.opensearch.cluster import Cluster, Elsewhere
from marquee.kit.errors import Conflict, Invalid, Unavailable

MARK = "marquee"
BEAT = "beat"
"""A document that is written with every page: who fills an index lives as long as it changes."""
BEATING = b'{"index":{"_id":"beat"}}\n{}\n'
STILL = b'{"delete":{"_id":"beat"}}\n'
LULL = 2.0
A_WHILE = 60


class Shelf:
    """`body` is what an index is made of; one of another `shape` is made anew.

    An index is `PREFIX-TIME`. While it is filled, it has the alias `PREFIX-next`; it always has one
    of its own, since what is written by an alias makes no index where that has gone.

    It may have the `number` of whoever fills it, which one begun later outnumbers: none of a smaller
    number is ever used after one of a greater. Without it none is used that another took the place of.
    """

    def __init__(
        self, cluster: Cluster, prefix: str, body: Mapping[str, Any], *, shape: int = 1
    ) -> None:
        self.current, self.next = prefix, f"{prefix}-next"
        self._cluster = cluster
        self._body = body
        self._shape = shape
        self._name = re.compile(re.escape(prefix) + r"-\d+")

    async def open(self) -> None:
        """There is an index afterwards, perhaps an empty one. Invalid where it is another's."""
        found = await self._cluster.indexes(self.current)
        if any(not self._is_ours(name, one) for name, one in found.items()):
            raise Invalid(f"{self.current} is the name of an index that is not Marquee's.")
        await self.tidy()
        if not found:
            try:
                await self._make(f"{self.current}-0", self.current, 0)
            except Conflict as error:
                if not await self._cluster.behind(self.current):  # else somebody was faster
                    raise Invalid(f"{self.current}-0 is another's index.") from error

    async def is_whole(self) -> bool:
        """Whether the one in use was filled to the end."""
        found = await self._cluster.indexes(self.current)
        marks = [_mark(one) for one in found.values()]
        return bool(marks) and all(
            mark.get("whole") and mark.get("shape") == self._shape for mark in marks
        )

    async def begin(self, number: int | None = None) -> str:
        """A new index to be filled, by its name.

        Unavailable while somebody else fills one; what is left of one who did is dropped.
        """
        latest = _latest(await self._cluster.indexes(f"{self.current},{self.next}"))
        if number is not None and number < latest:
            raise Unavailable("A later rebuild has begun.", retry_after=A_WHILE)
        for name in await self._cluster.behind(self.next):
            if await self._is_beating(name):
                raise Unavailable("The index is being built already.", retry_after=A_WHILE)
            await self.abandon(name)
        await self.tidy()
        name = f"{self.current}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
        await self._make(name, self.next, latest if number is None else number)
        return name

    async def use(self, name: str) -> None:
        """From now on, whatever happens next. Elsewhere where another one has taken its place."""
        await self._cluster.write(own(name), STILL)
        await self._cluster.refresh(own(name))
        number = _latest(await self._cluster.indexes(name))
        await self._cluster.mark(name, self._marked(number, whole=True))
        used = await self._cluster.indexes(self.current)
        if _latest(used) > number:
            raise Elsewhere(name)
        # It takes the place of what was looked at, and of nothing that came there since.
        rest = [_without(other, self.current) for other in used] or [self._without_any()]
        add = {"add": {"index": name, "alias": self.current}}
        await self._cluster.alias([_without(name, self.next), *rest, add])

    async def abandon(self, name: str) -> None:
        """Drop one that was being filled, unless it is in use by now; from here on it cannot be."""
        with suppress(Elsewhere):
            await self._cluster.alias([_without(name, self.next)])
            await self._cluster.drop(name)

    async def tidy(self) -> None:
        """Drop what is neither in use nor being filled: somebody was killed before doing so."""
        found = await self._cluster.indexes(f"{self.current}-*")
        await self._cluster.drop(
            *(
                name
                for name, one in found.items()
                if self._is_ours(name, one)
                and not {self.current, self.next} & one["aliases"].keys()
            )
        )

    async def _is_beating(self, name: str) -> bool:
        try:
            before = await self._cluster.get(name, BEAT)
            await asyncio.sleep(LULL)
            return await self._cluster.get(name, BEAT) != before
        except Elsewhere:
            return False

    def _without_any(self) -> dict[str, Any]:
        return {"remove": {"index": f"{self.current}-*", "alias": self.current}}

    async def _make(self, name: str, alias: str, number: int) -> None:
        mappings = {**self._body["mappings"], "_meta": self._marked(number, whole=False)}
        aliases: dict[str, Any] = {alias: {}, own(name): {}}
        await self._cluster.make(name, {**self._body, "mappings": mappings, "aliases": aliases})

    def _marked(self, number: int, *, whole: bool) -> Mapping[str, Any]:
        shape = {"prefix": self.current, "shape": self._shape}
        return {MARK: {**shape, "number": number, "whole": whole}}

    def _is_ours(self, name: str, index: Mapping[str, Any]) -> bool:
        is_named = self._name.fullmatch(name) is not None
        return is_named and _mark(index).get("prefix") == self.current


def own(name: str) -> str:
    """The alias of this index only."""
    return f"{name}-own"


def _without(name: str, alias: str) -> dict[str, Any]:
    """Of several changes none is made where it has not got this alias any more."""
    return {"remove": {"index": name, "alias": alias, "must_exist": True}}


def _latest(indexes: Mapping[str, Any]) -> int:
    """The greatest number of these; those from before there were numbers have none."""
    return max((int(_mark(one).get("number", 0)) for one in indexes.values()), default=0)


def _mark(index: Mapping[str, Any]) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = index.get("mappings", {}).get("_meta", {})
    mark = meta.get(MARK)
    return mark if isinstance(mark, dict) else {}
