"""Signing keys in a file."""

import base64
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OctKey, OKPKey, RSAKey

from marquee.engines.keyring import KeyRing
from marquee.kit.errors import Invalid, Unauthenticated

KIND = "at+jwt"


def the_file(folder: Path) -> tuple[Path, dict[str, Any]]:
    path = folder / "keys.json"
    KeyRing.open(path)
    return path, json.loads(path.read_text())


def signing(keys: dict[str, Any]) -> dict[str, Any]:
    return next(key for key in keys["keys"] if key["kty"] == "OKP")


def test_the_keys_are_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "keys.json"
    token = KeyRing.open(path).sign({"a": 1}, kind=KIND)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    again = KeyRing.open(path)
    assert again.verify(token, kind=KIND) == {"a": 1}
    assert len(again.secret) == 32


def test_a_file_that_others_may_read_is_taken_from_them(tmp_path: Path) -> None:
    path, _keys = the_file(tmp_path)
    path.chmod(0o644)
    KeyRing.open(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_token_of_one_kind_is_none_of_another(tmp_path: Path) -> None:
    ring = KeyRing.open(tmp_path / "keys.json")
    token = ring.sign({}, kind="other")
    assert ring.verify(token, kind="other") == {}
    with pytest.raises(Unauthenticated):
        ring.verify(token, kind=KIND)


def test_the_published_keys_hold_no_secret(tmp_path: Path) -> None:
    path, keys = the_file(tmp_path)
    published = KeyRing.open(path).jwks()
    assert [set(key) for key in json.loads(published)["keys"]] == [
        {"kty", "crv", "x", "kid", "use", "alg"}
    ]
    for secret in (signing(keys)["d"], keys["keys"][0]["k"]):
        assert secret not in published


def test_a_new_key_signs_and_the_old_one_is_believed_until_it_is_removed(tmp_path: Path) -> None:
    path, keys = the_file(tmp_path)
    old_token = KeyRing.open(path).sign({"a": 1}, kind=KIND)
    new = {**OKPKey.generate_key("Ed25519").as_dict(private=True), "kid": "second"}
    path.write_text(json.dumps({"keys": [*keys["keys"], new]}))
    both = KeyRing.open(path)
    new_token = both.sign({"a": 2}, kind=KIND)
    assert both.verify(old_token, kind=KIND) == {"a": 1}
    header = json.loads(base64.urlsafe_b64decode(new_token.split(".")[0] + "=="))
    assert header["kid"] == "second"
    path.write_text(json.dumps({"keys": [keys["keys"][0], new]}))
    later = KeyRing.open(path)
    assert later.verify(new_token, kind=KIND) == {"a": 2}
    with pytest.raises(Unauthenticated):
        later.verify(old_token, kind=KIND)


def the_weak() -> list[dict[str, Any]]:
    good = OKPKey.generate_key("Ed25519").as_dict(private=True) | {"kid": "k"}
    other = OKPKey.generate_key("Ed25519").as_dict(private=True)
    zeros = base64.urlsafe_b64encode(bytes(32)).decode().rstrip("=")
    secret = {"kty": "oct", "kid": "s", "k": OctKey.generate_key(256).as_dict()["k"]}
    return [
        {"keys": []},
        {"keys": [good]},
        {"keys": [secret]},
        {"keys": [{**secret, "k": "c2VjcmV0"}, good]},
        {"keys": [{**secret, "k": zeros}, good]},
        {"keys": [{**secret, "k": base64.b64encode(b"changeme" * 8).decode()}, good]},
        {"keys": [secret, {**good, "d": zeros}]},
        {"keys": [secret, {**good, "x": other["x"]}]},
        {"keys": [secret, {**good, "crv": "X25519"}]},
        {"keys": [secret, {**good, "kid": ""}]},
        {"keys": [secret, {**good, "kid": 7}]},
        {"keys": [secret, {name: good[name] for name in ("kty", "crv", "x", "kid")}]},
        {"keys": [secret, good, good]},
        {"keys": [secret, RSAKey.generate_key(2048).as_dict(private=True) | {"kid": "r"}]},
        {"keys": "none"},
        {},
    ]


@pytest.mark.parametrize("keys", the_weak())
def test_a_weak_or_broken_key_is_refused_in_one_line(tmp_path: Path, keys: object) -> None:
    path = tmp_path / "keys.json"
    path.write_text(json.dumps(keys))
    with pytest.raises(Invalid) as refused:
        KeyRing.open(path)
    assert str(path) in refused.value.detail
    assert "\n" not in refused.value.detail
    assert refused.value.field == "auth_key_file"


@pytest.mark.parametrize("raw", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"null"])
def test_what_is_no_key_file_is_refused(tmp_path: Path, raw: bytes) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(raw)
    with pytest.raises(Invalid):
        KeyRing.open(path)


def test_a_folder_in_its_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid):
        KeyRing.open(tmp_path)
