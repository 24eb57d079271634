"""Signing keys in a file."""

import base64
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OctKey, OKPKey, RSAKey

from marquee.engines.keyring import KeyFile, KeyRing
from marquee.kit.errors import Conflict, Invalid, NotFound, Unauthenticated

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


def kid_of(token: str) -> str:
    return str(json.loads(base64.urlsafe_b64decode(token.partition(".")[0] + "=="))["kid"])


def test_what_is_changed_in_the_file_counts_without_a_new_start(tmp_path: Path) -> None:
    now = 0.0
    file = KeyFile(tmp_path / "keys.json")
    file.make()
    ring, other = (KeyRing(file, clock=lambda: now) for _ in range(2))
    old = ring.sign({"a": 1}, kind=KIND)
    kid = file.rotate()
    now = 1.0
    new = ring.sign({"a": 2}, kind=KIND)
    assert (kid_of(new), file.kids()) == (kid, [kid_of(old), kid])
    now = 0.0
    assert other.verify(new, kind=KIND) == {"a": 2}, "a kid nobody knows yet is looked for at once"
    assert other.verify(old, kind=KIND) == {"a": 1}
    assert file.drop([]) == [kid_of(old)]
    now = 2.0
    assert ring.verify(new, kind=KIND) == {"a": 2}
    assert [key["kid"] for key in json.loads(ring.jwks())["keys"]] == [kid]
    with pytest.raises(Unauthenticated):
        ring.verify(old, kind=KIND)


def test_the_keys_stay_while_the_file_cannot_be_used(tmp_path: Path) -> None:
    now = 0.0
    path, keys = the_file(tmp_path)
    ring = KeyRing(KeyFile(path), clock=lambda: now)
    token = ring.sign({"a": 1}, kind=KIND)
    for bad in ("{", json.dumps({"keys": keys["keys"][:1]}), None):
        now += 1.0
        path.unlink() if bad is None else path.write_text(bad)
        assert ring.verify(token, kind=KIND) == {"a": 1}
        assert kid_of(ring.sign({}, kind=KIND)) == kid_of(token)


def test_the_key_that_signs_and_one_that_is_not_there_cannot_be_dropped(tmp_path: Path) -> None:
    file = KeyFile(tmp_path / "keys.json")
    with pytest.raises(NotFound, match="no key file"):
        file.rotate()
    file.make()
    kids = [*file.kids(), file.rotate(), file.rotate()]
    with pytest.raises(Conflict, match="rotate first"):
        file.drop([kids[-1]])
    with pytest.raises(NotFound):
        file.drop(["nobody"])
    assert file.drop([kids[1]]) == [kids[1]]
    assert file.kids() == [kids[0], kids[2]]
    assert stat.S_IMODE((tmp_path / "keys.json").stat().st_mode) == 0o600


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
