"""Reviews in a SQL database."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    and_,
    delete,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.exc import IntegrityError

from marquee.contexts.reviews.contract import Tally
from marquee.contexts.reviews.events import ReviewDeleted
from marquee.contexts.reviews.model import HIGHEST, Author, Review
from marquee.contexts.reviews.ports import Change, Which
from marquee.contexts.reviews.stores.tables import AUTHORS, REVIEWS, review_of, values_of
from marquee.engines.sql import SqlStore, raw
from marquee.kit.errors import Conflict, NotFound
from marquee.kit.events import Event, Heard

WHOLE = select(REVIEWS, AUTHORS.c.username, AUTHORS.c.display_name).join(
    AUTHORS, AUTHORS.c.id == REVIEWS.c.author_id
)
ADD = (
    f"INSERT INTO reviews ({', '.join(REVIEWS.c.keys())})"  # noqa: S608 - our own column names
    f" VALUES ({', '.join('?' * len(REVIEWS.c))})"
)
AUTHOR = "SELECT username, folded, display_name FROM authors WHERE id = ?"
ADD_AUTHOR = "INSERT INTO authors (username, folded, display_name, id) VALUES (?, ?, ?, ?)"
CHANGE_AUTHOR = "UPDATE authors SET username = ?, folded = ?, display_name = ? WHERE id = ?"


class SqlReviewStore(SqlStore):
    migrations = "marquee.contexts.reviews.migrations"
    tables = (AUTHORS, REVIEWS)

    async def add(self, review: Review, events: Sequence[Event]) -> None:
        def work(connection: Connection) -> None:
            _keep_author(connection, review.author)
            try:
                raw.run(connection, ADD, tuple(values_of(review).values()))
            except IntegrityError:
                self._db.undo(connection)
                raise _second(connection, review) from None
            self._db.tell(connection, events)

        await self._db.write(work)

    async def find(self, review_id: str) -> Review | None:
        return await self._db.read(lambda connection: _find(connection, review_id))

    async def change(self, review_id: str, change: Change) -> Review | None:
        def work(connection: Connection) -> Review | None:
            review = _find(connection, review_id)
            if review is None:
                raise NotFound(f"There is no review {review_id!r}.")
            changed, events = change(review)
            this = REVIEWS.c.id == review_id
            if changed is None:
                connection.execute(delete(REVIEWS).where(this))
            else:
                connection.execute(update(REVIEWS).where(this).values(values_of(changed)))
            self._db.tell(connection, events)
            return changed

        return await self._db.write(work)

    async def page(
        self,
        which: Which,
        *,
        sort: str,
        after: Sequence[str | int] | None,
        limit: int,
        skip: int = 0,
    ) -> tuple[list[Review], int]:
        query = WHOLE.where(_these(which), *_later(sort, after)).order_by(*_order(sort))

        def work(connection: Connection) -> tuple[list[Review], int]:
            rows = connection.execute(query.limit(limit).offset(skip))
            return [review_of(row) for row in rows], _count(connection, which)

        return await self._db.read_together(work)

    async def count(self, which: Which) -> int:
        return await self._db.read(lambda connection: _count(connection, which))

    async def recount(self, movie_ids: Sequence[str]) -> dict[str, Tally]:
        movie, rating = REVIEWS.c.movie_id, REVIEWS.c.rating
        query = (
            select(movie, rating, func.count())
            .where(REVIEWS.c.active, movie.in_(list(movie_ids)))
            .group_by(movie, rating)
        )

        def work(connection: Connection) -> dict[str, list[int]]:
            found: dict[str, list[int]] = {}
            for movie_id, stars, count in connection.execute(query):
                found.setdefault(movie_id, [0] * HIGHEST)[stars - 1] = count
            return found

        found = await self._db.read_in_thread(work)
        return {movie_id: _tally(counts) for movie_id, counts in found.items()}

    async def author_named(self, username: str) -> Author | None:
        query = select(AUTHORS).where(AUTHORS.c.folded == username.casefold())

        def work(connection: Connection) -> Author | None:
            row = connection.execute(query).first()
            return Author(row.id, row.username, row.display_name) if row else None

        return await self._db.read(work)

    async def hear(
        self, heard: Heard, *, author: Author | None = None, gone: Which | None = None
    ) -> None:
        def work(connection: Connection) -> None:
            if self._db.hear(connection, heard):
                self._put_right(connection, author, gone)

        await (self._db.write(work) if gone is None else self._db.write_in_thread(work))

    async def put_right(self, *, author: Author | None = None, gone: Which | None = None) -> None:
        def work(connection: Connection) -> None:
            self._put_right(connection, author, gone)

        await (self._db.write(work) if gone is None else self._db.write_in_thread(work))

    def _put_right(self, connection: Connection, author: Author | None, gone: Which | None) -> None:
        if author is not None:
            _keep_author(connection, author)
        if gone is not None:
            reviews = [review_of(row) for row in connection.execute(WHOLE.where(_these(gone)))]
            connection.execute(delete(REVIEWS).where(_these(gone)))
            self._db.tell(connection, [_deleted(review) for review in reviews])
        if gone is not None and gone.author_id is not None:
            connection.execute(delete(AUTHORS).where(AUTHORS.c.id == gone.author_id))

    async def movie_ids(self, after: str, limit: int) -> list[str]:
        return await self._ids(REVIEWS.c.movie_id, after, limit)

    async def author_ids(self, after: str, limit: int) -> list[str]:
        return await self._ids(AUTHORS.c.id, after, limit)

    async def _ids(self, column: ColumnElement[str], after: str, limit: int) -> list[str]:
        query = select(column).where(column > after).distinct().order_by(column).limit(limit)
        return await self._db.read_in_thread(lambda connection: list(connection.scalars(query)))


def _find(connection: Connection, review_id: str) -> Review | None:
    row = connection.execute(WHOLE.where(REVIEWS.c.id == review_id)).first()
    return review_of(row) if row else None


def _count(connection: Connection, which: Which) -> int:
    query = select(func.count()).select_from(REVIEWS).where(_these(which))
    return connection.scalar(query) or 0


def _keep_author(connection: Connection, author: Author) -> None:
    values = (author.username, author.username.casefold(), author.display_name)
    known = raw.row(connection, AUTHOR, (author.id,))
    if known is None:
        raw.run(connection, ADD_AUTHOR, (*values, author.id))
    elif known != values:
        raw.run(connection, CHANGE_AUTHOR, (*values, author.id))


def _second(connection: Connection, review: Review) -> Conflict:
    first = connection.scalar(
        select(REVIEWS.c.id).where(
            REVIEWS.c.movie_id == review.movie_id, REVIEWS.c.author_id == review.author.id
        )
    )
    return Conflict(
        "You have already reviewed this movie.", field="movie_id", extra={"review_id": first}
    )


def _these(which: Which) -> ColumnElement[bool]:
    wanted = {
        REVIEWS.c.movie_id: which.movie_id,
        REVIEWS.c.author_id: which.author_id,
        REVIEWS.c.active: which.active,
    }
    these = [column == value for column, value in wanted.items() if value is not None]
    if which.mentioning is not None:
        these.append(REVIEWS.c.text.icontains(which.mentioning, autoescape=True))
    return and_(True, *these)  # noqa: FBT003 - what `and_` of nothing needs


def _order(sort: str) -> list[ColumnElement[Any]]:
    rating, newest = REVIEWS.c.rating, [REVIEWS.c.created_at.desc(), REVIEWS.c.id.desc()]
    if sort == "newest":
        return list(newest)
    if sort == "oldest":
        return [REVIEWS.c.created_at.asc(), REVIEWS.c.id.asc()]
    return [rating.desc() if sort == "highest" else rating.asc(), *newest]


def _later(sort: str, after: Sequence[str | int] | None) -> list[ColumnElement[bool]]:
    if after is None:
        return []
    older = tuple_(REVIEWS.c.created_at, REVIEWS.c.id) < tuple_(*after[-2:])
    if sort == "newest":
        return [older]
    rating = REVIEWS.c.rating
    beyond = rating < after[0] if sort == "highest" else rating > after[0]
    return [or_(beyond, and_(rating == after[0], older))]


def _deleted(review: Review) -> ReviewDeleted:
    return ReviewDeleted(
        review_id=review.id,
        movie_id=review.movie_id,
        author_id=review.author.id,
        rating=review.rating,
        was_active=review.active,
    )


def _tally(counts: list[int]) -> Tally:
    total = sum(stars * count for stars, count in enumerate(counts, start=1))
    return Tally(sum(counts), total, tuple(counts))
