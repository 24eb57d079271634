"""B6: what people write never becomes a script, wherever it is shown again."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from urllib.parse import quote
from xml.etree.ElementTree import Element

import html5lib
import httpx2
import pytest
from tests.reliability import figures, payloads
from tests.reliability.cast import Cast
from tests.reliability.site import Site, wait_for

SCHEME = re.compile(r"[a-z][a-z0-9+.-]*(?=:)")
HARMLESS = {"http", "https", "mailto"}
ADDRESSES = {
    "href", "src", "action", "formaction", "data", "poster", "background", "srcdoc", "xlink:href",
    "cite", "longdesc", "manifest", "ping", "codebase", "classid",
}  # fmt: skip
REVIEW_TAGS = {
    "p",
    "br",
    "em",
    "strong",
    "s",
    "blockquote",
    "ul",
    "ol",
    "li",
    "a",
    "code",
    "pre",
    "hr",
}


@pytest.fixture(scope="module")
def cast(site: Site) -> Cast:
    return Cast.gathered(site)


def elements(text: str) -> list[Element]:
    tree = html5lib.parse(text, treebuilder="etree", namespaceHTMLElements=False)
    return [one for one in tree.iter() if isinstance(one.tag, str)]


def dangers(found: list[Element]) -> Iterator[str]:
    """What runs, or might, in a page of parsed elements."""
    for one in found:
        name = one.tag.rpartition("}")[2].lower()
        if name == "script" and not is_our_own(one):
            yield f"<script> {(one.text or '')[:80]!r}"
        if name in {"iframe", "object", "embed", "applet", "base", "frame", "frameset"}:
            yield f"<{name}>"
        if name == "meta" and one.get("http-equiv", "").lower() == "refresh":
            yield "<meta refresh>"
        for attribute, value in one.attrib.items():
            key = str(attribute).rpartition("}")[2].lower()
            plain = "".join(letter for letter in value if letter > " ").lower()
            if key.startswith("on") or key == "srcdoc":
                yield f"{name} {key}={value[:80]!r}"
            scheme = SCHEME.match(plain)
            if key in ADDRESSES and scheme and scheme.group() not in HARMLESS:
                yield f"{name} {key}={value[:80]!r}"
            if key == "style" and ("javascript:" in plain or "expression(" in plain):
                yield f"{name} {key}={value[:80]!r}"


def is_our_own(script: Element) -> bool:
    """A file of ours, or facts for search engines, which no browser runs."""
    if script.get("type") == "application/ld+json":
        return script.get("src") is None
    return script.get("src", "").startswith("/") and not (script.text or "").strip()


def check_page(answer: httpx2.Response, where: str) -> None:
    assert answer.headers["content-type"].startswith("text/html"), where
    assert list(dangers(elements(answer.text))) == [], where
    policy = answer.headers["content-security-policy"]
    assert "'self'" in policy
    assert "unsafe-inline" not in policy.partition("script-src")[2].partition(";")[0]


def check_fragment(text: str | None, where: str) -> None:
    """The HTML of a review: a few harmless tags and links, nothing else."""
    if not text:
        return
    tree = html5lib.parseFragment(text, treebuilder="etree", namespaceHTMLElements=False)
    found = [one for one in tree.iter() if isinstance(one.tag, str)][1:]
    assert {one.tag for one in found} <= REVIEW_TAGS, where
    assert list(dangers(found)) == [], where
    for link in found:
        if link.tag == "a":
            assert set(link.attrib) <= {"href", "rel", "title"}, where
            assert {"nofollow", "noopener"} <= set(link.get("rel", "").split()), where


class Stage:
    """The places a text is written to, and the addresses where it is shown again."""

    def __init__(self, cast: Cast) -> None:
        self.owner = cast.client("owner")
        self.admin = cast.client("admin")
        self.movie = cast.made("new_movie_id")
        body = {"movie_id": self.movie, "rating": 5}
        self.review = self.owner.post("/api/v1/reviews", json=body).json()["id"]
        self.platform = cast.platform
        self.name = cast.owner
        self.kept: Counter[str] = Counter()

    def close(self) -> None:
        self.owner.close()
        self.admin.close()

    def write(self, text: str) -> None:
        """Put the text everywhere it may be; a 422 is as good as keeping it."""
        writes: Mapping[str, tuple[httpx2.Client, str, dict[str, object]]] = {
            "review": (self.owner, f"/api/v1/reviews/{self.review}", {"text": text}),
            "display name": (self.owner, "/api/v1/me", {"display_name": text[:50]}),
            "bio": (self.owner, "/api/v1/me", {"bio": text}),
            "title": (self.admin, f"/api/v1/movies/{self.movie}", {"title": text}),
            "plot": (self.admin, f"/api/v1/movies/{self.movie}", {"plot": text, "tagline": text}),
            "credits": (
                self.admin,
                f"/api/v1/movies/{self.movie}",
                {"cast": [{"name": text[:100], "character": text[:100]}], "genres": [text[:50]]},
            ),
            "platform": (
                self.admin,
                f"/api/v1/platforms/{self.platform}",
                {"name": text[:100], "about": text},
            ),
            "address": (self.admin, f"/api/v1/movies/{self.movie}", {"poster_url": text}),
            "link": (self.admin, f"/api/v1/platforms/{self.platform}", {"url": text}),
        }
        for place, (client, path, body) in writes.items():
            answer = client.patch(path, json=body, headers={"if-match": "*"})
            assert answer.status_code in {200, 409, 422}, (place, text, answer.text)
            self.kept[place] += answer.status_code == 200

    def apis(self) -> list[str]:
        return [
            f"/api/v1/reviews/{self.review}",
            f"/api/v1/movies/{self.movie}/reviews",
            f"/api/v1/movies/{self.movie}",
            f"/api/v1/users/{self.name}",
            f"/api/v1/platforms/{self.platform}",
            f"/api/reviews/{self.review}/",
        ]

    def pages(self) -> list[str]:
        return [f"/films/{self.movie}", f"/members/{self.name}"]


def test_what_is_written_never_becomes_a_script(cast: Cast) -> None:
    stage = Stage(cast)
    with cast.client("anonymous") as reader:
        try:
            for number, text in enumerate(payloads.ALL):
                stage.write(text)
                look_at(stage, reader, text, number)
        finally:
            stage.close()
    figures.keep("B6", payloads=len(payloads.ALL), kept=dict(stage.kept), scripts=0)
    assert len(payloads.ALL) >= 150
    assert all(stage.kept[place] for place in ("review", "bio", "title", "plot"))


def look_at(stage: Stage, reader: httpx2.Client, text: str, number: int) -> None:
    """As JSON, as the readable API, and as the head of a page; on every commit at one of each, in
    turn.
    """
    apis, pages = stage.apis(), stage.pages()
    if not figures.FULL:
        apis, pages = [apis[number % len(apis)]], [pages[number // 2 % len(pages)]]
    for path in apis:
        shown = reader.get(path)
        assert shown.status_code == 200, (path, text)
        assert shown.headers["content-type"] == "application/json"
        check_page(reader.get(path, headers={"accept": "text/html"}), f"{path} of {text!r}")
    for path in pages:
        check_page(reader.get(path), f"{path} of {text!r}")
    review = reader.get(stage.apis()[0]).json()
    check_fragment(review["html"], f"review of {text!r}")
    movie = reader.get(f"/api/v1/movies/{stage.movie}").json()
    addresses = [movie["poster_url"], *(one["url"] for one in movie["platforms"])]
    platform = reader.get(f"/api/v1/platforms/{stage.platform}").json()
    for url in (*addresses, platform["url"]):
        assert url is None or url.startswith(("/", "https://", "http://")), (url, text)


def test_a_poster_is_a_picture_and_nothing_more(cast: Cast) -> None:
    """It is drawn from the title and the names: none of them is markup there."""
    texts = [text for text in payloads.ALL if "<" in text][:: figures.sized(6, 1)]
    with cast.client("admin") as admin, cast.client("anonymous") as reader:
        movie = f"/api/v1/movies/{cast.made('new_movie_id')}"
        for text in texts:
            body = {"title": text, "crew": [{"name": text[:100], "job": "Director"}]}
            answer = admin.patch(movie, json=body, headers={"if-match": "*"})
            if answer.status_code != 200:
                continue
            drawn = reader.get(reader.get(movie).json()["poster_url"])
            assert drawn.headers["content-type"].startswith("image/svg+xml")
            assert list(dangers(elements(drawn.text))) == [], text
            assert "content-security-policy" in drawn.headers
    figures.keep("B6", posters=len(texts))


def test_a_search_shows_the_question_as_text(cast: Cast) -> None:
    with cast.client("anonymous") as reader:
        for text in payloads.ALL[:: figures.sized(8, 1)]:
            for path in ("/api/v1/search", "/api/v1/people", "/api/v1/users"):
                page = reader.get(path, params={"q": text}, headers={"accept": "text/html"})
                assert page.status_code in {200, 422}
                check_page(page, f"{path} {text!r}")
            check_page(reader.get("/search", params={"q": text}), text)
            check_page(reader.get(f"/nothing/{quote(text)}"), text)


def test_a_highlight_marks_and_does_nothing_else(cast: Cast) -> None:
    """It is the one answer beside a review's that is meant to be shown as it is."""
    with cast.client("admin") as admin, cast.client("anonymous") as reader:
        word = cast.made("word")
        texts = payloads.ALL[:: figures.sized(4, 1)]
        for text in texts:
            body = {"title": f"{word} {text}", "cast": [{"name": f"{word} {text}"[:100]}]}
            made = admin.post("/api/v1/movies", json=body)
            assert made.status_code in {201, 409, 422}, made.text

        def found() -> list[dict[str, str]]:
            page = reader.get("/api/v1/search", params={"q": word, "limit": "100"}).json()
            items: list[dict[str, str]] = page["items"]
            return items if len(items) > len(texts) // 2 else []

        for item in wait_for(found):
            check_highlight(item["highlight"], item["title"])
        suggested = reader.get("/api/v1/search/suggest", params={"q": word}).json()["items"]
        for item in suggested:
            check_highlight(item.get("highlight", ""), item.get("title", ""))
    figures.keep("B6", highlights=len(texts))


def check_highlight(text: str, title: str) -> None:
    tree = html5lib.parseFragment(text, treebuilder="etree", namespaceHTMLElements=False)
    inside = [one for one in tree.iter() if isinstance(one.tag, str)][1:]
    assert {one.tag for one in inside} <= {"mark"}, (title, text)
    assert all(not one.attrib for one in inside), (title, text)
