"""Names people are known by."""
# ruff: noqa: RUF001 - letters that pass for others are what this is about

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marquee.contexts.accounts.model.usernames import (
    checked_username,
    folded,
    look_of,
    scripts_of,
)
from marquee.kit.errors import Invalid


@pytest.mark.parametrize(
    "name",
    [
        "ab", "ada", "Ada.Lovelace", "ada-l", "_ada_", "x" * 32, "123", "José", "Ünal", "Анна",
        "Ελένη", "山田", "やまだ太郎", "김철수", "مريم", "हिन्दी", "ไทย", "ada山田", "user_1",
    ],
)  # fmt: skip
def test_names_of_any_script_are_taken_as_they_are(name: str) -> None:
    assert checked_username(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "", "a", "x" * 33, "a b", " ada", "ada ", "a\tb", "a\nb", "a\0b", "a/b", "a@b", "a%b",
        "a\u200bb", "a\u200db", "a\u202eb", "\u2066ada", "a\ufeffb", "a\u00adb", "ada🎬", "..",
        "-ada", "ada.", "a..b", "__", "\u0301ab", "a" + "\u0301" * 5, "ﬁlm", "ａｄａ", "ad𝐚", "ª1",
        "a\u3164b", "\u115f\u1160", "a\u034fb", "a\ufe0fb", "ʹab", "a\ue000b", "a\U000e0041b",
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_no_name(name: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_username(name)
    assert refused.value.field == "username"


@pytest.mark.parametrize("name", ["аda", "pаypal", "Ωmega", "adaλ", "аdmin", "мarquee", "ада山"])
def test_scripts_that_pass_for_each_other_do_not_mix(name: str) -> None:
    with pytest.raises(Invalid):
        checked_username(name)


@pytest.mark.parametrize(
    "name", ["admin", "ADMIN", "Root", "marquee", "me", "api", "adm1n", "r00t", "mod", "nuII"]
)
def test_reserved_names_are_refused_in_every_disguise(name: str) -> None:
    with pytest.raises(Invalid):
        checked_username(name)


def test_an_admin_may_be_called_after_the_office_but_not_after_an_address() -> None:
    assert checked_username("admin", for_admin=True) == "admin"
    for name in ("me", "api"):
        with pytest.raises(Invalid):
            checked_username(name, for_admin=True)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ada", "ADA"),
        ("straße", "STRASSE"),
        ("José", unicodedata.normalize("NFD", "José")),
    ],
)
def test_case_and_composition_do_not_tell_names_apart(one: str, other: str) -> None:
    assert folded(one) == folded(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("alice", "aIice"),
        ("alice", "al1ce"),
        ("ALICE", "ALlCE"),
        ("coco", "сосо"),
        ("BOB", "ВОВ"),
        ("bob", "ВОВ"),
        ("b0b", "bob"),
        ("paypal", "раураl"),
        ("ıan", "ian"),
        ("ohm", "0hm"),
    ],
)
def test_names_that_look_alike_are_one(one: str, other: str) -> None:
    assert look_of(one) == look_of(other)


@pytest.mark.parametrize(("one", "other"), [("ada", "adam"), ("José", "Jose"), ("anna", "anne")])
def test_names_that_look_different_are_two(one: str, other: str) -> None:
    assert look_of(one) != look_of(other)
    assert folded(one) != folded(other)


@given(st.text(max_size=40))
def test_any_text_is_a_name_or_refused_and_folding_is_stable(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert look_of(look_of(text)) == look_of(text)
    try:
        name = checked_username(text)
    except Invalid:
        return
    assert name == text
    assert len(scripts_of(name)) <= 4
    assert name.isprintable()


@given(st.text(st.characters(categories=["Lu", "Ll", "Nd"]), min_size=2, max_size=12))
def test_a_name_in_any_case_has_one_key(text: str) -> None:
    assert folded(text.casefold()) == folded(text)
