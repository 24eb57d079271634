"""What search engines and link previews read of a page: title, description, cards, schema.org."""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, cast
from urllib.parse import quote

import msgspec
from litestar import Request

from marquee.kit.errors import Unavailable

Read = Callable[[Request[Any, Any, Any], str], Awaitable[dict[str, Any] | None]]
SHORT = 200
MOST_NAMED = 10
HOME = (
    "Marquee: films, and what people here think of them",
    "A film catalog of your own, with reviews and search, that works without anybody else's.",
)
TITLES = {
    "films": ("Films", "Every film in the catalog, by genre, year, language and rating."),
    "search": ("Search", "Find films and people, even with a letter wrong."),
    "signup": ("Sign up", "Make an account on this site."),
    "login": ("Log in", "Sign in to this site."),
    "account": ("Your account", "Your profile, your password and where you are signed in."),
    "admin": ("Administration", "Films, platforms, reviews and members."),
    "about": ("About", "Where the facts come from."),
}


@dataclass(frozen=True)
class Head:
    title: str
    description: str
    kind: str = "website"
    image: str | None = None
    schema: Mapping[str, Any] | None = None
    status: int = 200

    def html(self, origin: str, path: str) -> str:
        """The tags, every value escaped; one address for a page, however it was asked for."""
        address = address_of(origin, path)
        image = self.image or "/icon.svg"
        picture = image if image.startswith("http") else origin + image
        tags = {
            "og:title": self.title,
            "og:description": self.description,
            "og:type": self.kind,
            "og:url": address,
            "og:image": picture,
            "og:site_name": "Marquee",
        }
        lines = [
            f"<title>{escape(self.title)}</title>",
            f'<meta name="description" content="{escape(self.description)}">',
            f'<link rel="canonical" href="{escape(address)}">',
            '<meta name="twitter:card" content="summary">',
            *(
                f'<meta property="{name}" content="{escape(value)}">'
                for name, value in tags.items()
            ),
        ]
        if self.schema is not None:
            # `<` never appears in the text of a script, so nothing can end it early.
            text = json.dumps({"@context": "https://schema.org", **self.schema})
            text = text.replace("<", "\\u003c").replace("&", "\\u0026")
            lines.append(f'<script type="application/ld+json">{text}</script>')
        return "\n".join(lines)


async def head_of(
    request: Request[Any, Any, Any], path: str, origin: str, read: Read | None = None
) -> Head | None:
    """None when the page is of something that does not exist.

    `read` asks the API as anybody; left out, it is that of this same process.
    """
    try:
        return await _head_of(request, path, origin, read or near)
    except Unavailable:
        return Head(*HOME, status=Unavailable.status)


async def _head_of(
    request: Request[Any, Any, Any], path: str, origin: str, read: Read
) -> Head | None:
    kind, _, rest = path.strip("/").partition("/")
    if not kind:
        return Head(*HOME, schema=_site(origin))
    if kind == "films" and rest:
        movie = await read(request, f"/api/v1/movies/{rest}")
        return None if movie is None else _of_movie(movie, origin, path)
    if kind == "people" and rest:
        person = await read(request, f"/api/v1/people/{rest}")
        return None if person is None else _of_person(person, origin, path)
    if kind == "members" and rest:
        name = rest.partition("/")[0]
        member = await read(request, f"/api/v1/users/{name}")
        return None if member is None else _of_member(member)
    title, description = TITLES.get(kind, ("Marquee", HOME[1]))
    return Head(f"{title} · Marquee", description)


async def near(request: Request[Any, Any, Any], path: str) -> dict[str, Any] | None:
    """What the API of this same process answers to anybody."""
    got: dict[str, Any] = {"status": 0, "body": b""}

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            got["status"] = message["status"]
        else:
            got["body"] += message.get("body", b"")

    kept = ("type", "asgi", "http_version", "server", "client", "scheme", "root_path")
    outer: dict[str, Any] = dict(request.scope)
    scope: Any = {key: outer[key] for key in kept if key in outer}
    scope |= {"method": "GET", "path": path, "raw_path": path.encode(), "query_string": b""}
    scope["headers"] = []
    await request.app(scope, cast("Any", receive), cast("Any", send))
    ok = 200
    if got["status"] != ok:
        return None
    found: dict[str, Any] = msgspec.json.decode(got["body"])
    return found


def _site(origin: str) -> dict[str, Any]:
    target = f"{origin}/search?q={{query}}"
    action = {"@type": "SearchAction", "target": target, "query-input": "required name=query"}
    return {"@type": "WebSite", "name": "Marquee", "url": origin, "potentialAction": action}


def _of_movie(movie: Mapping[str, Any], origin: str, path: str) -> Head:
    year = f" ({movie['year']})" if movie["year"] else ""
    directors = [credit["name"] for credit in movie["crew"] if credit["job"] == "Director"]
    cast = [credit["name"] for credit in movie["cast"]][:MOST_NAMED]
    schema: dict[str, Any] = {
        "@type": "Movie",
        "name": movie["title"],
        "url": address_of(origin, path),
        "image": _absolute(movie["poster_url"], origin),
        "datePublished": movie["released_on"] or (str(movie["year"]) if movie["year"] else None),
        "genre": movie["genres"] or None,
        "director": _people(directors),
        "actor": _people(cast),
        "duration": f"PT{movie['runtime_minutes']}M" if movie["runtime_minutes"] else None,
        "aggregateRating": _rating(movie["rating"]),
    }
    return Head(
        title=f"{movie['title']}{year} · Marquee",
        description=_sentence(movie, directors, cast),
        kind="video.movie",
        image=movie["poster_url"],
        schema={name: value for name, value in schema.items() if value},
    )


def _sentence(movie: Mapping[str, Any], directors: Sequence[str], cast: Sequence[str]) -> str:
    if movie["plot"]:
        return str(movie["plot"])[:SHORT]
    genres = ", ".join(movie["genres"][:3]) or "Film"
    parts = [f"{genres}, {movie['year']}" if movie["year"] else genres]
    if directors:
        parts.append(f"directed by {', '.join(directors[:2])}")
    if cast:
        parts.append(f"with {', '.join(cast[:4])}")
    return f"{', '.join(parts)}."


def _rating(rating: Mapping[str, Any]) -> dict[str, Any] | None:
    if not rating["count"]:
        return None
    return {
        "@type": "AggregateRating",
        "ratingValue": rating["average"],
        "ratingCount": rating["count"],
        "bestRating": 10,
        "worstRating": 1,
    }


def _people(names: Sequence[str]) -> list[dict[str, str]] | None:
    return [{"@type": "Person", "name": name} for name in names] or None


def address_of(origin: str, path: str) -> str:
    return f"{origin}{quote(path.rstrip('/') or '/')}"


def _absolute(url: str, origin: str) -> str:
    return url if url.startswith("http") else origin + url


def _of_person(person: Mapping[str, Any], origin: str, path: str) -> Head:
    titles = [part["movie"]["title"] for part in person["filmography"]]
    named = ", ".join(titles[:4])
    schema = {"@type": "Person", "name": person["name"], "url": address_of(origin, path)}
    return Head(
        title=f"{person['name']} · Marquee",
        description=f"{person['name']}: {named}." if named else person["name"],
        kind="profile",
        schema=schema,
    )


def _of_member(member: Mapping[str, Any]) -> Head:
    name = member["display_name"] or member["username"]
    return Head(f"{name} · Marquee", f"What {name} thinks of films.", kind="profile")
