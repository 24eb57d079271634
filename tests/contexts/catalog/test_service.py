"""What one can do with the catalog, on the embedded store."""

from datetime import UTC, datetime, timedelta

import pytest
from tests.contexts.catalog.house import ADMIN, MEMBER, House, a_house, facts, names

from marquee.contexts.catalog.contract import ExternalRating
from marquee.contexts.catalog.model.asking import CarrierAsked, CastAsked, CrewAsked
from marquee.contexts.catalog.model.movie import Ids
from marquee.contexts.catalog.ports import Question
from marquee.contexts.reviews.events import ReviewChanged, ReviewDeleted, ReviewPosted
from marquee.kit.errors import Conflict, Forbidden, Invalid, NotFound, Stale


def posted(rating: int, movie_id: str = "1", review_id: str = "r1") -> ReviewPosted:
    return ReviewPosted(review_id=review_id, movie_id=movie_id, author_id="a", rating=rating)


async def ids(house: House, sort: str = "-popularity", **asked: object) -> list[str]:
    page = await house.catalog.list_movies(Question(**asked), sort=sort, limit=100)  # type: ignore[arg-type]
    assert page.total == len(page.items)
    return [item.id for item in page.items]


async def test_only_admins_write(house: House) -> None:
    catalog = house.catalog
    for work in (
        catalog.create_movie(MEMBER, {"title": "X"}),
        catalog.change_movie(MEMBER, "1", {}, None),
        catalog.delete_movie(MEMBER, "1", None),
        catalog.create_person(MEMBER, name="X", ids=Ids()),
        catalog.change_person(MEMBER, "1", name="Y"),
        catalog.delete_person(MEMBER, "1"),
        catalog.create_platform(MEMBER, name="X", about=None, url=None),
        catalog.change_platform(MEMBER, "1", {}, None),
        catalog.delete_platform(MEMBER, "1", None),
        catalog.carry(MEMBER, "1", "1", url=None, carries=True),
    ):
        with pytest.raises(Forbidden):
            await work


async def test_a_rating_heard_twice_counts_once(house: House) -> None:
    await house.merge(facts(external_ratings=(ExternalRating("imdb", 8.0, 10, 100),)))
    for _ in range(2):
        await house.hear(posted(10), posted(4, review_id="r2"))
    await house.hear(posted(4, review_id="r2"), posted(1, review_id="r3"), first=2)
    movie = await house.movie()
    assert movie["rating"] == {
        "average": 5.0,
        "count": 3,
        "histogram": [1, 0, 0, 1, 0, 0, 0, 0, 0, 1],
    }
    assert movie["score"] == (5 * 8.0 + 15) / 8
    assert await house.catalog.tallies(after="0", limit=9) == {"1": (1, 0, 0, 1, 0, 0, 0, 0, 0, 1)}


async def test_lists_follow_ratings_at_once(house: House) -> None:
    await house.merge(facts("A"), facts("B"))
    before = house.catalog.generation
    await house.hear(posted(9, "2"))
    assert house.catalog.generation > before
    assert await ids(house) == ["2", "1"]
    assert await ids(house, "-rating", rating_min=6.5) == ["2"]
    assert await ids(house, "-reviews") == ["2", "1"]
    kinds = [kind for kind, _ in await house.told()]
    assert kinds == ["MoviesChanged"] * 2


async def test_a_rating_of_a_movie_that_is_gone_is_passed_over(house: House) -> None:
    await house.hear(posted(9, "77"), posted(9, "x"))
    assert await house.room.inbox.heard_up_to("reviews") == 2  # type: ignore[union-attr]


async def test_a_rating_taken_back_leaves_no_trace(house: House) -> None:
    await house.merge(facts())
    fresh = await house.movie()
    about = {"review_id": "r1", "movie_id": "1", "author_id": "a"}
    await house.hear(
        posted(9),
        ReviewChanged(**about, previous_rating=9, rating=2, is_active=True),
        ReviewDeleted(**about, rating=2, was_active=True),
    )
    movie = await house.movie()
    assert (
        movie["rating"] == fresh["rating"] == {"average": None, "count": 0, "histogram": [0] * 10}
    )
    assert movie["score"] is None


async def test_a_vote_does_not_make_an_admins_version_stale(house: House) -> None:
    await house.merge(facts())
    read = (await house.movie())["version"]
    await house.hear(posted(9))
    assert (await house.movie())["version"] > read
    await house.catalog.change_movie(ADMIN, "1", {"plot": "One."}, [read])
    with pytest.raises(Stale):
        await house.catalog.change_movie(ADMIN, "1", {"plot": "Two."}, [read])
    with pytest.raises(Stale):
        await house.catalog.delete_movie(ADMIN, "1", [1, read])
    with pytest.raises(Stale):
        await house.catalog.change_movie(ADMIN, "1", {"plot": "Three."}, [99])


