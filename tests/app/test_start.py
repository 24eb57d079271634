"""What a process loads: what it never needs costs each start time and each process memory."""

import re
import subprocess
import sys
from pathlib import Path

import httpx2
from tests.reliability.site import NO_TLS, Site, environment

DRIVERS = (
    "aio_pika",
    "aiokafka",
    "aiohttp",
    "opensearchpy",
    "psycopg",
    "pymongo",
    "pymysql",
    "redis",
)
NEVER = (*DRIVERS, "google.protobuf", "grpc", "hypothesis", "opentelemetry.sdk", "pydantic")
ON_A_LATER_START = ("alembic", "sqlalchemy.orm")
LOADED = re.compile(r"^import time:.*\| +(\S+)$", re.MULTILINE)
ONE_SERVICE = """
import asyncio, sys
from pathlib import Path
from marquee.app import serving
from marquee.app.assemble import assemble, web
from marquee.app.settings import Settings
from marquee.contexts.accounts.contract import Accounts

async def main():
    building = await assemble(Settings(data=Path(sys.argv[1])), ["auth"], far={Accounts: object()})
    web(building)
    await building.close()

asyncio.run(main())
print("\\n".join(sys.modules))
"""
OF_OTHERS = re.compile(r"marquee\.contexts\.(?!auth\b)\w+\.(?!contract\b|events\b)")


def among(names: tuple[str, ...], loaded: set[str]) -> set[str]:
    return {name for name in names if name in loaded}


def test_one_process_on_embedded_stores_loads_no_driver_no_grpc_and_no_tool(tmp_path: Path) -> None:
    site = Site(tmp_path / "data")
    site.start()
    assert site.stop() == 0
    site.program = ("-X", "importtime", "-m", "marquee")
    site.start()
    with httpx2.Client(base_url=site.url, trust_env=False, verify=NO_TLS) as client:
        for path in ("/api/v1/movies", "/api/v1/search?q=a", "/", "/openapi.json", "/metrics"):
            assert client.get(path).status_code == 200, path
    assert site.stop() == 0
    loaded = set(LOADED.findall(site.said()))
    assert "marquee.contexts.search.service" in loaded
    assert among((*NEVER, *ON_A_LATER_START), loaded) == set()


def test_a_service_loads_of_other_contexts_only_their_doors(tmp_path: Path) -> None:
    done = subprocess.run(  # noqa: S603 - our own code
        [sys.executable, "-c", ONE_SERVICE, str(tmp_path)],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    loaded = done.stdout.split()
    assert "marquee.contexts.auth.service" in loaded
    assert [name for name in loaded if OF_OTHERS.match(name)] == []
    assert among((*NEVER, "numpy", "tantivy", "markdown_it", "rapidfuzz"), set(loaded)) == set()
