"""Each kind of table: what its rows come to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contexts.ingestion.makers import BASICS, CREDITS, RATINGS, THOUSAND, TMDB

from marquee.contexts.catalog.contract import CreditFact, ExternalRating, MovieFacts
from marquee.contexts.ingestion.model.dialects.dialect import Found
from marquee.contexts.ingestion.model.lines import lines
from marquee.contexts.ingestion.model.recognising import Unreadable, recognised


def read(body: str | bytes) -> list[Found]:
    raw = body.encode() if isinstance(body, str) else body
    return list(recognised(raw[: 64 * 1024]).read(lines([raw])))


def problem(body: str | bytes) -> tuple[int, str]:
    bad = [(found.number, found.problem) for found in read(body) if found.problem]
    assert len(bad) == 1
    return bad[0]


def facts(body: str) -> MovieFacts:
    (found,) = read(body)
    assert found.facts, found.problem
    return found.facts


def test_a_line_of_our_own_format_becomes_facts() -> None:
    told = facts('{"title": "Tin", "year": 1999, "cast": ["Ann Lee"], "mood": {"dark": true}}\n')
    assert told == MovieFacts(title="Tin", year=1999, cast=(CreditFact("Ann Lee"),))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"title": 5}', "title: a whole number where text belongs"),
        ('{"title": "Tin", "year": "1999"}', "year: text where a whole number belongs"),
        ('{"title": "Tin", "year": 1999.5}', "year: a number where a whole number belongs"),
        ('{"title": "Tin", "rating": NaN}', "rating: NaN is not a number"),
        ('{"title": "Tin", "rating": -Infinity}', "rating: -Infinity is not a number"),
        ('{"title": "Tin", "rating": 1e999}', "rating: number out of range"),
        ('{"title": "Tin", "budget": 1180591620717411303424}',
         "budget: 1180591620717411303424 is out of range"),
        ('{"title": "Tin", "votes": -1}', "votes: -1 is out of range"),
        ('{"title": "Tin", "cast": [3]}', "cast[0]: a whole number where text or object belongs"),
        ('{"title": "Tin", "cast": "Ann"}', "cast: text where a list belongs"),
        ('{"year": 1999}', "title: missing"),
        ('{"title": "Tin"', "not JSON (Input data was truncated)"),
        ("[1]", "not a JSON object"),
        ('{"title": "\\ud800"}', "not JSON (Input data was truncated)"),
        ('{"title": "Tin", "x": ' + "[" * 100_000, "nested too deeply"),
        ('{"title": "' + "x" * 1_100_000 + '"}', "the line is longer than 1,048,576 bytes"),
    ],
)  # fmt: skip
def test_a_bad_line_says_which_field_is_wrong(line: str, reason: str) -> None:
    assert problem('{"title": "Fine"}\n\n' + line + '\n{"title": "Fine"}\n') == (3, reason)


def test_a_line_that_is_not_utf_8_is_a_bad_line() -> None:
    assert problem(b'{"title": "Fine"}\n{"title": "caf\xe9"}\n') == (2, "not UTF-8")


def test_a_row_of_the_thousand_becomes_facts() -> None:
    told = facts(
        THOUSAND + '1,"Tin, the Movie","Action,Sci-Fi","Says ""boo"", twice",Di Rector,'
        '"Ann Lee, Bo Ray, Jr.",2014,121,8.1,757,333.13,\r\n'
    )
    assert told == MovieFacts(
        title="Tin, the Movie",
        year=2014,
        plot='Says "boo", twice',
        genres=("Action", "Science Fiction"),
        cast=(CreditFact("Ann Lee"), CreditFact("Bo Ray Jr.")),
        crew=(CreditFact("Di Rector", "Director", "Directing"),),
        runtime_minutes=121,
        revenue=333_130_000,
        external_ratings=(ExternalRating("IMDb", 8.1, 10, 757),),
    )


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,Tin,Drama,d,D,A,soon,1,1,1,,", "Year: 'soon' is not a whole number"),
        ("1,Tin,Drama,d,D,A,99999,1,1,1,,", "year: 99999 is not a year of movies (1870 to 2100)"),
        ("1,Tin,Drama,d,D,A,2014,nan,1,1,,", "Runtime (Minutes): 'nan' is not a whole number"),
        ("1,Tin,Drama,d,D,A,2014,1,inf,1,,", "Rating: 'inf' is not a number"),
        ("1,Tin,Drama,d,D,A,2014,1,11,1,,", "rating: 11.0 is out of range"),
        ("1,Tin,Drama,d,D,A,2014,1,1,-1,,", "Votes: -1 is below nought"),
        ("1,Tin,Drama,d,D,A,2014,1,1,1,-5,", "Revenue (Millions): -5 is below nought"),
        ("1,Tin,Drama,d,D,A,2014,1,1,1,,101", "metascore: 101 is out of range"),
        ("1,,Drama,d,D,A,2014,1,1,1,,", "Title: missing"),
        ("1,Tin,Drama", "3 columns where the header has 12"),
        ('1,"Tin" x,Drama', "not a row of the table: ',' expected after '\"'"),
    ],
)
def test_a_bad_row_of_the_thousand_says_why(row: str, reason: str) -> None:
    good = "9,Fine,Drama,d,D,A,2014,1,1,1,,\n"
    assert problem(THOUSAND + good + row + "\n" + good) == (3, reason)


TIN = (
    '237,"[{""id"": 28, ""name"": ""Action""}]",http://x,7,"[{""id"": 1, ""name"": ""moon""}]",'
    'fr,Étain,A plot.,1.5,[],"[{""iso_3166_1"": ""FR"", ""name"": ""France""}]",2009-12-10,5000,'
    '162.0,"[{""iso_639_1"": ""en"", ""name"": ""English""}]",Released,A line.,Tin,7.2,118\n'
)


def test_a_row_of_tmdb_becomes_facts() -> None:
    assert facts(TMDB + TIN) == MovieFacts(
        title="Tin",
        year=2009,
        original_title="Étain",
        released_on="2009-12-10",
        runtime_minutes=162,
        genres=("Action",),
        languages=("fr", "en"),
        countries=("France",),
        plot="A plot.",
        tagline="A line.",
        keywords=("moon",),
        revenue=5000,
        tmdb_id=7,
        external_ratings=(ExternalRating("TMDB", 7.2, 10, 118),),
    )


@pytest.mark.parametrize(
    ("was", "now", "reason"),
    [
        ('"[{""id"": 28, ""name"": ""Action""}]"', "nope", "genres: 'nope' is not a list in JSON"),
        (",7,", ",seven,", "id: 'seven' is not a whole number"),
        (",7,", ",0,", "tmdb_id: 0 is out of range"),
        ("2009-12-10", "10.12.2009", "release_date: '10.12.2009' is not a day (YYYY-MM-DD)"),
        ("7.2", "72", "tmdb_rating: 72.0 is out of range"),
        (",Tin,", ",,", "title: missing"),
    ],
)
def test_a_bad_row_of_tmdb_says_why(was: str, now: str, reason: str) -> None:
    assert problem(TMDB + TIN + TIN.replace(was, now)) == (3, reason)


def test_the_credits_of_tmdb_bring_cast_and_crew_in_order() -> None:
    told = facts(
        CREDITS + '7,Tin,"[{""name"": ""Bo Ray"", ""order"": 1, ""character"": ""Cat"", ""id"": 2},'
        '{""name"": ""Ann Lee"", ""order"": 0, ""character"": """", ""id"": 1}]",'
        '"[{""name"": ""Di Rector"", ""job"": ""Director"", ""department"": ""Directing"", ""id"": 3}]"\n'
    )
    assert told == MovieFacts(
        title="Tin",
        tmdb_id=7,
        cast=(CreditFact("Ann Lee", tmdb_id=1), CreditFact("Bo Ray", character="Cat", tmdb_id=2)),
        crew=(CreditFact("Di Rector", "Director", "Directing", tmdb_id=3),),
    )


