"""The doctor at stores on real engines, well and with a fault planted."""

import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import aio_pika
import pytest
from aiokafka.admin import NewTopic
from tests.app.doctor.ward import found, lived_in, settings
from tests.contexts.search.homes import a_cluster, a_url, cleared
from tests.engines.own_redis import a_database, a_redis
from tests.mongo import a_database as a_mongo_database
from tests.real import ask, fresh, real
from tests.topics import a_kafka

from marquee.app.doctor.examination import examine
from marquee.app.parked.broker import BrokerParking
from marquee.app.parked.model import ParkedMessage
from marquee.app.serving import opened
from marquee.contexts.auth.stores import open_store as open_auth
from marquee.contexts.catalog.stores import open_store as open_catalog
from marquee.contexts.reviews.stores import open_store as open_reviews
from marquee.contexts.search.stores import open_index
from marquee.contexts.search.stores import open_store as open_search
from marquee.engines.bus.kafka import FOREVER, Kafka
from marquee.engines.mongo.connect import address_of, client_of
from marquee.kit.findings import Finding

pytestmark = pytest.mark.engine


async def looked(folder: Path, name: str, url: str) -> dict[str, Finding]:
    return found(await examine(settings(folder, {name: url})), name)


def states(about: dict[str, Finding], *but: str) -> set[str]:
    return {one.state for what, one in about.items() if what not in but}


@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
async def test_a_database_on_a_server_is_well_before_and_after_its_first_start(
    tmp_path: Path, engine: str
) -> None:
    with fresh(engine, tmp_path) as url:
        about = await looked(tmp_path, "reviews", url)
        assert states(about) == {"ok"}
        assert "none yet" in about["tables"].detail
        assert not ask(url, TABLES[engine])
        await (await open_reviews(url)).close()
        about = await looked(tmp_path, "reviews", url)
        assert states(about) == {"ok"}
        assert "up to date" in about["tables"].detail
        assert {"version", "durability", "clock", "reachable"} <= about.keys()


TABLES = {
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    "mariadb": "SHOW TABLES",
}


async def test_postgresql_that_does_not_wait_for_its_disk_is_told_of(tmp_path: Path) -> None:
    with fresh("postgresql", tmp_path) as url:
        name = url.rpartition("/")[2]
        ask(url, f"ALTER DATABASE {name} SET synchronous_commit = off")
        try:
            about = (await looked(tmp_path, "reviews", url))["durability"]
        finally:
            ask(url, f"ALTER DATABASE {name} RESET synchronous_commit")
        assert about.state == "warning"
        assert name in about.advice


@pytest.mark.parametrize("engine", ["postgresql", "mariadb"])
async def test_a_database_of_somebody_else_is_named(tmp_path: Path, engine: str) -> None:
    with fresh(engine, tmp_path) as url:
        ask(url, "CREATE TABLE lamps (id INTEGER)")
        about = (await looked(tmp_path, "reviews", url))["tables"]
        assert (about.state, "another program" in about.detail) == ("wrong", True)
        ask(url, "DROP TABLE lamps")
        await (await open_reviews(url)).close()
        about = (await looked(tmp_path, "accounts", url))["tables"]
        assert (about.state, "another context" in about.detail) == ("wrong", True)


async def test_a_half_migrated_mariadb_is_named(tmp_path: Path) -> None:
    with fresh("mariadb", tmp_path) as url:
        await (await open_reviews(url)).close()
        ask(url, "CREATE TABLE migrating (revision VARCHAR(32) NOT NULL)")
        ask(url, "INSERT INTO migrating VALUES ('0002')")
        about = (await looked(tmp_path, "reviews", url))["tables"]
    assert (about.state, "half-migrated" in about.detail) == ("wrong", True)
    assert "Restore" in about.advice


async def test_the_catalog_on_a_compatible_server_is_told_not_to_be_on_mongodb(
    tmp_path: Path,
) -> None:
    async with a_mongo_database() as url:
        async with client_of(address_of(url)) as client:
            about = await looked(tmp_path, "catalog", url)
            assert not await client[address_of(url).name].list_collection_names()
        assert states(about, "version") == {"ok"}
        await (await open_catalog(url)).close()
        about = await looked(tmp_path, "catalog", url)
        assert states(about, "version") == {"ok"}
        assert "not MongoDB" in about["version"].detail
        async with client_of(address_of(url)) as client:
            mark = client[address_of(url).name]["schema"]
            await mark.update_one({"_id": "marquee"}, {"$set": {"version": 99}})
        assert (await looked(tmp_path, "catalog", url))["tables"].state == "wrong"


