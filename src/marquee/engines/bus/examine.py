"""Look at Kafka and at our topics there without changing anything."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType

from marquee.engines.bus.kafka import FOREVER, SAFE_COPIES, Kafka, told
from marquee.kit.errors import Invalid, Unavailable
from marquee.kit.findings import Finding, ok, warning, wrong

LEAST = "min.insync.replicas"


async def examine(url: str, *, names: Collection[str], kept: Collection[str]) -> Sequence[Finding]:
    """`names` are our topics there, without what they all begin with; of `kept` nothing may go."""
    kafka = Kafka.at(url)
    try:
        await kafka.knock()
        return await _examine(kafka, names, kept)
    except Invalid as error:
        return [_refused(error)]
    except Unavailable as error:
        return [_away(error)]
    finally:
        await kafka.close()


async def _examine(kafka: Kafka, names: Collection[str], kept: Collection[str]) -> list[Finding]:
    with told(kafka.address):
        async with kafka._admin() as admin:  # noqa: SLF001 - the same engine, in a file beside it
            brokers = len((await admin.describe_cluster())["brokers"])
            there = set(await admin.list_topics())
            topics = [topic for name in names if (topic := kafka.topic(name)) in there]
            shapes = await admin.describe_topics(topics) if topics else []
            settings = await _settings(admin, topics) if topics else {}
    found = [ok("reachable", "it answers, and lets us in"), _brokers(brokers)]
    if not topics:
        return [*found, ok("topics", "none yet: they are made when something is told")]
    forever = {kafka.topic(name) for name in kept}
    bad = [
        one
        for shape in shapes
        for one in _topic(shape, settings.get(shape["topic"], {}), brokers, forever)
    ]
    return [*found, *(bad or [ok("topics", f"all {len(topics)} as they should be")])]


def _refused(error: Invalid) -> Finding:
    if "too old" in error.detail:
        return wrong("version", "not Kafka 2.1 or later", "Update it.")
    if "certificate" in error.detail:
        return wrong("reachable", "its certificate is not trusted", "Name its authority by ?ca=.")
    advice = "Correct the user and password in the URL."
    return wrong("reachable", "it does not let us in", advice)


def _away(error: Unavailable) -> Finding:
    if "Authorization" in error.detail:
        advice = "Let this user do all with the topics and groups of ours."
        return wrong("reachable", "it lets us in, and not do this", advice)
    advice = (
        "Start it, or correct the hosts in the URL; it looks so too where it wants TLS or a user."
    )
    return wrong("reachable", "it does not answer", advice)


def _brokers(count: int) -> Finding:
    if count == 1:
        detail = "a single broker: events wait while it is away, and are lost with its disk"
        return warning("replicas", detail, "Run three brokers where that matters.")
    return ok("replicas", f"{count} brokers")


async def _settings(admin: Any, topics: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    about = [ConfigResource(ConfigResourceType.TOPIC, topic) for topic in topics]
    answers = await admin.describe_configs(about)
    return {
        resource[3]: {row[0]: row[1] for row in resource[4]}
        for answer in answers
        for resource in answer.resources
    }


def _topic(
    shape: Mapping[str, Any], settings: Mapping[str, str], brokers: int, forever: Collection[str]
) -> list[Finding]:
    topic, partitions = shape["topic"], shape["partitions"]
    copies = min((len(one["replicas"]) for one in partitions), default=0)
    in_step = min((len(one["isr"]) for one in partitions), default=0)
    wanted = min(SAFE_COPIES, brokers)
    least, wanted_least = int(settings.get(LEAST, wanted)), max(1, wanted - 1)
    found = []
    if len(partitions) > 1:
        detail = f"{topic} has {len(partitions)} partitions: their order is lost"
        advice = "Stop Marquee, delete the topic, and start again: it is made and filled anew."
        found.append(wrong("topics", detail, advice))
    if any(one["leader"] < 0 for one in partitions) or in_step < least:
        detail = f"{topic} takes nothing: {in_step} of {copies} copies are in step"
        found.append(wrong("topics", detail, "Bring back the brokers that are away."))
    if copies < wanted:
        detail = f"{topic} has {copies} of the {wanted} copies it could have"
        advice = f"Give it {wanted} by kafka-reassign-partitions."
        found.append(warning("topics", detail, advice))
    elif least < wanted_least:
        detail = f"{topic}: {LEAST} is {least}, not {wanted_least}"
        advice = f"Set {LEAST}={wanted_least} on it by kafka-configs."
        found.append(warning("topics", detail, advice))
    [(name, value)] = FOREVER.items()
    if topic in forever and settings.get(name, value) != value:
        detail = f"{topic}: {name} is {settings[name]}, so what is kept there will go"
        found.append(wrong("topics", detail, f"Set {name}={value} on it by kafka-configs."))
    return found
