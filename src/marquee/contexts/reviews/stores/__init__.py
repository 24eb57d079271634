"""Where reviews live: the scheme of the URL picks the adapter."""

from pathlib import Path

from marquee.contexts.reviews.ports import ReviewStore
from marquee.kit.errors import Invalid
from marquee.kit.findings import Look


async def open_store(url: str) -> ReviewStore:
    scheme = url.partition(":")[0]
    if scheme in {"sqlite", "postgresql", "mysql"}:
        from marquee.contexts.reviews.stores.sql import SqlReviewStore

        return await SqlReviewStore.open(url)
    raise Invalid(f"Reviews cannot live on {scheme}: here.", field="MARQUEE_REVIEWS_URL")


async def look(url: str, _folder: Path) -> Look:
    """The store as it stands, left as it is."""
    from marquee.engines.sql.look import look as look_at

    return await look_at(url, migrations="marquee.contexts.reviews.migrations")
