"""A database of its own for each test on MongoDB."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import uuid4

from pymongo import AsyncMongoClient
from tests.real import real


@asynccontextmanager
async def a_database() -> AsyncIterator[str]:
    """The URL of a database that is not there yet, and is dropped after."""
    server, name = real("mongodb"), f"test_{uuid4().hex}"
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        async with AsyncMongoClient[dict[str, object]](server) as client:
            await client.drop_database(name)
