"""All engines there are, in the order they are told in."""

from deploy.engines.cassandra import Cassandra
from deploy.engines.compatible import Firestore, Mongodb
from deploy.engines.engine import Engine
from deploy.engines.kafka import Kafka
from deploy.engines.neo4j import Neo4j
from deploy.engines.opensearch import Opensearch
from deploy.engines.rabbitmq import Rabbitmq
from deploy.engines.servers import Mariadb, Nginx, Postgresql, Prometheus, Redis

ENGINES: tuple[Engine, ...] = (
    Postgresql(),
    Mariadb(),
    Redis(),
    Rabbitmq(),
    Kafka(),
    Cassandra(),
    Opensearch(),
    Neo4j(),
    Mongodb(),
    Firestore(),
    Nginx(),
    Prometheus(),
)
