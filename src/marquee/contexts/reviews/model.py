"""What a review is, and the rules it keeps."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import nh3
from markdown_it import MarkdownIt

from marquee.kit.actor import Actor
from marquee.kit.errors import Forbidden, Invalid, Stale

LOWEST, HIGHEST = 1, 10
LONGEST_TEXT = 20_000
SORTS = ("newest", "highest", "lowest")
TAGS = {"p", "br", "em", "strong", "s", "blockquote", "ul", "ol", "li", "a", "code", "pre", "hr"}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
MARKDOWN = MarkdownIt("js-default", {"html": False, "linkify": False, "maxNesting": 20}).disable(
    ["image", "table", "heading", "lheading"]
)


@dataclass(frozen=True)
class Author:
    id: str
    username: str
    display_name: str


@dataclass(frozen=True)
class Review:
    """`text` is Markdown as it was written, `html` the same made safe to show."""

    id: str
    movie_id: str
    author: Author
    rating: int
    text: str | None
    html: str | None
    has_spoilers: bool
    active: bool
    created_at: datetime
    updated_at: datetime
    version: int


def clean_text(text: str | None) -> str | None:
    """Without what cannot be seen; None when nothing is left."""
    if text is None:
        return None
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"At most {LONGEST_TEXT:,} characters.", field="text")
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        raise Invalid("Half a surrogate pair is no text.", field="text")
    kept = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return kept or None


def html_of(text: str | None) -> str | None:
    """Markdown as HTML of a few harmless tags; links leave with no referrer and no blessing."""
    if text is None:
        return None
    return nh3.clean(
        MARKDOWN.render(text),
        tags=TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow ugc noopener noreferrer",
    ).strip()


def may_edit(actor: Actor, review: Review) -> None:
    if review.author.id != actor.id and not actor.is_moderator:
        raise Forbidden("This review is somebody else's.")


def may_delete(actor: Actor, review: Review) -> None:
    """A hidden review stays in its place, so that posting it anew does not bring it back."""
    may_edit(actor, review)
    if not review.active and not actor.is_moderator:
        raise Forbidden("A moderator has hidden this review; only a moderator may delete it.")


def may_moderate(actor: Actor) -> None:
    if not actor.is_moderator:
        raise Forbidden("Only a moderator or an admin may hide or show a review.", field="active")


def may_see(actor: Actor | None, review: Review) -> bool:
    """Everybody sees what is active; a hidden one its author and the moderators."""
    if review.active:
        return True
    return actor is not None and (actor.is_moderator or actor.id == review.author.id)


def expect_version(review: Review, versions: Collection[int] | None) -> None:
    if versions is not None and review.version not in versions:
        raise Stale("This review has changed since you read it.", field="If-Match")
