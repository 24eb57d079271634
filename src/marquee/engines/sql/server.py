"""An engine that is a server: how it is reached, and its words for what all of them do."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import URL, Connection, Engine, create_engine

from marquee.engines.address import Address
from marquee.engines.sql.migrate import Steps

CONNECT = 2
"""Seconds to wait for a connection."""


@dataclass(frozen=True)
class Session:
    """What a connection is for; times are in seconds, 0 for without end."""

    statement: int
    lock: int = 5
    idle: int = 30
    size: int = 1
    writes: bool = True
    looks: bool = False
    """It leaves what the server was set to, in order to see it."""


READING = Session(statement=5, size=5, writes=False)
WRITING = Session(statement=60)
MIGRATING = Session(statement=0, lock=60, idle=0)


class Server(ABC):
    """A reading session is in REPEATABLE READ and cannot write, a writing one in READ COMMITTED."""

    dialect: ClassVar[str]
    snapshot: ClassVar[str]
    """Begins to read one moment."""
    turn: ClassVar[tuple[str, ...]]
    """Begins to write when it is our turn, with the first wish's savepoint."""
    next_wish: ClassVar[str]
    steps: ClassVar[Steps]

    def __init__(self, address: Address) -> None:
        self.address = address

    def engine(self, session: Session) -> Engine:
        engine = create_engine(
            URL.create(self.dialect),
            connect_args=self.arguments(session),
            pool_size=session.size,
            max_overflow=0,
            pool_timeout=CONNECT,
            pool_reset_on_return=None,  # who opens a transaction ends it
            isolation_level="AUTOCOMMIT",
            skip_autocommit_rollback=True,
            hide_parameters=True,
        )
        self.prepare(engine, session)
        return engine

    @abstractmethod
    def arguments(self, session: Session) -> dict[str, Any]:
        """What the driver is given to connect."""

    @abstractmethod
    def prepare(self, engine: Engine, session: Session) -> None:
        """Have every new connection say what is not said while connecting."""

    @abstractmethod
    def refusal(self, error: BaseException) -> str:
        """Why it does not let us in, in words of our own."""

    @abstractmethod
    def lacks(self, connection: Connection) -> str | None:
        """What keeps us from living there, such as its version."""

    @abstractmethod
    def lock(self, connection: Connection, *, seconds: int) -> bool:
        """Whether the tables are ours to change; until this connection is closed."""

    @abstractmethod
    def answers(self, seconds: float) -> bool:
        """Whether it says anything to somebody new within about so long."""

    @abstractmethod
    def is_whole(self, driver: Any) -> bool:
        """Whether the transaction goes on and may be committed."""

    @abstractmethod
    def cut(self, driver: Any) -> None:
        """End a connection that another thread waits for."""
