"""How reviews are put together."""

from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.catalog.contract import Catalog
from marquee.contexts.reviews.contract import Reviews
from marquee.contexts.reviews.listeners import HEARS, listener, renewal
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
        reads_after=("accounts",),
        listener=listener(store),
        outbox=store,
        inbox=store,
        renew=renewal(store, host.ask(Catalog), lambda: host.ask(Accounts)),
        once=store,
        portable=store.portable,
        checks=(Check("store", store.check),),
        generation=lambda: store.generation,
        close=store.close,
    )


CONTEXT = Context("reviews", build, offers=Reviews, needs=(Catalog,), look=look)
