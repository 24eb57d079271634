"""Forged access tokens (A5): every one is refused, and nothing is fetched for any."""

import base64
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import OKPKey, RSAKey
from pytest_socket import disable_socket, enable_socket
from tests.contexts.auth.house import House, ToldClock, a_house

from marquee.contexts.auth.model.claims import KIND, Grant, claims_for
from marquee.engines.keyring import KeyRing
from marquee.kit.errors import Unauthenticated

Forge = Callable[["Forger"], str]


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def part(value: Any) -> str:
    return b64(json.dumps(value, separators=(",", ":")).encode())


class Forger:
    """Knows everything that is public, holds a good token, and even our signing routine."""

    def __init__(self, house: House, token: str, refresh_token: str, ring: KeyRing) -> None:
        self.folder = house.folder
        self.token = token
        self.refresh_token = refresh_token
        self.ring = ring
        self.public = json.loads(ring.jwks())["keys"][0]
        head, body, self.signature = token.split(".")
        self.header = self._open(head)
        self.claims = self._open(body)

    @staticmethod
    def _open(text: str) -> dict[str, Any]:
        opened: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=="))
        return opened

    def unsigned(self, signature: str = "", **header: Any) -> str:
        return f"{part(self.header | header)}.{part(self.claims)}.{signature}"

    def hashed(self, key: bytes, **header: Any) -> str:
        text = f"{part(self.header | header)}.{part(self.claims)}"
        return f"{text}.{b64(hmac.digest(key, text.encode(), 'sha256'))}"

    def truly_signed(self, **claims: Any) -> str:
        """By the real key: what the claims say must refuse it. ... takes a claim away."""
        changed = {k: v for k, v in (self.claims | claims).items() if v is not ...}
        return self.ring.sign(changed, kind=KIND)

    def with_header(self, **header: Any) -> str:
        """By the real key, with a header that is not ours."""
        changed = {k: v for k, v in (self.header | header).items() if v is not ...}
        text = f"{part(changed)}.{part(self.claims)}"
        key = self.ring._keys.signers[-1].key.raw_value
        return f"{text}.{b64(key.sign(text.encode()))}"  # type: ignore[union-attr]

    def by_another(self, **header: Any) -> str:
        key = OKPKey.generate_key("Ed25519").raw_value
        text = f"{part(self.header | header)}.{part(self.claims)}"
        return f"{text}.{b64(key.sign(text.encode()))}"  # type: ignore[union-attr]

    def from_elsewhere(self) -> str:
        ring = KeyRing.open(self.folder / "other" / "keys.json")
        return ring.sign(self.claims, kind=KIND)

    def flipped(self, place: int) -> str:
        """One bit of the signature's raw bytes."""
        raw = bytearray(base64.urlsafe_b64decode(self.signature + "=="))
        raw[place] ^= 1
        return self.token.rpartition(".")[0] + "." + b64(bytes(raw))

    def stray_bits(self) -> str:
        """The same signature, spelled with other unused bits in its last letter."""
        alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
        last = alphabet[alphabet.index(self.token[-1]) ^ 1]
        return self.token[:-1] + last


