"""Names and questions of whatever letters: none of them is read as anything but text."""

from collections.abc import Sequence

from tests.contexts.search.fakes import an_entry

from marquee.contexts.search.model.entries import Entry
from marquee.contexts.search.model.ranking import Asked
from marquee.contexts.search.ports import Filters, SearchIndex

ODD = (
    "\x00zero\x01 one",
    "\U0001d56c\U0001d591\U0001d58e\U0001d590\U0001d58a 🎬 twice",
    "שלום עולם",
    "千と千尋の神隠し",
    ".*",
    "a+ OR b AND NOT (c",
    'say "so\\',
    "*:* _exists_ ~2^5",
    "{{}} <b>&amp;",
    "İstanbul ﬀ a\u0301",
    "w" * 9_000,
    " ".join(f"word{n}" for n in range(400)),
)


async def test_whatever_a_name_or_a_question_is_made_of_it_is_only_text(
    index: SearchIndex,
) -> None:
    some = [
        an_entry(n, name, genres=(name[:9_000],), year=2000, popularity=float(n))
        for n, name in enumerate(ODD, 1)
    ]
    await index.put(some, ())
    for entry in some:
        asked = Asked.of(entry.names[0])
        if not asked.all:
            continue
        assert entry in (await index.find(asked, Filters(), most=40)).entries, entry.names
        assert entry in await index.beginnings(asked, most=40)
        wanted = Filters({"genre": (entry.genres[0], "?", ".*")})
        narrow = await index.find(asked, wanted, most=40)
        assert [one.key for one in narrow.entries] == [entry.key], entry.names
        assert narrow.facets["genre"][entry.genres[0]] == 1
    assert [one.key for one in await found(index, "zer*")] == ["movie:1"]
    assert await found(index, "z.*o") == []
    assert await found(index, "NOT zero") == []


async def found(index: SearchIndex, q: str) -> Sequence[Entry]:
    return list((await index.find(Asked.of(q), Filters(), most=40)).entries)
