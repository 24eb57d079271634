"""Who took part, once fragments of sentences and brackets are taken out of a list of names."""

import re
from collections.abc import Sequence

from marquee.contexts.ingestion.model.text import fold, listed, plain, remembering

LONGEST = 100
_NOT_NAMES = listed(
    """
    a actor actress agent an and animals as book by cartoon case cast director dir director's
    documentary et featuring ft himself herself kids n/a narrated narrator nominee none novel
    of or others producer screenplay screenwriter screenwriters starring story survivors
    television the themselves uncredited unknown various voice voices with writer writers
    written produced best holocaust skateboarding linux gnu motogp apartheid chicago
    """
)
_SUBJECTS = frozenset(
    fold(subject)
    for subject in listed(
        """
        Academy Award for Best Actor; Academy Award for Best Actress; Best Actor; Best Actress;
        Academy Award for Best Supporting Actor; Academy Award for Best Supporting Actress;
        Best Supporting Actor; Best Supporting Actress; Big Brothers Big Sisters of America;
        1972 Summer Olympics; Hip hop music; Hormel Foods; Operation Babylift; Scottsboro Boys;
        Scripps National Spelling Bee; South Africa; South Africa under apartheid; Race identity;
        The Trans Continental Pop Festival; Truth and Reconciliation Commission; Various Artists;
        Britain's Got Talent; Pete Smith Specialty; Columbine High School massacre
        """,
        ";",
    )
)
_RENAMED = {
    "Ellen Page": "Elliot Page",
    "Larry Wachowski": "Lana Wachowski",
    "Andy Wachowski": "Lilly Wachowski",
    "Bruce Jenner": "Caitlyn Jenner",
}
_PARTICLES = listed(
    """
    al and ap bin da das de del della den der des di do dos du e el ibn la las le los of och san st
    ten ter the til tè und van ver vom von vd y zu zum zur à þór 't da' de' di'
    """
)
_ROLE_NOTE = re.compile(r"\s*\((?P<note>[^()]*)\)$")
_BEHIND_CAMERA = re.compile(
    r"screen|writ|story|teleplay|novel|book|script|play|produc|music", re.IGNORECASE
)
_NICKNAME = re.compile(r"(?<=\S )(?:'([^']+)'|\(([^()]+)\))(?= \S)")
_INITIALS = re.compile(r"\b([A-Z])\. (?=[A-Z]\.)")
_GLUED_INITIAL = re.compile(r"\b([A-Z]\.)(?=[A-Z][a-z]{2})")
_JUNIOR = re.compile(r",? +(Jr|Sr)\b\.?(?=$| )")
_LEAD = re.compile(
    r"^(?:and|with|featuring|narrated by|voices? of|(?:archive )?footage of|interviews with"
    r"|the (?:life|career|history) of|dir\.?:|cast:)\s+(?=\S)",
    re.IGNORECASE,
)
_LEFT = " .,;:*·•/\\|-\u2013\u2014_=+~>#()[]{}?!"
_RIGHT = " ,;:*·•/\\|-\u2013\u2014_=+~<#([{"
_END_DOT = re.compile(r"(?:^|[ .])(?:Jr|Sr|St|Esq|\w{1,2})\.$")
_TWO_PEOPLE = re.compile(r"^(?P<one>[^&]+?) (?:and|&) (?P<two>[^&]+)$")
_TAIL_WORDS = listed("of on in by with between within at the for and or from to as is")
_AWKWARD = re.compile(r"[^A-Za-z.\- ]|^[^A-Z]|[^a-z]$|\.|[a-z] [a-z]| and | Jr")
_LETTER = re.compile(r"[^\W\d_]")
_MIDDLE_LOWER = 3


