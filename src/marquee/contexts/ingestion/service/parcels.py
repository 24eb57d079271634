"""Batches as bytes, for the way between two processes."""

from typing import Any

import msgspec

from marquee.contexts.catalog.contract import CreditFact, MovieFacts
from marquee.contexts.ingestion.model.dialects.dialect import Found
from marquee.contexts.ingestion.service.batches import Batch
from marquee.kit.packed import Packed


class Parcel(msgspec.Struct, array_like=True):
    """A batch; `movies` as Packed has them."""

    movies: bytes
    numbers: list[int]
    others: list[tuple[int, str, str]]
    done: int
    broken: str


_ENCODE = msgspec.msgpack.Encoder().encode
_DECODE = msgspec.msgpack.Decoder(Parcel).decode


def packed(batch: Batch) -> bytes:
    others = [(one.number, one.problem, one.left_out) for one in batch.others]
    movies = _ENCODE([_said(facts) for facts in batch.movies])
    return _ENCODE(Parcel(movies, batch.numbers, others, batch.done, batch.broken))


def unpacked(body: bytes) -> Batch:
    parcel = _DECODE(body)
    return Batch(
        Packed(MovieFacts, parcel.movies, len(parcel.numbers)),
        parcel.numbers,
        [Found(number, None, *why) for number, *why in parcel.others],
        parcel.done,
        parcel.broken,
    )


def _said(facts: MovieFacts) -> dict[str, Any]:
    said = {name: value for name, value in vars(facts).items() if value is not None and value != ()}
    for name in ("cast", "crew"):
        if name in said:
            said[name] = [_credit(one) for one in said[name]]
    return said


def _credit(one: CreditFact) -> dict[str, Any]:
    """Most are of an actor, with a name and nothing more."""
    said: dict[str, Any] = {"name": one.name}
    if one.job != CreditFact.job:
        said["job"] = one.job
    if one.department != CreditFact.department:
        said["department"] = one.department
    if one.character is not None:
        said["character"] = one.character
    if one.imdb_id is not None:
        said["imdb_id"] = one.imdb_id
    if one.tmdb_id is not None:
        said["tmdb_id"] = one.tmdb_id
    return said
