"""What reviews do when others speak."""

from collections.abc import Callable, Sequence

from marquee.contexts.accounts.contract import Accounts
from marquee.contexts.accounts.events import AccountDeleted, AccountRegistered, ProfileChanged
from marquee.contexts.catalog.contract import Catalog
from marquee.contexts.catalog.events import MovieDeleted
from marquee.contexts.reviews.model import Author
from marquee.contexts.reviews.ports import ReviewStore, Which
from marquee.kit.context import Renew
from marquee.kit.events import Heard, Listener

AT_ONCE = 200
HEARS = (AccountRegistered, ProfileChanged, AccountDeleted, MovieDeleted)


def listener(store: ReviewStore) -> Listener:
    async def on_told(batch: Sequence[Heard]) -> None:
        for heard in batch:
            event = heard.event
            if isinstance(event, (AccountRegistered, ProfileChanged)):
                author = Author(event.account_id, event.username, event.display_name)
                await store.hear(heard, author=author)
            elif isinstance(event, AccountDeleted):
                await store.hear(heard, gone=Which(author_id=event.account_id, active=None))
            elif isinstance(event, MovieDeleted):
                await store.hear(heard, gone=Which(movie_id=event.movie_id, active=None))

    return on_told


def renewal(store: ReviewStore, catalog: Catalog, accounts: Callable[[], Accounts]) -> Renew:
    """What stands here of movies and people is compared with what there is of them now.

    Who has told of themselves while nobody heard it, and has reviewed nothing, stays unknown here.
    """

    async def of_movies() -> None:
        after = ""
        while ids := await store.movie_ids(after, AT_ONCE):
            there = await catalog.movies(ids=ids)
            for gone in set(ids) - set(there):
                await store.put_right(gone=Which(movie_id=gone, active=None))
            after = ids[-1]

    async def of_people() -> None:
        after = ""
        while ids := await store.author_ids(after, AT_ONCE):
            there = await accounts().accounts(ids=ids)
            for one in there.values():
                await store.put_right(author=Author(one.id, one.username, one.display_name))
            for gone in set(ids) - set(there):
                await store.put_right(gone=Which(author_id=gone, active=None))
            after = ids[-1]

    async def renew(source: str) -> None:
        await (of_movies() if source == "catalog" else of_people())

    return renew