HOUR = 3_600
MINUTE = 60
FORGED: dict[str, Forge] = {
    "alg none": lambda f: f.unsigned(alg="none"),
    "alg None": lambda f: f.unsigned(alg="None"),
    "alg nOnE with a signature": lambda f: f.unsigned(f.signature, alg="nOnE"),
    "no algorithm": lambda f: f.with_header(alg=...),
    "an empty signature": lambda f: f.unsigned(),
    "no signature at all": lambda f: f.token.rpartition(".")[0],
    "HS256 by the public key": lambda f: f.hashed(f.public["x"].encode(), alg="HS256"),
    "HS256 by its raw bytes": lambda f: f.hashed(
        base64.urlsafe_b64decode(f.public["x"] + "="), alg="HS256"
    ),
    "HS256 by nothing": lambda f: f.hashed(b"", alg="HS256"),
    "HS256 called EdDSA": lambda f: f.hashed(b"secret"),
    "RS256 with our signature": lambda f: f.unsigned(f.signature, alg="RS256"),
    "ES256 with our signature": lambda f: f.unsigned(f.signature, alg="ES256"),
    "ES256 of zeros": lambda f: f.unsigned(b64(bytes(64)), alg="ES256"),
    "Ed25519 by its other name": lambda f: f.with_header(alg="Ed25519"),
    "zeros for a signature": lambda f: f.unsigned(b64(bytes(64))),
    "another key under our kid": lambda f: f.by_another(),
    "another key under its own kid": lambda f: f.by_another(kid="mine"),
    "another environment's key": lambda f: f.from_elsewhere(),
    "kid a path": lambda f: f.by_another(kid="../../../../dev/null"),
    "kid SQL": lambda f: f.by_another(kid="' UNION SELECT 'a"),
    "kid a command": lambda f: f.by_another(kid="| id"),
    "kid empty": lambda f: f.by_another(kid=""),
    "kid a list": lambda f: f.by_another(kid=["a"]),
    "kid null": lambda f: f.by_another(kid=None),
    "no kid": lambda f: f.with_header(kid=...),
    "jku": lambda f: f.with_header(jku="http://127.0.0.1:9/jwks.json"),
    "jwk": lambda f: f.by_another(jwk=OKPKey.generate_key("Ed25519").as_dict(private=False)),
    "x5u": lambda f: f.with_header(x5u="http://127.0.0.1:9/cert.pem"),
    "x5c": lambda f: f.with_header(x5c=["MIIB"]),
    "crit unknown": lambda f: f.with_header(crit=["wow"], wow=1),
    "crit b64": lambda f: f.with_header(crit=["b64"], b64=False),
    "zip": lambda f: f.with_header(zip="DEF"),
    "cty": lambda f: f.with_header(cty="JWT"),
    "typ JWT": lambda f: f.with_header(typ="JWT"),
    "typ absent": lambda f: f.with_header(typ=...),
    "typ refresh": lambda f: f.ring.sign(f.claims, kind="rt+jwt"),
    "typ AT+JWT": lambda f: f.with_header(typ="AT+JWT"),
    "a header that is a list": lambda f: f"{part([])}.{part(f.claims)}.{f.signature}",
    "a header that is no JSON": lambda f: f"{b64(b'{')}.{part(f.claims)}.{f.signature}",
    "a header nested deep": lambda f: f"{b64(b'[' * 1_000)}.{part(f.claims)}.{f.signature}",
    "a body that is a list": lambda f: f.ring.sign([], kind=KIND),  # type: ignore[arg-type]
    "a changed body": lambda f: f"{part(f.header)}.{part(f.claims | {'sub': 'x'})}.{f.signature}",
    "no exp": lambda f: f.truly_signed(exp=...),
    "exp far": lambda f: f.truly_signed(exp=f.claims["iat"] + HOUR),
    "exp past": lambda f: f.truly_signed(
        iat=f.claims["iat"] - HOUR, exp=f.claims["iat"] - 2 * MINUTE
    ),
    "exp text": lambda f: f.truly_signed(exp=str(f.claims["exp"])),
    "exp a fraction": lambda f: f.truly_signed(exp=float(f.claims["exp"])),
    "exp true": lambda f: f.truly_signed(exp=True),
    "exp null": lambda f: f.truly_signed(exp=None),
    "exp infinite": lambda f: f.truly_signed(exp=float("inf")),
    "exp NaN": lambda f: f.truly_signed(exp=float("nan")),
    "exp before iat": lambda f: f.truly_signed(exp=f.claims["iat"] - 1),
    "no iat": lambda f: f.truly_signed(iat=...),
    "iat in the future": lambda f: f.truly_signed(
        iat=f.claims["iat"] + 2 * MINUTE, exp=f.claims["exp"] + 2 * MINUTE
    ),
    "no nbf": lambda f: f.truly_signed(nbf=...),
    "nbf in the future": lambda f: f.truly_signed(nbf=f.claims["nbf"] + 2 * MINUTE),
    "no iss": lambda f: f.truly_signed(iss=...),
    "iss another": lambda f: f.truly_signed(iss="https://evil.example"),
    "no aud": lambda f: f.truly_signed(aud=...),
    "aud another": lambda f: f.truly_signed(aud="other"),
    "aud a list": lambda f: f.truly_signed(aud=["marquee"]),
    "no sub": lambda f: f.truly_signed(sub=...),
    "sub another's": lambda f: f.truly_signed(sub="somebody"),
    "sub a number": lambda f: f.truly_signed(sub=1),
    "no sid": lambda f: f.truly_signed(sid=...),
    "sid unknown": lambda f: f.truly_signed(sid="01aaaaaaaaaaaaaaaaaaaaaaaa"),
    "sid SQL": lambda f: f.truly_signed(sid="' OR 1=1 --"),
    "no jti": lambda f: f.truly_signed(jti=...),
    "a claim too many": lambda f: f.truly_signed(role="admin"),
    "the refresh token": lambda f: f.refresh_token,
    "a bit of the signature": lambda f: f.flipped(0),
    "its last bit": lambda f: f.flipped(63),
    "its middle bit": lambda f: f.flipped(32),
    "stray bits at its end": lambda f: f.stray_bits(),
    "padding": lambda f: f.token + "==",
    "a newline": lambda f: f.token.replace(".", ".%0a", 1),
    "a fourth part": lambda f: f.token + ".e30",
    "five parts": lambda f: f.token + ".e30.e30",
    "one part": lambda _f: "token",
    "letters beyond ASCII": lambda f: f.token[:-1] + "é",
    "very long": lambda f: f.token + "A" * 4_000,
    "HS512 over the JWKS": lambda f: f.hashed(
        hashlib.sha512(f.ring.jwks().encode()).digest(), alg="HS512"
    ),
    "RSA": lambda f: f.by_another(
        alg="RS256", jwk=RSAKey.generate_key(2048).as_dict(private=False)
    ),
}


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with a_house(tmp_path) as house:
        yield house


