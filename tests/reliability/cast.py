"""People of every role, and the things of one of them that others may want."""

import base64
import json
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx2
import yaml
from tests.reliability.site import PASSWORD, Site

from marquee.contexts.auth.model.claims import KIND, Grant, claims_for
from marquee.engines.keyring import KeyRing

BLANK = re.compile(r"\{([a-z_]+)\}")
TRUTH = yaml.safe_load(Path(__file__).with_name("authz.yml").read_text("utf-8"))
ROLES: list[str] = TRUTH["roles"]
ROWS: list[dict[str, Any]] = TRUTH["rows"]
LETTERS = "bcdfghjklm"


def template_of(route: str) -> str:
    """The row's route as the OpenAPI document writes it."""
    return re.sub(r"\{(new|hidden)_", "{", route)


def a_word() -> str:
    """Letters only, so that it may stand in a name; unlike any other."""
    return "qa" + "".join(secrets.choice(LETTERS) for _ in range(9)) + "o"


def claims_in(bearer: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(bearer.split(".")[1] + "=="))
    return found


def signed(site: Site, account_id: str, session_id: str, at: datetime) -> str:
    """A token of our own signing, as the site would have given it at that time."""
    ring = KeyRing.open(site.folder / "auth" / "keys.json")
    return f"Bearer {ring.sign(claims_for(Grant(account_id, session_id), at), kind=KIND)}"


def renewed(site: Site, bearer: str) -> str:
    """Of the same session, for whoever works longer than a token lasts."""
    claims = claims_in(bearer)
    return signed(site, claims["sub"], claims["sid"], datetime.now(UTC))


@dataclass
class Cast:
    """`owner` has what the rows speak of; each role's headers are in `headers`."""

    site: Site
    owner: str = ""
    owner_id: str = ""
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    platform: str = ""

    @classmethod
    def gathered(cls, site: Site) -> "Cast":
        owner, other, suspended = (site.newcomer() for _ in range(3))
        cast = cls(site, owner=owner)
        cast.headers = {
            "anonymous": {},
            "owner": site.headers(owner),
            "other": site.headers(other),
            "moderator": site.headers("mo"),
            "admin": site.headers("boss"),
            "suspended": site.headers(suspended),
        }
        with site.client("boss") as boss:
            cast.owner_id = boss.get(f"/api/v1/users/{owner}").json()["id"]
            answer = boss.patch(f"/api/v1/users/{suspended}", json={"is_active": False})
            assert answer.status_code == 200, answer.text
            made = boss.post("/api/v1/platforms", json={"name": a_word()})
            cast.platform = made.json()["id"]
        cast.headers["expired"] = cast._expired()
        return cast

    def _expired(self) -> dict[str, str]:
        """A token of our own signing that ran out an hour ago, of a session that stands."""
        with self.client("owner") as owner:
            sessions = owner.get("/api/v1/auth/sessions").json()["items"]
        then = datetime.now(UTC) - timedelta(hours=1)
        return {"authorization": signed(self.site, self.owner_id, sessions[0]["id"], then)}

    def renew(self) -> None:
        for role, headers in self.headers.items():
            if headers and role != "expired":
                headers["authorization"] = renewed(self.site, headers["authorization"])

    def client(self, role: str) -> httpx2.Client:
        client = self.site.client()
        client.headers.update(self.headers[role])
        return client

    def filled(self, value: Any) -> Any:
        """`value` with each blank filled in, by things made for it where it says so."""
        if isinstance(value, dict):
            return {name: self.filled(inner) for name, inner in value.items()}
        if not isinstance(value, str):
            return value
        return BLANK.sub(lambda found: self.made(found.group(1)), value)

    def made(self, what: str) -> str:
        makers: dict[str, Callable[[], str]] = {
            "word": a_word,
            "password": lambda: PASSWORD,
            "username": lambda: self.owner,
            "user_id": lambda: self.owner_id,
            "movie_id": lambda: "1",
            "person_id": lambda: "1",
            "genre_id": self._a_genre,
            "platform_id": lambda: self.platform,
            "file": self._a_poster,
            "new_movie": self._a_movie,
            "new_movie_id": self._a_movie,
            "new_person_id": lambda: self._created("people", {"name": a_word()}),
            "new_platform_id": lambda: self._created("platforms", {"name": a_word()}),
            "review_id": self._a_review,
            "hidden_review_id": self._a_hidden_review,
            "session_id": self._a_session,
            "refresh": self._a_refresh_token,
            "message_id": lambda: f"catalog-{a_word()}",
        }
        return makers[what]()

    def _a_genre(self) -> str:
        with self.client("anonymous") as client:
            return str(client.get("/api/v1/genres").json()["items"][0]["id"])

    def _a_poster(self) -> str:
        with self.client("anonymous") as client:
            url = client.get("/api/v1/movies/1").json()["poster_url"]
        return str(url).rpartition("/")[2]

    def _created(self, plural: str, body: dict[str, Any]) -> str:
        with self.client("admin") as admin:
            answer = admin.post(f"/api/v1/{plural}", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def _a_movie(self) -> str:
        return self._created("movies", {"title": a_word()})

    def _a_review(self) -> str:
        body = {"movie_id": self._a_movie(), "rating": 8, "text": "Mine alone."}
        with self.client("owner") as owner:
            answer = owner.post("/api/v1/reviews", json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def _a_hidden_review(self) -> str:
        review = self._a_review()
        with self.client("moderator") as moderator:
            answer = moderator.patch(f"/api/v1/reviews/{review}", json={"active": False})
        assert answer.status_code == 200, answer.text
        return review

    def _a_session(self) -> str:
        before = self._sessions()
        self._signed_in()
        [new] = self._sessions() - before
        return new

    def _sessions(self) -> set[str]:
        with self.client("owner") as owner:
            return {one["id"] for one in owner.get("/api/v1/auth/sessions").json()["items"]}

    def end_other_sessions(self) -> None:
        with self.client("owner") as owner:
            for one in owner.get("/api/v1/auth/sessions").json()["items"]:
                if not one["current"]:
                    owner.delete(f"/api/v1/auth/sessions/{one['id']}")

    def _a_refresh_token(self) -> str:
        """Of somebody who has no other session to lose."""
        return str(self._signed_in(self.site.newcomer())["refresh_token"])

    def _signed_in(self, who: str | None = None) -> dict[str, Any]:
        body = {"login": who or self.owner, "password": PASSWORD}
        with self.site.client(place=self.site.place()) as client:
            answer = client.post("/api/v1/auth/login", json=body)
        assert answer.status_code == 200, answer.text
        signed: dict[str, Any] = answer.json()
        return signed

    def ask(
        self, row: dict[str, Any], role: str, body: Any = None, path: str | None = None
    ) -> httpx2.Response:
        """What the row asks, by somebody of a role."""
        method, _, template = row["route"].partition(" ")
        address = path or self.filled(template)
        headers = dict(self.headers[role])
        if row.get("alone") and role in {"owner", "other", "moderator", "admin"}:
            names = {"owner": self.owner, "moderator": "mo", "admin": "boss", "other": "bo"}
            headers = self.site.sign_in(names[role])
        if row.get("match"):
            headers["if-match"] = self._version(address)
        with self.site.client() as client:
            return client.request(
                method,
                address + (f"?{row['query']}" if "query" in row else ""),
                json=self.filled(row["body"]) if body is None and "body" in row else body,
                headers=headers,
            )

    def _version(self, address: str) -> str:
        with self.client("admin") as admin:
            answer = admin.get(address)
        return str(answer.headers.get("etag", '"1"'))
