"""Look at a Redis without changing anything."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from marquee.engines.redis import Redis
from marquee.kit.errors import Invalid, Unavailable
from marquee.kit.findings import Finding, clock, ok, unseen, warning, wrong

FULL = 0.9
SETTINGS = ("appendonly", "appendfsync", "maxmemory", "maxmemory-policy")


async def examine(url: str, *, field: str, keeps: bool) -> Sequence[Finding]:
    """`keeps` where what is in it must outlive a restart. Invalid, naming `field`, for a wrong URL."""
    redis = Redis.at(url, field=field, reads_text=True)
    try:
        return await _examine(redis, keeps=keeps)
    except Unavailable:
        return [_away()]
    finally:
        await redis.close()


async def _examine(redis: Redis, *, keeps: bool) -> list[Finding]:
    try:
        await redis.greet()
    except Invalid as error:
        return [_refused(error)]
    about = await redis.do("INFO")
    found = [
        ok("reachable", "it answers, and lets us in"),
        ok("version", f"Redis {about['redis_version']}"),
    ]
    asked = datetime.now(UTC)
    there = await redis.do("TIME")
    found.append(clock(_moment(there), asked, datetime.now(UTC)))
    told = await _settings(redis)
    if keeps:
        found += _durability(about, told)
    return [*found, *_memory(about, told), *await _writable(redis, about)]


def _away() -> Finding:
    advice = "Start it, or correct the host and port in the URL."
    return wrong("reachable", "it does not answer", advice)


def _refused(error: Invalid) -> Finding:
    if "is needed" in error.detail:
        detail = error.detail.partition(" is ")[2].rstrip(".")
        return wrong("version", detail, "Use a single Redis, of 6.2 or later.")
    detail = "it refuses the user, the password or the number of the database"
    return wrong("reachable", detail, "Correct them in the URL.")


def _moment(there: Any) -> datetime:
    seconds, micros = there
    return datetime.fromtimestamp(int(seconds) + int(micros) / 1e6, UTC)


async def _settings(redis: Redis) -> Mapping[str, str]:
    """Empty where this user may not ask, as with many providers."""
    try:
        answers = [await redis.do("CONFIG", "GET", name) for name in SETTINGS]
    except Exception:  # noqa: BLE001 - whatever it answers, it does not tell
        return {}
    return {str(answer[0]): str(answer[1]) for answer in answers if answer}


def _durability(about: Mapping[str, Any], told: Mapping[str, str]) -> list[Finding]:
    if not int(about.get("aof_enabled", 0)):
        detail = "appendonly is off: a restart loses what came last, or everything"
        advice = "CONFIG SET appendonly yes, and keep it with CONFIG REWRITE."
        return [wrong("durability", detail, advice)]
    if about.get("aof_last_write_status", "ok") != "ok":
        detail = "the last write to its append-only file failed"
        return [wrong("durability", detail, "Look at the server's log, and at its disk.")]
    syncs = told.get("appendfsync")
    if syncs is None:
        return [unseen("durability", "appendfsync")]
    if syncs == "always":
        return [ok("durability", "appendonly, each write synced")]
    lost = "a second of writes" if syncs == "everysec" else "some half a minute of writes"
    detail = f"appendfsync is {syncs}: a power cut loses {lost}"
    advice = "CONFIG SET appendfsync always, if ended sessions must never come back."
    return [warning("durability", detail, advice)]


def _memory(about: Mapping[str, Any], told: Mapping[str, str]) -> list[Finding]:
    policy = told.get("maxmemory-policy", about.get("maxmemory_policy"))
    if policy is None:
        return [unseen("memory", "maxmemory-policy")]
    if policy != "noeviction":
        detail = f"maxmemory-policy is {policy}: what is ours may be thrown out"
        return [warning("memory", detail, "CONFIG SET maxmemory-policy noeviction.")]
    most, used = int(about.get("maxmemory", 0)), int(about.get("used_memory", 0))
    if most and used > FULL * most:
        detail = f"{used / most:.0%} of maxmemory is used"
        say = wrong if used >= most else warning
        return [say("memory", detail, "Raise maxmemory, or make room.")]
    return [ok("memory", "noeviction")]


async def _writable(redis: Redis, about: Mapping[str, Any]) -> list[Finding]:
    if about.get("role", "master") != "master":
        return [wrong("writable", "it is a replica", "Name the primary in the URL.")]
    if await redis.refusal() is not None:
        advice = "Let this user do all with keys that begin with marquee:."
        return [wrong("writable", "it does not let this user write", advice)]
    return []
