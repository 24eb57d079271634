"""Addresses of engines: read, and shown without their secrets."""

from pathlib import Path

import pytest

from marquee.engines.address import Address, driver
from marquee.kit.errors import Invalid


def an_address(url: str) -> Address:
    return Address.read(url, scheme="kafka", port=9092, options=("acks",))


def test_an_address_has_all_it_was_given() -> None:
    found = an_address("kafka://ada:s%40cret@one:19092,two,[::1]:7/films?acks=all&tls=on")
    assert found.hosts == (("one", 19092), ("two", 9092), ("::1", 7))
    assert (found.user, found.password, found.name) == ("ada", "s@cret", "films")
    assert found.options["acks"] == "all"
    assert found.is_encrypted


def test_an_address_shows_no_secret() -> None:
    found = an_address("kafka://ada:canary@one/films?acks=canary")
    assert str(found) == "kafka://one:9092/films"
    assert "canary" not in repr(found)


@pytest.mark.parametrize(
    "url",
    [
        "redis://one",
        "kafka:/one",
        "kafka://",
        "kafka://canary@",
        "kafka://canary:canary@one:port",
        "kafka://canary@one:99999",
        "kafka://one,,two",
        "kafka://canary@[::1",
        "kafka://one?canary",
        "kafka://one?other=canary",
        "kafka://one?tls=canary",
        "kafka://one?ca=/canary",
        "kafka://ada:1/canary@one/films",
        "kafka://ada:p@ss/canary@one/films",
        "kafka://ada:1#canary@one/films",
        "kafka://ada:1?canary=1@one/films",
        "kafka://one/films#canary",
    ],
)
def test_what_is_no_address_is_refused_without_being_shown(url: str) -> None:
    with pytest.raises(Invalid) as refused:
        an_address(url)
    assert "canary" not in refused.value.detail


def test_a_certificate_asks_for_encryption(tmp_path: Path) -> None:
    ca = tmp_path / "ca.pem"
    ca.touch()
    assert an_address(f"kafka://one?ca={ca}").is_encrypted
    assert not an_address("kafka://one").is_encrypted


def test_a_missing_driver_says_what_to_install() -> None:
    with pytest.raises(Invalid, match=r"marquee\[oracle\]"):
        driver("no_such_driver", extra="oracle")