async def test_sessions_in_redis_are_well_before_and_after_the_first_start(tmp_path: Path) -> None:
    with a_database() as url:
        about = await looked(tmp_path, "auth", url)
        assert states(about) == {"ok"}
        assert "no keys of ours yet" in about["tables"].detail
        await (await open_auth(url)).close()
        report = await examine(settings(tmp_path, {"auth": url}))
    assert states(found(report, "auth")) == {"ok"}
    assert found(report, "listeners")["auth<-accounts"].state == "ok"


REDIS: list[tuple[Sequence[str], str, str]] = [
    (["--appendonly", "yes", "--appendfsync", "everysec"], "durability", "warning"),
    (["--appendonly", "no"], "durability", "wrong"),
    (["--appendonly", "yes", "--maxmemory-policy", "allkeys-lru"], "memory", "warning"),
]


@pytest.mark.parametrize(("options", "what", "state"), REDIS)
async def test_a_redis_that_may_forget_is_told_of(
    tmp_path: Path, options: Sequence[str], what: str, state: str
) -> None:
    with a_redis(tmp_path, *options) as own:
        report = await examine(settings(tmp_path, {"auth": own.url}, cache_url=own.url))
    about = found(report, "auth")[what]
    assert about.state == state
    assert "CONFIG SET" in about.advice
    assert "durability" not in found(report, "cache")  # what is kept there is made again


async def test_a_wrong_password_is_said_without_it(tmp_path: Path) -> None:
    with a_redis(tmp_path, "--requirepass", "the-right-canary") as own:
        url = own.url.replace("redis://", "redis://:a-wrong-canary@")
        report = await examine(settings(tmp_path, {"auth": url}))
    about = found(report, "auth")["reachable"]
    assert (about.state, "password" in about.detail) == ("wrong", True)
    assert "canary" not in str(report)
    with fresh("postgresql", tmp_path) as url:
        at = url.partition("://")[2].rpartition("@")[2]
        stranger = f"postgresql://nobody-known:canary@{at}"
        report = await examine(settings(tmp_path, {"reviews": stranger}))
    assert found(report, "reviews")["reachable"].state == "wrong"
    assert "canary" not in str(report)


@pytest.fixture
async def search_url() -> AsyncIterator[str]:
    url = a_url()
    try:
        yield url
    finally:
        await cleared(url)


async def test_an_index_on_opensearch_that_takes_no_change_is_wrong(
    tmp_path: Path, search_url: str
) -> None:
    about = await looked(tmp_path, "search", search_url)
    assert "not there yet" in about["alias"].detail
    async with a_cluster(search_url) as cluster:
        assert not await cluster.indexes(f"{search_url.rpartition('/')[2]}*")
    await (await open_index(search_url, tmp_path)).close()
    await (await open_search(search_url)).close()
    about = await looked(tmp_path, "search", search_url)
    assert states(about, "replicas", "health", "room") == {"ok"}
    assert about["replicas"].state == "warning"  # a single node
    async with a_cluster(search_url) as cluster:
        [name] = await cluster.indexes(search_url.rpartition("/")[2])
        where = f"/{name}/_settings"
        block = cluster._client.transport.perform_request
        await block("PUT", where, body={"index.blocks.read_only_allow_delete": True})
        about = await looked(tmp_path, "search", search_url)
        await block("PUT", where, body={"index.blocks.read_only_allow_delete": None})
    assert (about["writable"].state, name in about["writable"].advice) == ("wrong", True)


@pytest.fixture
async def kafka() -> AsyncIterator[Kafka]:
    async with a_kafka() as kafka:
        yield kafka


async def test_a_topic_of_three_partitions_is_wrong(tmp_path: Path, kafka: Kafka) -> None:
    given = settings(tmp_path, events_url=str(kafka.address))
    report = await examine(given)
    assert "none yet" in found(report, "events")["topics"].detail
    assert found(report, "parked")["parked"].state == "ok"
    assert not await kafka.topics()
    await kafka.make("auth", settings={})
    about = found(await examine(given), "events")
    assert about["topics"].state == "ok"
    assert about["replicas"].state == "warning"  # a single broker
    async with kafka._admin() as admin:
        topic = NewTopic(kafka.topic("catalog"), num_partitions=3, replication_factor=1)
        await admin.create_topics([topic])
    about = found(await examine(given), "events")
    assert (about["topics"].state, "3 partitions" in about["topics"].detail) == ("wrong", True)


