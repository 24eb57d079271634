"""A contract's `.proto` text, for services and tools in other languages."""

from collections.abc import Iterator

from google.protobuf.descriptor_pb2 import (
    DescriptorProto,
    FieldDescriptorProto,
    FileDescriptorProto,
    MethodDescriptorProto,
    ServiceDescriptorProto,
)

from marquee.app.remote.schema import MESSAGES, METHODS, SERVICES

HEADER = """\
Derived from the contract by `marquee reference write`; not written by hand.

A call carries the metadata `authorization: Bearer <JWT>`, signed HS256 with the secret that the
services share: `iss` who calls, `aud` the context called (the middle word of the package), `iat`,
`exp` at most 60 seconds later, and `jti`. Whoever answers proves that they share it, in the
trailing metadata `marquee-proof`: hex(HMAC-SHA256(HMAC-SHA256(secret, "marquee: proof"), jti)).
A refusal carries the trailing metadata `marquee-error-bin`: JSON with `code` and `detail`, and
`field`, `extra` and `retry_after` (seconds) where they are known."""
KEYWORDS = {
    FieldDescriptorProto.TYPE_STRING: "string",
    FieldDescriptorProto.TYPE_INT64: "int64",
    FieldDescriptorProto.TYPE_DOUBLE: "double",
    FieldDescriptorProto.TYPE_BOOL: "bool",
    FieldDescriptorProto.TYPE_BYTES: "bytes",
}
Comments = dict[tuple[int, ...], str]


def text_of(file: FileDescriptorProto) -> str:
    """The file as `protoc` reads it, ending in a newline."""
    comments = {tuple(one.path): one.leading_comments for one in file.source_code_info.location}
    return "\n".join(_lines(file, comments)) + "\n"


def _lines(file: FileDescriptorProto, comments: Comments) -> Iterator[str]:
    yield from _comment(HEADER)
    yield from ("", 'syntax = "proto3";', "", f"package {file.package};")
    if file.dependency:
        yield ""
    yield from (f'import "{name}";' for name in file.dependency)
    for place, service in enumerate(file.service):
        yield from _service(file, service, (SERVICES, place), comments)
    for place, message in enumerate(file.message_type):
        yield ""
        yield from _comment(comments.get((MESSAGES, place), ""))
        yield from _message(file, message)


def _service(
    file: FileDescriptorProto,
    service: ServiceDescriptorProto,
    path: tuple[int, ...],
    comments: Comments,
) -> Iterator[str]:
    yield ""
    yield from _comment(comments.get(path, ""))
    yield f"service {service.name} {{"
    for place, method in enumerate(service.method):
        if place:
            yield ""
        yield from _comment(comments.get((*path, METHODS, place), ""), "  ")
        asked, answered = (_local(file, name) for name in (method.input_type, method.output_type))
        yield f"  rpc {method.name}({asked}) returns ({answered}){_options(method)}"
    yield "}"


def _options(method: MethodDescriptorProto) -> str:
    level = method.options.IdempotencyLevel.Name(method.options.idempotency_level)
    is_said = method.options.HasField("idempotency_level")
    return f" {{\n    option idempotency_level = {level};\n  }}" if is_said else ";"


def _message(file: FileDescriptorProto, message: DescriptorProto) -> Iterator[str]:
    if not message.field:
        yield f"message {message.name} {{}}"
        return
    entries = {f".{file.package}.{message.name}.{one.name}": one for one in message.nested_type}
    yield f"message {message.name} {{"
    for field in message.field:
        if field.type_name in entries:
            value = _type(file, entries[field.type_name].field[1])
            word = f"map<string, {value}>"
        elif field.label == field.LABEL_REPEATED:
            word = f"repeated {_type(file, field)}"
        else:
            word = f"{'optional ' if field.proto3_optional else ''}{_type(file, field)}"
        yield f"  {word} {field.name} = {field.number};"
    yield "}"


def _type(file: FileDescriptorProto, field: FieldDescriptorProto) -> str:
    return KEYWORDS.get(field.type) or _local(file, field.type_name)


def _local(file: FileDescriptorProto, name: str) -> str:
    return name.removeprefix(f".{file.package}.").removeprefix(".")


def _comment(text: str, indent: str = "") -> Iterator[str]:
    for line in text.splitlines():
        yield f"{indent}// {line}".rstrip()
