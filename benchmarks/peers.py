"""What Marquee is measured beside: bytes from memory, and the usual way to write such a page."""

import os
from typing import Annotated, Any

from fastapi import FastAPI
from pydantic import BaseModel, BeforeValidator
from sqlalchemy import JSON, Column, Integer, String, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Session

BODY = b""
if path := os.environ.get("PEER_BODY"):
    with open(path, "rb") as file:  # noqa: PTH123 - a benchmark's own file
        BODY = file.read()


async def raw(_scope: Any, _receive: Any, send: Any) -> None:
    """The floor: the same bytes on the same server, with nothing else done."""
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(BODY)).encode()),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})


class Tables(DeclarativeBase):
    pass


class MovieRow(Tables):
    __tablename__ = "movies"
    id = Column(Integer, primary_key=True)
    title = Column(String, index=True)
    year = Column(Integer, index=True)
    rest = Column(JSON)


Text = Annotated[str, BeforeValidator(str)]


class Movie(BaseModel):
    id: Text
    title: str
    year: int | None
    rest: dict[str, Any]


class Page(BaseModel):
    items: list[Movie]
    total: int


usual = FastAPI(openapi_url=None)
engine = create_engine(os.environ.get("PEER_DATABASE", "sqlite://"))


@usual.get("/")
def home() -> dict[str, str]:
    return {"status": "ok"}


@usual.get("/movies")
def movies(limit: int = 20) -> Page:
    """The page of a list as FastAPI and the ORM make it."""
    with Session(engine) as session:
        rows = session.scalars(select(MovieRow).order_by(MovieRow.id).limit(limit)).all()
        shown = [Movie.model_validate(row, from_attributes=True) for row in rows]
        return Page(items=shown, total=len(shown))


@usual.get("/movies/{movie_id}")
def movie(movie_id: int) -> Movie:
    with Session(engine) as session:
        return Movie.model_validate(session.get(MovieRow, movie_id), from_attributes=True)
