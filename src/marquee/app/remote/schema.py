"""A contract as protobuf describes it: one file per context, derived from its Protocols."""

import inspect
import sys
from collections.abc import Sequence
from functools import cache
from types import ModuleType
from typing import Any

from google.protobuf import descriptor_pool, timestamp_pb2
from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
)

from marquee.app.remote import shapes
from marquee.app.remote.shapes import Field, Keyed, Many, Moment, Record, Scalar, Shape
from marquee.kit.calls import terms_of

TIMESTAMP = ".google.protobuf.Timestamp"
POOL = descriptor_pool.DescriptorPool()
POOL.AddSerializedFile(timestamp_pb2.DESCRIPTOR.serialized_pb)

WIRE_TYPES = {
    str: FieldDescriptorProto.TYPE_STRING,
    int: FieldDescriptorProto.TYPE_INT64,
    float: FieldDescriptorProto.TYPE_DOUBLE,
    bool: FieldDescriptorProto.TYPE_BOOL,
    bytes: FieldDescriptorProto.TYPE_BYTES,
}
MESSAGES, SERVICES, METHODS = 4, 6, 2
"""Field numbers inside FileDescriptorProto and ServiceDescriptorProto, for comments' paths."""


def context_of(contract: type) -> str:
    """`marquee.contexts.catalog.contract` -> `catalog`."""
    return contract.__module__.split(".")[-2]


def package_of(contract: type) -> str:
    return f"marquee.{context_of(contract)}.v1"


def service_of(contract: type) -> str:
    """The full name of a contract's service, such as `marquee.catalog.v1.Catalog`."""
    return f"{package_of(contract)}.{contract.__name__}"


def camel(name: str) -> str:
    """`movie_ids` -> `MovieIds`."""
    return "".join(part.capitalize() for part in name.split("_"))


def protocols_of(module: ModuleType) -> list[type]:
    """The contracts a module offers, in the order they are written."""
    return [
        kind
        for kind in vars(module).values()
        if isinstance(kind, type)
        and getattr(kind, "_is_protocol", False)
        and kind.__module__ == module.__name__
    ]


def methods_of(contract: type) -> dict[str, Any]:
    """The methods of a contract by name, in the order they are written."""
    found = {
        name: method
        for name, method in vars(contract).items()
        if inspect.isfunction(method) and not name.startswith("_")
    }
    for name, method in found.items():
        if not inspect.iscoroutinefunction(method):
            message = f"{contract.__name__}.{name} must be async"
            raise shapes.Unsupported(message)
    return found


@cache
def file_of(contract: type) -> FileDescriptorProto:
    """The description of a contract's file; two contracts of one context share one file.

    Field numbers follow the order of writing, so that a new field is written last.
    """
    return describe(sys.modules[contract.__module__])


@cache
def describe(module: ModuleType) -> FileDescriptorProto:
    contracts = protocols_of(module)
    writer = _Writer(contracts[0])
    for contract in contracts:
        writer.service(contract)
    return writer.file


@cache
def publish(contract: type) -> str:
    """Put a contract's file into the pool, once; returns the file's name."""
    file = FileDescriptorProto()
    file.CopyFrom(file_of(contract))
    file.ClearField("source_code_info")
    POOL.AddSerializedFile(file.SerializeToString())
    name: str = file.name
    return name


