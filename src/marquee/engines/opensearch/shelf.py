"""Indexes of one prefix, one of which is in use: the one that the prefix is an alias of."""

import asyncio
import re
from collections.abc import Mapping
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
                await self._make(f"{self.current}-0", self.current)
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

    async def begin(self) -> str:
        """A new index to be filled, by its name.

        Unavailable while somebody else fills one; what is left of one who did is dropped.
        """
        for name in await self._cluster.behind(self.next):
            if await self._is_beating(name):
                raise Unavailable("The index is being built already.", retry_after=A_WHILE)
            await self.abandon(name)
        await self.tidy()
        name = f"{self.current}-{datetime.now(UTC):%Y%m%d%H%M%S%f}"
        await self._make(name, self.next)
        return name

    async def use(self, name: str) -> None:
        """From now on, whatever happens next. Elsewhere where somebody has dropped it."""
        await self._cluster.write(own(name), STILL)
        await self._cluster.refresh(own(name))
        await self._cluster.mark(name, self._marked(whole=True))
        one = {"index": name}
        await self._cluster.alias(
            [
                {"remove": one | {"alias": self.next}},
                {"remove": {"index": f"{self.current}-*", "alias": self.current}},
                {"add": one | {"alias": self.current}},
            ]
        )

    async def abandon(self, name: str) -> None:
        """Drop one that was being filled, unless it is in use by now."""
        found = await self._cluster.indexes(name)
        await self._cluster.drop(*(n for n, one in found.items() if not self._is_used(one)))

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

    async def _make(self, name: str, alias: str) -> None:
        mappings = {**self._body["mappings"], "_meta": self._marked(whole=False)}
        aliases: dict[str, Any] = {alias: {}, own(name): {}}
        await self._cluster.make(name, {**self._body, "mappings": mappings, "aliases": aliases})

    def _marked(self, *, whole: bool) -> Mapping[str, Any]:
        return {MARK: {"prefix": self.current, "shape": self._shape, "whole": whole}}

    def _is_used(self, index: Mapping[str, Any]) -> bool:
        return self.current in index["aliases"]

    def _is_ours(self, name: str, index: Mapping[str, Any]) -> bool:
        is_named = self._name.fullmatch(name) is not None
        return is_named and _mark(index).get("prefix") == self.current


def own(name: str) -> str:
    """The alias of this index only."""
    return f"{name}-own"


def _mark(index: Mapping[str, Any]) -> Mapping[str, Any]:
    meta: Mapping[str, Any] = index.get("mappings", {}).get("_meta", {})
    mark = meta.get(MARK)
    return mark if isinstance(mark, dict) else {}
