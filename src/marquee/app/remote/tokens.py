"""How services prove to each other who they are: short-lived tokens under a shared secret."""

import hashlib
import hmac
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from marquee.kit.errors import Invalid, Unauthenticated
from marquee.kit.ids import new_id

SECONDS = 60
SKEW = 10
LEAST_BYTES = 32
FEWEST_BYTES_APART = 12
REMEMBERED = 1024


@dataclass(frozen=True)
class Token:
    """`mark` is the token's own id, which the other side proves itself by."""

    text: str
    mark: str
    expires: float


@dataclass(frozen=True)
class Caller:
    """Who is asking: the name a service gives itself, not a person."""

    name: str
    audience: str
    mark: str
    expires: float


class Key:
    """Signs and checks. The first secret signs; all are accepted, so that one can be replaced.

    A token is kept for half its life, and a checked one is remembered until it ends: signing
    happens twice a minute, not with every call.
    """

    def __init__(self, secrets: Sequence[bytes], *, now: Callable[[], float] = time.time) -> None:
        if not secrets or any(len(secret) < LEAST_BYTES for secret in secrets):
            raise _weak()
        self.now = now
        self._keys = [OctKey.import_key(secret) for secret in secrets]
        self._proofs = [hmac.digest(secret, b"marquee: proof", "sha256") for secret in secrets]
        self._signed: dict[tuple[str, str], Token] = {}
        self._checked: dict[str, Caller] = {}

    @classmethod
    def load(cls, path: Path) -> Self:
        """One secret per line, the one in use first."""
        try:
            lines = path.read_bytes().split(b"\n")
        except OSError as error:
            raise Invalid(
                f"The key between services cannot be read: {error.strerror} ({path}).",
                field="service_key_file",
            ) from None
        secrets = [line.strip() for line in lines if line.strip()]
        if any(len(set(secret)) < FEWEST_BYTES_APART for secret in secrets):
            raise _weak()
        return cls(secrets)

    def sign(self, *, caller: str, audience: str) -> Token:
        """A token for one context, good for a minute, with at least half of it left."""
        now = self.now()
        token = self._signed.get((caller, audience))
        if token is None or token.expires < now + SECONDS / 2:
            mark, expires = new_id(), int(now) + SECONDS
            claims = {"iss": caller, "aud": audience, "iat": int(now), "exp": expires, "jti": mark}
            text = self.seal(claims)
            token = self._signed[caller, audience] = Token(text, mark, expires)
        return token

    def check(self, text: str, audiences: Collection[str]) -> Caller:
        """Unauthenticated unless it is ours, in date, short-lived and for one of `audiences`."""
        caller = self._checked.get(text)
        if caller is None:
            caller = self._read(text)
            if len(self._checked) >= REMEMBERED:
                self._checked.clear()
            self._checked[text] = caller
        if caller.expires + SKEW < self.now():
            raise Unauthenticated("This token has ended.")
        if caller.audience not in audiences:
            raise Unauthenticated("This token is for somebody else.")
        return caller

    def prove(self, mark: str) -> str:
        """What only a holder of the secret can answer to a token of this mark."""
        return _proof(self._proofs[0], mark)

    def is_proven(self, mark: str, proof: str) -> bool:
        return any(
            hmac.compare_digest(_proof(one, mark).encode(), proof.encode(errors="replace"))
            for one in self._proofs
        )

    def seal(self, claims: dict[str, Any]) -> str:
        return jwt.encode({"alg": "HS256"}, claims, self._keys[0])

    def derive(self, purpose: str) -> bytes:
        """Another secret, which all who hold this key can make and nobody else."""
        return hmac.digest(self._proofs[0], purpose.encode(), "sha256")

    def is_derived(self, purpose: str, text: str) -> bool:
        """Whether this is, in hexadecimal, what some secret of this key derives."""
        made = [hmac.digest(one, purpose.encode(), "sha256").hex() for one in self._proofs]
        return any(hmac.compare_digest(one.encode(), text.encode()) for one in made)

    def _read(self, text: str) -> Caller:
        claims = self.claims(text)
        try:
            caller = Caller(
                str(claims["iss"]), str(claims["aud"]), str(claims["jti"]), float(claims["exp"])
            )
            issued = float(claims["iat"])
        except (KeyError, TypeError, ValueError):
            raise Unauthenticated("This token says too little.") from None
        if issued > self.now() + SKEW or not 0 < caller.expires - issued <= SECONDS:
            raise Unauthenticated("This token is not short-lived.")
        return caller

    def claims(self, text: str) -> dict[str, Any]:
        """What a text sealed by us says, in date or not; Unauthenticated for anything else."""
        for key in self._keys:
            try:
                return dict(jwt.decode(text, key, algorithms=["HS256"]).claims)
            except (JoseError, ValueError):
                continue
        raise Unauthenticated("This token is not signed by us.")


def _proof(secret: bytes, mark: str) -> str:
    return hmac.new(secret, mark.encode(errors="replace"), hashlib.sha256).hexdigest()


def _weak() -> Invalid:
    return Invalid(
        f"The key between services needs at least {LEAST_BYTES} bytes of chance.",
        field="service_key_file",
    )
