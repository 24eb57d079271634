"""D6: of two who edit the same, the second is told, and nothing is overwritten unseen."""

import asyncio
from collections.abc import Callable
from typing import Any

import httpx2
import pytest
from tests.reliability import figures
from tests.reliability.cast import Cast
from tests.reliability.site import Site

ROUNDS = figures.sized(15, 200)
KINDS = ("review", "profile", "movie", "platform")


@pytest.fixture(scope="module")
def cast(site: Site) -> Cast:
    return Cast.gathered(site)


def place(cast: Cast, kind: str) -> tuple[str, str, str, Callable[[int], dict[str, Any]]]:
    """The address, the two who edit it, and an edit by number."""
    if kind == "review":
        path = f"/api/v1/reviews/{cast.made('review_id')}"
        return path, "owner", "moderator", lambda number: {"text": f"edit {number}"}
    if kind == "profile":
        return "/api/v1/me", "owner", "owner", lambda number: {"bio": f"edit {number}"}
    if kind == "movie":
        path = f"/api/v1/movies/{cast.made('new_movie_id')}"
        return path, "admin", "admin", lambda number: {"plot": f"edit {number}"}
    path = f"/api/v1/platforms/{cast.made('new_platform_id')}"
    return path, "admin", "admin", lambda number: {"about": f"edit {number}"}


def text_of(answer: httpx2.Response) -> str:
    """The text that the edits change."""
    told: dict[str, Any] = answer.json()
    return next(str(told[name]) for name in ("text", "bio", "plot", "about") if told.get(name))


def version_of(answer: httpx2.Response) -> str:
    """What an entity tag begins with; a review's goes on, since more is shown than the review."""
    return answer.headers["etag"].strip('"').partition("-")[0]


@pytest.mark.parametrize("kind", KINDS)
def test_the_second_of_two_editors_is_told(cast: Cast, kind: str) -> None:
    path, one, two, edit = place(cast, kind)
    with cast.client(one) as first, cast.client(two) as second:
        read_by_one, read_by_two = (client.get(path).headers["etag"] for client in (first, second))
        done = first.patch(path, json=edit(1), headers={"if-match": read_by_one})
        late = second.patch(path, json=edit(2), headers={"if-match": read_by_two})
        assert (done.status_code, late.status_code) == (200, 412), late.text
        assert late.json()["field"] == "If-Match"
        now = second.get(path)
        assert text_of(now) == "edit 1"
        assert version_of(now) == version_of(done)
        assert now.headers["etag"] != read_by_one
        again = second.patch(path, json=edit(3), headers={"if-match": now.headers["etag"]})
        assert again.status_code == 200
        for unknown in ('"999999"', '"x"', "W/nothing", '""', '"1", "2"'):
            stale = first.patch(path, json=edit(4), headers={"if-match": unknown})
            assert stale.status_code == 412, unknown
        assert text_of(first.get(path)) == "edit 3"


@pytest.mark.parametrize("kind", KINDS)
async def test_of_two_at_once_one_wins_and_one_is_told(cast: Cast, site: Site, kind: str) -> None:
    path, one, two, edit = place(cast, kind)
    overwritten = 0
    async with site.many() as client:
        for number in range(ROUNDS):
            version = (await client.get(path, headers=cast.headers[one])).headers["etag"]
            answers = await asyncio.gather(
                *(
                    client.patch(
                        path,
                        json=edit(number * 10 + turn),
                        headers={**cast.headers[who], "if-match": version},
                    )
                    for turn, who in enumerate((one, two, one, two))
                )
            )
            won = [answer for answer in answers if answer.status_code == 200]
            lost = [answer for answer in answers if answer.status_code == 412]
            now = await client.get(path, headers=cast.headers[one])
            assert (len(won), len(lost)) == (1, 3), [answer.text for answer in answers]
            overwritten += text_of(now) != text_of(won[0])
    figures.keep("D6", **{f"{kind}_races": ROUNDS * 4, f"{kind}_overwritten": overwritten})
    assert overwritten == 0


def test_what_must_be_versioned_is_not_changed_without_a_version(cast: Cast) -> None:
    path = f"/api/v1/movies/{cast.made('new_movie_id')}"
    with cast.client("admin") as admin:
        for answer in (admin.patch(path, json={"plot": "x"}), admin.delete(path)):
            assert (answer.status_code, answer.json()["field"]) == (428, "If-Match")
        version = admin.get(path).headers["etag"]
        admin.patch(path, json={"plot": "y"}, headers={"if-match": version})
        assert admin.delete(path, headers={"if-match": version}).status_code == 412
        assert admin.get(path).json()["plot"] == "y"


def test_the_second_of_two_admins_is_told(cast: Cast) -> None:
    path = f"/api/v1/users/{cast.site.newcomer()}"
    with cast.client("admin") as one, cast.client("admin") as two:
        version = one.get(path).headers["etag"]
        done = one.patch(path, json={"role": "moderator"}, headers={"if-match": version})
        late = two.patch(path, json={"role": "admin"}, headers={"if-match": version})
        assert (done.status_code, late.status_code) == (200, 412), late.text
        assert two.get(path).headers["etag"] == done.headers["etag"] != version


def test_a_person_is_changed_by_the_version_that_was_read(cast: Cast) -> None:
    """By the version in the answer; the tag that begins with it does as well."""
    path = f"/api/v1/people/{cast.made('new_person_id')}"
    with cast.client("admin") as admin:
        version = f'"{admin.get(path).json()["version"]}"'
        done = admin.patch(path, json={"name": "Ada One"}, headers={"if-match": version})
        late = admin.patch(path, json={"name": "Ada Two"}, headers={"if-match": version})
        assert (done.status_code, late.status_code) == (200, 412), late.text
        assert admin.get(path).json()["name"] == "Ada One"
