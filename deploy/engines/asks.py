"""One question to an engine in its own protocol; OSError or ValueError where it does not answer."""

import base64
import json
import socket
import struct
from http.client import HTTPConnection
from typing import Any

from deploy.engines.ports import LOOPBACK

PATIENCE = 3.0


def _dial(port: int) -> socket.socket:
    return socket.create_connection((LOOPBACK, port), PATIENCE)


def _read(connection: socket.socket, size: int) -> bytes:
    told = b""
    while len(told) < size:
        piece = connection.recv(size - len(told))
        if not piece:
            raise ConnectionError("It hung up.")
        told += piece
    return told


def _expect(holds: bool, what: str) -> None:  # noqa: FBT001 - a claim
    if not holds:
        raise ValueError(what)


def http(port: int, path: str, *, body: Any = None, password: str = "") -> bytes:
    """The answer's body; a status other than 2xx is a ValueError."""
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if password:
        who = base64.b64encode(f"neo4j:{password}".encode()).decode()
        headers["Authorization"] = f"Basic {who}"
    connection = HTTPConnection(LOOPBACK, port, timeout=PATIENCE)
    try:
        method = "GET" if body is None else "POST"
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        told = answer.read()
    finally:
        connection.close()
    _expect(answer.status // 100 == 2, f"HTTP {answer.status}")  # noqa: PLR2004 - success
    return told


def redis(port: int) -> None:
    with _dial(port) as connection:
        connection.sendall(b"PING\r\n")
        _expect(_read(connection, 7) == b"+PONG\r\n", "no PONG")


def rabbitmq(port: int) -> None:
    """Signs in and opens the virtual host `/`, which is there only when the node is whole."""
    with _dial(port) as connection:
        connection.sendall(b"AMQP\x00\x00\x09\x01")
        _amqp_read(connection, 10)
        plain, who = b"\x05PLAIN", b"\x00guest\x00guest"
        answer = bytes(4) + plain + struct.pack(">I", len(who)) + who + b"\x05en_US"
        _amqp_send(connection, 11, answer)
        tuning = _amqp_read(connection, 30)
        _amqp_send(connection, 31, tuning)
        _amqp_send(connection, 40, b"\x01/\x00\x00")
        _amqp_read(connection, 41)
        _amqp_send(connection, 50, struct.pack(">HBHH", 200, 0, 0, 0))
        _amqp_read(connection, 51)


def _amqp_send(connection: socket.socket, method: int, arguments: bytes) -> None:
    payload = struct.pack(">HH", 10, method) + arguments
    connection.sendall(struct.pack(">BHI", 1, 0, len(payload)) + payload + b"\xce")


def _amqp_read(connection: socket.socket, method: int) -> bytes:
    kind, _, size = struct.unpack(">BHI", _read(connection, 7))
    payload = _read(connection, size + 1)
    told = struct.unpack(">HH", payload[:4])
    _expect(kind == 1 and told == (10, method), f"AMQP {told}")
    return payload[4:-1]


def kafka(port: int) -> None:
    """Its metadata name a broker: one that has joined its own cluster and is let work."""
    request = struct.pack(">hhih4s", 3, 4, 7, 4, b"make") + bytes(5)
    with _dial(port) as connection:
        connection.sendall(struct.pack(">i", len(request)) + request)
        (size,) = struct.unpack(">i", _read(connection, 4))
        answer = _read(connection, size)
    _, _, brokers = struct.unpack(">iii", answer[:12])
    _expect(brokers == 1, "no broker yet")


def cassandra(port: int) -> None:
    query = b"SELECT release_version FROM system.local"
    with _dial(port) as connection:
        _cql(connection, 1, b"\x00\x01\x00\x0bCQL_VERSION\x00\x053.0.0", answer=2)
        _cql(connection, 7, struct.pack(">i", len(query)) + query + b"\x00\x01\x00", answer=8)


def _cql(connection: socket.socket, opcode: int, body: bytes, *, answer: int) -> None:
    connection.sendall(struct.pack(">BBhBi", 4, 0, 0, opcode, len(body)) + body)
    _, _, _, told, size = struct.unpack(">BBhBi", _read(connection, 9))
    _read(connection, size)
    _expect(told == answer, f"CQL {told}")


def mongodb(port: int) -> None:
    """It says that it is the primary, so that it takes transactions."""
    fields = b"\x10hello\x00\x01\x00\x00\x00\x02$db\x00\x06\x00\x00\x00admin\x00\x00"
    document = struct.pack("<i", len(fields) + 4) + fields
    message = struct.pack("<IB", 0, 0) + document
    with _dial(port) as connection:
        connection.sendall(struct.pack("<iiii", len(message) + 16, 1, 0, 2013) + message)
        (size,) = struct.unpack("<i", _read(connection, 4))
        answer = _read(connection, size - 4)
    _expect(b"isWritablePrimary\x00\x01" in answer, "not the primary")