async def test_filters_combine(house: House) -> None:
    await house.merge(
        facts("A", 1999, genres=("Drama", "War"), languages=("en",), runtime_minutes=90),
        facts("B", 1999, genres=("Drama",), languages=("fr",), runtime_minutes=120),
        facts("C", 2003, genres=("War", "Comedy"), languages=("fr", "en"), cast=["X"]),
        facts("D", None),
    )
    assert await ids(house, genres=(("drama",), ("WAR",))) == ["1"]
    assert await ids(house, genres=(("Drama", "Comedy"),)) == ["1", "2", "3"]
    assert await ids(house, languages=(("fr",),), years=("1999",)) == ["2"]
    assert await ids(house, decades=("1990s",), runtime_max=100) == ["1"]
    assert await ids(house, year_from=2000) == ["3"]
    assert await ids(house, year_to=2000) == ["1", "2"]
    assert await ids(house, people=(1,)) == ["3"]
    assert await ids(house, people=(99,)) == []
    assert await ids(house, genres=(("Nonsense",),)) == []
    assert await ids(house, "year") == ["1", "2", "3", "4"]
    assert await ids(house, "-year") == ["3", "1", "2", "4"]
    assert await ids(house, "-title") == ["4", "3", "2", "1"]


async def test_facets_are_exact_and_ignore_their_own_filter(house: House) -> None:
    await house.merge(
        facts("A", 1999, genres=("Drama", "War")),
        facts("B", 1999, genres=("Drama",)),
        facts("C", 2003, genres=("War",)),
    )
    page = await house.catalog.list_movies(
        Question(genres=(("War",),), year_to=2000), facets=("genre", "decade", "year"), limit=1
    )
    assert page.facets is not None
    counts = {
        name: {one.value: one.count for one in values} for name, values in page.facets.items()
    }
    assert counts == {
        "genre": {"Drama": 2, "War": 1},
        "decade": {"1990s": 1},
        "year": {"1999": 1, "2003": 1},
    }
    with pytest.raises(Invalid):
        await house.catalog.list_movies(Question(), facets=("plot",))


async def test_pages_follow_each_other_without_gap_or_repetition(house: House) -> None:
    await house.merge(*(facts(f"T{n}", 1990 + n % 3) for n in range(25)))
    for sort in ("-popularity", "title", "-year"):
        seen: list[str] = []
        token = None
        while True:
            page = await house.catalog.list_movies(Question(), sort=sort, token=token, limit=7)
            seen += [item.id for item in page.items]
            assert page.total == 25
            token = page.next
            if token is None:
                break
        assert len(seen) == len(set(seen)) == 25
    other = await house.catalog.list_movies(Question(), sort="title", limit=7)
    with pytest.raises(Invalid):
        await house.catalog.list_movies(Question(), sort="-year", token=other.next)


