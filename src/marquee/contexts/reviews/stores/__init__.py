"""Where reviews live: the scheme of the URL picks the adapter."""

from marquee.contexts.reviews.ports import ReviewStore
from marquee.kit.errors import Invalid


async def open_store(url: str) -> ReviewStore:
    scheme = url.partition(":")[0]
    if scheme in {"sqlite", "postgresql", "mysql"}:
        from marquee.contexts.reviews.stores.sql import SqlReviewStore

        return await SqlReviewStore.open(url)
    raise Invalid(f"Reviews cannot live on {scheme}: here.", field="MARQUEE_REVIEWS_URL")
