"""How a refresh token is exchanged, how long a session lives, and what its secrets are."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contexts.auth.house import START

from marquee.contexts.auth.events import RefreshReused, SessionEnded
from marquee.contexts.auth.model.hosts import is_at_home
from marquee.contexts.auth.model.secrets import RefreshToken, csrf_of, digest_of, new_cookie
from marquee.contexts.auth.model.sessions import (
    ABSOLUTE,
    GRACE,
    IDLE,
    Device,
    Exchange,
    Session,
    exchange,
    session_on,
)
from marquee.kit.ids import new_id

SECRET = b"s" * 32
OTHER = b"o" * 32


def a_session() -> tuple[Session, RefreshToken]:
    token = RefreshToken.first(new_id(), SECRET)
    session = session_on(
        Device("192.0.2.1", "a browser"),
        session_id=token.session_id,
        account_id="ada",
        kind="bearer",
        epoch=1,
        held_by=token.text,
        now=START,
    )
    return session, token


def test_a_token_is_exchanged_for_its_successor() -> None:
    session, first = a_session()
    done = exchange(session, first, SECRET, START)
    assert done.token is not None
    assert done.session is not None
    assert done.token == first.successor(SECRET)
    assert done.token.text != first.text
    assert done.session.digest == digest_of(done.token.text)
    assert list(done.events) == []


def test_twice_within_ten_seconds_is_once() -> None:
    session, first = a_session()
    once = exchange(session, first, SECRET, START)
    assert once.session is not None
    again = exchange(once.session, first, SECRET, START + GRACE)
    assert again.token == once.token
    assert again.session == once.session


def test_after_ten_seconds_the_session_ends() -> None:
    session, first = a_session()
    once = exchange(session, first, SECRET, START)
    assert once.session is not None
    late = exchange(once.session, first, SECRET, START + GRACE + timedelta(microseconds=1))
    assert (late.session, late.token) == (None, None)
    assert [type(event) for event in late.events] == [RefreshReused, SessionEnded]


def test_once_the_successor_was_used_the_session_ends_at_once() -> None:
    session, first = a_session()
    once = exchange(session, first, SECRET, START)
    assert once.session is not None
    assert once.token is not None
    twice = exchange(once.session, once.token, SECRET, START)
    assert twice.session is not None
    assert exchange(twice.session, first, SECRET, START).session is None


def test_a_token_of_a_future_that_was_undone_ends_nothing() -> None:
    session, first = a_session()
    later = first.successor(SECRET).successor(SECRET)
    assert exchange(session, later, SECRET, START) == Exchange(session)


@pytest.mark.parametrize("length", [IDLE, ABSOLUTE])
def test_a_session_that_ran_out_gives_no_token(length: timedelta) -> None:
    session, first = a_session()
    done = exchange(session, first, SECRET, START + length)
    assert done.token is None
    assert done.session == session


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 15)), max_size=12))
def test_however_tokens_are_shown_at_most_one_is_alive(steps: list[tuple[int, int]]) -> None:
    """Each step shows the token `back` places before the newest, after some seconds."""
    session, first = a_session()
    current: Session | None = session
    chain, now = [first], START
    for back, seconds in steps:
        now += timedelta(seconds=seconds)
        shown = chain[max(0, len(chain) - 1 - back)]
        if current is None:
            return
        done = exchange(current, shown, SECRET, now)
        fresh = done.session is not None and done.session != current
        if fresh and done.token is not None:
            chain.append(done.token)
        if done.token is not None:
            assert done.token == chain[-1]
            assert done.session is not None
            assert done.session.digest == digest_of(chain[-1].text)
        current = done.session


def test_a_refresh_token_is_read_back_and_no_other_text_is() -> None:
    _session, token = a_session()
    assert RefreshToken.read(token.text, SECRET) == token
    assert RefreshToken.read(token.text, OTHER) is None
    for place in range(len(token.text)):
        letter = "A" if token.text[place] != "A" else "B"
        forged = token.text[:place] + letter + token.text[place + 1 :]
        assert RefreshToken.read(forged, SECRET) is None
    for odd in ("", "mqr_", token.text + "\n", token.text[:-1], token.text.replace("mqr_", "")):
        assert RefreshToken.read(odd, SECRET) is None


@given(st.text(max_size=200))
def test_any_text_is_no_refresh_token(text: str) -> None:
    assert RefreshToken.read(text, SECRET) is None


def test_secrets_are_long_and_never_the_same() -> None:
    assert len({new_cookie() for _ in range(1_000)}) == 1_000
    assert len(new_cookie()) == 43
    assert len({RefreshToken.first("x" * 26, SECRET).core for _ in range(1_000)}) == 1_000


def test_a_csrf_token_belongs_to_one_cookie_of_one_server() -> None:
    one, two = new_cookie(), new_cookie()
    assert csrf_of(one, SECRET) == csrf_of(one, SECRET)
    assert len({csrf_of(one, SECRET), csrf_of(two, SECRET), csrf_of(one, OTHER)}) == 3
    assert one not in csrf_of(one, SECRET)


def test_what_a_device_says_of_itself_is_kept_short_and_readable() -> None:
    session = session_on(
        Device("x" * 500, "evil\r\nSet-Cookie: a=b\x1b[2J" + "y" * 500),
        session_id="s", account_id="a", kind="cookie", epoch=1, held_by="c", now=START,
    )  # fmt: skip
    assert len(session.user_agent) == 200
    assert session.user_agent.isprintable()
    assert len(session.address) == 64


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST", "films.localhost", "127.0.0.1", "127.8.9.1", "[::1]", "nas",
        "nas.local", "films.lan", "films.home", "films.home.arpa", "films.internal", "10.0.0.8",
        "172.16.5.4", "192.168.1.20", "169.254.3.3", "[fe80::1%eth0]", "[fd00::5]", "100.64.7.7",
        "[::ffff:192.168.1.20]", "films.local.", "testserver.test",
    ],
)  # fmt: skip
def test_at_home_plain_http_is_possible(host: str) -> None:
    assert is_at_home(host)


@pytest.mark.parametrize(
    "host",
    [
        "films.example", "example.org", "8.8.8.8", "172.32.0.1", "[2001:4860::8888]", "0.0.0.0",  # noqa: S104 - a name to refuse

        "local.example.org", "localhost.example.org", "127.0.0.1.nip.io", "192.168.1.20.evil.com",
        "[::ffff:8.8.8.8]", "films.localx", "::", "lan.com",
    ],
)  # fmt: skip
def test_under_a_public_name_it_is_not(host: str) -> None:
    assert not is_at_home(host)
