"""A cursor leads to the next page, and anybody can make one up."""

import base64
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marquee.kit.clock import is_rfc3339
from marquee.kit.errors import Invalid
from marquee.kit.ids import is_id, new_id
from marquee.kit.paging import after, cursor

QUESTION = ("films", "drama")
plain = st.text(st.characters(codec="utf-8"), max_size=200)


def forged(*values: Any) -> str:
    """With the mark of a real one, which everybody can read."""
    real = cursor(QUESTION, ("x",))
    mark = json.loads(base64.urlsafe_b64decode(real + "=" * (-len(real) % 4)))[0]
    return base64.urlsafe_b64encode(json.dumps([mark, *values]).encode()).decode().rstrip("=")


@given(plain, st.integers(-(2**53), 2**53), st.none() | st.floats(-1e15, 1e15))
def test_a_cursor_holds_what_it_was_made_of(text: str, number: int, figure: float | None) -> None:
    made = cursor(QUESTION, (text, number, figure))
    assert after(QUESTION, made, (str, int, float | None)) == [text, number, figure]


def test_a_cursor_holds_times_and_ids() -> None:
    place = ["2026-11-21T20:14:05.123456Z", new_id(), 10]
    made = cursor(QUESTION, place)
    assert after(QUESTION, made, (is_rfc3339, is_id, range(1, 11))) == place


def test_a_cursor_of_another_question_is_refused() -> None:
    with pytest.raises(Invalid, match="does not belong"):
        after(("films", "comedy"), cursor(QUESTION, (1,)), (int,))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, int),
        (None, str),
        (2**63, int),
        (-(2**70), int),
        (10**400, float | None),
        (1.5, int),
        (True, int),
        ("1", int),
        (1, str),
        ("\ud800", str),
        ("x" * 1001, str),
        (float("nan"), float | None),
        (float("inf"), float | None),
        ([], str),
        ({"a": 1}, str),
        (0, range(1, 11)),
        (11, range(1, 11)),
        (1.0, range(1, 11)),
        (True, range(1, 11)),
        ("1", range(1, 11)),
        (1, is_id),
        ("x", is_id),
        ("not a date", is_rfc3339),
        ("2026-11-21", is_rfc3339),
        ("2026-13-45T99:00:00.000000Z", is_rfc3339),
        ("2026-11-21T20:14:05.123456", is_rfc3339),
        ("0001-01-01T00:00:00.000000+23:00", is_rfc3339),
    ],
)
def test_what_no_list_ended_with_is_refused(value: Any, kind: Any) -> None:
    with pytest.raises(Invalid, match="does not belong"):
        after(QUESTION, forged(value), (kind,))


@pytest.mark.parametrize("text", ["", "?", "e30", "W10", "bnVsbA", "[" * 100_000, "é"])
def test_what_is_no_cursor_is_refused(text: str) -> None:
    with pytest.raises(Invalid, match="does not belong"):
        after(QUESTION, text, (int,))
