"""A token is ours, in date, short-lived and for one context, or it is nothing."""

import base64
import json
import secrets
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import OctKey

from marquee.app.remote.tokens import Key
from marquee.kit.errors import Invalid, Unauthenticated

SECRET = b"s" * 32
NOW = 1_800_000_000.0


class Watch:
    def __init__(self) -> None:
        self.time = NOW

    def __call__(self) -> float:
        return self.time


def a_key(watch: Watch | None = None, *secrets: bytes) -> Key:
    return Key(secrets or [SECRET], now=watch or Watch())


def a_token(alg: str = "HS256", secret: bytes = SECRET, **changes: Any) -> str:
    claims = {"iss": "x", "aud": "catalog", "iat": NOW, "exp": NOW + 60, "jti": "1"} | changes
    given = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode({"alg": alg}, given, OctKey.import_key(secret), algorithms=[alg])


def test_what_one_signs_another_with_the_same_secret_accepts() -> None:
    token = a_key().sign(caller="reviews", audience="catalog")
    caller = a_key().check(token.text, {"catalog"})
    assert (caller.name, caller.audience, caller.mark) == ("reviews", "catalog", token.mark)


def test_signing_happens_again_when_half_the_life_is_gone() -> None:
    watch = Watch()
    key = a_key(watch)
    first = key.sign(caller="x", audience="catalog")
    watch.time += 29
    assert key.sign(caller="x", audience="catalog") is first
    watch.time += 2
    assert key.sign(caller="x", audience="catalog") is not first


def test_a_token_ends_even_when_it_was_accepted_before() -> None:
    watch = Watch()
    key = a_key(watch)
    token = key.sign(caller="x", audience="catalog").text
    key.check(token, {"catalog"})
    watch.time += 71
    with pytest.raises(Unauthenticated):
        key.check(token, {"catalog"})


@pytest.mark.parametrize(
    "token",
    [
        a_token(secret=b"t" * 32),
        a_token(alg="HS512"),
        a_token(aud="reviews"),
        a_token(aud=["catalog"]),
        a_token(exp=NOW + 3600),
        a_token(exp=NOW - 60, iat=NOW - 120),
        a_token(iat=NOW + 60, exp=NOW + 90),
        a_token(exp=NOW, iat=NOW),
        a_token(exp=None),
        a_token(iat=None),
        a_token(jti=None),
        a_token(exp="soon"),
    ],
)
def test_a_token_that_lacks_anything_is_refused(token: str) -> None:
    with pytest.raises(Unauthenticated):
        a_key().check(token, {"catalog"})


def test_a_token_nobody_signed_is_refused() -> None:
    header, body, _ = a_token().split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    for forged in (f"{none}.{body}.", f"{header}.{body}.", f"{header}.{body}"):
        with pytest.raises(Unauthenticated):
            a_key().check(forged, {"catalog"})


@given(st.text())
def test_what_is_no_token_is_refused(text: str) -> None:
    with pytest.raises(Unauthenticated):
        a_key().check(text, {"catalog"})


def test_a_secret_can_be_replaced_while_both_are_in_use() -> None:
    old, new = SECRET, b"n" * 32
    rolling = a_key(None, new, old)
    a_key(None, old)
    rolling.check(a_key(None, old).sign(caller="x", audience="c").text, {"c"})
    with pytest.raises(Unauthenticated):
        a_key(None, old).check(rolling.sign(caller="x", audience="c").text, {"c"})
    assert rolling.is_proven("mark", a_key(None, old).prove("mark"))


def test_a_proof_is_for_one_mark_and_from_one_secret() -> None:
    key = a_key()
    assert key.is_proven("mark", key.prove("mark"))
    assert not key.is_proven("other", key.prove("mark"))
    assert not key.is_proven("mark", a_key(None, b"o" * 32).prove("mark"))
    assert not key.is_proven("mark", "é\ud800")


def test_a_key_file_has_a_secret_per_line(tmp_path: Path) -> None:
    file = tmp_path / "key"
    first, second = (secrets.token_urlsafe(32).encode() for _ in range(2))
    file.write_bytes(first + b"\r\n\n" + second + b"\n")
    Key.load(file).check(Key([second]).sign(caller="x", audience="c").text, {"c"})


@pytest.mark.parametrize("content", [None, b"", b"short\n", SECRET + b"\nshort"])
def test_a_key_file_that_is_none_is_one_clear_line(content: bytes | None, tmp_path: Path) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(Invalid) as caught:
        Key.load(file)
    assert caught.value.field == "service_key_file"
