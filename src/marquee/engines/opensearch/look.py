"""Look at a cluster of OpenSearch and at our indexes there without changing anything."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from marquee.engines.opensearch.cluster import Cluster, blocks_of
from marquee.engines.opensearch.shelf import MARK
from marquee.kit.errors import Unavailable
from marquee.kit.findings import Finding, clock, ok, warning, wrong

NODES = "nodes.*.timestamp,nodes.*.fs.total"
LEAST_FREE = 0.1
"""Where OpenSearch itself begins to move things away, and soon takes nothing any more."""


async def look(cluster: Cluster, aliases: Sequence[str]) -> tuple[list[Finding], bool]:
    """What was found, and whether there is an index by each of `aliases`."""
    found = [ok("reachable", "it answers, and lets us in"), await _version(cluster)]
    health = await cluster.told("/_cluster/health")
    found += _health(health)
    with suppress(Unavailable):  # not everybody may ask that
        found += await _nodes(cluster)
    missing = False
    for alias in aliases:
        one = await _index(cluster, alias)
        missing = missing or one.state == "wrong" or one.detail.endswith("makes it")
        found.append(one)
    return found, not missing


def away(error: Unavailable) -> Finding:
    """What an error of the cluster's comes to."""
    if " says " in error.detail or " does not do it" in error.detail:
        detail = "it does not let us in, or not do this"
        return wrong("reachable", detail, "Correct the user and password in the URL.")
    advice = "Start it, or correct the hosts in the URL."
    return wrong("reachable", "it does not answer", advice)


async def _version(cluster: Cluster) -> Finding:
    said = await cluster.told("/")
    return ok("version", f"OpenSearch {said['version']['number']}")


def _health(health: Mapping[str, Any]) -> list[Finding]:
    status, nodes = health["status"], int(health["number_of_data_nodes"])
    if status == "red":
        advice = "Ask it: GET _cluster/allocation/explain."
        return [wrong("health", "red: parts of some index are missing", advice)]
    found = [ok("health", status)]
    if status == "yellow":
        advice = "Ask it: GET _cluster/allocation/explain."
        found = [warning("health", "yellow: some copies have no place", advice)]
    if nodes == 1:
        detail = "a single node: while it is away nothing can be searched"
        found.append(warning("replicas", detail, "Add a node, or live with it: it can be rebuilt."))
    return found


async def _nodes(cluster: Cluster) -> list[Finding]:
    asked = datetime.now(UTC)
    nodes = (await cluster.told("/_nodes/stats/os,fs", filter_path=NODES)).get("nodes", {})
    answered = datetime.now(UTC)
    found = []
    clocks = [
        clock(datetime.fromtimestamp(one["timestamp"] / 1000, UTC), asked, answered)
        for one in nodes.values()
        if "timestamp" in one
    ]
    if clocks:
        found.append(max(clocks, key=lambda one: ("ok", "warning", "wrong").index(one.state)))
    disks = [one["fs"]["total"] for one in nodes.values() if "fs" in one]
    if disks:
        free = min(disk["available_in_bytes"] / disk["total_in_bytes"] for disk in disks)
        found.append(_room(free))
    return found


def _room(free: float) -> Finding:
    if free < LEAST_FREE:
        detail = f"{free:.0%} of a node's disk is free"
        return warning("room", detail, "Make room: at 95 % used it takes no change any more.")
    return ok("room", f"{free:.0%} of the fullest disk is free")


async def _index(cluster: Cluster, alias: str) -> Finding:
    found = await cluster.indexes(alias)
    if not found:
        return ok("alias", f"{alias} is not there yet: the first start makes it")
    if any(MARK not in one.get("mappings", {}).get("_meta", {}) for one in found.values()):
        return wrong("alias", f"{alias} is another program's", "Give the URL another prefix.")
    if len(found) > 1:
        detail = f"{alias} stands for {len(found)} indexes"
        return wrong("alias", detail, "Run marquee search rebuild.")
    [(name, one)] = found.items()
    if blocked := blocks_of(one):
        advice = f"Make room on its disk, then take the block off: PUT {name}/_settings."
        return wrong("writable", f"{name} takes no change ({', '.join(blocked)})", advice)
    return ok("alias", f"{alias} stands for {name}")
