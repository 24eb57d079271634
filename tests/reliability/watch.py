"""What must hold of every single answer, whatever a test asked for."""

import json
import re
from collections import Counter
from typing import Any

import httpx2
from tests.reliability import figures

LEAKS = re.compile(
    r"Traceback \(most|File \"|\.py\b|site-packages|sqlalchemy|sqlite|msgspec|litestar|uvicorn"
    r"|\bSELECT\b|\bINSERT\b|/tmp/|/home/|/root/|\$argon2|object at 0x|Python/3",
    re.IGNORECASE,
)
seen: Counter[str] = Counter()


def check(response: httpx2.Response) -> None:
    """Every refusal is a problem that tells nothing of the inside; every page has a policy.

    What the request itself said may come back: only what is ours must not be told.
    """
    request = response.request
    where = f"{request.method} {request.url} -> {response.status_code}"
    media = response.headers.get("content-type", "")
    assert response.status_code < 500 or response.status_code in {503, 507}, (
        f"{where}: {response.text[:500]}"
    )
    assert response.headers.get("x-content-type-options") == "nosniff", where
    assert "server" not in response.headers, where
    assert "access-control-allow-origin" not in response.headers, where
    if media.startswith("text/html"):
        policy = response.headers.get("content-security-policy", "")
        assert "default-src" in policy, where
        assert "script-src" not in policy or "'unsafe" not in _directive(policy, "script-src"), (
            where
        )
    if response.status_code >= 400:
        seen[f"{response.status_code}"] += 1
        if not media.startswith("text/html") and request.url.path not in {"/readyz", "/livez"}:
            _check_problem(response, where)


def _check_problem(response: httpx2.Response, where: str) -> None:
    assert response.headers["content-type"] == "application/problem+json", where
    if response.request.method == "HEAD":
        return
    problem = response.json()
    assert problem["status"] == response.status_code, where
    for member in ("type", "title", "code", "detail", "request_id"):
        assert isinstance(problem[member], str), (where, member)
    assert problem["detail"], where
    said = asked(response.request)
    for found in LEAKS.finditer(json.dumps(problem, ensure_ascii=False)):
        assert found.group().casefold() in said, f"{where} tells {found.group()!r}: {problem}"


def asked(request: httpx2.Request) -> str:
    """All that the client sent, folded, to tell an echo from a leak."""
    try:
        body = request.content.decode("utf-8", "replace")
    except httpx2.RequestNotRead:
        body = ""
    headers = " ".join(request.headers.values())
    raw = f"{request.url} {httpx2.URL(request.url).path} {body} {headers}"
    return raw.casefold()


def _directive(policy: str, name: str) -> str:
    return next((part for part in policy.split(";") if part.strip().startswith(name)), "")


def on_response(response: httpx2.Response) -> None:
    response.read()
    check(response)


async def on_response_async(response: httpx2.Response) -> None:
    await response.aread()
    check(response)


def hooks(*, is_async: bool = False) -> dict[str, list[Any]]:
    return {"response": [on_response_async if is_async else on_response]}


def tell() -> None:
    """Add what this process saw to the figures of B5."""
    if seen:
        figures.keep("B5", problems=dict(sorted(seen.items())))