def test_imdb_rows_are_taken_by_the_letter() -> None:
    told = facts(BASICS + 'tt0000001\tmovie\t"Tin"\tÉtain\t0\t1999\t\\N\t90\tDrama,Sci-Fi\n')
    assert told == MovieFacts(
        title='"Tin"',
        year=1999,
        original_title="Étain",
        runtime_minutes=90,
        genres=("Drama", "Science Fiction"),
        imdb_id="tt0000001",
    )
    told = facts(BASICS + "tt0000001\tshort\tTin\tTin\t0\t\\N\t\\N\t\\N\t\\N\n")
    assert told == MovieFacts(title="Tin", imdb_id="tt0000001")


def test_imdb_rows_of_other_kinds_and_for_adults_are_left_out() -> None:
    row = "tt0000001\t{}\tTin\tTin\t{}\t1999\t\\N\t\\N\t\\N\n"
    kinds = ["movie", "tvMovie", "short", "video", "tvEpisode", "tvSeries", "videoGame"]
    found = read(BASICS + "".join(row.format(kind, 0) for kind in kinds) + row.format("movie", 1))
    assert [one.left_out for one in found] == [
        "",
        "",
        "",
        "",
        "of the kind tvEpisode",
        "of the kind tvSeries",
        "of the kind videoGame",
        "marked as for adults only",
    ]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("tt1\tmovie\tTin\tTin\t0\t1999\t\\N\t1\t\\N", "tconst: 'tt1' is not an IMDb id (tt and digits)"),
        ("tt0000001\tmovie\tTin\tTin\t2014\t1999\t\\N\t1\t\\N", "isAdult: '2014' is neither 0 nor 1"),
        ("tt0000001\tmovie\tTin\tTin\t0\t99\t\\N\t1\t\\N", "startYear: 99 is not a year of movies (1870 to 2100)"),
        ("tt0000001\tmovie\tTin\tTin\t0\t1999\t\\N\tDrama\t\\N", "runtimeMinutes: 'Drama' is not a whole number"),
        ("tt0000001\tmovie\t\\N\tTin\t0\t1999\t\\N\t1\t\\N", "primaryTitle: missing"),
        ("tt0000001\tmovie\tTin", "3 columns where the header has 9"),
        ("tt0000001\tThe, Movie\tTin\tTin\t0\t1999\t\\N\t1\t\\N", "titleType: 'The, Movie' is no kind of title"),
    ],
)  # fmt: skip
def test_a_bad_row_of_imdb_says_why(row: str, reason: str) -> None:
    good = "tt0000002\tmovie\tFine\tFine\t0\t1999\t\\N\t1\t\\N\n"
    assert problem(BASICS + good + row + "\n" + good) == (3, reason)


