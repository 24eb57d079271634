"""How ingestion is put together."""

from marquee.contexts.catalog.contract import Catalog
from marquee.contexts.ingestion.service import IngestionService
from marquee.kit.context import Context, Host, Room


async def build(host: Host) -> Room:
    """It keeps nothing of its own: what it reads becomes the catalog's."""
    return Room(IngestionService(host.ask(Catalog)))


CONTEXT = Context("ingestion", build, needs=(Catalog,))
