"""How the catalog is put together."""

from marquee.contexts.catalog.contract import Catalog
from marquee.contexts.catalog.jobs import jobs
from marquee.contexts.catalog.listeners import HEARS, MIRRORED, listener
from marquee.contexts.catalog.routes import routes
from marquee.contexts.catalog.service import CatalogService
from marquee.contexts.catalog.stores import look, open_lists, open_store
from marquee.kit.context import Check, Context, Host, Mirror, Room

PAUSE = 0.03


async def build(host: Host) -> Room:
    store = await open_store(host.store_url)
    place = await store.last_place()  # before the lists are read: what comes later is told
    service = CatalogService(store, await open_lists(host.folder, store), host.clock, place)
    return Room(
        service,
        routes=routes(service),
        hears=HEARS,
        pause=PAUSE,
        reads_after=("reviews",),
        listener=listener(service),
        outbox=store,
        inbox=store,
        mirror=Mirror(MIRRORED, service.follow, place),
        once=store,
        portable=store.portable,
        jobs=jobs(service),
        checks=(Check("store", store.check),),
        generation=lambda: service.generation,
        close=service.close,
    )


CONTEXT = Context("catalog", build, offers=Catalog, look=look)