async def test_topics_of_others_are_wrong_as_they_are_at_a_start(
    tmp_path: Path, kafka: Kafka
) -> None:
    ours = await lived_in(tmp_path / "ours")
    events = {"events_url": str(kafka.address)}
    given = replace(ours, **events)
    assert "none yet" in found(await examine(given), "topics")["topics"].detail
    assert not await kafka.topics()
    async with opened(given) as building:
        await building.relay.settle()
    about = found(await examine(given), "topics")
    assert (states(about), about["catalog"].detail) == ({"ok"}, "all it tells is there")
    theirs = replace(await lived_in(tmp_path / "theirs"), **events)
    about = found(await examine(theirs), "topics")
    assert (about["catalog"].state, "another instance" in about["catalog"].detail) == (
        "wrong",
        True,
    )
    empty = found(await examine(settings(tmp_path / "empty", **events)), "topics")
    assert (empty["catalog"].state, "another instance" in empty["catalog"].detail) == (
        "wrong",
        True,
    )
    topic = await kafka.make("accounts", settings={})
    await kafka.send(topic, [("k", b"somebody else's", [])])
    about = found(await examine(given), "topics")
    assert (about["accounts"].state, "another program" in about["accounts"].detail) == (
        "wrong",
        True,
    )
    assert "MARQUEE_EVENTS_URL" in about["accounts"].advice


async def test_messages_parked_on_the_broker_are_counted(tmp_path: Path, kafka: Kafka) -> None:
    await kafka.make("parked", settings=FOREVER)
    parking = BrokerParking(kafka)
    now = datetime.now(UTC)
    await parking.park(ParkedMessage("1", "search", "catalog", 1, "k", "k", "{}", "no", 5, now))
    report = await examine(settings(tmp_path, events_url=str(kafka.address)))
    about = found(report, "parked")["parked"]
    assert (about.state, about.detail) == ("warning", "1 for search")


async def test_a_queue_that_is_not_of_our_kind_is_wrong(tmp_path: Path) -> None:
    server, prefix = real("rabbitmq"), f"test-{uuid4().hex[:10]}"
    given = settings(tmp_path, queue_url=f"{server}?prefix={prefix}")
    about = found(await examine(given), "queue")
    assert states(about) == {"ok"}
    assert "none yet" in about["queues"].detail
    connection = await aio_pika.connect(server)
    try:
        channel = await connection.channel()
        queue = await channel.declare_queue(f"{prefix}.dead", durable=True)
        about = found(await examine(given), "queue")
        await queue.delete()
    finally:
        await connection.close()
    assert (about["queues"].state, "prefix" in about["queues"].advice) == ("wrong", True)


async def test_a_vhost_that_is_not_there_is_told_apart_from_a_wrong_password(
    tmp_path: Path,
) -> None:
    url = f"{real('rabbitmq')}nowhere-{uuid4().hex[:10]}"
    about = found(await examine(settings(tmp_path, queue_url=url)), "queue")["reachable"]
    assert (about.state, "vhost" in about.detail) == ("wrong", True)


SLOW = """
import asyncio, sys, time
from pathlib import Path
from marquee.app.doctor.examination import examine
from marquee.app.settings import Settings

class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == "pymongo":
            time.sleep(2)

sys.meta_path.insert(0, Slow())
urls = {"auth_url": sys.argv[2], "catalog_url": "mongodb://127.0.0.1:1/films?replicaSet=none"}
report = asyncio.run(examine(Settings(data=Path(sys.argv[1]), of_contexts=urls)))
print(*(each.state for part in report.parts if part.name == "auth" for each in part.findings))
"""


def test_what_takes_long_to_load_makes_nobody_late(tmp_path: Path) -> None:
    with a_database() as url:
        command = [sys.executable, "-c", SLOW, str(tmp_path), url]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - ours
    assert (done.returncode, "wrong" in done.stdout) == (0, False), done.stdout + done.stderr
