"""Where a movie can be watched."""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from marquee.contexts.catalog.model import bounds
from marquee.contexts.catalog.model.editing import invalid

LONGEST_NAME = 100
LONGEST_ABOUT = 1000


class Platform(Struct, frozen=True, gc=False, kw_only=True):
    """`url` is its site."""

    id: int
    name: str
    about: str | None = None
    url: str | None = None
    version: int = 1


def made(platform: Platform, values: Mapping[str, str | None]) -> Platform:
    """The platform with these values, one version on; None takes one away."""
    kept: dict[str, str | None] = {}
    if "name" in values:
        name = bounds.line("name", values["name"] or "", LONGEST_NAME, invalid)
        if not name or name.isdigit():
            raise invalid("name", "A platform has a name, and not only digits.")
        kept["name"] = name
    if "about" in values:
        about = bounds.prose("about", values["about"] or "", LONGEST_ABOUT, invalid)
        kept["about"] = about or None
    if "url" in values:
        url = values["url"]
        schemes = ("https", "http")
        kept["url"] = bounds.address("url", url, invalid, schemes=schemes) if url else None
    return replace(platform, **kept, version=platform.version + 1)
