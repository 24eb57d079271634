"""How reviews are put together."""

from marquee.contexts.catalog.contract import Catalog
from marquee.contexts.reviews.contract import Reviews
from marquee.contexts.reviews.listeners import HEARS, listener
from marquee.contexts.reviews.routes import routes
from marquee.contexts.reviews.service import ReviewService
from marquee.contexts.reviews.stores import look, open_store
from marquee.kit.context import Check, Context, Host, Room


async def build(host: Host) -> Room:
    store = await open_store(host.store_url)
    service = ReviewService(store, host.ask(Catalog), host.clock)
    return Room(
        service,
        routes=routes(service),
        hears=HEARS,
        listener=listener(store),
        outbox=store,
        inbox=store,
        once=store,
        portable=store.portable,
        checks=(Check("store", store.check),),
        generation=lambda: store.generation,
        close=store.close,
    )


CONTEXT = Context("reviews", build, offers=Reviews, needs=(Catalog,), look=look)
