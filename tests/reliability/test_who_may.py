"""Z1, Z2 and Z3: every route by every role; other people's things; fields that are not theirs."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
import yaml
from tests.reliability import figures
from tests.reliability.cast import ROLES, ROWS, Cast, template_of
from tests.reliability.site import PASSWORD, Site

EXTRAS: Mapping[str, Any] = {
    "role": "admin",
    "is_admin": True,
    "user_id": "1",
    "author_id": "1",
    "id": "1",
    "is_active": True,
    "active": True,
    "rating_count": 99,
    "created_at": "2001-01-01T00:00:00Z",
    "version": 99,
    "password_hash": "x",
    "plan": "gold",
    "__proto__": {"role": "admin"},
}
SECRETS = ("password", "hash", "epoch", "token", "digest", "secret", "folded", "email", "address")


@pytest.fixture(scope="module")
def cast(site: Site) -> Cast:
    return Cast.gathered(site)


@pytest.fixture(scope="module")
def document(site: Site) -> dict[str, Any]:
    with site.client() as client:
        found: dict[str, Any] = client.get("/schema").json()
        return found


def routes_of(document: Mapping[str, Any]) -> set[str]:
    return {
        f"{method.upper()} {path}"
        for path, operations in document["paths"].items()
        for method in operations
    }


def test_every_route_has_its_row(document: dict[str, Any]) -> None:
    told = {template_of(row["route"]) for row in ROWS}
    assert routes_of(document) - told == set()
    undocumented = ("/livez", "/readyz", "/metrics", "/schema", "/docs", "/films", "/members")
    stale = told - routes_of(document) - {"GET /"}
    assert {route for route in stale if not route.split()[1].startswith(undocumented)} == set()
    assert all(len(row["cells"]) == len(ROLES) for row in ROWS)


def test_everybody_may_what_the_table_says_and_nothing_else(cast: Cast) -> None:
    wrong = []
    counts: Counter[str] = Counter()
    for row in ROWS:
        for role, expected in zip(ROLES, row["cells"], strict=True):
            if role not in row.get("only", ROLES):
                continue
            got = cast.ask(row, role).status_code
            counts["cells"] += 1
            counts["refused"] += got >= 400
            if got != expected:
                wrong.append(
                    f"{row['route']} {row.get('body', '')} by {role}: {got}, not {expected}"
                )
    figures.keep("Z1", routes=len({row["route"] for row in ROWS}), roles=len(ROLES), **counts)
    assert wrong == []


# Z2


def own_things(cast: Cast) -> dict[str, Any]:
    """All that is the owner's, as the owner sees it."""
    with cast.client("owner") as owner:
        reviews = owner.get("/api/v1/me/reviews", params={"limit": 100}).json()
        sessions = owner.get("/api/v1/auth/sessions").json()["items"]
        return {
            "me": owner.get("/api/v1/me").json(),
            "reviews": reviews["items"],
            "sessions": {session["id"] for session in sessions},
        }


def test_nobody_changes_or_reads_what_is_somebody_elses(
    cast: Cast, document: dict[str, Any]
) -> None:
    review, hidden, session = (
        cast.made(what) for what in ("review_id", "hidden_review_id", "session_id")
    )
    ids = {
        "review_id": [review, hidden],
        "session_id": [session],
        "username": [cast.owner],
        "user_id": [cast.owner_id],
    }
    before = own_things(cast)
    tried = 0
    for route in sorted(routes_of(document)):
        method, _, path = route.partition(" ")
        for name, values in ids.items():
            if f"{{{name}}}" not in path or method == "GET":
                continue
            bodies = [
                row["body"] for row in ROWS if template_of(row["route"]) == route and "body" in row
            ]
            for value in values:
                for body in bodies or [None]:
                    address = path.replace(f"{{{name}}}", value)
                    with cast.client("other") as other:
                        answer = other.request(method, address, json=body)
                    assert answer.status_code in {403, 404}, (route, answer.status_code)
                    tried += 1
    assert own_things(cast) == before
    figures.keep("Z2", tried=tried, leaks=0, changes=0)
    assert tried > 5


