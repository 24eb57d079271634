"""IMDb's own tables: tabs between fields, quotes mean nothing, backslash and N is unknown."""

from collections.abc import Iterable, Iterator, Sequence

from marquee.contexts.catalog.contract import ExternalRating, MovieFacts
from marquee.contexts.ingestion.model.columns import Columns, number, whole
from marquee.contexts.ingestion.model.dialects.dialect import Found
from marquee.contexts.ingestion.model.figures import FIRST_YEAR, LAST_YEAR, believable_runtime
from marquee.contexts.ingestion.model.genres import genre
from marquee.contexts.ingestion.model.lines import Line, text_of
from marquee.contexts.ingestion.model.rows import TITLE_ID, BadRow, shown
from marquee.contexts.ingestion.model.text import plain
from marquee.contexts.ingestion.model.titles import LONGEST

BASICS = (
    "tconst", "titleType", "primaryTitle", "originalTitle", "isAdult", "startYear",
    "runtimeMinutes", "genres",
)  # fmt: skip
RATINGS = ("tconst", "averageRating", "numVotes")
KEPT = frozenset({"movie", "tvMovie", "short", "video"})
ADULT = "marked as for adults only"
_NOTHING = "\\N"
_BEST = 10


class ImdbBasics:
    name = "IMDb's title.basics"
    source = "imdb"
    turn = 0
    adds = False

    def read(self, lines: Iterable[Line]) -> Iterator[Found]:
        rows = iter(lines)
        columns = _header(rows)
        kind_at, adult_at = columns.place("titleType"), columns.place("isAdult")
        for line in rows:
            if line.body == b"":
                continue
            try:
                fields = text_of(line).split("\t")
                columns.fit(fields)
                if (kind := fields[kind_at]) not in KEPT:
                    yield Found(line.number, left_out=_kind(kind))
                elif (adult := fields[adult_at]) == "0":
                    yield Found(line.number, _movie(columns, fields))
                elif adult == "1":
                    yield Found(line.number, left_out=ADULT)
                else:
                    raise BadRow(f"isAdult: {shown(adult)} is neither 0 nor 1")  # noqa: TRY301 - told below
            except (BadRow, ValueError) as problem:
                yield Found(line.number, problem=str(problem))


class ImdbRatings:
    name = "IMDb's title.ratings"
    source = "imdb-ratings"
    turn = 2
    adds = True

    def read(self, lines: Iterable[Line]) -> Iterator[Found]:
        rows = iter(lines)
        columns = _header(rows)
        places = [columns.place(name) for name in RATINGS]
        for line in rows:
            if line.body == b"":
                continue
            try:
                fields = text_of(line).split("\t")
                columns.fit(fields)
                yield Found(line.number, _rating(*(fields[place] for place in places)))
            except (BadRow, ValueError) as problem:
                yield Found(line.number, problem=str(problem))


def _header(rows: Iterator[Line]) -> Columns:
    header = next(line.body for line in rows if line.body and not line.body.isspace())
    return Columns(header.decode(errors="replace").split("\t"), blank=_NOTHING)


def _kind(kind: str) -> str:
    if not kind.isalnum() or len(kind) > 20:  # noqa: PLR2004 - longer than any kind of title
        raise BadRow(f"titleType: {shown(kind)} is no kind of title")
    return f"of the kind {kind}"


def _id(text: str) -> str:
    if not TITLE_ID.fullmatch(text) or not text.isascii():
        raise BadRow(f"tconst: {shown(text)} is not an IMDb id (tt and digits)")
    return text


def _movie(columns: Columns, fields: Sequence[str]) -> MovieFacts:
    imdb_id = _id(fields[columns.place("tconst")])
    title = plain(fields[columns.place("primaryTitle")])
    if title in {"", _NOTHING}:
        raise BadRow("primaryTitle: missing")
    if len(title) > LONGEST:
        raise BadRow(f"primaryTitle: longer than {LONGEST} characters")
    original = fields[columns.place("originalTitle")]
    year = fields[columns.place("startYear")]
    runtime = fields[columns.place("runtimeMinutes")]
    genres = fields[columns.place("genres")]
    return MovieFacts(
        title=title,
        year=None if year == _NOTHING else _year(year),
        original_title=None if original in {title, _NOTHING} else _original(original, title),
        runtime_minutes=None
        if runtime == _NOTHING
        else believable_runtime(whole("runtimeMinutes", runtime)),
        genres=()
        if genres == _NOTHING
        else tuple([found for name in genres.split(",") if (found := genre(name))]),
        imdb_id=imdb_id,
    )


def _original(text: str, title: str) -> str | None:
    original = plain(text)
    return None if original in {"", title} or len(original) > LONGEST else original


def _year(text: str) -> int:
    year = whole("startYear", text)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise BadRow(f"startYear: {year} is not a year of movies ({FIRST_YEAR} to {LAST_YEAR})")
    return year


def _rating(tconst: str, average: str, votes: str) -> MovieFacts:
    value, count = number("averageRating", average), whole("numVotes", votes)
    if value > _BEST:
        raise BadRow(f"averageRating: {average} is out of range")
    return MovieFacts(
        title="",
        imdb_id=_id(tconst),
        external_ratings=(ExternalRating("IMDb", value, float(_BEST), count),),
    )
