"""Names people are known by: which are allowed, and which would be mistaken for each other."""

import json
import unicodedata
from functools import cache
from importlib.resources import files

from marquee.contexts.accounts.model.text import UNSEEN
from marquee.kit.errors import Invalid

FIELD = "username"
FEWEST, MOST = 2, 32
PUNCTUATION = "_.-"
ADDRESSES = (
    "about account accounts api app assets auth docs graphql help here login logout me metrics "
    "movies new null none people register reviews schema search sessions settings signin signup "
    "static undefined users www"
)
"""They would read as addresses of this site, or as nobody."""
OFFICES = (
    "abuse admin administrator all anonymous bot contact deleted editor everybody everyone guest "
    "hostmaster marquee mod moderator moderators nobody noreply official operator owner postmaster "
    "root security staff superuser support sysadmin system team webmaster"
)
"""They would pretend to speak for the site; its admins do."""
STROKES = str.maketrans("i10", "llo")
"""What "ALICE", "AL1CE" and "ALlCE" share when each is written in the other case."""
TOGETHER = (
    frozenset({"LATIN", "CJK", "HIRAGANA", "KATAKANA"}),
    frozenset({"LATIN", "CJK", "HANGUL"}),
    frozenset({"LATIN", "CJK", "BOPOMOFO"}),
)
"""Scripts that one name may mix, as Unicode's "highly restrictive" profile has it."""


def checked_username(name: str, *, for_admin: bool = False) -> str:
    """The name, unchanged; Invalid when it is not one. Only admins may be called after offices."""
    if not FEWEST <= len(name) <= MOST:
        raise Invalid(f"A username has {FEWEST} to {MOST} characters.", field=FIELD)
    if unicodedata.normalize("NFKC", name) != name:
        raise Invalid("Spell it with plain, composed letters (Unicode NFKC).", field=FIELD)
    before = ""
    for letter in name:
        if not _is_allowed(letter, before):
            raise Invalid(
                f"Letters, digits, '_', '.' and '-' only; U+{ord(letter):04X} is none.", field=FIELD
            )
        before = letter
    if name[0] in ".-" or name[-1] in ".-" or ".." in name:
        raise Invalid("It may not begin or end with '.' or '-', nor have '..'.", field=FIELD)
    if not any(unicodedata.category(letter)[0] == "L" or letter.isdigit() for letter in name):
        raise Invalid("It needs a letter or a digit.", field=FIELD)
    if len(scripts := scripts_of(name)) > 1 and not any(scripts <= few for few in TOGETHER):
        raise Invalid("It mixes letters of different scripts.", field=FIELD)
    taken = ADDRESSES if for_admin else f"{ADDRESSES} {OFFICES}"
    if {folded(name), look_of(name), look_of(folded(name))} & _looks(taken):
        raise Invalid("This name is reserved.", field=FIELD)
    return name


def folded(name: str) -> str:
    """The name without regard to case: it finds an account."""
    name = name.encode(errors="replace").decode()  # half a surrogate pair is nobody's
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())


def is_folded(text: str) -> bool:
    """Whether it can be a username, folded."""
    return bool(text) and folded(text) == text


def look_of(name: str) -> str:
    """What the name looks like in some case: two names of one look cannot both register."""
    twins = _twins()
    plain = unicodedata.normalize("NFKC", name)
    return folded("".join(twins.get(letter, letter) for letter in plain)).translate(STROKES)


def scripts_of(name: str) -> frozenset[str]:
    """The scripts of its letters; digits, punctuation and marks belong to all."""
    letters = [letter for letter in name if unicodedata.category(letter)[0] == "L"]
    return frozenset(unicodedata.name(letter, "?").split()[0].split("-")[0] for letter in letters)


def _is_allowed(letter: str, before: str) -> bool:
    if letter in PUNCTUATION:
        return True
    category = unicodedata.category(letter)
    if letter in UNSEEN:
        return False
    if category in {"Mn", "Mc"}:
        return bool(before) and unicodedata.category(before) in {"Lo", "Ll", "Lu", "Mc", "Mn"}
    modifies = unicodedata.name(letter, "?").startswith("MODIFIER")
    return category in {"Lu", "Ll", "Lo", "Lt", "Lm", "Nd"} and not modifies


@cache
def _looks(names: str) -> frozenset[str]:
    return frozenset(names.split()) | {look_of(name) for name in names.split()}


@cache
def _twins() -> dict[str, str]:
    """Each letter or digit that passes for another one -> the plainest of those it passes for."""
    text = files("confusable_homoglyphs").joinpath("confusables.json").read_text("utf-8")
    twins: dict[str, str] = {}
    for letter, others in json.loads(text).items():
        if _counts(letter):
            alike = [letter, *(other["c"] for other in others if _counts(other["c"]))]
            plainest = min(alike, key=_plainness)
            if plainest != letter:
                twins[letter] = plainest
    return twins


def _counts(letter: str) -> bool:
    """Whether it may stand in a name at all: the other twins need no thought."""
    return len(letter) == 1 and letter.isalnum() and unicodedata.normalize("NFKC", letter) == letter


def _plainness(letter: str) -> tuple[bool, bool, str]:
    return (not letter.isascii(), not letter.islower(), letter)
