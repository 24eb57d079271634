"""The usual way to write a movie's page: FastAPI and SQLAlchemy over tables in normal form.

It tells less than Marquee does: no keywords, platforms, languages or members' ratings.
"""

import os
from typing import Any

from fastapi import FastAPI, HTTPException
from pydantic import BaseModel, ConfigDict
from sqlalchemy import ForeignKey, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship

POOL = 16


class Tables(DeclarativeBase):
    pass


class MovieRow(Tables):
    __tablename__ = "movie"
    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(index=True)
    original_title: Mapped[str | None]
    year: Mapped[int | None] = mapped_column(index=True)
    released_on: Mapped[str | None]
    runtime_minutes: Mapped[int | None]
    certificate: Mapped[str | None]
    plot: Mapped[str | None]
    tagline: Mapped[str | None]
    budget: Mapped[int | None]
    revenue: Mapped[int | None]
    score: Mapped[float | None]
    popularity: Mapped[float]
    poster_url: Mapped[str]
    cast: Mapped[list["CastRow"]] = relationship(lazy="selectin", order_by="CastRow.id")
    crew: Mapped[list["CrewRow"]] = relationship(lazy="selectin", order_by="CrewRow.id")
    genres: Mapped[list["GenreRow"]] = relationship(lazy="selectin", order_by="GenreRow.id")
    ratings: Mapped[list["RatingRow"]] = relationship(lazy="selectin", order_by="RatingRow.id")


class OfMovie:
    id: Mapped[int] = mapped_column(primary_key=True)
    movie_id: Mapped[int] = mapped_column(ForeignKey("movie.id"), index=True)


class CastRow(OfMovie, Tables):
    __tablename__ = "cast_member"
    person_id: Mapped[str]
    name: Mapped[str]
    character: Mapped[str | None]


class CrewRow(OfMovie, Tables):
    __tablename__ = "crew_member"
    person_id: Mapped[str]
    name: Mapped[str]
    job: Mapped[str]
    department: Mapped[str]


class GenreRow(OfMovie, Tables):
    __tablename__ = "genre"
    name: Mapped[str]


class RatingRow(OfMovie, Tables):
    __tablename__ = "rating"
    source: Mapped[str]
    value: Mapped[float]
    out_of: Mapped[float]
    votes: Mapped[int | None]


class Read(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Cast(Read):
    person_id: str
    name: str
    character: str | None


class Crew(Read):
    person_id: str
    name: str
    job: str
    department: str


class Genre(Read):
    name: str


class Rating(Read):
    source: str
    value: float
    out_of: float
    votes: int | None


class Movie(Read):
    id: int
    title: str
    original_title: str | None
    year: int | None
    released_on: str | None
    runtime_minutes: int | None
    certificate: str | None
    plot: str | None
    tagline: str | None
    budget: int | None
    revenue: int | None
    score: float | None
    popularity: float
    poster_url: str
    cast: list[Cast]
    crew: list[Crew]
    genres: list[Genre]
    ratings: list[Rating]


app = FastAPI(openapi_url=None)
engine = create_engine(
    os.environ.get("PEER_DATABASE", "sqlite://").replace("postgresql:", "postgresql+psycopg:"),
    **({"pool_size": POOL, "max_overflow": POOL} if "PEER_DATABASE" in os.environ else {}),
)


@app.get("/")
def home() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/movies/{movie_id}")
def movie(movie_id: int) -> Movie:
    """Synchronous, in a thread of FastAPI's; its async way has not been measured."""
    with Session(engine) as session:
        found = session.get(MovieRow, movie_id)
        if found is None:
            raise HTTPException(404)
        return Movie.model_validate(found)


def fill(url: str, movies: list[dict[str, Any]]) -> None:
    """Movies as Marquee answers them, in an empty database."""
    into = create_engine(url.replace("postgresql:", "postgresql+psycopg:"))
    Tables.metadata.create_all(into)
    with Session(into) as session:
        session.add_all(_row(each) for each in movies)
        session.commit()
    into.dispose()


def _row(told: dict[str, Any]) -> MovieRow:
    names = set(MovieRow.__mapper__.columns.keys()) - {"id"}
    plain = {name: told.get(name) for name in names}
    return MovieRow(
        id=int(told["id"]),
        **plain,
        cast=[CastRow(**_of(CastRow, one)) for one in told["cast"]],
        crew=[CrewRow(**_of(CrewRow, one)) for one in told["crew"]],
        genres=[GenreRow(name=one) for one in told["genres"]],
        ratings=[RatingRow(**_of(RatingRow, one)) for one in told["external_ratings"]],
    )


def _of(kind: type[Tables], told: dict[str, Any]) -> dict[str, Any]:
    names = set(kind.__mapper__.columns.keys())
    return {name: value for name, value in told.items() if name in names}
