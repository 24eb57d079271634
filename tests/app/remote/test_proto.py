"""The `.proto` files say what is on the wire, to anybody who reads them."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto, FileDescriptorSet
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from tests.app.remote.theater import contract as theater_contract
from tests.app.remote.theater.contract import Seat, Theater
from tests.app.remote.theater.house import House

from marquee.app.remote import proto, published, schema
from marquee.app.remote.events import contract as events_contract
from marquee.app.remote.server import Server, serve
from marquee.app.remote.tokens import Key

KEY = Key([b"k" * 32])
MODULES = [*published.modules("contract").values(), events_contract, theater_contract]


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def server(house: House) -> AsyncIterator[Server]:
    server = await serve({Theater: house}, address="127.0.0.1:0", key=KEY)
    yield server
    await server.stop(0)


async def run(*words: str, cwd: Path) -> bytes:
    """What a Python command wrote; it must succeed."""
    command = await asyncio.create_subprocess_exec(
        sys.executable,
        *words,
        cwd=cwd,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, problems = await command.communicate()
    assert command.returncode == 0, problems.decode()
    return out


async def compile_protos(folder: Path, texts: dict[str, str], *options: str) -> None:
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    await run("-m", "grpc_tools.protoc", "-I.", *options, *texts, cwd=folder)


async def test_protoc_reads_the_same_from_the_text_as_we_serve(tmp_path: Path) -> None:
    files = {file.name: file for file in map(schema.describe, MODULES)}
    texts = {name: proto.text_of(file) for name, file in files.items()}
    await compile_protos(tmp_path, texts, "--descriptor_set_out=all.bin")
    compiled = FileDescriptorSet.FromString((tmp_path / "all.bin").read_bytes())
    assert {file.name for file in compiled.file} == set(files)
    for file in compiled.file:
        ours = FileDescriptorProto()
        ours.CopyFrom(files[file.name])
        ours.ClearField("source_code_info")
        for message in file.message_type:
            _forget_names(message.field)
            for entry in message.nested_type:
                _forget_names(entry.field)
        assert file == ours


def _forget_names(fields: list[object]) -> None:
    """protoc writes the JSON names that follow from the others; we leave them out."""
    for field in fields:
        field.ClearField("json_name")  # type: ignore[attr-defined]


async def test_a_stranger_calls_with_nothing_but_the_published_file(
    server: Server, house: House, tmp_path: Path
) -> None:
    text = proto.text_of(schema.file_of(Theater))
    await compile_protos(tmp_path, {"theater.proto": text}, "--python_out=.", "--grpc_python_out=.")
    script = tmp_path / "stranger.py"
    script.write_bytes(Path(__file__).with_name("stranger.py").read_bytes())
    token = KEY.sign(caller="stranger", audience="theater").text
    answer = json.loads(await run(str(script), server.address, token, cwd=tmp_path))
    error = {"code": "not_found", "detail": "No play is called 'Cats'.", "field": "title"}
    assert answer == {
        "plays": ["Hamlet"],
        "put_on": "Hamlet II",
        "sold": 1,
        "missed": False,
        "code": "NOT_FOUND",
        "error": error,
    }
    play = house.on["Hamlet II"]
    assert play.closes_at is not None
    assert play.closes_at.isoformat() == "2027-01-01T00:00:00.500000+00:00"
    assert (play.rows, play.warnings) == ((("x", "y"),), ("ghosts",))
    assert play.by_row == {"A": (Seat("A", 7),)}


async def test_reflection_tells_what_is_offered_and_how(server: Server) -> None:
    token = KEY.sign(caller="stranger", audience="theater").text
    asked = [
        reflection_pb2.ServerReflectionRequest(list_services=""),
        reflection_pb2.ServerReflectionRequest(file_containing_symbol="marquee.theater.v1.Theater"),
    ]
    async with grpc.aio.insecure_channel(server.address) as channel:
        stub = reflection_pb2_grpc.ServerReflectionStub(channel)
        call = stub.ServerReflectionInfo(
            iter(asked), metadata=[("authorization", f"Bearer {token}")]
        )
        listed, described = [answer async for answer in call]
    assert {service.name for service in listed.list_services_response.service} == {
        "marquee.theater.v1.Theater",
        "grpc.health.v1.Health",
        "grpc.reflection.v1alpha.ServerReflection",
    }
    files = [
        FileDescriptorProto.FromString(file).name
        for file in described.file_descriptor_response.file_descriptor_proto
    ]
    assert "theater.proto" in files
