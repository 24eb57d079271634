"""Tasks on RabbitMQ 3.10 or later, with quorum queues and no plugin."""

from marquee.engines.queue.rabbitmq.queue import RabbitQueue

__all__ = ["RabbitQueue"]
