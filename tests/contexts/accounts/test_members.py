"""What an account is and how it may change."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marquee.contexts.accounts.events import (
    AccountReinstated,
    AccountSuspended,
    ProfileChanged,
    RoleChanged,
)
from marquee.contexts.accounts.model.emails import checked_email, folded_email
from marquee.contexts.accounts.model.members import Member, Preferences, changed
from marquee.contexts.accounts.model.text import checked_line, checked_lines
from marquee.contexts.accounts.model.tries import mark_of, place_of
from marquee.contexts.accounts.service import MemberEdit, ProfileEdit
from marquee.kit.errors import Invalid, Stale


def a_member(**values: object) -> Member:
    ada = Member(
        id="1", username="ada", email="ada@example.org", password_hash="$hash$", display_name="Ada",
        bio="", role="regular", is_active=True, epoch=1, preferences=Preferences(),
        created_at=datetime(2026, 1, 1, tzinfo=UTC), version=3,
    )  # fmt: skip
    return replace(ada, **values)  # type: ignore[arg-type]


def test_a_change_makes_a_version_and_no_change_makes_none() -> None:
    assert changed(a_member(), None, bio="Hello").version == 4
    assert changed(a_member(), [2, 3], bio="").version == 3
    with pytest.raises(Stale):
        changed(a_member(), [2], bio="Hello")


def test_what_is_secret_is_not_in_what_is_logged() -> None:
    assert "$hash$" not in repr(a_member())
    assert "example.org" not in repr(a_member())


def test_only_a_new_display_name_is_told() -> None:
    _after, told = ProfileEdit(bio="Hello", theme="light").applied(a_member(), None)
    assert list(told) == []
    after, told = ProfileEdit(display_name="Ada L.").applied(a_member(), None)
    assert after.display_name == "Ada L."
    assert [type(event) for event in told] == [ProfileChanged]


def test_what_an_admin_changes_is_told_once() -> None:
    kinds = {
        MemberEdit(role="admin"): [RoleChanged],
        MemberEdit(role="regular"): [],
        MemberEdit(is_active=False): [AccountSuspended],
        MemberEdit(is_active=True): [],
        MemberEdit(role="moderator", is_active=False): [RoleChanged, AccountSuspended],
    }
    for edit, expected in kinds.items():
        _after, told = edit.applied(a_member(), None)
        assert [type(event) for event in told] == expected
    _after, told = MemberEdit(is_active=True).applied(a_member(is_active=False), None)
    assert [type(event) for event in told] == [AccountReinstated]


@pytest.mark.parametrize(
    "email",
    [
        "a@b.co", "first.last+tag@sub.example.org", "ünal@müller.example", "用户@例子.广告",
        "x" * 64 + "@example.org", "o'hara@example.org", "1@2.example",
    ],
)  # fmt: skip
def test_sane_addresses_are_taken_as_they_are(email: str) -> None:
    assert checked_email(email) == email


@pytest.mark.parametrize(
    "email",
    [
        "", "@", "a", "a@", "@b.co", "a@b", "a b@c.co", "a@b c.co", "a@@b.co", "a@b..co", ".a@b.co",
        "a.@b.co", "a..b@c.co", "a@-b.co", "a@b-.co", "a@b.co\n", "a\r\nBcc: x@b.co", "a\0@b.co",
        "a@b.co,c@d.co", "<a@b.co>", "a@127.0.0.1", "x" * 65 + "@b.co", "a@" + "b" * 64 + ".co",
        "a@" + "b." * 130 + "co", "a\u202e@b.co", "a@b.\u200bco", "a@b_c.co",
    ],
)  # fmt: skip
def test_what_no_mail_reaches_is_refused(email: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked_email(email)
    assert refused.value.field == "email"


def test_one_mailbox_has_one_key() -> None:
    assert folded_email("Ada@Example.ORG") == folded_email("ada@example.org")
    assert folded_email("ada@exämple.org") == folded_email("ada@exa\u0308mple.org")


@given(st.text(max_size=60))
def test_any_text_is_shown_as_it_is_or_refused(text: str) -> None:
    for check in (checked_line, checked_lines):
        try:
            shown = check(text, field="bio", most=50)
        except Invalid:
            continue
        assert shown == text
        assert "\0" not in text
        assert "\u202e" not in text


@pytest.mark.parametrize(
    ("address", "place"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8::1", "2001:db8::/64"),
        ("2001:db8::ffff:ffff:ffff:ffff", "2001:db8::/64"),
        ("2001:db8:0:1::1", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("local", "local"),
        ("x" * 500, "x" * 64),
    ],
)
def test_an_address_stands_for_whom_it_belongs_to(address: str, place: str) -> None:
    assert place_of(address) == place


def test_a_place_is_kept_unreadably_and_for_one_account() -> None:
    assert mark_of("1", "192.0.2.1") != mark_of("2", "192.0.2.1")
    assert "192" not in mark_of("1", "192.0.2.1")