async def test_an_admin_makes_a_movie_with_people_by_id_or_name(house: House) -> None:
    await house.merge(facts(cast=["Donatas Banionis"]))
    platform = await house.catalog.create_platform(ADMIN, name="Mubi", about=None, url=None)
    movie = await house.catalog.create_movie(
        ADMIN,
        {
            "title": "Goya",
            "year": 1971,
            "cast": (
                CastAsked(person_id="1", character="Goya"),
                CastAsked(name="donatas banionis", character="Self"),
                CastAsked(name="Somebody New"),
            ),
            "crew": (CrewAsked(name="Konrad Wolf", job="Director", department="Directing"),),
            "platforms": (CarrierAsked(id=str(platform.id), url="https://mubi.com/goya"),),
        },
    )
    assert [(one.person_id, one.name) for one in movie.cast] == [
        ("1", "Donatas Banionis"),
        ("1", "Donatas Banionis"),
        ("2", "Somebody New"),
    ]
    assert movie.directors == ["Konrad Wolf"]
    assert movie.platforms[0].url == "https://mubi.com/goya"
    assert await ids(house, platforms=(("mubi",),)) == [movie.id]
    assert await ids(house, platforms=((str(platform.id),),)) == [movie.id]


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"title": "X", "cast": (CastAsked(person_id="99"),)}, "cast[0].person_id"),
        ({"title": "X", "cast": (CastAsked(),)}, "cast[0].name"),
        ({"title": "X", "platforms": (CarrierAsked(id="9"),)}, "platforms[0]"),
    ],
)
async def test_who_and_what_is_not_there_is_named(
    house: House, values: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as caught:
        await house.catalog.create_movie(ADMIN, values)
    assert caught.value.field == field
    assert await house.everything() == []


async def test_an_id_belongs_to_one_movie(house: House) -> None:
    await house.merge(facts(imdb_id="tt0069293"), facts("Stalker", 1979))
    with pytest.raises(Conflict) as caught:
        await house.catalog.create_movie(ADMIN, {"title": "X", "ids": Ids("tt0069293")})
    assert caught.value.extra == {"movie_id": "1"}
    with pytest.raises(Conflict):
        await house.catalog.change_movie(ADMIN, "2", {"ids": Ids("tt0069293")}, None)


async def test_a_deleted_movie_is_gone_everywhere(house: House) -> None:
    await house.merge(facts(cast=["X"], genres=("Drama",)), facts("Other", cast=["X"]))
    await house.catalog.delete_movie(ADMIN, "1", None)
    with pytest.raises(NotFound):
        await house.movie("1")
    assert await ids(house) == ["2"]
    assert house.catalog.genres() == []
    assert (await house.catalog.people(ids=["1"]))["1"].movie_count == 1
    assert ("MovieDeleted", "1") in [
        (kind, body.get("movie_id")) for kind, body in await house.told()
    ]
    made = await house.catalog.create_movie(ADMIN, {"title": "New"})
    assert made.id == "3"


async def test_a_person_is_renamed_and_deleted_in_every_movie(house: House) -> None:
    await house.merge(facts("A", cast=["X", "Y"], directors=["X"]), facts("B", cast=["X"]))
    await house.catalog.change_person(ADMIN, "1", name="Xavier")
    assert [names(one["cast"]) for one in await house.everything()] == [["Xavier", "Y"], ["Xavier"]]
    assert names((await house.movie())["crew"]) == ["Xavier"]
    await house.catalog.delete_person(ADMIN, "1")
    assert [names(one["cast"]) for one in await house.everything()] == [["Y"], []]
    assert (await house.movie())["crew"] == []
    with pytest.raises(NotFound):
        await house.catalog.get_person("1")
    page = await house.catalog.list_people()
    assert ([one.person.name for one in page.items], page.total) == (["Y"], 1)


async def test_people_are_listed_by_how_known_they_are(house: House) -> None:
    await house.merge(
        facts("A", cast=["Low", "High"], imdb=(5.0, 10)),
        facts("B", 1980, cast=["High", "Mid"], imdb=(5.0, 1000)),
    )
    await house.catalog.create_person(ADMIN, name="Highland None", ids=Ids())
    page = await house.catalog.list_people(limit=2)
    assert [one.person.name for one in page.items] == ["High", "Mid"]
    assert page.total == 4
    rest = await house.catalog.list_people(limit=2, token=page.next)
    assert [one.person.name for one in rest.items] == ["Low", "Highland None"]
    assert rest.next is None
    assert [card.title for card in page.items[0].known_for] == ["B", "A"]
    called = await house.catalog.list_people(q="HIGH", sort="name")
    assert [one.person.name for one in called.items] == ["High", "Highland None"]
    none = await house.catalog.list_people(q="none")
    assert (none.total, none.items[0].standing.movies) == (1, 0)


async def test_a_platform_changes_in_everything_it_carries(house: House) -> None:
    await house.merge(facts("A"), facts("B"))
    catalog = house.catalog
    platform = await catalog.create_platform(ADMIN, name="Mubi", about=None, url="https://a.org")
    id_ = str(platform.id)
    await catalog.carry(ADMIN, id_, "1", url=None, carries=True)
    await catalog.carry(ADMIN, id_, "2", url="https://a.org/b", carries=True)
    await catalog.change_platform(ADMIN, id_, {"name": "MUBI", "url": "https://c.org"}, [1])
    shown = [one["platforms"] for one in await house.everything()]
    assert shown == [
        [{"id": "1", "name": "MUBI", "url": "https://c.org"}],
        [{"id": "1", "name": "MUBI", "url": "https://a.org/b"}],
    ]
    assert await ids(house, platforms=(("mubi",),)) == ["1", "2"]
    with pytest.raises(Stale):
        await catalog.change_platform(ADMIN, id_, {"name": "X"}, [1])
    await catalog.carry(ADMIN, id_, "1", url=None, carries=False)
    assert (await catalog.list_platforms())[0][1] == 1
    await catalog.delete_platform(ADMIN, id_, [1, 2])
    assert [one["platforms"] for one in await house.everything()] == [[], []]
    assert await catalog.list_platforms() == []


async def test_others_are_told_what_they_ask_for(house: House) -> None:
    await house.merge(
        facts("A", cast=["X"], directors=["X", "Y"], keywords=("space",), imdb=(8.0, 100)),
        facts("B", cast=["X"]),
    )
    catalog = house.catalog
    cards = await catalog.movies(ids=["1", "9", "x", "01"])
    assert list(cards) == ["1"]
    assert (cards["1"].title, cards["1"].year) == ("A", 1972)
    document = (await catalog.documents(ids=["1"]))["1"]
    assert [one.name for one in document.people] == ["X", "Y"]
    assert (document.keywords, document.votes) == (("space",), 100)
    person = (await catalog.people(ids=["1"]))["1"]
    assert (person.name, person.movie_count, person.known_for) == ("X", 2, ("A", "B"))
    assert person.popularity == document.popularity
    assert await catalog.movie_ids(after="1", limit=5) == ("2",)
    assert await catalog.person_ids(after="0", limit=1) == ("1",)


async def test_lists_are_the_same_after_a_start(tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("kept")
    async with a_house(folder) as house:
        await house.merge(facts("A", cast=["X"], genres=("Drama",)), facts("B", cast=["Y"]))
        await house.hear(posted(9, "2"))
        want = await house.catalog.list_movies(Question(), facets=("genre",))
        people = await house.catalog.list_people()
    snapshot = folder / "lists.columns"
    assert snapshot.exists()
    kept = snapshot.read_bytes()
    for content in (kept, kept[:-9], None):
        if content is None:
            snapshot.unlink()
        else:
            snapshot.write_bytes(content)
        async with a_house(folder) as house:
            assert await house.catalog.list_movies(Question(), facets=("genre",)) == want
            assert await house.catalog.list_people() == people


async def test_the_lists_are_kept_once_an_import_has_come_to_rest(house: House) -> None:
    snapshot = house.folder / "lists.columns"
    await house.catalog.keep_lists()
    assert not snapshot.exists()
    await house.merge(*(facts(f"T{n}") for n in range(1000)))
    await house.catalog.keep_lists()
    assert not snapshot.exists()
    await house.catalog.keep_lists()
    assert snapshot.exists()


async def test_a_snapshot_that_is_behind_catches_up(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("behind")
    names_ = ("lists.columns", "lists.standings")
    async with a_house(folder) as house:
        await house.merge(facts("A", cast=["X"]), facts("B", cast=["X", "Y"]))
    old = {name: (folder / name).read_bytes() for name in names_}
    async with a_house(folder) as house:
        await house.merge(facts("C", cast=["Y", "Z"]))
        await house.catalog.delete_movie(ADMIN, "1", None)
        await house.catalog.delete_person(ADMIN, "2")
        await house.catalog.create_person(ADMIN, name="W", ids=Ids())
        await house.hear(posted(9, "2"))
        movies, people = (
            await house.catalog.list_movies(Question()),
            await house.catalog.list_people(),
        )
    for name, content in old.items():
        (folder / name).write_bytes(content)
    async with a_house(folder) as house:
        assert await house.catalog.list_movies(Question()) == movies
        assert await house.catalog.list_people() == people


@pytest.mark.parametrize("was_empty", [True, False])
async def test_a_snapshot_from_before_what_is_forgotten_is_not_taken(
    tmp_path_factory: pytest.TempPathFactory, *, was_empty: bool
) -> None:
    folder = tmp_path_factory.mktemp("forgotten")
    names_ = ("lists.columns", "lists.standings")
    async with a_house(folder) as house:
        if was_empty:
            await house.catalog._desk.keep()
        else:
            await house.merge(facts("A", cast=["X"]), facts("B"))
    old = {path: path.read_bytes() for name in names_ for path in folder.rglob(name)}
    assert len(old) == len(names_)
    async with a_house(folder) as house:
        await house.merge(facts("C", cast=["Y"]), facts("D"), facts("E"))
        await house.catalog.delete_movie(ADMIN, "1", None)
        await house.catalog.create_person(ADMIN, name="W", ids=Ids())
        tomorrow = datetime.now(UTC) + timedelta(days=1)
        assert await house.catalog._desk.store.forget(tomorrow, 10**9, 99) > 0
        movies = await house.catalog.list_movies(Question())
    for path, content in old.items():
        path.write_bytes(content)
    async with a_house(folder) as house:
        assert await house.catalog.list_movies(Question()) == movies
