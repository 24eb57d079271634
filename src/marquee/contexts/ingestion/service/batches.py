"""Movies by the batch, as they are told to the catalog."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from marquee.contexts.catalog.contract import MovieFacts
from marquee.contexts.ingestion.model.dialects.dialect import Found
from marquee.kit.errors import Invalid

MOST = 1_000
"""Movies of a batch at most; one durable change of the catalog each."""

_WEIGHT = 1 << 20
_MOST_READ = 20_000


@dataclass
class Batch:
    """Movies to merge, with the line each came from, and what else was met on the way.

    `done` are the bytes of the file that were read by then. Where it is `broken`, this is the last.
    """

    movies: Sequence[MovieFacts] = ()
    numbers: list[int] = field(default_factory=list)
    others: list[Found] = field(default_factory=list)
    done: int = 0
    broken: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.numbers and not self.others


def next_batch(rows: Iterator[Found]) -> Batch:
    """As much as makes a full batch, or all there is."""
    movies: list[MovieFacts] = []
    batch, weight = Batch(movies), 0
    try:
        for found in rows:
            if found.facts is None:
                batch.others.append(found)
            else:
                movies.append(found.facts)
                batch.numbers.append(found.number)
                weight += _weight(found.facts)
            read = len(movies) + len(batch.others)
            if len(movies) >= MOST or weight >= _WEIGHT or read >= _MOST_READ:
                break
    except Invalid as error:
        batch.broken = error.detail
    return batch


def _weight(facts: MovieFacts) -> int:
    """Roughly the bytes this takes on its way to the catalog."""
    entries = (
        len(facts.cast) + len(facts.crew) + len(facts.keywords) + len(facts.alternative_titles)
    )
    return 200 + 60 * entries + len(facts.plot or "") + len(facts.awards or "")
