"""What reviews do when others speak."""

from collections.abc import Sequence

from marquee.contexts.accounts.events import AccountDeleted, AccountRegistered, ProfileChanged
from marquee.contexts.catalog.events import MovieDeleted
from marquee.contexts.reviews.model import Author
from marquee.contexts.reviews.ports import ReviewStore, Which
from marquee.kit.events import Heard, Listener

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
