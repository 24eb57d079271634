"""How alike two rows are, and by which rules that makes them one movie."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from marquee.contexts.ingestion.model.rows import Part, Row
from marquee.contexts.ingestion.model.text import fold, words
from marquee.contexts.ingestion.model.titles import ARTICLES, is_reissue, title_key, without_edition

_YEARS_OFF = 3
_HALF = 2
_FEW = 2
_MANY = 3
_MINUTES = 3
_CUT = 20
_MOST_OF_THEM = 0.8
_ALIKE = 0.75
_SMALL_WORDS = {"the", "a", "an", "and", "of", "in", "movie", "3d", "vol", "part", "volume"}
_NUMBERS = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6",
    "vii": "7", "viii": "8", "ix": "9", "thirteen": "13", "sixty": "60",
}  # fmt: skip
AGAIN = "shown again in 3D or as a new release"
_EPISODE = re.compile(r"\bepisode \w+", re.IGNORECASE)
_INSIDE = re.compile(r"(?<=[a-z])[0-9]+(?=[a-z])")
_SEQUEL = re.compile(r"\d+|second|third|fourth|fifth|returns?|revenge|sequel|christmas|again|ii+")


@dataclass(frozen=True)
class Card:
    """What the comparison of a row needs, worked out once."""

    place: int
    row: Row
    key: str
    bare: str
    counted: str
    people: frozenset[str]
    tokens: frozenset[str]
    numbers: frozenset[str]

    @property
    def year(self) -> int:
        return self.row.year or 0

    @property
    def weight(self) -> tuple[bool, bool, int, int]:
        """The better known row keeps its title."""
        return (
            self.row.tmdb_id is not None,
            self.row.imdb_id is not None,
            self.row.votes or 0,
            -self.place,
        )


def card_of(place: int, row: Row) -> Card:
    found = [_NUMBERS.get(word, word) for word in words(_EPISODE.sub("", row.title))]
    key = title_key(row.title)
    return Card(
        place=place,
        row=row,
        key=key,
        bare=title_key(without_edition(row.title)),
        counted="".join(word for word in found if word not in ARTICLES) or key,
        people=frozenset(fold(name_of(entry)) for entry in (*row.cast, *row.directors)),
        tokens=frozenset(found) - _SMALL_WORDS,
        numbers=frozenset(word for word in found if _SEQUEL.fullmatch(word)),
    )


def name_of(entry: str | Part) -> str:
    return entry if isinstance(entry, str) else entry.name


def pairs(cards: Sequence[Card]) -> Iterator[tuple[int, int, str]]:
    """Pairs to merge, surest rule first."""
    rules: tuple[tuple[str, Callable[[Card], Iterable[str]], Callable[[Card, Card], bool]], ...] = (
        ("the same title but for marks and articles", lambda c: (c.key,), _same_title),
        ("the same title but for how a number is written", lambda c: (c.counted,), _same_count),
        ("the same title but for figures in the place of letters", _year_people, _figured),
        ("the same title and people, the year off by two or three", lambda c: (c.key,), _late),
        (AGAIN, lambda c: (c.bare,), _shown_again),
        ("listed under its original title", _titles, _by_original),
        ("listed under another of its titles", _names, _by_original),
        ("a longer and a shorter title of one year and cast", _year_people, _longer),
        (
            "two tables, one film: its words, or people, or money, and length",
            _year_alone,
            _measured,
        ),
        ("two cuts of one film: its words, somebody in it, money and keywords", _year_alone, _cut),
    )
    for rule, keys, same in rules:
        blocks: dict[str, list[Card]] = defaultdict(list)
        for card in cards:
            for key in keys(card):
                blocks[key].append(card)
        for block in blocks.values():
            for place, one in enumerate(block):
                for other in block[place + 1 :]:
                    if same(one, other):
                        yield one.place, other.place, rule


def _titles(card: Card) -> Iterable[str]:
    return dict.fromkeys((card.key, title_key(card.row.original_title or card.row.title)))


def _names(card: Card) -> Iterable[str]:
    return dict.fromkeys((card.key, *map(title_key, card.row.alternative_titles)))


def _year_people(card: Card) -> Iterable[str]:
    return [f"{card.year} {person}" for person in sorted(card.people)]


def _year_alone(card: Card) -> Iterable[str]:
    return [str(card.year)] if card.row.runtime and _marks(card.row) else ()


def _shared(a: Card, b: Card) -> int:
    return len(a.people & b.people)


def _same_title(a: Card, b: Card) -> bool:
    if abs(a.year - b.year) > 1:
        return False
    return _shared(a, b) > 0 or (a.year == b.year and not (a.people and b.people))


def _same_count(a: Card, b: Card) -> bool:
    """`Iron Man Three` is `Iron Man 3`; that many people are not in two films of a year by chance."""
    return a.year == b.year and a.key != b.key and _shared(a, b) >= _MANY


def _figured(a: Card, b: Card) -> bool:
    """`Tr1ck` is `Trick`."""
    if a.key == b.key or _shared(a, b) < _FEW:
        return False
    return _stands_for(a.key, b.key) or _stands_for(b.key, a.key)


def _stands_for(one: str, other: str) -> bool:
    letters, count = _INSIDE.subn("[a-z]{1,3}", one)
    return count > 0 and re.fullmatch(letters, other) is not None


def _late(a: Card, b: Card) -> bool:
    shared = _shared(a, b)
    fewest = min(len(a.people), len(b.people))
    return abs(a.year - b.year) <= _YEARS_OFF and shared >= _FEW and shared * _HALF >= fewest


def _shown_again(a: Card, b: Card) -> bool:
    early, late = (a, b) if a.year <= b.year else (b, a)
    return (
        (late.bare != late.key or is_reissue(late.row.title))
        and early.bare == early.key
        and late.row.imdb_id is None
        and late.row.tmdb_id is None
        and _shared(a, b) >= _MANY
    )


def _by_original(a: Card, b: Card) -> bool:
    if a.key == b.key or abs(a.year - b.year) > 1:
        return False
    return _shared(a, b) > 0 or (a.year == b.year and _complete_each_other(a.row, b.row))


def _longer(a: Card, b: Card) -> bool:
    """Only between tables: one table does not list a movie under two names."""
    shared = _shared(a, b)
    if a.key == b.key or shared < _FEW or not _complete_each_other(a.row, b.row):
        return False
    if a.row.runtime and b.row.runtime and abs(a.row.runtime - b.row.runtime) > _CUT:
        return False
    if _segment(a, b) or (a.numbers == b.numbers and _contained(a, b)):
        return True
    fewest = min(len(a.people), len(b.people))
    if shared > _MANY and shared / fewest >= _MOST_OF_THEM:
        return True
    close = SequenceMatcher(None, a.key, b.key).ratio() >= _ALIKE
    return close and shared >= _MANY and a.numbers == b.numbers


def _contained(a: Card, b: Card) -> bool:
    small, large = sorted((a.tokens, b.tokens), key=len)
    return bool(small) and small <= large


def _segment(a: Card, b: Card) -> bool:
    """One title is a part of the other that a colon sets off."""
    for one, other in ((a, b), (b, a)):
        pieces = {title_key(piece) for piece in one.row.title.split(": ")[1:]}
        if other.key in pieces and len(other.tokens) > 1:
            return True
    return False


def _complete_each_other(a: Row, b: Row) -> bool:
    """They come of different tables: what marks the one is missing from the other."""
    marks_a, marks_b = _marks(a), _marks(b)
    return bool(marks_a | marks_b) and not marks_a & marks_b


def _marks(row: Row) -> set[str]:
    marks = set()
    if row.tmdb_id is not None:
        marks.add("tmdb")
    if row.imdb_id is not None or row.certificate:
        marks.add("imdb")
    if row.rating is not None and row.imdb_id is None:
        marks.add("figures")
    return marks


def _measured(a: Card, b: Card) -> bool:
    """Titles may differ where year, length and people, or length and money, are the same."""
    apart = abs((a.row.runtime or 0) - (b.row.runtime or 0))
    if apart > _MINUTES or not _complete_each_other(a.row, b.row):
        return False
    shared = _shared(a, b)
    if apart <= 1 and shared >= _MANY:
        return True
    same_money = bool(a.row.budget) and a.row.budget == b.row.budget
    if a.people and b.people and not shared:
        return same_money and apart <= 1 and _of_one_make(a.row, b.row)
    alike = a.numbers == b.numbers and _contained(a, b)
    if alike and (same_money or min(len(a.tokens), len(b.tokens)) >= _FEW):
        return True
    original = title_key(a.row.original_title or a.row.title)
    if original == title_key(b.row.original_title or b.row.title):
        return True
    return same_money and _of_one_make(a.row, b.row)


def _cut(a: Card, b: Card) -> bool:
    """The length may differ by what another cut leaves out."""
    return (
        abs((a.row.runtime or 0) - (b.row.runtime or 0)) <= _CUT
        and _complete_each_other(a.row, b.row)
        and bool(a.row.budget)
        and a.row.budget == b.row.budget
        and _shared(a, b) > 0
        and len({*a.row.keywords} & {*b.row.keywords}) >= _FEW
        and a.numbers == b.numbers
        and _contained(a, b)
    )


def _of_one_make(a: Row, b: Row) -> bool:
    """One country and kind: two films of one year that cost the same round sum are not rare."""
    shared = len({*a.genres} & {*b.genres})
    return bool({*a.countries} & {*b.countries} and {*a.languages[:1]} & {*b.languages}) and (
        shared * _HALF >= max(1, min(len(a.genres), len(b.genres)))
    )
