"""Passwords are hashed quickly here; tests/engines/test_argon2.py hashes them as in earnest."""

import pytest


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("marquee.engines.argon2.MEMORY_KIB", 64)
    monkeypatch.setattr("marquee.engines.argon2.TIME_COST", 1)