async def test_no_forged_token_is_believed(house: House) -> None:
    await house.register()
    pair = await house.log_in()
    ring = KeyRing.open(house.folder / "keys.json")
    forger = Forger(house, pair["access_token"], pair["refresh_token"], ring)
    assert len(FORGED) >= 30
    disable_socket(allow_unix_socket=True)
    try:
        for name, forge in FORGED.items():
            token = forge(forger)
            assert token != forger.token, name
            with pytest.raises(Unauthenticated):
                await house.auth.identify(token=token, kind="bearer")
            async with house.caller() as caller:
                header = f"Bearer {token}".encode()
                answer = await caller.get("/api/v1/me", headers={b"authorization": header})
            assert answer.status_code == 401, name
            assert answer.headers["content-type"] == "application/problem+json"
            assert "www-authenticate" in answer.headers
        assert await house.auth.identify(token=forger.token, kind="bearer")
        assert await house.auth.identify(token=forger.truly_signed(), kind="bearer")
    finally:
        enable_socket()


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic YTpi", "bearer  ", "x"])
async def test_a_header_that_is_no_bearer_token_is_refused(house: House, header: str) -> None:
    async with house.caller() as caller:
        answer = await caller.get("/api/v1/me", headers={"authorization": header})
    assert answer.status_code == 401


async def test_a_token_signed_with_every_claim_is_believed_for_its_time(tmp_path: Path) -> None:
    clock = ToldClock()
    async with a_house(tmp_path, clock) as house:
        await house.register()
        token = (await house.log_in())["access_token"]
        for minutes, believed in ((0, True), (14, True), (15.4, True), (15.6, False)):
            clock.moment = ToldClock().moment
            clock.pass_by(minutes=minutes)
            if believed:
                assert await house.auth.identify(token=token, kind="bearer")
            else:
                with pytest.raises(Unauthenticated):
                    await house.auth.identify(token=token, kind="bearer")


def test_a_token_says_all_it_must_and_lasts_fifteen_minutes() -> None:
    claims = claims_for(Grant("ada", "session"), ToldClock().now())
    assert set(claims) == {"iss", "aud", "sub", "sid", "iat", "nbf", "exp", "jti"}
    assert claims["exp"] - claims["iat"] == 900
