"""What the fuzzer must know of this site so that it gets past the wall: hooks for schemathesis.

Where it means to send something good, most of its ids are made ones that exist, and what needs a
password has it. Where it means to send something bad, it is left alone.
"""

import itertools
import json
import os
import random
from pathlib import Path
from typing import Any

import schemathesis
from tests.reliability.cast import BLANK, ROLES, ROWS, Cast, claims_in, renewed, template_of
from tests.reliability.site import PASSWORD, Site

WORLD = json.loads(os.environ.get("MARQUEE_TEST_FUZZ", "{}"))
OFTEN = 0.75
CALLS = 50
"""Between two times that the owner's other sessions are ended, for too many would end the first, and
that the tokens are made anew."""
MINUTES = 5
NOBODYS = "0" * 26
SEEN = Path(WORLD.get("seen", os.devnull))
ROLE = WORLD.get("role", "anonymous")
TOKEN = WORLD.get("token", "")
SESSION = claims_in(TOKEN)["sid"] if TOKEN else ""
PARTING = {"DELETE /api/v1/auth/session", "DELETE /api/v1/me", "POST /api/v1/auth/password"}
rng = random.Random(WORLD.get("seed", 0))
_cast: list[Cast] = []
_calls = itertools.count(1)


def cast() -> Cast:
    """The one that the test gathered before it started the fuzzer."""
    if not _cast:
        _cast.append(Cast(Site(Path(WORLD["folder"]), WORLD["port"]), **WORLD["cast"]))
    return _cast[0]


def row_of(operation: str) -> dict[str, Any]:
    """The row of who may what that this role is answered well on, if there is one."""
    rows = [row for row in ROWS if template_of(row["route"]) == operation]
    good = [row for row in rows if row["cells"][ROLES.index(ROLE)] < 400]
    return (good or rows or [{"route": operation}])[0]


def blanks(row: dict[str, Any], operation: str) -> dict[str, str]:
    """Which thing each part of the path is filled with."""
    template = operation.partition(" ")[2]
    names = BLANK.findall(template)
    return dict(zip(names, BLANK.findall(row["route"].partition(" ")[2]), strict=True))


class SignedIn:
    """A run outlives the token it begins with."""

    def get(self, case: Any, context: Any) -> str:  # noqa: ARG002 - the form of schemathesis
        return renewed(cast().site, TOKEN)

    def set(self, case: Any, data: str, context: Any) -> None:  # noqa: ARG002 - the same
        case.headers = {**(case.headers or {}), "Authorization": data}


if TOKEN:
    schemathesis.auth(refresh_interval=60 * MINUTES)(SignedIn)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: dict[str, Any]) -> None:  # noqa: ARG001 - the hook's form
    operation = f"{case.method} {case.operation.path}"
    if next(_calls) % CALLS == 0:
        cast().renew()
        cast().end_other_sessions()
    case.headers = dict(case.headers or {})
    if operation in PARTING and ROLE != "anonymous":
        case.headers["Authorization"] = a_newcomers()
    if case.path_parameters and case.path_parameters.get("session_id") == SESSION:
        case.path_parameters["session_id"] = NOBODYS  # its own would end the whole run
    is_good = case.meta is None or case.meta.generation.mode.is_positive
    if is_good and rng.random() < OFTEN:
        improve(case, operation)


def a_newcomers() -> str:
    site = cast().site
    return site.headers(site.newcomer())["authorization"]


def improve(case: Any, operation: str) -> None:
    row = row_of(operation)
    follows_another = case.meta is not None and case.meta.phase.name.name == "STATEFUL"
    if case.path_parameters and not follows_another:
        filled = {name: cast().made(what) for name, what in blanks(row, operation).items()}
        case.path_parameters = {**case.path_parameters, **filled}
    if operation == "PATCH /api/v1/users/{username}":
        case.path_parameters["username"] = cast().site.newcomer()
    if row.get("match") or "If-Match" in case.headers:
        case.headers["If-Match"] = "*"
    if isinstance(case.body, dict) and "body" in row:
        case.body = {**case.body, **cast().filled(row["body"])}
    if operation in PARTING and isinstance(case.body, dict):
        case.body = dict.fromkeys(case.body, PASSWORD)
        if operation.endswith("/password"):
            case.body = {"current": PASSWORD, "new": f"{PASSWORD} and one"}


@schemathesis.hook
def after_call(context: Any, case: Any, response: Any) -> None:  # noqa: ARG001 - the hook's form
    line = f"{case.method} {case.operation.path} {response.status_code}\n"
    with SEEN.open("a", encoding="utf-8") as seen:
        seen.write(line)
