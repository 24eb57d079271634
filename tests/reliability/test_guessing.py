"""A3, A4 and A5 over HTTP: guesses are few, from wherever they say they come, and forgery is 401."""

import base64
import hmac
import json
import time
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.reliability import figures
from tests.reliability.cast import Cast
from tests.reliability.site import PASSWORD, Site

LOGIN = "/api/v1/auth/login"
MOST = 10
SPOOFS: tuple[Callable[[int], dict[str, str]], ...] = (
    lambda n: {"x-forwarded-for": f"198.51.100.{n}"},
    lambda n: {"x-forwarded-for": f"198.51.100.{n}, 127.0.0.1"},
    lambda n: {"forwarded": f"for=198.51.100.{n};proto=https"},
    lambda n: {"x-real-ip": f"198.51.100.{n}"},
    lambda n: {"x-client-ip": f"198.51.100.{n}", "true-client-ip": f"198.51.100.{n}"},
    lambda n: {"cf-connecting-ip": f"2001:db8::{n:x}", "x-forwarded-host": "127.0.0.1"},
)


def wrong(name: str) -> dict[str, str]:
    return {"login": name, "password": "not the right one"}


def test_the_eleventh_wrong_guess_is_refused_and_a_known_place_is_not_locked_out(
    site: Site,
) -> None:
    name = site.newcomer()
    home, stranger = site.place(), site.place()
    with site.client(place=home) as client:
        assert client.post(LOGIN, json={"login": name, "password": PASSWORD}).status_code == 200
    with site.client(place=stranger) as client:
        answers = [client.post(LOGIN, json=wrong(name)) for _ in range(MOST + 1)]
        right = client.post(LOGIN, json={"login": name, "password": PASSWORD})
    assert [answer.status_code for answer in answers] == [401] * MOST + [429]
    assert 0 < int(answers[-1].headers["retry-after"]) <= 300
    assert right.status_code == 429
    with site.client(place=site.place()) as client:
        elsewhere = client.post(LOGIN, json=wrong(name))
    assert elsewhere.status_code == 429
    with site.client(place=home) as client:
        at_home = client.post(LOGIN, json={"login": name, "password": PASSWORD})
    assert at_home.status_code == 200
    figures.keep("A3", guesses_before_refusal=MOST, known_place_locked_out=False)


def test_an_address_that_is_only_said_does_not_help(site: Site) -> None:
    bypasses = 0
    for spoof in SPOOFS:
        names = [f"nobody{number}" for number in range(MOST + 5)]
        with site.client(place=site.place()) as client:
            codes = [
                client.post(LOGIN, json=wrong(name), headers=spoof(number)).status_code
                for number, name in enumerate(names)
            ]
        assert codes == [401] * MOST + [429] * 5, spoof(0)
        bypasses += codes[MOST:].count(401)
    figures.keep("A4", ways_to_say_an_address=len(SPOOFS), bypasses=bypasses)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def forgeries(good: str, keys: dict[str, Any]) -> dict[str, str]:
    """What somebody without our key might send, made of a token that holds."""
    head, body, signature = good.split(".")
    header = json.loads(base64.urlsafe_b64decode(head + "=="))
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    own = Ed25519PrivateKey.generate()
    brought = {"kty": "OKP", "crv": "Ed25519", "x": b64(own.public_key().public_bytes_raw())}
    public = base64.urlsafe_b64decode(keys["keys"][0]["x"] + "==")

    def headed(**changed: Any) -> str:
        return f"{b64(json.dumps({**header, **changed}).encode())}.{body}.{signature}"

    def signed(claims: dict[str, Any], **changed: Any) -> str:
        parts = [b64(json.dumps(part).encode()) for part in ({**header, **changed}, claims)]
        text = ".".join(parts)
        return f"{text}.{b64(own.sign(text.encode()))}"

    confused = f"{b64(json.dumps({**header, 'alg': 'HS256'}).encode())}.{body}"
    unsigned = b64(json.dumps({"alg": "none"}).encode())
    flipped = bytearray(base64.urlsafe_b64decode(signature + "=="))
    flipped[3] ^= 1
    return {
        "none": f"{unsigned}.{body}.",
        "None with our kid": headed(alg="None").rpartition(".")[0] + ".",
        "HS256 with the public key": f"{confused}.{b64(hmac.digest(public, confused.encode(), 'sha256'))}",
        "another's key under our kid": signed(claims),
        "another's key brought along": signed(claims, jwk=brought),
        "a key at an address": signed(claims, jku=f"http://127.0.0.1:9/{header['kid']}"),
        "a certificate at an address": signed(claims, x5u="http://127.0.0.1:9/x"),
        "a kid that is a path": signed(claims, kid="../../../../dev/null"),
        "a kid that is SQL": signed(claims, kid="x' UNION SELECT 'x"),
        "an unknown crit": headed(crit=["exp"]),
        "no signature": f"{head}.{body}.",
        "one bit flipped": f"{head}.{body}.{b64(bytes(flipped))}",
        "another's claims": f"{head}.{b64(json.dumps({**claims, 'sub': 'x'}).encode())}.{signature}",
        "no exp": signed({k: v for k, v in claims.items() if k != "exp"}),
        "far exp": signed({**claims, "exp": int(time.time()) + 10**9}),
        "another issuer": signed({**claims, "iss": "https://evil.example"}),
        "another type": signed(claims, typ="JWT"),
        "four segments": f"{good}.{signature}",
        "two segments": f"{head}.{body}",
        "nothing of a token": "x" * 3_000,
    }


def test_a_forged_token_is_refused(site: Site) -> None:
    name = site.newcomer()
    good = site.headers(name)["authorization"].removeprefix("Bearer ")
    with site.client() as client:
        keys = client.get("/.well-known/jwks.json").json()
        for what, token in forgeries(good, keys).items():
            for path in ("/api/v1/me", "/api/v1/movies"):
                answer = client.get(path, headers={"authorization": f"Bearer {token}"})
                assert answer.status_code == 401, what
        for header in (
            "Bearer",
            "Bearer x",
            f"Basic {good}",
            good,
            f"Token {good}",
            f"Bearer {good} x",
        ):
            answer = client.get("/api/v1/me", headers={"authorization": header})
            assert answer.status_code == 401, header
        fine = client.get("/api/v1/me", headers={"authorization": f"Bearer {good}"})
    assert fine.status_code == 200
    figures.keep("A5", forged_over_http=len(forgeries(good, keys)), accepted=0)


def test_a_refresh_token_is_no_access_token(site: Site) -> None:
    refresh = Cast(site, owner=site.newcomer()).made("refresh")
    with site.client() as client:
        answer = client.get("/api/v1/me", headers={"authorization": f"Bearer {refresh}"})
    assert answer.status_code == 401
