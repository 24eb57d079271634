"""The doctor at an instance that lives in files."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from tests.app.doctor.ward import change, for_its_owner, found, lived_in, problems, settings

from marquee.app.doctor import machine
from marquee.app.doctor.examination import examine
from marquee.app.parked.local import LocalParking
from marquee.app.parked.model import ParkedMessage
from marquee.app.serving import opened

NOW = datetime.now(UTC)


async def test_an_instance_that_was_never_started_is_well_and_nothing_is_made(
    tmp_path: Path,
) -> None:
    report = await examine(settings(tmp_path / "data"))
    assert not problems(report)
    assert not (tmp_path / "data").exists()


async def test_a_stopped_instance_is_well_and_left_as_it_is(tmp_path: Path) -> None:
    given = await lived_in(tmp_path / "data")
    before = {path: path.stat().st_mtime_ns for path in given.data.rglob("*")}
    report = await examine(given)
    assert not problems(report)
    assert {path: path.stat().st_mtime_ns for path in given.data.rglob("*")} == before
    about = found(report, "catalog")
    assert "WAL" in about["durability"].detail
    assert "up to date" in about["tables"].detail
    assert found(report, "listeners")["search<-catalog"].detail == "all heard"
    assert found(report, "search")["index"].state == "ok"


async def test_an_instance_in_use_is_well(tmp_path: Path) -> None:
    await lived_in(tmp_path / "data")
    given = settings(tmp_path / "data")
    with for_its_owner():
        async with opened(given):
            report = await examine(given)
    assert not problems(report)
    assert found(report, "reviews")["whole"].state == "ok"


async def test_a_file_of_another_program_is_named(tmp_path: Path) -> None:
    change(tmp_path / "reviews.db", "CREATE TABLE lamps (id INTEGER)")
    [finding] = [
        one
        for (part, what), one in problems(await examine(settings(tmp_path))).items()
        if (part, what) == ("reviews", "tables")
    ]
    assert finding.state == "wrong"
    assert "another program" in finding.detail
    assert finding.advice


async def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "auth.db").write_bytes(b"a letter to a friend " * 100)
    about = found(await examine(settings(tmp_path)), "auth")
    assert about["file"].state == "wrong"
    assert "backup" in about["file"].advice


async def test_tables_of_a_newer_marquee_are_wrong(tmp_path: Path) -> None:
    given = await lived_in(tmp_path / "data")
    change(given.data / "catalog.db", "UPDATE alembic_version SET version_num = '0999'")
    tables = found(await examine(given), "catalog")["tables"]
    assert tables.state == "wrong"
    assert "0999" in tables.detail


async def test_tables_that_are_behind_are_a_warning(tmp_path: Path) -> None:
    given = await lived_in(tmp_path / "data")
    change(given.data / "catalog.db", "DELETE FROM alembic_version")
    tables = found(await examine(given), "catalog")["tables"]
    assert tables.state == "warning"
    assert "start Marquee" in tables.advice


async def test_damaged_pages_are_found(tmp_path: Path) -> None:
    given = await lived_in(tmp_path / "data")
    path = given.data / "catalog.db"
    with path.open("r+b") as file:
        file.seek(4096 * 3)
        file.write(os.urandom(4096 * (path.stat().st_size // 4096 - 3)))
    about = found(await examine(given), "catalog")
    assert about["whole"].state == "wrong"
    assert "backup" in about["whole"].advice


async def test_a_file_that_is_gone_while_others_are_there_is_a_warning(tmp_path: Path) -> None:
    given = await lived_in(tmp_path / "data")
    (given.data / "reviews.db").unlink()
    assert found(await examine(given), "reviews")["file"].state == "warning"


async def test_a_file_that_others_may_read_is_a_warning(tmp_path: Path) -> None:
    given = await lived_in(tmp_path / "data")
    (given.data / "accounts.db").chmod(0o644)
    about = found(await examine(given), "accounts")["file"]
    assert about.state == "warning"
    assert about.advice.startswith("chmod 600")


@pytest.mark.parametrize(("age", "state"), [(5, "ok"), (300, "warning"), (3600, "wrong")])
async def test_an_event_that_nobody_hears_is_told_by_its_age(
    tmp_path: Path, age: int, state: str
) -> None:
    given = await lived_in(tmp_path / "data")
    change(given.data / "search.db", "DELETE FROM inbox")
    at = (datetime.now(UTC) - timedelta(seconds=age)).isoformat()
    change(given.data / "catalog.db", f"UPDATE outbox SET body = json_set(body, '$.at', '{at}')")  # noqa: S608 - a moment
    heard = found(await examine(given), "listeners")
    assert heard["search<-catalog"].state == state
    assert "to hear" in heard["search<-catalog"].detail
    assert heard["reviews<-catalog"].detail == "all heard"


async def test_parked_messages_are_counted_by_listener(tmp_path: Path) -> None:
    given = await lived_in(tmp_path / "data")
    parking = LocalParking(given.data / "parked.db")
    for number in ("1", "2"):
        message = ParkedMessage(number, "search", "catalog", 1, "k", "k", "{}", "no", 5, NOW)
        await parking.park(message)
    await parking.close()
    parked = found(await examine(given), "parked")["parked"]
    assert (parked.state, parked.detail) == ("warning", "2 for search")
    assert "marquee parked" in parked.advice


async def test_keys_that_are_open_or_short_are_found(tmp_path: Path) -> None:
    given = await lived_in(tmp_path / "data")
    (given.data / "auth" / "keys.json").chmod(0o644)
    service = given.data / "service.key"
    service.write_text("too short", encoding="ascii")
    keys = {one.what: one for one in machine.keys(given)}
    assert keys["auth keys"].state == "warning"
    assert keys["auth keys"].advice.startswith("chmod 600")
    assert keys["service key"].state == "wrong"
    assert "too short" not in keys["service key"].detail
    service.write_text("known to these services and to nobody else", encoding="ascii")
    service.chmod(0o644)
    assert {one.what: one.state for one in machine.keys(given)}["service key"] == "warning"


def test_a_config_file_with_a_password_is_for_its_owner(tmp_path: Path) -> None:
    path = tmp_path / "marquee.toml"
    path.write_text('[catalog]\nurl = "postgresql://me:secret@127.0.0.1/x"\n', encoding="utf-8")
    path.chmod(0o644)
    [one] = [
        one for one in machine.keys(settings(tmp_path, config=path)) if one.what == "config file"
    ]
    assert one.state == "warning"
    path.chmod(0o600)
    [one] = [
        one for one in machine.keys(settings(tmp_path, config=path)) if one.what == "config file"
    ]
    assert one.state == "ok"


def test_a_disk_with_little_room_is_told_of(tmp_path: Path) -> None:
    [little] = machine.room([tmp_path, tmp_path / "not" / "there"], little=1 << 62, too_little=1)
    assert little.state == "warning"
    [none] = machine.room([tmp_path], too_little=1 << 62)
    assert none.state == "wrong"
    [enough] = machine.room([tmp_path], little=1, too_little=1)
    assert enough.state == "ok"
