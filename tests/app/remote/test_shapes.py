"""What a contract may not say is told when the contract is read."""

import dataclasses
from collections.abc import Awaitable, Callable
from datetime import date
from typing import Any, Generic, TypeVar

import pytest
from tests.app.remote.theater import contract as theater

from marquee.app.remote import schema, shapes

T = TypeVar("T")


@dataclasses.dataclass
class Thawed:
    row: str


@dataclasses.dataclass(frozen=True)
class Wrapped(Generic[T]):
    item: T


class Plain:
    pass


@pytest.mark.parametrize(
    "hint",
    [
        object,
        Any,
        Plain,
        Thawed,
        Wrapped[str],
        Wrapped,
        date,
        list[str],
        set[str],
        tuple[str, int],
        tuple[str],
        dict[int, str],
        dict[str, str | None],
        tuple[str | None, ...],
        Callable[[], str],
        dict,
        tuple,
    ],
    ids=repr,
)
def test_a_type_that_cannot_cross_is_refused_by_name(hint: Any) -> None:
    with pytest.raises(shapes.Unsupported, match=r"catalog\.movies"):
        shapes.shape_of(hint, "catalog.movies")


@pytest.mark.parametrize(
    ("hint", "default"),
    [(int | str, shapes.NEEDED), (int | str | None, None), (int | None, 5)],
)
def test_a_value_that_could_be_two_things_is_refused(hint: Any, default: Any) -> None:
    with pytest.raises(shapes.Unsupported, match=r"x\.y"):
        shapes.field_of("y", hint, "x", default)


async def _positional(_self: object, ids: str) -> None: ...
async def _open(_self: object, **ids: str) -> None: ...
async def _untold(_self: object, *, ids: str):  # type: ignore[no-untyped-def]  # noqa: ANN202
    ...


@pytest.mark.parametrize(
    ("read", "method"),
    [
        (shapes.parameters_of, _positional),
        (shapes.parameters_of, _open),
        (shapes.answer_of, _untold),
    ],
)
def test_a_method_that_cannot_cross_is_refused_by_name(
    read: Callable[..., object], method: Callable[..., Awaitable[None]]
) -> None:
    with pytest.raises(shapes.Unsupported, match="x"):
        read(method, "x")


def test_a_method_that_does_not_wait_is_refused() -> None:
    class Hasty:
        def movies(self, *, ids: str) -> str: ...  # type: ignore[empty-body]

    with pytest.raises(shapes.Unsupported, match=r"Hasty\.movies must be async"):
        schema.methods_of(Hasty)


def test_one_name_for_two_messages_is_refused() -> None:
    writer = schema._Writer(theater.Theater)
    writer._message("Seat", (), "a chair")
    with pytest.raises(shapes.Unsupported, match="Seat means both"):
        writer._message("Seat", (), "a stool")
