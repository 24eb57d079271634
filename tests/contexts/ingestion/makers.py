"""Test values: tables of invented movies, and a catalog that remembers what it is told."""

import gzip
from collections.abc import Callable, Sequence
from pathlib import Path

from marquee.contexts.catalog.contract import Catalog, MergeReport, MovieFacts, Skip

THOUSAND = (
    "Rank,Title,Genre,Description,Director,Actors,Year,Runtime (Minutes),Rating,Votes,"
    "Revenue (Millions),Metascore\n"
)
BASICS = (
    "tconst\ttitleType\tprimaryTitle\toriginalTitle\tisAdult\tstartYear\tendYear\t"
    "runtimeMinutes\tgenres\n"
)
RATINGS = "tconst\taverageRating\tnumVotes\n"
TMDB = (
    "budget,genres,homepage,id,keywords,original_language,original_title,overview,popularity,"
    "production_companies,production_countries,release_date,revenue,runtime,spoken_languages,"
    "status,tagline,title,vote_average,vote_count\n"
)
CREDITS = "movie_id,title,cast,crew\n"


UNWANTED = "An admin has deleted this movie."


class RememberingCatalog(Catalog):
    """Creates what it has not seen, by title, year and ids; skips what `refuses` says."""

    def __init__(self, refuses: Callable[[MovieFacts], str] = lambda _: "") -> None:
        self.batches: list[tuple[str, tuple[MovieFacts, ...]]] = []
        self.seen: set[MovieFacts] = set()
        self._refuses = refuses

    async def merge(self, *, source: str, movies: Sequence[MovieFacts]) -> MergeReport:
        self.batches.append((source, tuple(movies)))
        skipped = [
            Skip(place, reason, is_unwanted=reason == UNWANTED)
            for place, facts in enumerate(movies)
            if (reason := self._refuses(facts))
        ]
        kept = {facts for facts in movies if not self._refuses(facts)}
        new = kept - self.seen
        self.seen |= kept
        old = len(movies) - len(skipped) - len(new)
        return MergeReport(len(new), 0, old, tuple(skipped))

    @property
    def movies(self) -> list[MovieFacts]:  # type: ignore[override]
        return [facts for _, batch in self.batches for facts in batch]


def a_file(folder: Path, name: str, content: str | bytes, *, packed: bool = False) -> Path:
    body = content.encode() if isinstance(content, str) else content
    path = folder / name
    path.write_bytes(gzip.compress(body, mtime=0) if packed else body)
    return path
