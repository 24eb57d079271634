"""The table of the thousand popular movies of 2006 to 2016, comma-separated."""

from collections.abc import Iterable, Iterator, Sequence

from marquee.contexts.ingestion.model.columns import Columns
from marquee.contexts.ingestion.model.dialects.dialect import Found
from marquee.contexts.ingestion.model.dialects.table import read_table
from marquee.contexts.ingestion.model.lines import Line
from marquee.contexts.ingestion.model.rows import BadRow, Row, checked, cleaned
from marquee.contexts.ingestion.model.telling import facts

HEADER = ("Title", "Genre", "Director", "Actors", "Year", "Runtime (Minutes)", "Rating", "Votes")
_MILLION = 1_000_000


class ImdbThousand:
    name = "the IMDb-1000 table"
    source = "imdb-1000"
    turn = 0
    adds = False

    def read(self, lines: Iterable[Line]) -> Iterator[Found]:
        for number, columns, fields, problem in read_table(lines):
            if problem:
                yield Found(number, problem=problem)
                continue
            try:
                row = cleaned(checked(_row(columns, fields)))
            except BadRow as error:
                yield Found(number, problem=str(error))
            else:
                yield Found(number, facts(row))


def _row(columns: Columns, fields: Sequence[str]) -> Row:
    columns.fit(fields)
    revenue = columns.number(fields, "Revenue (Millions)")
    title, year = columns.text(fields, "Title"), columns.whole(fields, "Year")
    if title is None:
        raise BadRow("Title: missing")
    return Row(
        title=title,
        year=year,
        genres=_listed(columns.text(fields, "Genre")),
        plot=columns.text(fields, "Description"),
        directors=_listed(columns.text(fields, "Director")),
        cast=_listed(columns.text(fields, "Actors")),
        runtime=columns.whole(fields, "Runtime (Minutes)"),
        rating=columns.number(fields, "Rating"),
        votes=columns.whole(fields, "Votes"),
        revenue=None if revenue is None else round(revenue * _MILLION),
        metascore=columns.whole(fields, "Metascore"),
    )


def _listed(text: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",")) if text else ()
