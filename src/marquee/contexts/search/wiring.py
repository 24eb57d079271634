"""How search is put together."""

from marquee.contexts.catalog.contract import Catalog
from marquee.contexts.search.contract import Search
from marquee.contexts.search.jobs import mending, rebuilding
from marquee.contexts.search.listeners import HEARS, listener, renewal
from marquee.contexts.search.routes import routes
from marquee.contexts.search.service import REBUILD, SearchService
from marquee.contexts.search.stores import look, open_index, open_store
from marquee.kit.context import Check, Context, Host, Job, Room

OFTEN = 5.0
PAUSE = 0.3


async def build(host: Host) -> Room:
    store = await open_store(host.store_url)
    try:
        index = await open_index(host.store_url, host.folder)
    except BaseException:
        await store.close()
        raise
    service = SearchService(index, host.ask(Catalog), host.queue)
    mend = mending(service, index)

    async def close() -> None:
        await index.close()
        await store.close()

    await mend()
    return Room(
        service,
        routes=routes(service),
        hears=HEARS,
        pause=PAUSE,
        listener=listener(service, store),
        inbox=store,
        renew=renewal(service),
        works={REBUILD: rebuilding(service)},
        jobs=(Job("mend the index", OFTEN, mend),),
        checks=(Check("store", store.check),),
        generation=lambda: service.generation,
        close=close,
    )


CONTEXT = Context("search", build, offers=Search, needs=(Catalog,), shares_work=True, look=look)
