"""The film club on its embedded stores, made once and copied for each test."""

import asyncio
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.app.moving.club import a_club, fill

from marquee.app.settings import Settings


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder, what everybody was answered, and ada's session."""
    folder = tmp_path_factory.mktemp("club") / "data"

    async def make() -> dict[str, Any]:
        async with a_club(Settings(data=folder, starter=False)) as club:
            ada = await fill(club)
            return {"answers": await club.answers(), "ada": ada}

    return folder, asyncio.run(make())


@pytest.fixture
def source(tmp_path: Path, made: tuple[Path, dict[str, Any]]) -> Settings:
    shutil.copytree(made[0], tmp_path / "old")
    return Settings(data=tmp_path / "old", starter=False)


@pytest.fixture
def before(made: tuple[Path, dict[str, Any]]) -> dict[str, Any]:
    return made[1]
