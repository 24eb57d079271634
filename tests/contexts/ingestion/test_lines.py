"""Lines out of bytes, and records out of lines, however they are cut."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from marquee.contexts.ingestion.model.lines import LONGEST, Line, lines, records


def cut(body: bytes, size: int) -> list[bytes]:
    return [body[start : start + size] for start in range(0, len(body), size)]


def read(text: str) -> list[tuple[int, list[str], str]]:
    return [tuple(record) for record in records(lines([text.encode()]))]  # type: ignore[misc]


@given(st.binary(max_size=200), st.integers(1, 50))
def test_lines_are_the_same_however_the_stream_is_cut(body: bytes, size: int) -> None:
    whole = [line.body for line in lines([body])]
    assert [line.body for line in lines(cut(body, size))] == whole
    assert whole == [piece.removesuffix(b"\r") for piece in body.split(b"\n")][: len(whole)]
    assert len(whole) == body.count(b"\n") + (not body.endswith(b"\n") and body != b"")


def test_a_line_without_end_is_passed_over_and_never_kept() -> None:
    chunk = b"x" * 100_000
    stream = [b"first\n", *[chunk] * 50, b"\nlast\n"]
    assert list(lines(stream)) == [Line(1, b"first"), Line(2, None), Line(3, b"last")]
    assert list(lines([chunk] * 50)) == [Line(1, None)]


def test_the_longest_line_is_still_read() -> None:
    body = b"x" * LONGEST
    assert [line.body for line in lines(cut(body + b"\ny", 99_999))] == [body, b"y"]
    assert [line.body for line in lines([body + b"x\ny"])] == [None, b"y"]


ROWS = st.lists(
    st.lists(st.text("ab,\"\n é'", max_size=6), min_size=2, max_size=2), min_size=1, max_size=6
)


@given(ROWS)
def test_a_well_written_table_is_read_as_it_was_written(rows: list[list[str]]) -> None:
    written = io.StringIO()
    csv.writer(written, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    found = read(written.getvalue())
    assert [fields for _, fields, _ in found] == rows
    assert not any(problem for _, _, problem in found)


@given(st.text('ab,"\n', max_size=60))
def test_no_line_is_lost_and_none_read_twice(text: str) -> None:
    numbers = [number for number, _, _ in read(text)]
    assert numbers == sorted(set(numbers))


def test_records_are_numbered_by_the_line_they_start_on() -> None:
    assert read('a,b\n\n"x\ny",1\nz,2\n') == [
        (1, ["a", "b"], ""),
        (3, ["x\ny", "1"], ""),
        (5, ["z", "2"], ""),
    ]


def test_a_quote_left_open_costs_its_own_line_alone() -> None:
    found = read('a,b\n"x,1\ny,2\nz,3\n')
    assert found == [
        (1, ["a", "b"], ""),
        (2, [], "a quote is opened and not closed"),
        (3, ["y", "2"], ""),
        (4, ["z", "3"], ""),
    ]


def test_two_rows_with_open_quotes_do_not_swallow_what_is_between() -> None:
    found = read('a,b\n"x,1\ny,2\n"z,3\nw,4\n')
    assert [(number, bool(problem)) for number, _, problem in found] == [
        (1, False),
        (2, True),
        (3, False),
        (4, True),
        (5, False),
    ]


def test_a_stray_quote_inside_a_field_is_only_a_letter() -> None:
    assert read('a,b\n5" disk,1\nz,2\n')[1:] == [(2, ['5" disk', "1"], ""), (3, ["z", "2"], "")]


def test_an_open_quote_reads_ahead_no_further_than_it_may() -> None:
    text = 'a,b\n"x,1\n' + "y,2\n" * 1_000
    found = read(text)
    assert len(found) == 1_002
    assert [number for number, _, problem in found if problem] == [2]


def test_a_row_that_is_not_utf_8_says_where() -> None:
    found = list(records(lines([b"a,b\ncaf\xe9,1\nz,2\n"])))
    assert found[1].problem == "not UTF-8 (byte 0xe9 at column 4)"
    assert found[2].fields == ["z", "2"]


def test_a_million_columns_are_only_a_wide_row() -> None:
    (found,) = read("," * 1_000_000)
    assert len(found[1]) == 1_000_001


def test_a_field_of_200_kb_is_read() -> None:
    found = read("a,b\n" + "x" * 200_000 + ",1\n")
    assert found[1][2] == ""
