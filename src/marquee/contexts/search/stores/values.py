"""What an entry counts for in each facet, where it stands among all, and how it is kept."""

from collections.abc import Sequence

import msgspec

from marquee.contexts.search.model.entries import Entry

PEOPLE_BIT, ID_BITS, FINEST = 1, 38, 10_000
encoded = msgspec.json.Encoder().encode
decoded = msgspec.json.Decoder(Entry).decode


def facets(entry: Entry) -> dict[str, Sequence[str]]:
    """What an entry counts for in each facet."""
    return {
        "kind": (entry.kind,),
        "genre": tuple(dict.fromkeys(entry.genres)),
        "decade": (entry.decade,) if entry.decade else (),
        "platform": tuple(dict.fromkeys(entry.platforms)),
    }


def order(entry: Entry) -> int:
    """Best known first, then the oldest id: no two are equal, so the order is the same anywhere.

    It is less than 2**63.
    """
    number = int(entry.id) << PEOPLE_BIT | (entry.kind == "person")
    return known(entry) << ID_BITS | ((1 << ID_BITS) - 1 - number)


def known(entry: Entry) -> int:
    """How well known it is, in parts of `FINEST` of a point."""
    return min(max(0, round(entry.popularity * FINEST)), (1 << 25) - 1)
