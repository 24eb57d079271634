"""How search is put together."""

from contextlib import AsyncExitStack

from marquee.contexts.catalog.contract import Catalog
from marquee.contexts.search.contract import Search
from marquee.contexts.search.jobs import mending, rebuilding
from marquee.contexts.search.listeners import HEARS, listener, renewal
from marquee.contexts.search.routes import routes
from marquee.contexts.search.service import REBUILD, SearchService
from marquee.contexts.search.stores import look, open_index, open_store
from marquee.contexts.search.stores.sharing import open_sharing
from marquee.kit.context import Check, Context, Host, Job, Room

OFTEN = 5.0
PAUSE = 0.3


async def build(host: Host) -> Room:
    async with AsyncExitStack() as opened:
        store = await open_store(host.store_url)
        opened.push_async_callback(store.close)
        index = await open_index(host.store_url, host.folder)
        opened.push_async_callback(index.close)
        url = host.setting("cache_url")
        sharing = await open_sharing(index.name, url, field="MARQUEE_CACHE_URL")
        checks = [Check("store", store.check)]
        if sharing is not None:
            opened.push_async_callback(sharing.close)
            checks.append(Check("kept answers", sharing.check, is_needed=False))
        service = SearchService(index, host.ask(Catalog), host.queue, sharing)
        mend = mending(service, index)
        await mend()
        close = opened.pop_all().aclose
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
        checks=checks,
        generation=lambda: service.generation,
        close=close,
    )


CONTEXT = Context(
    "search",
    build,
    offers=Search,
    needs=(Catalog,),
    shares_work=True,
    shares_cache=True,
    look=look,
)
