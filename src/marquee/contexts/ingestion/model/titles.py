"""What a movie is called, once articles, notes and marks are where they belong."""

import re

from marquee.contexts.ingestion.model.text import plain, remembering, words

LONGEST = 400
"""Characters of the longest title that is read."""

# Only articles that cannot be the last word of a title: German "Die" and English "I" can.
_ARTICLE_LAST = re.compile(
    r"^(?P<rest>.+?)\s*,\s+(?P<article>The|An?|Les?|La|Der|Das|Il|El|Los|Un|Une|L')"
    r"(?P<more>\s*(?::|\().*)?$"
)
_GERMAN_LAST = re.compile(r"^(?P<rest>[^,]+), (?P<article>Die)(?P<more>)$")
_FILM_NOTE = re.compile(
    r"\s+\((?:\d{4}\s+)?(?:[A-Z][\w.]*\s+)?"
    r"(?:film|movie|serial|TV film|TV movie|TV special|short|short film)\)$"
)
_RELEASE_NOTE = re.compile(
    r"\s+\([^()]*\b(?:release|re-release|rerelease|director's cut)\)$", re.IGNORECASE
)
_NUMERAL_NOTE = re.compile(r"\s+\((?:I|II|III|IV|V|VI|VII|VIII|IX|X)\)$")
_YEAR_NOTE = re.compile(r"\s+\((\d{4})\)$")
_OTHER_NAME = re.compile(r"\s+(?:\((?:in the )?(?:UK|US|USA) as ([^()]+)\)|aka (.+))$")
_DASH_IN_WORD = re.compile(r"(?<=\w)[\u2010-\u2014](?=[a-z])(?<=[a-z\d]\W)", re.IGNORECASE)
_EDGES = " \t,;|"
_MAY_NEED_WORK = re.compile(r"\)$|,|[\u2010-\u2014;|]|\baka\b")
_RE_ISSUE = re.compile(r"\bre-?released?\b|: special edition$", re.IGNORECASE)
_EDITION = re.compile(r": special edition$", re.IGNORECASE)
_WORKING = re.compile(r"^untitled .+ (?:film|sequel|prequel|project|movie)$", re.IGNORECASE)
_IN_DEPTH = re.compile(r"\s+(?:in )?[34]-?D$", re.IGNORECASE)
ARTICLES = {"the", "a", "an"}


def clean_title(text: str, year: int | None = None) -> tuple[str, tuple[str, ...]]:
    """The title, and other names it carried in brackets. Clean titles come back as they are."""
    title = plain(text)
    if not _MAY_NEED_WORK.search(title):
        return title, ()
    return _worked(title, year)


@remembering
def _worked(title: str, year: int | None) -> tuple[str, tuple[str, ...]]:
    others: list[str] = []
    while True:
        before = title
        title = plain(_DASH_IN_WORD.sub("-", title).strip(_EDGES)) or before
        for note in (_FILM_NOTE, _RELEASE_NOTE, _NUMERAL_NOTE):
            title = note.sub("", title)
        if (note_year := _YEAR_NOTE.search(title)) and int(note_year[1]) == year:
            title = title[: note_year.start()]
        if other := _OTHER_NAME.search(title):
            title = title[: other.start()]
            others.append(clean_title(other[1] or other[2], year)[0])
        title = _article_first(title)
        if title == before or not title:
            break
    title = title or before
    return title, tuple(dict.fromkeys(other for other in others if other and other != title))


def _article_first(title: str) -> str:
    """`Goonies, The` -> `The Goonies`; `Article 47, L'` -> `L'Article 47`."""
    found = _ARTICLE_LAST.match(title)
    if not found:
        return title
    article = found["article"]
    gap = "" if article.endswith("'") else " "
    return f"{article}{gap}{found['rest']}{found['more'] or ''}"


def german_article_first(title: str) -> str:
    """`Mörder sind unter uns, Die`: only for a movie known to be German."""
    found = _GERMAN_LAST.match(title)
    return f"Die {found['rest']}" if found else title


def is_reissue(title: str) -> bool:
    """Says of itself that it is a showing of an older movie."""
    return bool(_RE_ISSUE.search(title))


def is_working_title(title: str) -> bool:
    return bool(_WORKING.match(title))


def without_edition(title: str) -> str:
    """`Titanic 3D` -> `Titanic`."""
    while True:
        bare = _EDITION.sub("", _IN_DEPTH.sub("", _RELEASE_NOTE.sub("", title)))
        if bare == title:
            return title
        title = bare


def title_key(title: str) -> str:
    """Equal for titles that differ in articles, accents, spaces and punctuation alone."""
    return spaced_key(title).replace(" ", "") or title


def spaced_key(title: str) -> str:
    """The same, but words apart differ from words in one: `Old Boy` from `Oldboy`."""
    found = words(title)
    if len(found) > 1 and found[0] in ARTICLES:
        found = found[1:]
    if len(found) > 1 and found[-1] in ARTICLES:
        found = found[:-1]
    return " ".join(found)