def clean_people(names: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The people of a list of names, each once, in order; and those the list calls directors."""
    entries = [_entry(raw) for raw in names]
    if not any([mark for mark, _ in entries]):  # noqa: C419 - a list is quicker, and this is asked of every row
        return _each_once([name for _, found in entries for name in found]), ()
    cast: list[str] = []
    directors: list[str] = []
    asked = ""
    for mark, found in entries:
        if mark == "director":
            directors += found
        elif mark:
            asked = _heed(mark, cast, directors)
            continue
        elif not asked:
            cast += found
        elif asked == "director":
            directors += found
        asked = ""
    return _each_once(cast), _each_once(directors)


@remembering
def _entry(raw: str) -> tuple[str, tuple[str, ...]]:
    """What an entry says of its neighbours, or whom it names."""
    text = plain(raw)
    if mark := _mark(text):
        return mark, ()
    return "director" if text.casefold().startswith("dir.: ") else "", clean_name(raw)


def _mark(text: str) -> str:
    """What an entry that is no name says of its neighbours; empty for a name."""
    bare = text.casefold().strip("().: ")
    if bare in {"sr", "jr"}:
        return bare
    if bare in {"dir", "director"}:
        return "director before" if text.startswith("(") else "director after"
    if text.startswith("(") and bare in {"novel", "book", "story"}:
        return "writer before"
    return "skip after" if bare in {"music by", "musical score by"} else ""


def _heed(mark: str, cast: list[str], directors: list[str]) -> str:
    """Do what `mark` says to the names before it; what it says of the next one is returned."""
    if mark in {"sr", "jr"} and cast and not cast[-1].endswith(("Sr.", "Jr.")):
        cast[-1] = f"{cast[-1]} {mark.title()}."
    elif mark == "director before" and cast:
        directors.append(cast.pop())
    elif mark == "writer before" and cast:
        cast.pop()
    return {"director after": "director", "skip after": "skip"}.get(mark, "")


def _each_once(names: Sequence[str]) -> tuple[str, ...]:
    """They seldom repeat, which is seen at once."""
    folded = [fold(name) for name in names]
    if len(set(folded)) == len(folded):
        return tuple(names)
    first: dict[str, str] = {}
    for key, name in zip(folded, names, strict=True):
        first.setdefault(key, name)
    return tuple(first.values())


def clean_name(raw: str) -> tuple[str, ...]:
    """None, one or several people out of one entry of a list."""
    if len(raw) > LONGEST * 4:
        return ()
    if not _AWKWARD.search(raw) and " " in raw and raw == raw.strip() and "  " not in raw:
        renamed = _RENAMED.get(raw, raw)
        return (renamed,) if len(raw) <= LONGEST and _is_name(renamed) else ()
    done: list[str] = []
    open_ends = [raw]
    while open_ends:
        name = _settled(open_ends.pop(0))
        parts = _parted(name)
        if len(parts) > 1:
            open_ends[:0] = parts
        elif name and _is_name(name):
            done.append(name)
    return tuple(done)


def _settled(name: str) -> str:
    for _ in range(len(name) + 2):
        after = _once(name)
        if after == name:
            break
        name = after
    return _RENAMED.get(name, name)


def _once(name: str) -> str:
    name = plain(name)
    if note := _ROLE_NOTE.search(name):
        if _BEHIND_CAMERA.search(note["note"]):
            return ""
        name = name[: note.start()]
    name = _LEAD.sub("", name)
    name = _NICKNAME.sub(lambda found: f'"{found[1] or found[2]}"', name)
    name = _JUNIOR.sub(r" \1.", name)
    name = _GLUED_INITIAL.sub(r"\1 ", _INITIALS.sub(r"\1.", name))
    name = name.lstrip(_LEFT)
    if ")" in name and "(" not in name:
        return "" if _BEHIND_CAMERA.search(name) else name.replace(")", " ")
    name = name.rstrip(_RIGHT)
    for quote in ("'", '"'):
        if name.count(quote) == 1 and (name.endswith(quote) or name.startswith(quote)):
            name = name.replace(quote, "")
    if name.endswith(".") and not _END_DOT.search(name):
        name = name.rstrip(".")
    return name


def _parted(name: str) -> list[str]:
    """`Cole and Dylan Sprouse` are two people; `Abbott and Costello` are an act."""
    if ", " in name:
        parts = name.split(", ")
        if all(" " in part for part in parts):
            return parts
    found = _TWO_PEOPLE.match(name)
    if not found or fold(name) in _SUBJECTS:
        return [name]
    one, two = found["one"].split(), found["two"].split()
    capitals = all(word[:1].isupper() for word in [*one, *two])
    if not capitals or two[0] in {"The", "His", "Her"} or len(two) not in {2, 3}:
        return [name]
    if len(one) == 1:
        return [f"{one[0]} {two[-1]}", " ".join(two)]
    return [" ".join(one), " ".join(two)] if len(one) in {2, 3} and one[0] != "The" else [name]


def _is_name(name: str) -> bool:
    if not name or len(name) > LONGEST or not _LETTER.search(name):
        return False
    if name.isascii() and len(name) == 1:
        return False
    folded = name.casefold().strip(".:")
    if folded in _NOT_NAMES or fold(name) in _SUBJECTS or "nominee" in folded:
        return False
    parts = name.split()
    plain_words = [word for word in parts if word.islower() and word not in _PARTICLES]
    if (
        parts[-1] in _TAIL_WORDS
        or parts[0] in {"his", "her", "their"}
        or len(plain_words) >= _MIDDLE_LOWER
    ):
        return False
    if parts[-1] in plain_words and len(parts) > 1:
        return False
    return not (name.islower() and name.isascii() and "." not in name)
