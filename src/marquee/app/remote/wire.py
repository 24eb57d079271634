"""A contract's methods with all that either end needs to know of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from marquee.app.remote import schema, shapes
from marquee.app.remote.convert import Codec
from marquee.kit.calls import Terms, terms_of

MIB = 1024 * 1024
LARGEST = 64 * MIB
LIMITS = (
    ("grpc.max_send_message_length", LARGEST),
    ("grpc.max_receive_message_length", LARGEST),
)
PROOF = "marquee-proof"
"""Trailing metadata in which the far end proves that it knows the key, too."""
REQUEST = "x-request-id"
"""Metadata that says for which request the call is made."""


@dataclass(frozen=True)
class Method:
    """`where` is how it is called in messages, such as `catalog.movies`."""

    name: str
    where: str
    context: str
    path: str
    terms: Terms
    asked: Codec
    answered: Codec
    parameters: frozenset[str]
    defaults: Mapping[str, Any]
    has_answer: bool

    def row_of(self, answer: Any) -> dict[str, Any]:
        """An answer as the fields of its message."""
        return {"value": answer} if self.has_answer else {}


@cache
def methods_of(contract: type) -> tuple[Method, ...]:
    """Unsupported when the contract says what cannot cross."""
    return tuple(_method(contract, name) for name in schema.methods_of(contract))


def _method(contract: type, name: str) -> Method:
    method = getattr(contract, name)
    context = schema.context_of(contract)
    where = f"{context}.{name}"
    asked, answered = shapes.parameters_of(method, where), shapes.answer_of(method, where)
    title = schema.camel(name)
    return Method(
        name=name,
        where=where,
        context=context,
        path=f"/{schema.service_of(contract)}/{title}",
        terms=terms_of(method),
        asked=Codec(contract, f"{title}Request", asked),
        answered=Codec(contract, f"{title}Answer", answered),
        parameters=frozenset(field.name for field in asked),
        defaults={
            field.name: field.default for field in asked if field.default is not shapes.NEEDED
        },
        has_answer=bool(answered),
    )
