"""`marquee doctor` as an operator runs it."""

import json
import subprocess
import sys
from pathlib import Path

from tests.app.doctor.ward import change
from tests.reliability.site import Site, environment

WIDE = 80


def doctor(folder: Path, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "marquee", "doctor", *words]
    source = str(Path(__file__).parents[3] / "src")
    told = environment(data=str(folder), **settings) | {"PYTHONPATH": source}
    return subprocess.run(  # noqa: S603 - our own command
        command, env=told, capture_output=True, text=True, timeout=60, check=False
    )


def test_a_server_is_well_while_it_runs_and_after(tmp_path: Path) -> None:
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


def test_no_secret_of_a_url_is_shown(tmp_path: Path) -> None:
    who = "canary-user:canary-secret@127.0.0.1:1"
    urls = {
        "accounts_url": f"postgresql://{who}/x",
        "auth_url": f"redis://{who}/1",
        "catalog_url": f"mongodb://{who}/x?authSource=canary",
        "reviews_url": f"mysql://{who}/x",
        "search_url": f"opensearch://{who}/x",
        "events_url": f"kafka://{who}/x",
        "queue_url": f"amqp://{who}/?prefix=x",
        "cache_url": f"redis://{who}/ca:nary@",
    }
    for words in ((), ("--json",)):
        done = doctor(tmp_path, *words, **urls)
        assert done.returncode == 1
        assert "canary" not in done.stdout + done.stderr
        assert "127.0.0.1:1/x" in done.stdout
    assert "MARQUEE_CACHE_URL" in done.stdout


def test_a_setting_that_is_not_one_is_said_in_a_line(tmp_path: Path) -> None:
    done = doctor(tmp_path, lamps="on")
    assert done.returncode == 1
    assert "MARQUEE_LAMPS" in done.stderr
