"""The keys of a file at work: the one kind of signed token they make and accept."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Self

import structlog
from joserfc import jws
from joserfc.errors import JoseError

from marquee.engines.keyring.file import ALGORITHM, KeyFile, Keys, OnlyEdDSA, b64
from marquee.kit.errors import Invalid, Unauthenticated

log = structlog.get_logger()
HEADER = {"alg", "kid", "typ"}
MOST_LETTERS = 2_048
MOST_CACHED = 1_024
SEGMENTS = 3
LOOK_EVERY = 1.0
"""Seconds between two looks whether the file has changed."""


class KeyRing:
    """The last Ed25519 key of the file signs; all of them verify. Nothing is ever fetched.

    What is changed in the file counts within a second, without a new start; while it cannot be
    used, the keys of before stay. `clock` answers seconds that never go back.
    """

    def __init__(self, file: KeyFile, clock: Callable[[], float] = time.monotonic) -> None:
        self._file = file
        self._clock = clock
        self._registry = OnlyEdDSA()
        self._looked_at = clock()
        self._stamp = file.stamp()
        self._take(file.read())

    @classmethod
    def open(cls, path: Path) -> Self:
        """Read the file, or make it (mode 0600) where there is none; Invalid when it is no good."""
        file = KeyFile(path)
        file.make()
        return cls(file)

    @property
    def secret(self) -> bytes:
        return self._keys.secret

    def sign(self, claims: dict[str, Any], *, kind: str) -> str:
        """`kind` goes into the header as `typ`, so that no token passes for one of another kind."""
        self._look()
        signing = self._keys.signers[-1]
        header = {"alg": ALGORITHM, "kid": signing.kid, "typ": kind}
        payload = json.dumps(claims, separators=(",", ":")).encode()
        return jws.serialize_compact(header, payload, signing.key, registry=self._registry)

    def verify(self, token: str, *, kind: str) -> Mapping[str, Any]:
        """The claims of a token we signed; Unauthenticated for any other text.

        That a signature holds is remembered; what the claims say is the caller's to judge, anew
        each time.
        """
        self._look()
        known = self._verified.get((kind, token))
        if known is None:
            known = self._verify(token, kind)
            if len(self._verified) >= MOST_CACHED:
                self._verified.clear()
            self._verified[kind, token] = known
        return known

    def jwks(self) -> str:
        """The public halves, as a JWK set."""
        self._look()
        keys = [
            {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": ALGORITHM}
            for kid, key in self._verifying.items()
        ]
        return json.dumps({"keys": keys})

    def _look(self, *, now: bool = False) -> None:
        if not now and self._clock() - self._looked_at < LOOK_EVERY:
            return
        self._looked_at = self._clock()
        try:
            stamp = self._file.stamp()
            if stamp != self._stamp:
                self._stamp = stamp
                self._take(self._file.read())
        except Invalid as error:
            log.warning("the signing keys stay as they were", reason=error.detail)

    def _take(self, keys: Keys) -> None:
        self._keys = keys
        self._verifying = {signer.kid: signer.key for signer in keys.signers}
        self._verified: dict[tuple[str, str], Mapping[str, Any]] = {}

    def _verify(self, token: str, kind: str) -> dict[str, Any]:
        try:
            header = _header(token)
            if header.keys() != HEADER or header["typ"] != kind or header["alg"] != ALGORITHM:
                raise _not_ours()
            if header["kid"] not in self._verifying:
                self._look(now=True)  # another process may have signed with what is new
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
    if b64(raw) != segment:
        raise _not_ours()
    return raw


def _not_ours() -> Unauthenticated:
    return Unauthenticated("This token is not one of ours.")
