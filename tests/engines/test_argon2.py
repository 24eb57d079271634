"""Slow hashes: what they are made of, and how many at once."""

import asyncio
import re

from argon2 import PasswordHasher

from marquee.engines.argon2 import Argon2
from marquee.kit.errors import Unavailable


class Counted(PasswordHasher):
    """Remembers which hashes it was asked to make again."""

    def __init__(self, time_cost: int = 1) -> None:
        super().__init__(time_cost, 64, 1, 32, 16)
        self.verified: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:  # noqa: A002 - its name
        self.verified.append(str(hash))
        return super().verify(hash, password)


def costs(encoded: str) -> str:
    return encoded.split("$")[3]


async def test_a_password_is_hashed_with_argon2id_and_a_salt_of_its_own() -> None:
    passwords = Argon2()
    one, two = await passwords.hashed("kettle"), await passwords.hashed("kettle")
    assert re.fullmatch(r"\$argon2id\$v=19\$m=19456,t=2,p=1\$[\w+/]{22}\$[\w+/]{43}", one)
    assert one != two
    assert await passwords.matches(one, "kettle")
    assert not await passwords.matches(one, "kettles")
    await passwords.close()


async def test_no_letter_of_a_long_password_is_ignored() -> None:
    passwords = Argon2(PasswordHasher(1, 64, 1))
    for length in (72, 128, 1_024):
        encoded = await passwords.hashed("x" * length)
        assert await passwords.matches(encoded, "x" * length)
        assert not await passwords.matches(encoded, "x" * (length - 1))
        assert not await passwords.matches(encoded, "x" * length + "y")
    await passwords.close()


async def test_nobody_costs_as_much_as_somebody() -> None:
    hasher = Counted()
    passwords = Argon2(hasher)
    known = await passwords.hashed("kettle")
    assert not await passwords.matches(None, "kettle")
    assert not await passwords.matches(known, "wrong")
    nobody, somebody = hasher.verified
    assert costs(nobody) == costs(somebody) == "m=64,t=1,p=1"
    assert len(nobody) == len(somebody)
    await passwords.close()


async def test_a_hash_of_other_parameters_is_outdated() -> None:
    old, new = Argon2(Counted(time_cost=1)), Argon2(Counted(time_cost=2))
    encoded = await old.hashed("kettle")
    assert new.is_outdated(encoded)
    assert not old.is_outdated(encoded)
    assert await new.matches(encoded, "kettle")
    await old.close()
    await new.close()


async def test_what_is_no_hash_matches_nothing() -> None:
    passwords = Argon2(PasswordHasher(1, 64, 1))
    for encoded in ("", "x", "$argon2id$v=19$m=1", "$2b$12$abcdefghijklmnopqrstuv"):
        assert not await passwords.matches(encoded, "kettle")
    await passwords.close()


async def test_a_flood_is_refused_and_room_comes_back() -> None:
    passwords = Argon2(PasswordHasher(1, 64, 1), threads=1, most_waiting=3)
    asked = [passwords.hashed("kettle") for _ in range(20)]
    done = await asyncio.gather(*asked, return_exceptions=True)
    refused = [one for one in done if isinstance(one, Unavailable)]
    assert len(refused) == 16
    assert all(one.retry_after for one in refused)
    await asyncio.sleep(0)
    assert await passwords.hashed("kettle")
    await passwords.close()
