"""The secrets a session is held by: cookies, refresh tokens, and what is derived from them."""

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from typing import Self

BYTES = 32
SHAPE = re.compile(r"mqr_([0-9a-z]{26})\.([0-9]{1,9})\.([\w-]{43})\.([\w-]{43})", re.ASCII)
MOST_COOKIE = 128


@dataclass(frozen=True)
class RefreshToken:
    """The `turn`-th refresh token of a session.

    `proof` shows that we made it, so that nobody can end a session by inventing an old token.
    Each token is derived from the one before and our secret: whoever asks twice can be given the
    same successor, though nothing is kept that a token could be read from.
    """

    session_id: str
    turn: int
    core: str
    proof: str

    @classmethod
    def first(cls, session_id: str, secret: bytes) -> Self:
        return cls._made(session_id, 1, _b64(secrets.token_bytes(BYTES)), secret)

    @classmethod
    def read(cls, text: str, secret: bytes) -> Self | None:
        """None for what we did not make."""
        found = SHAPE.fullmatch(text)
        if found is None:
            return None
        token = cls(found[1], int(found[2]), found[3], found[4])
        made = cls._made(token.session_id, token.turn, token.core, secret)
        return token if hmac.compare_digest(made.text, text) else None

    def successor(self, secret: bytes) -> Self:
        core = _derived(secret, "next", self.session_id, str(self.turn), self.core)
        return self._made(self.session_id, self.turn + 1, core, secret)

    @property
    def text(self) -> str:
        return f"mqr_{self.session_id}.{self.turn}.{self.core}.{self.proof}"

    @classmethod
    def _made(cls, session_id: str, turn: int, core: str, secret: bytes) -> Self:
        proof = _derived(secret, "proof", session_id, str(turn), core)
        return cls(session_id, turn, core, proof)


def new_cookie() -> str:
    return _b64(secrets.token_bytes(BYTES))


def csrf_of(cookie: str, secret: bytes) -> str:
    """What a page of ours repeats beside its cookie; another site cannot know it."""
    return _derived(secret, "csrf", cookie)


def digest_of(text: str) -> str:
    """What is kept of a secret: too much was drawn at random for it to be guessed back."""
    return hashlib.sha256(text.encode(errors="replace")).hexdigest()


def _derived(secret: bytes, purpose: str, *parts: str) -> str:
    text = " ".join([purpose, *parts])
    return _b64(hmac.digest(secret, text.encode(), "sha256"))


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
