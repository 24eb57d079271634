"""What stands between the socket and the application."""

from typing import Any

import pytest

from marquee.app.server import _plainly_forwarded


@pytest.mark.parametrize(
    ("sent", "read"), [(b"https", b"https"), (b"HTTPS", b"https"), (b" https , http", b"https")]
)
async def test_the_scheme_is_the_one_the_client_spoke(sent: bytes, read: bytes) -> None:
    seen: list[tuple[bytes, bytes]] = []

    async def app(scope: Any, _receive: Any, _send: Any) -> None:
        seen.extend(scope["headers"])

    headers = [(b"x-forwarded-proto", sent), (b"x-other", b"A, B")]
    await _plainly_forwarded(app)({"type": "http", "headers": headers}, None, None)
    assert seen == [(b"x-forwarded-proto", read), (b"x-other", b"A, B")]
