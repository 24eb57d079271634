"""Where the doctor looks for what `marquee up` keeps in a folder for each process."""

from dataclasses import replace
from pathlib import Path

from tests.app.doctor.ward import found, lived_in, settings
from tests.ports import free_port

from marquee.app.doctor.examination import examine
from marquee.app.settings import Settings


def served(folder: Path) -> Settings:
    """Catalog and reviews each in a process of its own, which is stopped."""
    at = {f"{name}_at": f"grpc://127.0.0.1:{free_port()}" for name in ("catalog", "reviews")}
    return replace(settings(folder), of_contexts=at)


async def test_the_file_of_a_service_is_looked_for_in_its_own_folder(tmp_path: Path) -> None:
    await lived_in(tmp_path / "data" / "catalog")
    report = await examine(served(tmp_path / "data"))
    assert "up to date" in found(report, "catalog")["tables"].detail
    assert found(report, "service catalog")["grpc"].state == "wrong"


async def test_a_file_of_a_service_on_another_machine_is_not_missed(tmp_path: Path) -> None:
    report = await examine(served(tmp_path / "data"))
    about = found(report, "reviews")["file"]
    assert (about.state, about.detail) == ("ok", "where reviews is served")
