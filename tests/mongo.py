"""A database of its own for each test on MongoDB."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit
from uuid import uuid4

from tests.real import real

from marquee.engines.mongo.connect import address_of, client_of


@asynccontextmanager
async def a_database() -> AsyncIterator[str]:
    """The URL of a database that is not there yet, and is dropped after."""
    server, name = real("mongodb"), f"test_{uuid4().hex}"
    url = urlsplit(server)._replace(path=f"/{name}").geturl()
    try:
        yield url
    finally:
        async with client_of(address_of(url)) as client:
            await client.drop_database(name)
