"""What comes as bytes is what was sent, and is made only when somebody looks."""

from dataclasses import dataclass

import msgspec
import pytest

from marquee.kit.packed import Packed


@dataclass(frozen=True)
class Part:
    name: str
    job: str = "Actor"


@dataclass(frozen=True)
class Film:
    title: str
    year: int | None = None
    genres: tuple[str, ...] = ()
    cast: tuple[Part, ...] = ()


def test_what_was_left_out_is_as_by_default() -> None:
    body = msgspec.msgpack.encode([{"title": "Tin"}, {"title": "Tan", "genres": ["Drama"]}])
    packed = Packed(Film, body, 2)
    assert list(packed) == [Film("Tin"), Film("Tan", None, ("Drama",))]
    assert vars(packed[0]) == vars(Film("Tin"))
    assert packed[1].genres == ("Drama",)
    assert packed[:1] == [Film("Tin")]


def test_nothing_is_made_before_somebody_looks() -> None:
    packed = Packed(Film, b"no list at all", 7)
    assert len(packed) == 7
    with pytest.raises(msgspec.DecodeError):
        packed[0]


def test_what_is_within_is_whole_as_well() -> None:
    body = msgspec.msgpack.encode([{"title": "Tin", "cast": [{"name": "Ada"}]}])
    [film] = Packed(Film, body, 1)
    assert film == Film("Tin", cast=(Part("Ada"),))
    assert vars(film.cast[0]) == {"name": "Ada", "job": "Actor"}
