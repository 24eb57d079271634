"""What the edge hands to a service with each request: who is asking, under the services' own key."""

from dataclasses import dataclass
from typing import Any

from marquee.app.remote.tokens import SECONDS, SKEW, Key
from marquee.kit.actor import Actor
from marquee.kit.errors import Unauthenticated
from marquee.kit.ids import new_id

HEADER = "x-marquee-identity"
ISSUER, AUDIENCE = "edge", "edge-to-services"
EDGE = "marquee: edge"
MOST_KNOWN = 10_000
MEMBERS = ("id", "username", "display_name", "role", "session_id")


@dataclass(frozen=True)
class Pass:
    """`actor` is None for a stranger, who is vouched for as such."""

    text: str
    actor: Actor | None
    expires: float


class Passes:
    """Made and read. One made for somebody is used again for half of its minute."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._made: dict[Actor | None, Pass] = {}
        self._read: dict[str, Pass] = {}
        self._words: set[str] = set()

    def word(self) -> str:
        """What the edge shows to be given passes; it is in the edge's configuration."""
        return self._key.derive(EDGE).hex()

    def is_edge(self, word: str) -> bool:
        known = word in self._words
        if not known and (known := self._key.is_derived(EDGE, word)):
            self._words.add(word)
        return known

    def of(self, actor: Actor | None) -> str:
        now = self._key.now()
        made = self._made.get(actor)
        if made is None or made.expires < now + SECONDS / 2:
            expires = int(now) + SECONDS
            claims: dict[str, Any] = {
                "iss": ISSUER,
                "aud": AUDIENCE,
                "iat": int(now),
                "exp": expires,
                "jti": new_id(),
                "actor": None if actor is None else {n: getattr(actor, n) for n in MEMBERS},
            }
            made = Pass(self._key.seal(claims), actor, expires)
            _bound(self._made)
            self._made[actor] = made
        return made.text

    def actor(self, text: str) -> Actor | None:
        """Unauthenticated unless it is ours, in date, short-lived and for services."""
        known = self._read.get(text)
        if known is None:
            known = self._checked(text)
            _bound(self._read)
            self._read[text] = known
        if known.expires + SKEW < self._key.now():
            raise Unauthenticated("This pass has ended.")
        return known.actor

    def _checked(self, text: str) -> Pass:
        claims = self._key.claims(text)
        if claims.get("aud") != AUDIENCE or claims.get("iss") != ISSUER:
            raise Unauthenticated("This is no pass of the edge.")
        try:
            issued, expires = float(claims["iat"]), float(claims["exp"])
            told = claims["actor"]
            actor = None if told is None else Actor(**{name: str(told[name]) for name in MEMBERS})
        except (KeyError, TypeError, ValueError):
            raise Unauthenticated("This pass says too little.") from None
        if issued > self._key.now() + SKEW or not 0 < expires - issued <= SECONDS:
            raise Unauthenticated("This pass is not short-lived.")
        return Pass(text, actor, expires)


def _bound(kept: dict[Any, Any]) -> None:
    if len(kept) >= MOST_KNOWN:
        kept.clear()
