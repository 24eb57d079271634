"""What clients send: bodies and queries, bounded."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

from marquee.contexts.catalog.model import bounds
from marquee.kit.paging import LIMIT, MOST

Id = Annotated[str, Meta(min_length=1, max_length=64)]
Title = Annotated[str, Meta(min_length=1, max_length=bounds.TITLE)]
Line = Annotated[str, Meta(max_length=bounds.TITLE)]
Prose = Annotated[str, Meta(max_length=bounds.PROSE)]
Url = Annotated[str, Meta(max_length=bounds.URL)]
Year = Annotated[int, Meta(ge=bounds.FIRST_YEAR, le=bounds.LAST_YEAR)]
Minutes = Annotated[int, Meta(ge=1, le=bounds.LONGEST)]
Money = Annotated[int, Meta(ge=1, le=bounds.MOST_MONEY)]
Lines = Annotated[tuple[Line, ...], Meta(max_length=bounds.LISTS["keywords"][0])]
Name = Annotated[str, Meta(min_length=1, max_length=bounds.NAME)]
Limit = Annotated[int, Meta(ge=1, le=MOST)]
Cursor = Annotated[str, Meta(max_length=4000)]
Word = Annotated[str, Meta(max_length=200)]
Words = Annotated[tuple[Word, ...], Meta(max_length=20)]
TmdbId = Annotated[int, Meta(ge=1, le=bounds.MOST_TMDB)]

MovieSort = Literal[
    "popularity",
    "-popularity",
    "rating",
    "-rating",
    "reviews",
    "-reviews",
    "year",
    "-year",
    "title",
    "-title",
]


class IdsBody(Struct, forbid_unknown_fields=True, kw_only=True):
    imdb: Annotated[str, Meta(max_length=12)] | None = None
    tmdb: TmdbId | None = None


class CastBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """Somebody by `person_id`, or by `name`, who is then found or made."""

    person_id: Id | None = None
    name: Name | None = None
    character: Annotated[str, Meta(max_length=bounds.NAME)] | None = None


class CrewBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """As in the cast; directors are those whose `job` is `Director`."""

    person_id: Id | None = None
    name: Name | None = None
    job: Annotated[str, Meta(min_length=1, max_length=50)]
    department: Annotated[str, Meta(min_length=1, max_length=50)] = "Crew"


class CarrierBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """A platform; `url` leads to the movie there. `name` is passed over."""

    id: Id
    url: Url | None = None
    name: str | None = None


Cast = Annotated[tuple[CastBody, ...], Meta(max_length=bounds.MOST_CREDITS)]
Crew = Annotated[tuple[CrewBody, ...], Meta(max_length=bounds.MOST_CREDITS)]
Carriers = Annotated[tuple[CarrierBody | Id, ...], Meta(max_length=100)]


class RatingBody(Struct, forbid_unknown_fields=True, kw_only=True):
    """Somebody else's figure, such as IMDb's: `value` of `out_of` from `votes`, seen `as_of`."""

    source: Annotated[str, Meta(min_length=1, max_length=100)]
    value: float
    out_of: float
    votes: int | None = None
    as_of: Annotated[str, Meta(max_length=40)] | None = None


Ratings = Annotated[tuple[RatingBody, ...], Meta(max_length=20)]


class MoviePatch(Struct, forbid_unknown_fields=True, kw_only=True):
    """What is left out stays; null takes a value away. What is said here no import changes."""

    title: Title | UnsetType = UNSET
    original_title: Line | UnsetType | None = UNSET
    alternative_titles: Lines | UnsetType = UNSET
    year: Year | UnsetType | None = UNSET
    released_on: Annotated[str, Meta(max_length=10)] | UnsetType | None = UNSET
    runtime_minutes: Minutes | UnsetType | None = UNSET
    genres: Lines | UnsetType = UNSET
    languages: Lines | UnsetType = UNSET
    countries: Lines | UnsetType = UNSET
    certificate: Line | UnsetType | None = UNSET
    plot: Prose | UnsetType | None = UNSET
    tagline: Line | UnsetType | None = UNSET
    keywords: Lines | UnsetType = UNSET
    awards: Prose | UnsetType | None = UNSET
    budget: Money | UnsetType | None = UNSET
    revenue: Money | UnsetType | None = UNSET
    cast: Cast | UnsetType = UNSET
    crew: Crew | UnsetType = UNSET
    platforms: Carriers | UnsetType = UNSET
    ids: IdsBody | UnsetType = UNSET
    external_ratings: Ratings | UnsetType = UNSET
    poster_url: Url | UnsetType | None = UNSET


class NewMovie(MoviePatch, forbid_unknown_fields=True, kw_only=True):
    """Only the title is needed; sources fill later what is left out."""

    title: Title


class PersonPatch(Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name | UnsetType = UNSET
    ids: IdsBody | UnsetType = UNSET


class NewPerson(Struct, forbid_unknown_fields=True, kw_only=True):
    name: Name
    ids: IdsBody | None = None


class PlatformPatch(Struct, forbid_unknown_fields=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1, max_length=100)] | UnsetType = UNSET
    about: Annotated[str, Meta(max_length=1000)] | UnsetType | None = UNSET
    url: Url | UnsetType | None = UNSET


class NewPlatform(Struct, forbid_unknown_fields=True, kw_only=True):
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    about: Annotated[str, Meta(max_length=1000)] | None = None
    url: Url | None = None


class CarryBody(Struct, forbid_unknown_fields=True, kw_only=True):
    url: Url | None = None


class MoviesQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """`genre=a&genre=b` requires both, `genre=a,b` either; the same for platform and language."""

    genre: Words = ()
    platform: Words = ()
    language: Words = ()
    person: Words = ()
    decade: Words = ()
    year: Year | None = None
    year_from: Year | None = None
    year_to: Year | None = None
    runtime_min: Minutes | None = None
    runtime_max: Minutes | None = None
    rating_min: Annotated[float, Meta(ge=0, le=10)] | None = None
    facets: Annotated[str, Meta(max_length=100)] | None = None
    sort: MovieSort = "-popularity"
    cursor: Cursor | None = None
    limit: Limit = LIMIT


class Every(Struct, forbid_unknown_fields=True, kw_only=True):
    """Of a list so short that all of it fits into one page."""

    cursor: Cursor | None = None
    limit: Limit = MOST


class PeopleQuery(Struct, forbid_unknown_fields=True, kw_only=True):
    """`q` are the first letters of any part of a name."""

    q: Annotated[str, Meta(max_length=100)] = ""
    sort: Literal["popularity", "-popularity", "name", "-name"] = "-popularity"
    cursor: Cursor | None = None
    limit: Limit = LIMIT


class LegacyMovies(Struct, forbid_unknown_fields=True, kw_only=True):
    page: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    search: Annotated[str, Meta(max_length=200)] = ""
    ordering: Literal[
        "", "title", "-title", "releaseDate", "-releaseDate", "voteAverage", "-voteAverage"
    ] = ""


class LegacyGenres(Struct, forbid_unknown_fields=True, kw_only=True):
    page: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    search: Annotated[str, Meta(max_length=200)] = ""
    ordering: Literal["", "name", "-name", "count", "-count"] = ""


class LegacyPeople(Struct, forbid_unknown_fields=True, kw_only=True):
    page: Annotated[int, Meta(ge=1, le=1_000_000)] = 1
    search: Annotated[str, Meta(max_length=200)] = ""
    ordering: Literal["", "name", "-name", "popularity", "-popularity"] = ""
