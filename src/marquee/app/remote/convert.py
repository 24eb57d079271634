"""One message of a contract, from values by name to bytes and back."""

from collections.abc import Mapping, Sequence
from typing import Any

from google.protobuf import message_factory
from google.protobuf.message import DecodeError

from marquee.app.remote import careful, reading, schema, writing
from marquee.app.remote.shapes import Field
from marquee.kit.errors import Invalid


class Codec:
    """Each type's way into protobuf and out of it is worked out once, when this is made."""

    def __init__(self, contract: type, message: str, fields: Sequence[Field]) -> None:
        schema.publish(contract)
        name = f"{schema.package_of(contract)}.{message}"
        self._kind: Any = message_factory.GetMessageClass(schema.POOL.FindMessageTypeByName(name))
        self._fields = fields
        self._write = writing.row_writer(fields)
        self._read = reading.row_reader(fields)

    def encode(self, row: Mapping[str, Any]) -> bytes:
        """Invalid for half a character or a number beyond 64 bits, naming the field.

        TypeError for what the contract does not allow.
        """
        try:
            message = self._kind(**self._write(row))
        except (TypeError, ValueError, AttributeError, KeyError):
            message = self._kind(**careful.row(self._fields, row))
        written: bytes = message.SerializeToString()
        return written

    def decode(self, data: bytes) -> dict[str, Any]:
        """Invalid when `data` is no such message, or lacks what has no default."""
        try:
            message = self._kind.FromString(data)
        except DecodeError:
            raise Invalid("This is not a message of the contract.") from None
        row: dict[str, Any] = self._read(message)
        return row
