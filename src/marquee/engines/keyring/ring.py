"""Signing keys kept in a file, and the one kind of signed token they make and accept."""

import base64
import json
import os
import secrets
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from marquee.kit.errors import Invalid, Unauthenticated
from marquee.kit.ids import new_id

ALGORITHM = "EdDSA"
HEADER = {"alg", "kid", "typ"}
SECRET_BYTES = 32
FEWEST_BYTES_APART = 12
MOST_LETTERS = 2_048
MOST_CACHED = 1_024
SEGMENTS = 3
OWNER_ONLY = 0o600


class OnlyEdDSA(JWSRegistry):
    """Offers one algorithm, whatever a token's header asks for."""

    def get_alg(self, name: str) -> Any:
        if name != ALGORITHM:
            raise Unauthenticated("This token is not signed as ours are.")
        return self.algorithms[ALGORITHM]


@dataclass(frozen=True)
class Signer:
    kid: str
    key: OKPKey


class KeyRing:
    """The last Ed25519 key of the file signs; all of them verify. Nothing is ever fetched.

    The file is a JWK set with one further, symmetric key: `secret`, for what only we verify.
    To rotate, append a key and start again; when the old tokens have run out, remove the old key.
    """

    def __init__(self, signers: list[Signer], secret: bytes) -> None:
        self._signing = signers[-1]
        self._verifying = {signer.kid: signer.key for signer in signers}
        self._registry = OnlyEdDSA()
        self._verified: dict[tuple[str, str], Mapping[str, Any]] = {}
        self.secret = secret

    @classmethod
    def open(cls, path: Path) -> "KeyRing":
        """Read the file, or make it (mode 0600) where there is none.

        Invalid, in one line that names the file, when it cannot be read or a key in it is weak.
        """
        try:
            if not path.exists():
                _create(path)
            _keep_private(path)
            text = path.read_text("utf-8")
        except (OSError, UnicodeError) as error:
            raise _refused(path, str(error)) from error
        return cls(*_read(path, text))

    def sign(self, claims: dict[str, Any], *, kind: str) -> str:
        """`kind` goes into the header as `typ`, so that no token passes for one of another kind."""
        header = {"alg": ALGORITHM, "kid": self._signing.kid, "typ": kind}
        payload = json.dumps(claims, separators=(",", ":")).encode()
        return jws.serialize_compact(header, payload, self._signing.key, registry=self._registry)

    def verify(self, token: str, *, kind: str) -> Mapping[str, Any]:
        """The claims of a token we signed; Unauthenticated for any other text.

        That a signature holds is remembered; what the claims say is the caller's to judge, anew
        each time.
        """
        known = self._verified.get((kind, token))
        if known is None:
            known = self._verify(token, kind)
            if len(self._verified) >= MOST_CACHED:
                self._verified.clear()
            self._verified[kind, token] = known
        return known

    def jwks(self) -> str:
        """The public halves, as a JWK set."""
        keys = [
            {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": ALGORITHM}
            for kid, key in self._verifying.items()
        ]
        return json.dumps({"keys": keys})

    def _verify(self, token: str, kind: str) -> dict[str, Any]:
        try:
            header = _header(token)
            if header.keys() != HEADER or header["typ"] != kind or header["alg"] != ALGORITHM:
                raise _not_ours()
            key = self._verifying[header["kid"]]
            signed = jws.deserialize_compact(token, key, registry=self._registry)
            claims = json.loads(signed.payload)
        except (JoseError, KeyError, TypeError, ValueError, RecursionError):
            raise _not_ours() from None
        if not isinstance(claims, dict):
            raise _not_ours()
        return claims


def _header(token: str) -> dict[str, Any]:
    """The header, once it is clear that the token is three segments in their only spelling."""
    segments = token.split(".")
    if len(token) > MOST_LETTERS or len(segments) != SEGMENTS:
        raise _not_ours()
    decoded = [_decoded(segment) for segment in segments]
    header = json.loads(decoded[0])
    if not isinstance(header, dict):
        raise _not_ours()
    return header


def _decoded(segment: str) -> bytes:
    """base64url without padding; a spelling with stray bits at its end is refused."""
    raw = base64.urlsafe_b64decode(segment.encode("ascii") + b"=" * (-len(segment) % 4))
    if _b64(raw) != segment:
        raise _not_ours()
    return raw


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    key = OKPKey.generate_key("Ed25519")
    secret = {"kty": "oct", "kid": "secret", "k": _b64(secrets.token_bytes(SECRET_BYTES))}
    text = json.dumps({"keys": [secret, {**key.as_dict(private=True), "kid": new_id()}]}, indent=1)
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.unlink(missing_ok=True)
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    new.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _keep_private(path: Path) -> None:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & ~OWNER_ONLY:
        path.chmod(mode & OWNER_ONLY)


def _read(path: Path, text: str) -> tuple[list[Signer], bytes]:
    signers: list[Signer] = []
    secret: bytes | None = None
    try:
        for entry in json.loads(text)["keys"]:
            if entry["kty"] == "oct":
                secret = _strong(path, entry["k"])
            else:
                signers.append(_signer(path, entry))
    except (JoseError, KeyError, TypeError, ValueError, RecursionError) as error:
        raise _refused(path, "it is not a JWK set of ours") from error
    if secret is None or not signers:
        raise _refused(path, "it needs one oct key and at least one Ed25519 key")
    if len({signer.kid for signer in signers}) < len(signers):
        raise _refused(path, "two of its keys have one kid")
    return signers, secret


def _signer(path: Path, entry: dict[str, Any]) -> Signer:
    if entry["kty"] != "OKP" or entry["crv"] != "Ed25519":
        raise _refused(path, "its signing keys must be Ed25519")
    _strong(path, entry["d"])
    private = OKPKey.import_key({name: entry[name] for name in ("kty", "crv", "x", "d")})
    public = OKPKey.import_key({name: entry[name] for name in ("kty", "crv", "x")})
    signer = Signer(entry["kid"], private)
    ring = KeyRing([signer], b"")
    try:
        jws.deserialize_compact(ring.sign({}, kind="try"), public, registry=OnlyEdDSA())
    except JoseError as error:
        raise _refused(path, "the halves of one of its keys do not fit together") from error
    if not isinstance(signer.kid, str) or not signer.kid:
        raise _refused(path, "one of its keys has no kid")
    return signer


def _strong(path: Path, text: str) -> bytes:
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(raw) < SECRET_BYTES or len(set(raw)) < FEWEST_BYTES_APART:
        raise _refused(path, "one of its keys is too weak to have been drawn at random")
    return raw


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _not_ours() -> Unauthenticated:
    return Unauthenticated("This token is not one of ours.")


def _refused(path: Path, reason: str) -> Invalid:
    line = " ".join(reason.split())
    return Invalid(
        f"The key file {path} cannot be used: {line}. Restore it from a backup, or move it away "
        "to have a new one made, which signs everybody out.",
        field="auth_key_file",
    )
