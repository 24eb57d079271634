"""B2, B3, B5: odd values in every place of every operation are refused, or kept as they are."""

import json
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from tests.reliability import figures, odd, watch
from tests.reliability.cast import Cast, a_word
from tests.reliability.operations import Operation, operations, percent, send
from tests.reliability.site import Site, copied


@pytest.fixture(scope="module")
def site(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One for this module alone: what is not refused here leaves odd things behind."""
    with copied(template, tmp_path_factory.mktemp("odd") / "data") as site:
        site.start()
        yield site


@pytest.fixture
def cast(site: Site) -> Cast:
    """New each time: an odd value may well suspend somebody."""
    return Cast.gathered(site)


@pytest.fixture
def every(site: Site, cast: Cast) -> list[Operation]:
    with site.client() as client:
        return operations(client.get("/schema").json(), cast)


@pytest.fixture
def admin(cast: Cast) -> Iterator[httpx2.Client]:
    with cast.client("admin") as client:
        yield client


def judged(answer: httpx2.Response, where: str, counts: Counter[str]) -> None:
    counts[f"{answer.status_code // 100}xx"] += 1
    assert answer.status_code < 500, (where, answer.status_code, answer.text[:300])
    if answer.status_code == 422:
        assert answer.json()["field"], where


# B2


@pytest.mark.parametrize(
    "path",
    [
        "%00",
        "a%00b",
        "x" * 5_000,
        "x/" * 2_000,
        "%2e%2e/%2e%2e/etc/passwd",
        "..%2f..%2fetc%2fpasswd",
        "assets/../index.html",
        "%ff%fe",
        "%0a%0d",
        "index.html",
        "assets/",
    ],
)
def test_no_address_outside_the_api_is_more_than_not_found(site: Site, path: str) -> None:
    with site.client() as client:
        for start in ("/", "/films/", "/members/", "/posters/1/", "/fields/", "/assets/"):
            answer = client.get(start + path)
            assert answer.status_code in {200, 400, 404}, start + path
            assert "root:" not in answer.text


def test_an_odd_value_in_a_body_is_refused_or_taken(
    every: list[Operation], admin: httpx2.Client
) -> None:
    counts: Counter[str] = Counter()
    for operation in every:
        for place in operation.members:
            where = f"{operation.name} {'.'.join(place)}"
            for literal in odd.some(odd.LITERALS, where):
                raw = operation.with_body(place, literal)
                answer = send(admin, operation.method, operation.address(), raw=raw)
                judged(answer, f"{where} = {literal[:60]}", counts)
    figures.keep("B2", in_bodies=sum(counts.values()), server_errors=counts["5xx"])
    assert counts["4xx"] > counts["2xx"]


def test_an_odd_value_in_an_address_is_refused_or_taken(
    every: list[Operation], admin: httpx2.Client
) -> None:
    counts: Counter[str] = Counter()
    for operation in every:
        raw = None if operation.body is None else json.dumps(operation.body).encode()
        for name in operation.queries:
            where = f"{operation.name} ?{name}"
            values = [percent(word) for word in odd.some(odd.WORDS, where)] + odd.some(
                odd.BYTES, where
            )
            for value in values:
                answer = send(admin, operation.method, operation.with_query(name, value[:60_000]))
                judged(answer, f"{where}={value[:60]}", counts)
        for name in operation.path:
            where = f"{operation.name} /{name}"
            values = [percent(word) for word in odd.some(odd.WORDS, where)] + odd.some(
                odd.BYTES, where
            )
            for value in values:
                address = operation.address(**{name: value[:60_000]})
                answer = send(admin, operation.method, address, raw=raw)
                judged(answer, f"{where}={value[:60]}", counts)
        answer = send(
            admin, operation.method, operation.with_query("no_such_parameter", "1"), raw=raw
        )
        assert answer.status_code in {400, 422}, operation.name
        assert answer.json()["field"] == "no_such_parameter"
    figures.keep("B2", in_addresses=sum(counts.values()))
    assert counts["4xx"] > 0


Kept = Callable[[str], tuple[httpx2.Response, str]]


def places(cast: Cast, admin: httpx2.Client, owner: httpx2.Client) -> dict[str, Kept]:
    """Where text is kept: each writes a text and says how to read it back."""
    review = f"/api/v1/reviews/{cast.made('review_id')}"
    movie = f"/api/v1/movies/{cast.made('new_movie_id')}"
    platform = f"/api/v1/platforms/{cast.made('new_platform_id')}"

    def patching(client: httpx2.Client, path: str, member: str) -> Kept:
        def keep(text: str) -> tuple[httpx2.Response, str]:
            answer = client.patch(path, json={member: text}, headers={"if-match": "*"})
            found = client.get(path).json()[member] if answer.status_code == 200 else ""
            return answer, found or ""

        return keep

    return {
        "review text": patching(owner, review, "text"),
        "bio": patching(owner, "/api/v1/me", "bio"),
        "display name": patching(owner, "/api/v1/me", "display_name"),
        "movie title": patching(admin, movie, "title"),
        "movie plot": patching(admin, movie, "plot"),
        "platform about": patching(admin, platform, "about"),
    }


def as_kept(place: str, text: str) -> set[str]:
    """What may become of a text: it stays as it is; only the catalog composes its letters and
    keeps a title on one line.
    """
    is_composed = place.startswith(("movie", "platform"))
    plain = unicodedata.normalize("NFC", text) if is_composed else text
    return {text, plain.replace("\n", " ") if place == "movie title" else plain}


def test_text_comes_back_as_it_was_meant_or_is_refused(cast: Cast, admin: httpx2.Client) -> None:
    kept, refused = 0, 0
    changed = []
    with cast.client("owner") as owner:
        for place, keep in places(cast, admin, owner).items():
            for text in (*odd.TEXTS, *odd.CONTROLS):
                answer, found = keep(text)
                if answer.status_code == 200:
                    kept += 1
                    if found not in as_kept(place, text):
                        changed.append(f"{place}: {text!r} became {found!r}")
                else:
                    assert answer.status_code == 422, (place, text, answer.text)
                    refused += 1
    figures.keep("B2", texts_kept=kept, texts_refused=refused)
    assert changed == [], "\n".join(changed)
    assert kept > refused


def test_names_that_look_alike_are_not_two_people(site: Site) -> None:
    stem = a_word()
    twins = [
        (f"{stem}paypal", f"{stem}p\u0430yp\u0430l"),
        (f"{stem}\u00e9", unicodedata.normalize("NFD", f"{stem}\u00e9")),
        (f"{stem}Ada", f"{stem}ada"),
        (f"{stem}l1", f"{stem}ll"),
        (f"{stem}0x", f"{stem}ox"),
        (f"{stem}w", f"{stem}w\u200d"),
        (f"{stem}k", f"{stem}\uff4b"),
    ]
    with site.client(place=site.place()) as client:
        for number, pair in enumerate(twins):
            answers = [
                client.post(
                    "/api/v1/accounts",
                    json={
                        "username": name,
                        "email": f"{stem}{number}{turn}@films.example",
                        "password": "a kettle of violets",
                    },
                ).status_code
                for turn, name in enumerate(pair)
            ]
            assert answers[0] == 201, pair
            assert answers[1] in {409, 422}, pair
    figures.keep("B2", confusable_pairs=len(twins))


# B3


def shapes(good: bytes) -> dict[str, tuple[bytes, str]]:
    """Bodies that are no JSON of ours, by what is wrong with them, with their media types."""
    deep = 100_000
    json_ = "application/json"
    first = good[:-1] + (b", " if len(good) > 2 else b"")
    return {
        "nested arrays": (b"[" * deep + b"]" * deep, json_),
        "nested objects": (b'{"a":' * deep + b"1" + b"}" * deep, json_),
        "nested and never closed": (b"[" * deep, json_),
        "nested in a member": (first + b'"deep":' + b"[" * deep + b"]" * deep + b"}", json_),
        "a member twice": (first + b'"twice":1,"twice":2}', json_),
        "UTF-16": (good.decode().encode("utf-16"), json_),
        "UTF-32": (good.decode().encode("utf-32"), json_),
        "Latin-1": (first + b'"n\xe9":1}', json_),
        "a byte order mark": (b"\xef\xbb\xbf" + good, json_),
        "trailing bytes": (good + b"x", json_),
        "two documents": (good + good, json_),
        "nothing": (b"", json_),
        "white space": (b" \n ", json_),
        "null": (b"null", json_),
        "a list": (b"[" + good + b"]", json_),
        "a text": (json.dumps(good.decode()).encode(), json_),
        "half of it": (good[: len(good) // 2] or b"{", json_),
        "single quotes": (b"{'a': 1}", json_),
        "a comment": (b"/* */" + good, json_),
        "plain text": (good, "text/plain"),
        "no media type": (good, ""),
        "a form": (good, "application/x-www-form-urlencoded"),
        "parts": (good, "multipart/form-data; boundary=x"),
        "another charset": (good, "application/json; charset=utf-16"),
        "another json": (good, "application/merge-patch+json"),
        "gzip by name": (good, "application/gzip"),
    }


def test_what_is_no_json_of_ours_is_refused(every: list[Operation], admin: httpx2.Client) -> None:
    counts: Counter[int] = Counter()
    for operation in every:
        if operation.body is None:
            continue
        good = json.dumps(operation.body).encode()
        for wrong, (raw, media) in shapes(good).items():
            answer = send(admin, operation.method, operation.address(), raw=raw, media=media)
            assert answer.status_code in {400, 415, 422}, (operation.name, wrong, answer.text[:300])
            counts[answer.status_code] += 1
    figures.keep("B3", refused={str(k): v for k, v in sorted(counts.items())})
    assert set(counts) == {400, 415, 422}


# B5


def test_every_refusal_is_a_problem_with_the_same_members(site: Site, cast: Cast) -> None:
    """`watch` looks at each answer of every test; here each status is asked for once."""
    review = cast.made("review_id")
    movie = f"/api/v1/movies/{cast.made('new_movie_id')}"
    path = f"/api/v1/reviews/{review}"
    with cast.client("owner") as owner, cast.client("admin") as admin, site.client() as nobody:
        body = {"movie_id": "1", "rating": 5}
        owner.post("/api/v1/reviews", json=body)
        answers = {
            400: owner.patch(path, content=b"{", headers={"content-type": "application/json"}),
            401: nobody.get("/api/v1/me"),
            403: owner.post("/api/v1/movies", json={"title": "mine"}),
            404: nobody.get("/api/v1/movies/999999999"),
            405: nobody.put("/api/v1/movies"),
            409: owner.post("/api/v1/reviews", json=body),
            412: owner.patch(path, json={"rating": 1}, headers={"if-match": '"77"'}),
            413: owner.post("/api/v1/reviews", content=b" " * 2_000_000),
            415: owner.post("/api/v1/reviews", content=b"{}", headers={"content-type": "a/b"}),
            422: owner.post("/api/v1/reviews", json={**body, "rating": 11}),
            428: admin.patch(movie, json={"plot": "x"}),
        }
        unknown = nobody.get("/api/v1/nothing")
        page = nobody.get("/api/v1/movies/999999999", headers={"accept": "text/html"})
    for status, answer in answers.items():
        assert answer.status_code == status, answer.text
        watch.check(answer)
    assert answers[401].headers["www-authenticate"].startswith("Bearer")
    assert "GET" in answers[405].headers["allow"]
    assert unknown.status_code == 404
    assert (page.status_code, page.headers["content-type"][:9]) == (404, "text/html")
    watch.tell()