def test_what_one_may_not_see_is_answered_like_what_is_not_there(cast: Cast) -> None:
    hidden, session = cast.made("hidden_review_id"), cast.made("session_id")
    pairs = [
        ("GET", f"/api/v1/reviews/{hidden}", "/api/v1/reviews/00000000000000000000000000"),
        ("PATCH", f"/api/v1/reviews/{hidden}", "/api/v1/reviews/00000000000000000000000000"),
        ("DELETE", f"/api/v1/reviews/{hidden}", "/api/v1/reviews/00000000000000000000000000"),
        ("GET", f"/api/reviews/{hidden}/", "/api/reviews/00000000000000000000000000/"),
        (
            "DELETE",
            f"/api/v1/auth/sessions/{session}",
            "/api/v1/auth/sessions/00000000000000000000000000",
        ),
    ]
    with cast.client("other") as other:
        for method, theirs, nobodys in pairs:
            body = {"rating": 1} if method == "PATCH" else None
            there, not_there = (
                other.request(method, path, json=body) for path in (theirs, nobodys)
            )
            assert there.status_code == not_there.status_code == 404, method
            assert _same(there.json(), theirs) == _same(not_there.json(), nobodys)
    with cast.client("anonymous") as anybody:
        listed = anybody.get("/api/v1/reviews", params={"limit": 100}).text
        theirs = anybody.get(f"/api/v1/users/{cast.owner}/reviews", params={"limit": 100}).text
        legacy = anybody.get("/api/reviews/").text
        page = anybody.get(f"/members/{cast.owner}").text
    assert all(hidden not in text for text in (listed, theirs, legacy, page))


def _same(problem: dict[str, Any], path: str) -> dict[str, Any]:
    name = path.strip("/").rpartition("/")[2]
    text = json.dumps(problem).replace(name, "ID")
    kept: dict[str, Any] = json.loads(text)
    kept.pop("request_id")
    return kept


# Z3


def test_a_field_that_is_not_theirs_is_refused_and_has_no_effect(cast: Cast) -> None:
    before = own_things(cast)
    tried = 0
    for row in ROWS:
        if "body" not in row or row["cells"][ROLES.index("admin")] >= 400:
            continue
        role = "owner" if row["cells"][ROLES.index("owner")] < 400 else "admin"
        asked = {**row, "body": None}
        path = cast.filled(row["route"].partition(" ")[2])
        for name, value in EXTRAS.items():
            if name in row["body"] or _is_known(row, name):
                continue
            body = {**cast.filled(row["body"]), name: value}
            answer = cast.ask(asked, role, body=body, path=path)
            assert answer.status_code == 422, (row["route"], name, answer.text)
            assert answer.json()["field"] == name
            tried += 1
    after = own_things(cast)
    assert after["me"] == before["me"]
    figures.keep("Z3", fields_refused=tried)
    assert tried > 100


def _is_known(row: Mapping[str, Any], name: str) -> bool:
    """What this very route takes, from whoever may."""
    known = {"PATCH /api/v1/reviews": {"active"}, "PATCH /api/v1/users": {"role", "is_active"}}
    return any(row["route"].startswith(start) and name in names for start, names in known.items())


def members_of(value: Any, at: str = "") -> Iterator[str]:
    """Every member's name and place, once for all items of a list."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield f"{at}.{name}".strip(".")
            yield from members_of(inner, f"{at}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from members_of(inner, f"{at}[]")


def test_answers_have_the_members_they_had_and_nobody_elses_secrets(
    a_site: Callable[..., Site], request: pytest.FixtureRequest
) -> None:
    """A new member of an answer must be looked at by somebody: it is a change of `members.yml`.

    On a site of its own, for what others leave behind is in the lists.
    """
    site = a_site()
    site.start()
    cast = Cast.gathered(site)
    cast.made("review_id")
    found: dict[str, dict[str, list[str]]] = {}
    private = {f"{cast.owner}@films.example", PASSWORD, "$argon2"}
    for row in ROWS:
        if not row["route"].startswith("GET /api/v1/") or "hidden" in row["route"]:
            continue
        path = cast.filled(row["route"].partition(" ")[2])
        by_role = found.setdefault(row["route"], {})
        for role in ("anonymous", "other", "owner", "moderator", "admin"):
            answer = cast.ask(row, role, path=path)
            if answer.status_code != 200:
                continue
            names = sorted(set(members_of(answer.json())))
            _check_privacy(row["route"], role, names, answer.text, private)
            by_role.setdefault("\n".join(names), []).append(role)
    told = {
        route: {", ".join(roles): names.split("\n") for names, roles in by_role.items()}
        for route, by_role in found.items()
    }
    path = request.path.with_name("members.yml")
    if not path.exists():
        path.write_text(yaml.safe_dump(told, sort_keys=True, width=100), encoding="utf-8")
        pytest.fail(f"{path.name} was not there; it is now, to be read over")
    assert told == yaml.safe_load(path.read_text("utf-8"))
    figures.keep("Z3", answers_compared=len(told))


def _check_privacy(route: str, role: str, names: list[str], text: str, private: set[str]) -> None:
    own = route in {"GET /api/v1/me", "GET /api/v1/auth/sessions"}
    told = [name for name in names for secret in SECRETS if secret in name.lower()]
    if not own:
        assert told == [], (route, role, told)
    assert all(secret not in name for name in told for secret in ("hash", "token", "digest"))
    for secret in private:
        is_theirs = own and role == "owner" and "@" in secret
        assert is_theirs or secret not in text, (route, role, secret)
