"""Passwords are hashed quickly here; tests/engines/test_argon2.py hashes them as in earnest."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.contexts.accounts.home import Home, a_home


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marquee.engines.argon2.MEMORY_KIB", 64)
    monkeypatch.setattr("marquee.engines.argon2.TIME_COST", 1)


@pytest.fixture
async def home(tmp_path: Path) -> AsyncIterator[Home]:
    async with a_home(tmp_path) as home:
        yield home
