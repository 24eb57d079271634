"""Look at the index and its place on OpenSearch without changing anything."""

from marquee.contexts.search.stores.opensearch.places import BODY, PLACES, OpenSearchStore
from marquee.engines.opensearch import Cluster, Shelf, address, prefix
from marquee.engines.opensearch.look import away
from marquee.engines.opensearch.look import look as look_at
from marquee.kit.errors import Invalid, Unavailable
from marquee.kit.findings import Look, wrong


async def look(url: str) -> Look:
    where = address(url)
    name = prefix(where)
    places = f"{name}{PLACES}"
    try:
        cluster = await Cluster.open(where)
    except Unavailable as error:
        return Look([away(error)])
    except Invalid:
        detail = "it is not OpenSearch 2 or later"
        return Look([wrong("version", detail, "Name one in the URL.")])
    try:
        found, is_readable = await look_at(cluster, [name, places])
    except Unavailable as error:
        return Look([away(error)], close=cluster.close)
    except BaseException:  # given up in the middle
        await cluster.close()
        raise
    inbox = OpenSearchStore(cluster, Shelf(cluster, places, BODY)) if is_readable else None
    return Look(found, None, inbox, cluster.close)
