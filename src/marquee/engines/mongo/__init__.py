"""One door to MongoDB, with the outbox and inbox that every store there has.

Whoever imports this has asked for the driver first (`engines.address.driver`).
"""

from marquee.engines.mongo.database import Database, Document
from marquee.engines.mongo.steps import Documents, Step, make, make_spine
from marquee.engines.mongo.store import MongoStore
from marquee.engines.mongo.turn import Turn

__all__ = ["Database", "Document", "Documents", "MongoStore", "Step", "Turn", "make", "make_spine"]
