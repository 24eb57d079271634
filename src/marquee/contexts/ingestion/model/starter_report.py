"""The account of how the starter catalog was made, as a page of the docs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from marquee.contexts.ingestion.model.rows import Row
from marquee.contexts.ingestion.model.tidying import Tidied, filled_fields

EXAMPLES = 10
_ALL = 60
_LONGEST = 60
_FIELDS = {
    "title": (
        "Titles",
        (
            "Markup, entities, references and notes go (`[1]`, `(film)`, a release); a name in "
            "brackets becomes an alternative title; “Goonies, The” becomes “The Goonies”; quotes and "
            "dashes inside words are plain."
        ),
    ),
    "original_title": ("Original titles", "The same; dropped where equal to the title."),
    "alternative_titles": ("Alternative titles", "Names that were inside titles."),
    "genres": (
        "Genres",
        (
            "One name each. “Foreign” and “Live Action” are no genres; “Erotic” is left out: it was "
            "guessed from the word “adult”. So was “War” from “warm” and “Edward”, and “Silent” "
            "long after silent films."
        ),
    ),
    "cast": (
        "Cast",
        (
            "Fragments of sentences (“and”, “voices of”, “the life of”), brackets, awards, notes, "
            "writers and subjects of documentaries go; “Jr.” joins the name before it; two people "
            "written as one become two; initials, nicknames and “Jr.” are written one way; nobody is "
            "listed twice."
        ),
    ),
    "directors": ("Directors", "The same; a director listed among the cast as such moves here."),
    "languages": (
        "Languages",
        "ISO 639 codes for names; “None” goes; the original language comes first.",
    ),
    "original_language": ("Original language", "TMDB's own codes become ISO codes; `xx` is none."),
    "countries": (
        "Countries",
        (
            "One name each; what is no country goes. Countries that were (West Germany, the Soviet "
            "Union, Serbia and Montenegro) stay."
        ),
    ),
    "keywords": (
        "Keywords",
        (
            "What is unfit for a screen in the living room goes, by a list of words and beginnings of "
            "words; spaces and case are evened out. Examples are not given."
        ),
    ),
    "budget": ("Budgets", "Below 1,000 dollars, above 450 million, or in another currency: gone."),
    "revenue": ("Revenues", "Below 1,000 dollars (millions, or a slip): gone."),
    "runtime": ("Running times", "Nought, or over a day: gone."),
    "release_date": ("Release dates", "More than two years from the movie's year: gone."),
    "certificate": ("Certificates", "One spelling."),
}


@dataclass(frozen=True)
class StarterReport:
    """How many rows came and stayed, and the page that tells it all."""

    raw: int
    movies: int
    people: int
    twins: int
    left_out: int
    size: int
    markdown: str


def reported(made: Tidied, size: int) -> StarterReport:
    people = len(_people(made.rows))
    return StarterReport(
        raw=made.raw,
        movies=len(made.rows),
        people=people,
        twins=len(made.twins),
        left_out=len(made.left_out),
        size=size,
        markdown="\n".join(_page(made, size)) + "\n",
    )


def _people(rows: Iterable[Row]) -> set[str]:
    return {str(entry) for row in rows for entry in (*row.cast, *row.directors)}


def _page(made: Tidied, size: int) -> Iterable[str]:
    yield from _beginning(made, size)
    for field, (heading, rule) in _FIELDS.items():
        if made.changes.rows[field]:
            yield from _field(made, field, heading, rule)
    yield from _twins(made)
    yield from _endings(made)


def _beginning(made: Tidied, size: int) -> Iterable[str]:
    before, after = (
        made.filled_before,
        Counter(field for row in made.rows for field in filled_fields(row)),
    )
    yield from (
        "# The starter catalog",
        "",
        (
            "A new Marquee opens with this catalog. It is made by `marquee starter build RAW --out FILE "
            "--report FILE`, which wrote this page too: the same table gives the same bytes. What is done "
            "to a single row is done to every row that is imported later; twins of other years and "
            "other spellings of names are looked for only here, where all rows are seen together."
        ),
        "",
        "## Sources",
        "",
        (
            "Facts only (no prose, no images), merged from four public tables: on Kaggle “IMDB data "
            "2006-2016” (PromptCloud), “IMDB 5000” and “TMDB 5000”; and the Wikipedia movie table of "
            "P. Rust, under the MIT license. IMDb ratings, votes and Metascores are of January 2017."
        ),
        "",
        "## Before and after",
        "",
        "| | raw | starter |",
        "|---|--:|--:|",
        f"| movies | {made.raw:,} | {len(made.rows):,} |",
        f"| different names of people | {made.names_before:,} | {len(_people(made.rows)):,} |",
    )
    for field in sorted(before | after, key=lambda name: -after[name]):
        yield f"| with {field.replace('_', ' ')} | {before[field]:,} | {after[field]:,} |"
    yield from (f"| bytes, packed | | {size:,} |", "")


def _field(made: Tidied, field: str, heading: str, rule: str) -> Iterable[str]:
    values = made.changes.values[field]
    yield from (f"## {heading}", "", rule, "")
    yield f"{made.changes.rows[field]:,} movies, {sum(values.values()):,} values."
    yield ""
    if field in {"keywords", "alternative_titles"}:
        return
    yield from ("| was | is | times |", "|---|---|--:|")
    most = _ALL if field == "title" else EXAMPLES
    for (was, now), times in _telling(values, most):
        yield f"| {_cell(was)} | {_cell(now)} | {times:,} |"
    yield ""


def _telling(values: Counter[tuple[str, str]], most: int) -> list[tuple[tuple[str, str], int]]:
    """The commonest changes; those that only came or went after those that became another."""
    ranked = sorted(values.items(), key=lambda item: (-item[1], item[0]))
    became = [item for item in ranked if item[0][0] and item[0][1]]
    gone = [item for item in ranked if item[0][0] and not item[0][1]]
    return [*became[:most], *gone[:most]]


def _cell(text: str) -> str:
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return short.replace("|", "\\|").replace("<", "&lt;").replace("[", "\\[") or "—"


def _twins(made: Tidied) -> Iterable[str]:
    yield from (
        "## Twins",
        "",
        (
            "Rows that tell of one movie become one, with the ids of both. Movies whose ids differ, "
            "remakes, and films of one name and other people stay apart. The other name is kept as an "
            "alternative title where it is more than another spelling."
        ),
        "",
    )
    for rule, count in Counter(twin.rule for twin in made.twins).most_common():
        yield f"- {rule}: {count}"
    yield from ("", "| kept | merged into it | year | rule |", "|---|---|--:|---|")
    for twin in made.twins:
        yield f"| {_cell(twin.kept)} | {_cell(twin.merged)} | {twin.year} | {twin.rule} |"
    yield ""


def _endings(made: Tidied) -> Iterable[str]:
    yield from ("## Left out", "")
    yield from (f"- {_cell(title)}: {why}" for title, why in made.left_out)
    yield from (
        "",
        "## One spelling for one name",
        "",
        f"{len(made.respelled):,} rarer spellings gave way to the commonest; all of them:",
        "",
        ", ".join(f"{was} → {now}" for was, now in made.respelled) + ".",
    )
