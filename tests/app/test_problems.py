"""What an error says to the outside."""

import httpx2
import pytest
from litestar import Litestar, get

from marquee.app.problems import HANDLERS
from marquee.kit.errors import Invalid, MarqueeError, OutOfSpace, Unavailable


async def answered(error: MarqueeError) -> httpx2.Response:
    @get("/")
    async def ask() -> None:
        raise error

    app = Litestar([ask], exception_handlers=HANDLERS, openapi_config=None)
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://here") as client:
        return await client.get("/")


async def told(error: MarqueeError) -> dict[str, str]:
    problem: dict[str, str] = (await answered(error)).json()
    return problem


@pytest.mark.parametrize(
    ("detail", "outside"),
    [
        ("redis://10.0.0.7:6379/2 does not answer.", "An engine does not answer."),
        ("kafka://a:9092,b:9092 does not answer: gone.", "An engine does not answer: gone."),
        ("The store does not answer.", "The store does not answer."),
    ],
)
async def test_where_an_engine_lives_is_not_told(detail: str, outside: str) -> None:
    assert (await told(Unavailable(detail, retry_after=1)))["detail"] == outside


async def test_nor_is_it_in_the_middle_of_a_sentence() -> None:
    full = OutOfSpace("The disk of http://10.0.0.8:9200 is full.")
    assert (await told(full))["detail"] == "The disk of an engine is full."


@pytest.mark.parametrize(("given", "told"), [(None, "10"), (3, "3")])
async def test_what_is_full_is_asked_again_later(given: int | None, told: str) -> None:
    answer = await answered(OutOfSpace("The disk is full.", retry_after=given))
    assert (answer.status_code, answer.headers["retry-after"]) == (507, told)


async def test_an_address_that_somebody_sent_is_quoted_as_it_is() -> None:
    wrong = Invalid("ftp://films.example is no address of a page.")
    assert (await told(wrong))["detail"] == wrong.detail
