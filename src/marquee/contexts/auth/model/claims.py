"""What an access token says, and what it must say to be believed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from marquee.kit.errors import Unauthenticated
from marquee.kit.ids import new_id

KIND = "at+jwt"
ISSUER = AUDIENCE = "marquee"
LIFETIME = timedelta(minutes=15)
LEEWAY = 30
"""Seconds by which the clocks of our own services may differ."""
TEXTS = ("iss", "aud", "sub", "sid", "jti")
TIMES = ("iat", "nbf", "exp")


@dataclass(frozen=True)
class Grant:
    account_id: str
    session_id: str


def claims_for(grant: Grant, now: datetime) -> dict[str, Any]:
    issued = int(now.timestamp())
    return {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": grant.account_id,
        "sid": grant.session_id,
        "iat": issued,
        "nbf": issued,
        "exp": issued + int(LIFETIME.total_seconds()),
        "jti": new_id(),
    }


def granted(claims: Mapping[str, Any], now: datetime) -> Grant:
    """Unauthenticated unless every claim is there, of its type, ours, and true now."""
    moment = now.timestamp()
    right = (
        claims.keys() == {*TEXTS, *TIMES}
        and all(isinstance(claims[name], str) and claims[name] for name in TEXTS)
        and all(type(claims[name]) is int for name in TIMES)
        and claims["iss"] == ISSUER
        and claims["aud"] == AUDIENCE
        and 0 < claims["exp"] - claims["iat"] <= LIFETIME.total_seconds()
        and claims["iat"] <= moment + LEEWAY
        and claims["nbf"] <= moment + LEEWAY
    )
    if not right:
        raise Unauthenticated("This token is not one of ours.")
    if claims["exp"] <= moment - LEEWAY:
        raise Unauthenticated("This token has run out. Refresh it.")
    return Grant(claims["sub"], claims["sid"])
