"""A clean row told to the catalog."""

from marquee.contexts.catalog.contract import CreditFact, ExternalRating, MovieFacts
from marquee.contexts.ingestion.model.rows import Part, Row
from marquee.contexts.ingestion.model.text import remembering

_OUT_OF_TEN = 10.0
_OUT_OF_HUNDRED = 100.0


def facts(row: Row) -> MovieFacts:
    """What `row`, which is clean, says of its movie."""
    return MovieFacts(
        title=row.title,
        year=row.year,
        original_title=row.original_title,
        alternative_titles=row.alternative_titles,
        released_on=row.release_date,
        runtime_minutes=row.runtime,
        genres=row.genres,
        languages=row.languages,
        countries=row.countries,
        certificate=row.certificate,
        plot=row.plot,
        tagline=row.tagline,
        keywords=row.keywords,
        awards=row.awards,
        budget=row.budget,
        revenue=row.revenue,
        cast=tuple([_credit(entry, "Actor", "Acting") for entry in row.cast]),
        crew=_crew(row) if row.directors or row.crew else (),
        imdb_id=row.imdb_id,
        tmdb_id=row.tmdb_id,
        external_ratings=_ratings(row),
        poster_url=row.poster_url,
    )


def _credit(entry: str | Part, job: str, department: str) -> CreditFact:
    if isinstance(entry, str):
        return _named(entry, job, department)
    return CreditFact(
        entry.name,
        entry.job or job,
        entry.department or department,
        entry.character,
        entry.imdb_id,
        entry.tmdb_id,
    )


@remembering
def _named(name: str, job: str, department: str) -> CreditFact:
    """The same people do the same work in many movies."""
    return CreditFact(name, job, department)


def _crew(row: Row) -> tuple[CreditFact, ...]:
    directors = [_credit(entry, "Director", "Directing") for entry in row.directors]
    return (*directors, *(_credit(entry, "Crew", "Crew") for entry in row.crew))


def _ratings(row: Row) -> tuple[ExternalRating, ...]:
    found = []
    if row.rating is not None:
        found.append(ExternalRating("IMDb", row.rating, _OUT_OF_TEN, row.votes, row.rating_as_of))
    if row.tmdb_rating is not None:
        found.append(ExternalRating("TMDB", row.tmdb_rating, _OUT_OF_TEN, row.tmdb_votes))
    if row.metascore is not None:
        found.append(
            ExternalRating(
                "Metacritic", float(row.metascore), _OUT_OF_HUNDRED, None, row.rating_as_of
            )
        )
    return tuple(found)
