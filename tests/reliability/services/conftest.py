"""One deployment behind wires for all tests of a module, with films and people of every role."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from tests.journeys.services import Deployment, a_deployment
from tests.reliability.cast import Cast
from tests.reliability.services.asks import furnished
from tests.reliability.services.wires import Wires, wires


@dataclass
class Stage:
    deployment: Deployment
    wires: Wires
    cast: Cast
    failpoints: Path
    """A folder; what a file in it does, `failing` says."""


@asynccontextmanager
async def a_stage(folder: Path) -> AsyncIterator[Stage]:
    failpoints = folder / "failpoints"
    failpoints.mkdir()
    with wires() as lines:
        async with a_deployment(
            folder, lines, failpoints=failpoints, log_level="warning"
        ) as deployment:
            cast = await furnished(deployment)
            await deployment.settle()
            yield Stage(deployment, lines, cast, failpoints)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def stage(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    async with a_stage(tmp_path_factory.mktemp("services")) as stage:
        yield stage
