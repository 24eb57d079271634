"""Documents derived from the code: they are written by it and checked to be fresh."""

from pathlib import Path

import msgspec

from marquee import __version__
from marquee.app.settings import CONTEXT_SETTINGS, PREFIX, SETTINGS

NAMES = ("accounts", "auth", "catalog", "ingestion", "reviews", "search")


def write(folder: Path) -> None:
    """Everything under docs/reference that is derived, and the document the web client is made of."""
    from marquee.app.remote import published

    published.write_protos(folder / "proto")
    published.write_snapshots(folder / "events")
    for path, text in texts(folder).items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def stale(folder: Path) -> list[Path]:
    """The derived documents that are not what would be written now."""
    return [
        path
        for path, text in texts(folder).items()
        if not path.is_file() or path.read_text("utf-8") != text
    ]


def texts(folder: Path) -> dict[Path, str]:
    """What each derived file should say; the tests watch over `proto` and `events` themselves."""
    return {folder / "settings.md": settings_page(), folder / "openapi.json": openapi()}


def settings_page() -> str:
    lines = [
        "# Settings",
        "",
        "Each is an environment variable. One that Marquee does not know stops it at once, by name.",
        "",
        "| setting | what it says |",
        "| --- | --- |",
        *(f"| `{PREFIX}{name}` | {text} |" for name, text in SETTINGS.items()),
    ]
    for name in NAMES:
        for what, text in CONTEXT_SETTINGS.items():
            lines.append(f"| `{PREFIX}{name.upper()}_{what}` | {text.format(context=name)} |")
    return "\n".join([*lines, ""])


def openapi() -> str:
    """The document of a process that serves everything, as the web client is generated from it."""
    import asyncio
    import tempfile

    from marquee.app.assemble import assemble, endpoints
    from marquee.app.openapi import document
    from marquee.app.settings import Settings

    async def describe() -> bytes:
        with tempfile.TemporaryDirectory() as folder:
            building = await assemble(Settings(data=Path(folder)))
            try:
                return msgspec.json.encode(document(endpoints(building), __version__))
            finally:
                await building.close()

    return msgspec.json.format(asyncio.run(describe()).decode(), indent=2) + "\n"