class _Writer:
    """Writes one file: services first come, messages as they are met."""

    def __init__(self, contract: type) -> None:
        self.package = package_of(contract)
        self.file = FileDescriptorProto(
            name=f"{context_of(contract)}.proto", package=self.package, syntax="proto3"
        )
        self.made: dict[str, object] = {}

    def service(self, contract: type) -> None:
        place = len(self.file.service)
        service = self.file.service.add(name=contract.__name__)
        self._comment([SERVICES, place], contract.__doc__)
        for number, (name, method) in enumerate(methods_of(contract).items()):
            where = f"{contract.__name__}.{name}"
            asked, answered = f"{camel(name)}Request", f"{camel(name)}Answer"
            made = service.method.add(
                name=camel(name),
                input_type=f".{self.package}.{asked}",
                output_type=f".{self.package}.{answered}",
            )
            if terms_of(method).is_safe:
                made.options.idempotency_level = made.options.IDEMPOTENT
            self._comment([SERVICES, place, METHODS, number], method.__doc__)
            self._message(asked, shapes.parameters_of(method, where), where)
            self._message(answered, shapes.answer_of(method, where), where)

    def _message(
        self, name: str, fields: Sequence[Field], owner: object, doc: str | None = None
    ) -> None:
        """A message of this name, once; Unsupported when something else has it already."""
        if name in self.made:
            if self.made[name] != owner:
                message = f"{self.package}: {name} means both {self.made[name]} and {owner}"
                raise shapes.Unsupported(message)
            return
        self.made[name] = owner
        self._comment([MESSAGES, len(self.file.message_type)], doc)
        message_type = self.file.message_type.add(name=name)
        for number, field in enumerate(fields, 1):
            self._field(message_type, field, number)

    def _field(self, message: DescriptorProto, field: Field, number: int) -> None:
        plain = FieldDescriptorProto(name=field.name, number=number)
        shape = field.shape
        is_plural = isinstance(shape, Many | Keyed) and not field.is_nullable
        plain.label = plain.LABEL_REPEATED if is_plural else plain.LABEL_OPTIONAL
        if isinstance(shape, Many) and is_plural:
            self._type(plain, shape.of)
        elif isinstance(shape, Keyed) and is_plural:
            plain.type, plain.type_name = plain.TYPE_MESSAGE, self._entry(message, field.name)
            entry = message.nested_type[-1]
            self._type(
                entry.field.add(name="value", number=2, label=plain.LABEL_OPTIONAL), shape.of
            )
        else:
            self._type(plain, shape)
        if not is_plural and not field.is_required:
            plain.proto3_optional, plain.oneof_index = True, len(message.oneof_decl)
            message.oneof_decl.add(name=f"_{field.name}")
        message.field.append(plain)

    def _entry(self, message: DescriptorProto, name: str) -> str:
        """The hidden message of a map field, with its key; the value is still to be told."""
        entry = message.nested_type.add(name=f"{camel(name)}Entry")
        entry.options.map_entry = True
        entry.field.add(
            name="key", number=1, type=WIRE_TYPES[str], label=FieldDescriptorProto.LABEL_OPTIONAL
        )
        return f".{self.package}.{message.name}.{entry.name}"

    def _type(self, field: FieldDescriptorProto, shape: Shape) -> None:
        if isinstance(shape, Scalar):
            field.type = WIRE_TYPES[shape.kind]
            return
        field.type = field.TYPE_MESSAGE
        if isinstance(shape, Moment):
            field.type_name = TIMESTAMP
            if timestamp_pb2.DESCRIPTOR.name not in self.file.dependency:
                self.file.dependency.append(timestamp_pb2.DESCRIPTOR.name)
        else:
            field.type_name = f".{self.package}.{self._named(shape)}"

    def _named(self, shape: Shape) -> str:
        """The name of the message for a record, or for a plural where protobuf has none."""
        name = _name(shape)
        if isinstance(shape, Record):
            self._message(name, shapes.fields_of(shape.kind), shape.kind, _doc(shape.kind))
        else:
            self._message(name, (Field("items", shape),), shape)
        return name

    def _comment(self, path: list[int], text: str | None) -> None:
        if text:
            place = self.file.source_code_info.location.add(leading_comments=inspect.cleandoc(text))
            place.path.extend(path)


def _name(shape: Shape) -> str:
    if isinstance(shape, Scalar):
        return camel(shapes.SCALARS[shape.kind])
    if isinstance(shape, Moment):
        return "Timestamp"
    if isinstance(shape, Record):
        return shape.kind.__name__
    return f"{_name(shape.of)}{'List' if isinstance(shape, Many) else 'Map'}"


def _doc(kind: type) -> str | None:
    """A dataclass's own words, not the signature Python makes up for one that has none."""
    return None if (kind.__doc__ or "").startswith(f"{kind.__name__}(") else kind.__doc__
