"""A snapshot is whole or refused, and goes on where it was taken."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from tests.engines.columns.naive import (
    SPEC,
    assert_same,
    row,
)

from marquee.engines.columns import Columns, Row, Spec, Unreadable, Where


def test_a_snapshot_tells_its_mark_and_is_refused_when_torn_or_of_another_spec(
    tmp_path: Path,
) -> None:
    path = tmp_path / "columns"
    columns = Columns(SPEC)
    columns.put([row(id_, title=f"t{id_}", genre=["Drama"], person=[id_]) for id_ in range(1, 200)])
    columns.save(path, "event 7")
    assert Columns.load(SPEC, path).mark == "event 7"
    with pytest.raises(Unreadable, match="other columns"):
        Columns.load(Spec(sets=("genre",), sorts={"title": "text"}), path)
    with pytest.raises(Unreadable, match="other columns"):
        Columns.load(replace(SPEC, edition=2), path)
    whole = path.read_bytes()
    for place in range(0, len(whole), len(whole) // 50):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 0x40]) + whole[place + 1 :])
        with pytest.raises(Unreadable):
            Columns.load(SPEC, path)
    for torn in (whole[:-1], whole[:40], b"", whole + b"x"):
        path.write_bytes(torn)
        with pytest.raises(Unreadable):
            Columns.load(SPEC, path)
    path.unlink()
    with pytest.raises(Unreadable):
        Columns.load(SPEC, path)


def test_a_saved_copy_goes_on_as_the_first_would(
    tmp_path: Path, many: tuple[Columns, dict[int, Row]]
) -> None:
    columns, rows = many
    columns.save(tmp_path / "columns")
    copy = Columns.load(SPEC, tmp_path / "columns")
    changed = dict(rows)
    for one, other in pairwise(range(1, 6)):
        copy.drop([one])
        copy.put([row(other, title="zz", genre=["War"], person=[7])])
        changed.pop(one)
        changed[other] = row(other, title="zz", genre=["War"], person=[7])
    assert_same(
        copy, changed, Where(all_of={"genre": (("War",),)}), "title", descending=True, limit=10
    )
    assert_same(
        columns, rows, Where(all_of={"genre": (("War",),)}), "title", descending=True, limit=10
    )
    assert not set(copy.linked("person", 7)) ^ {
        i for i, r in changed.items() if 7 in r.links["person"]
    }


def test_a_snapshot_that_cannot_be_written_leaves_the_last_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    columns = Columns(SPEC)
    columns.put([row(1)])
    columns.save(tmp_path / "columns", "first")
    monkeypatch.setattr("os.fsync", full)
    columns.put([row(2)])
    with pytest.raises(OSError, match="No space"):
        columns.save(tmp_path / "columns", "second")
    assert [each.name for each in tmp_path.iterdir()] == ["columns"]
    assert Columns.load(SPEC, tmp_path / "columns").mark == "first"
