"""What each movie of a batch has to say, by field, as telling reads it."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from types import GenericAlias
from typing import Any, TypedDict, get_type_hints

import msgspec

from marquee.contexts.catalog.contract import CreditFact, MovieFacts
from marquee.kit.packed import Packed


def said_by(movies: Sequence[MovieFacts]) -> Iterable[Mapping[str, Any]]:
    """Those that came as bytes are never made: a dict is read in a third of the time."""
    return _read(movies.body) if isinstance(movies, Packed) else map(vars, movies)


def _reading() -> Callable[[bytes], list[dict[str, Any]]]:
    of: Any = TypedDict  # its fields are the contract's, and so known when it runs
    credits_ = GenericAlias(tuple, (of("Credit", get_type_hints(CreditFact), total=False), ...))
    fields = {**get_type_hints(MovieFacts), "cast": credits_, "crew": credits_}
    movies: Any = GenericAlias(list, of("Movie", fields, total=False))
    decode: Callable[[bytes], list[dict[str, Any]]] = msgspec.msgpack.Decoder(movies).decode
    return decode


_read = _reading()
