"""`marquee doctor` as an operator runs it."""

import asyncio
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from tests.app.doctor.ward import change, found, settings
from tests.reliability.site import Site, environment

from marquee.app.doctor.examination import examine
from marquee.app.doctor.table import show
from marquee.app.serving import opened
from marquee.kit.errors import Invalid

WIDE = 80
SOURCE = str(Path(__file__).parents[3] / "src")


def doctor(folder: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "marquee", "doctor", *words]
    told = environment(data=str(folder), **settings) | {"PYTHONPATH": SOURCE}
    return subprocess.run(  # noqa: S603 - our own command
        command, env=told, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_server_is_well_while_it_runs_and_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", SOURCE)
    site = Site(tmp_path / "data")
    site.start()
    try:
        done = doctor(site.folder, "--json", port=str(site.port))
    finally:
        site.stop()
    assert done.returncode == 0, done.stdout
    parts = {part["name"]: part for part in json.loads(done.stdout)["parts"]}
    said = {one["what"]: one for one in parts["server"]["findings"]}
    assert said["http"]["state"] == "ok"
    assert "process" in said["running"]["detail"]
    stopped = doctor(site.folder, port=str(site.port))
    assert stopped.returncode == 0, stopped.stdout
    assert "nobody serves" in stopped.stdout


def test_what_is_wrong_fails_the_command_and_both_outputs_say_it(tmp_path: Path) -> None:
    change(tmp_path / "reviews.db", "CREATE TABLE lamps (id INTEGER)")
    table = doctor(tmp_path)
    assert table.returncode == 1
    assert max(map(len, table.stdout.splitlines())) <= WIDE
    told = json.loads((machines := doctor(tmp_path, "--json")).stdout)
    assert machines.returncode == 1
    assert told["state"] == "wrong"
    [reviews] = [part for part in told["parts"] if part["name"] == "reviews"]
    [tables] = [one for one in reviews["findings"] if one["what"] == "tables"]
    assert tables["state"] == "wrong"
    for text in (tables["detail"], tables["advice"]):
        assert " ".join(text.split()) in " ".join(table.stdout.split())


async def test_no_secret_of_a_url_is_shown(tmp_path: Path) -> None:
    who = "canary-user:canary-secret@127.0.0.1:1"
    stores = {
        "accounts": f"postgresql://{who}/x",
        "auth": f"redis://{who}/1",
        "catalog": f"mongodb://{who}/x?authSource=canary",
        "reviews": f"mysql://{who}/x",
        "search": f"opensearch://{who}/x",
    }
    shared = {
        "events_url": f"kafka://{who}/x",
        "queue_url": f"amqp://{who}/?prefix=x",
        "cache_url": f"redis://{who}/ca:nary@",
    }
    urls = {f"{name}_url": url for name, url in stores.items()} | shared
    done = doctor(tmp_path, "--json", **urls)
    assert done.returncode == 1
    table = Console(file=io.StringIO(), width=WIDE)
    show(await examine(settings(tmp_path, stores, **shared)), table)
    for said in (done.stdout + done.stderr, table.file.getvalue()):  # type: ignore[attr-defined]
        assert "canary" not in said
        assert "postgresql://127.0.0.1:1/x" in said
        assert "MARQUEE_CACHE_URL" in said  # a URL that cannot be read is not shown at all


SCHEMES = {
    "MARQUEE_QUEUE_URL": (
        "queue",
        {"queue_url": "mysql://127.0.0.1:1/x"},
        "but on sqlite: or amqp:",
    ),
    "MARQUEE_OTLP_URL": ("traces", {"otlp_url": "kafka://127.0.0.1:1"}, "http://HOST:PORT"),
}


@pytest.mark.parametrize(("setting", "given"), SCHEMES.items())
async def test_a_scheme_that_will_not_do_is_told_as_at_a_start(
    tmp_path: Path, setting: str, given: tuple[str, dict[str, str], str]
) -> None:
    part, urls, why = given
    about = found(await examine(settings(tmp_path, **urls)), part)["setting"]
    assert (about.state, why in about.detail) == ("wrong", True)
    assert setting in about.advice
    with pytest.raises(Invalid, match=why) as refused:
        async with opened(settings(tmp_path, **urls)):
            pass
    assert refused.value.field == setting


async def test_traces_that_nobody_takes_are_a_warning(tmp_path: Path, unused_tcp_port: int) -> None:
    given = settings(tmp_path, otlp_url=f"http://127.0.0.1:{unused_tcp_port}")
    assert found(await examine(given), "traces")["reachable"].state == "warning"
    server = await asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", unused_tcp_port)
    async with server:
        assert found(await examine(given), "traces")["reachable"].state == "ok"
