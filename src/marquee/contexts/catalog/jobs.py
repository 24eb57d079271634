"""What the catalog does on a clock."""

from marquee.contexts.catalog.service import CatalogService
from marquee.kit.context import Job

EVERY = 60.0


def jobs(catalog: CatalogService) -> tuple[Job, ...]:
    return (Job("keep lists", EVERY, catalog.keep_lists),)