def test_imdb_ratings_speak_of_a_movie_by_its_id_alone() -> None:
    assert facts(RATINGS + "tt0000001\t5.6\t1660\n") == MovieFacts(
        title="", imdb_id="tt0000001", external_ratings=(ExternalRating("IMDb", 5.6, 10, 1660),)
    )
    assert problem(RATINGS + "tt0000001\t56\t1660\n") == (2, "averageRating: 56 is out of range")
    assert problem(RATINGS + "tt0000001\tNaN\t1\n") == (2, "averageRating: 'NaN' is not a number")
    assert problem(RATINGS + "x\t5.6\t1\n") == (2, "tconst: 'x' is not an IMDb id (tt and digits)")


@pytest.mark.parametrize(
    ("head", "what"),
    [
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b"PK\x03\x04...", "a zip archive; unpack it first"),
        (b"%PDF-1.7", "a PDF"),
        (b"\xff\xfe{\x00", "UTF-16 text; save it as UTF-8"),
        (b"\x7fELF\x00\x01", "not text"),
        (b"[{}]", "a JSON list; put each object on a line of its own"),
        (b"nconst\tprimaryName\tbirthYear\n", "one of IMDb's tables, but not one that is read."),
        (b"userId,movieId,rating\n", "not a kind of file that is known."),
        (b'"unclosed\n', "not a kind of file that is known."),
    ],
)
def test_what_cannot_be_read_is_named(head: bytes, what: str) -> None:
    with pytest.raises(Unreadable) as unreadable:
        recognised(head)
    assert str(unreadable.value).startswith(what)


HEADERS = st.sampled_from(
    [header.encode() for header in (THOUSAND, BASICS, RATINGS, TMDB, CREDITS, '{"title": "Tin"}\n')]
)


@given(HEADERS, st.binary(max_size=300) | st.text('\t,"\\N[]{}0\n', max_size=300).map(str.encode))
def test_no_bytes_whatever_stop_an_import(header: bytes, rest: bytes) -> None:
    for found in recognised(header + rest).read(lines([header + rest])):
        assert bool(found.facts) + bool(found.problem) + bool(found.left_out) == 1


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=6,
)
FIELDS = st.sampled_from(["title", "year", "cast", "genres", "rating", "budget", "imdb_id", "x"])


@given(st.dictionaries(FIELDS, JSON))
def test_no_json_object_whatever_stops_an_import(value: dict[str, object]) -> None:
    import json

    (found,) = read(json.dumps({"title": "Tin"} | value))
    assert bool(found.facts) != bool(found.problem)
