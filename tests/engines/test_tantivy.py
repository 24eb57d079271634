"""An index in a folder: together or not at all, one in use, the others tidied away."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest
import tantivy

from marquee.engines.tantivy import LITTLE, Shelf, Volume
from marquee.kit.errors import OutOfSpace, Unavailable


def a_schema(field: str = "word") -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("key", tokenizer_name="raw", index_option="basic")
    builder.add_text_field(field, stored=True, tokenizer_name="raw", index_option="basic")
    return builder.build()


def a_document(key: str, word: str) -> tantivy.Document:
    return tantivy.Document(key=key, word=word)


def count(volume: Volume) -> int:
    return len(volume.searcher().search(tantivy.Query.all_query(), 100).hits)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "deep" / "shelf")


@pytest.fixture
def volume(shelf: Shelf) -> Volume:
    return Volume.make(a_schema(), shelf.new(), "key")


def test_a_document_replaces_the_one_of_its_key(volume: Volume) -> None:
    volume.put([a_document("1", "a"), a_document("2", "b")], ["1", "2"], many=False)
    volume.put([a_document("1", "c")], ["1", "2"], many=False)
    volume.show()
    assert count(volume) == 1


def test_readers_see_what_was_written_when_they_are_shown_it(volume: Volume) -> None:
    before = volume.searcher()
    volume.put([a_document("1", "a")], ["1"], many=False)
    assert count(volume) == 0
    volume.show()
    assert count(volume) == 1
    assert len(before.search(tantivy.Query.all_query(), 1).hits) == 0


def test_a_put_that_fails_changes_nothing_and_the_next_one_works(volume: Volume) -> None:
    volume.put([a_document("1", "a")], ["1"], many=False)
    with pytest.raises(TypeError):
        volume.put([a_document("2", "b"), "no document"], ["1", "2"], many=False)
    volume.show()
    assert count(volume) == 1
    volume.put([a_document("2", "b")], ["2"], many=False)
    volume.show()
    assert count(volume) == 2


def test_what_is_written_in_parts_is_there_when_it_is_finished(volume: Volume) -> None:
    writing = volume.writing(many=True)
    for n in range(5):
        writing.add([a_document(str(n), "a")])
    volume.show()
    assert count(volume) == 0
    writing.finish()
    volume.show()
    assert count(volume) == 5
    dropped = volume.writing(many=False)
    dropped.add([a_document("9", "a")], ["1"])
    dropped.drop()
    volume.show()
    assert count(volume) == 5


def test_what_was_put_is_there_after_opening_again(shelf: Shelf) -> None:
    path = shelf.new()
    Volume.make(a_schema(), path, "key").put([a_document("1", "a")], ["1"], many=False)
    again = Volume.open(a_schema(), path, "key")
    assert again is not None
    assert count(again) == 1


def test_an_index_of_other_fields_or_none_is_not_opened(shelf: Shelf) -> None:
    path = shelf.new()
    assert Volume.open(a_schema(), path, "key") is None
    assert not list(path.iterdir())
    Volume.make(a_schema(), path, "key")
    assert Volume.open(a_schema("other"), path, "key") is None


def test_an_empty_shelf_has_nothing_in_use(shelf: Shelf) -> None:
    shelf.new()
    assert shelf.current() is None


def test_the_one_in_use_is_kept_and_the_others_are_tidied_away(shelf: Shelf) -> None:
    old, new, left = shelf.new(), shelf.new(), shelf.new()
    shelf.use(old)
    assert shelf.current() == old
    shelf.use(new)
    assert Shelf(shelf.folder).current() == new
    shelf.tidy()
    assert new.is_dir()
    assert not old.exists()
    assert not left.exists()


@pytest.mark.parametrize("name", ["", "..", "../deep", "nowhere", "\x00", "a" * 400])
def test_a_pointer_to_nowhere_is_no_pointer(shelf: Shelf, name: str) -> None:
    (shelf.folder / "current").write_text(name)
    path = shelf.current()
    assert path is None or Volume.open(a_schema(), path, "key") is None


@pytest.mark.parametrize(("free", "kind"), [(LITTLE - 1, OutOfSpace), (LITTLE, Unavailable)])
def test_where_nothing_can_be_written_the_disk_is_asked(
    volume: Volume, monkeypatch: pytest.MonkeyPatch, free: int, kind: type[Exception]
) -> None:
    writing = volume.writing(
        many=False
    )  # the library says of a second writer no more than of a dead one
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: SimpleNamespace(free=free))
    with pytest.raises(kind):
        volume.put([a_document("1", "hat")], (), many=False)
    writing.drop()
    volume.put([a_document("1", "hat")], (), many=False)
