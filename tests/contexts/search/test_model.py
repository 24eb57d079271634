"""Folding, ranking, marking: what is true of text alone."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.contexts.search.fakes import a_film, a_person, an_entry

from marquee.contexts.search.model.entries import Entry, of_movie, of_person
from marquee.contexts.search.model.folding import joined, without_article, words
from marquee.contexts.search.model.handles import Handles
from marquee.contexts.search.model.marking import marked
from marquee.contexts.search.model.ranking import Asked, score

TAG = re.compile(r"</?mark>")


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Amélie", "amelie"),
        ("WALL·E", "wall e"),
        ("Schindler's List", "schindlers list"),
        ("Schindler\u2019s List", "schindlers list"),
        ("Rocky II", "rocky 2"),
        ("V for Vendetta", "v for vendetta"),
        ("II", "ii"),
        ("Fast & Furious", "fast and furious"),
        ("8½", "8 1 2"),
        ("Alien³", "alien3"),
        ("Łódź Ørsted Æon", "lodz orsted aeon"),
        ("STRASSE Straße", "strasse strasse"),
        ("Romeo + Juliet", "romeo plus juliet"),
        ("+romeo -juliet", "romeo juliet"),
        ("\u210c\u2122", "htm"),
        ("七人の侍", "七 人 の 侍"),
        ("기생충", "기 생 충"),
        ("Солярис", "солярис"),
        ("  -- !? ", ""),
        ("🎬 Film 🎬", "film"),
    ],
)
def test_text_is_folded_as_it_is_typed_without_care(text: str, folded: str) -> None:
    assert " ".join(words(text)) == folded


@given(st.text(max_size=300))
def test_folding_keeps_to_its_bounds_and_folds_only_once(text: str) -> None:
    parts = words(text)
    assert len(parts) <= 24
    assert all(0 < len(part) <= 40 and not part.isspace() for part in parts)
    assert not any(letter.isspace() for letter in joined(parts))
    assert all(part.casefold() == part or not part.isascii() for part in parts)


def test_an_article_is_no_part_of_a_name_unless_it_is_all_of_it() -> None:
    assert without_article(words("The Matrix")) == ("matrix",)
    assert without_article(words("The")) == ("the",)


def test_a_movie_is_found_by_its_titles_people_genres_keywords_and_years() -> None:
    film = a_film(
        title="Stalker",
        year=1979,
        original_title="Сталкер",
        others=("The Zone", "Stalker"),
        people=["Andrei Tarkovsky"],
        genres=("Drama",),
        keywords=("wish",),
    )
    entry = of_movie(film)
    assert entry.names == ("Stalker", "Сталкер", "The Zone")
    assert entry.about == ("Andrei Tarkovsky", "Drama", "wish", "1979", "1970s")
    assert "Sci-Fi SciFi" in of_movie(a_film(genres=("Science Fiction",))).about
    handles = Handles.of(entry)
    for question in ("stalk", "the zo", "zone", "тарк", "tarkovsky wish 1970s stal", "1979 drama"):
        assert handles.answer(Asked.of(question)) is (question != "тарк"), question


def test_a_movie_without_a_year_is_of_no_decade() -> None:
    entry = of_movie(a_film(year=None))
    assert (entry.decade, entry.about) == (None, ())


def test_a_person_of_many_movies_is_about_as_well_known_as_a_well_known_movie() -> None:
    nobody, somebody, star = (
        of_person(a_person(popularity=total)).popularity for total in (0.0, 50.0, 1500.0)
    )
    assert nobody == 0.0
    assert 20 < somebody < 40 < star < 65


def a_rank(
    question: str, *names: str, popularity: float = 0.0, about: tuple[str, ...] = ()
) -> float:
    return score(Asked.of(question), an_entry(1, *names, popularity=popularity, about=about))


def a_person_entry(name: str, popularity: float) -> Entry:
    return Entry("person", "1", (name,), popularity=popularity)


def test_the_very_title_comes_before_somewhat_better_known_ones_that_only_begin_so() -> None:
    assert a_rank("alien", "Alien", popularity=30) > a_rank("alien", "Aliens", popularity=60)
    assert a_rank("matrix", "The Matrix") > a_rank("matrix", "The Matrix Reloaded", popularity=60)


def test_of_two_of_one_title_the_better_known_comes_first() -> None:
    assert a_rank("heat", "Heat", popularity=55) > a_rank("heat", "Heat", popularity=3)


def test_spaces_accents_and_case_make_no_difference() -> None:
    assert (
        len({a_rank(text, "Spider-Man") for text in ("spiderman", "Spider Man", "SPIDER-MAN")}) == 1
    )


@pytest.mark.parametrize("slip", ["matirx", "matrx", "matrrix", "matrox"])
def test_one_slip_costs_less_than_being_another_name(slip: str) -> None:
    assert a_rank(slip, "Matrix") > a_rank(slip, "Matilda", popularity=60)
    assert a_rank("matrix", "Matrix") > a_rank(slip, "Matrix")


def test_words_in_the_name_count_for_more_than_words_about_it() -> None:
    in_name = a_rank("red desert", "The Red Desert Story")
    about = a_rank("red desert", "Something Else", about=("red", "desert"))
    assert in_name > about > a_rank("red desert", "Something Else") == 0.0


def test_whoever_types_a_number_means_it() -> None:
    second = a_rank("godfather 2", "The Godfather: Part II", popularity=55)
    assert second > a_rank("godfather 2", "The Godfather", popularity=60)
    assert second > a_rank("godfather 2", "The Godfather: Part III", popularity=60)
    assert a_rank("fast furious", "Fast & Furious") > a_rank("fast furious", "2 Fast 2 Furious")


def test_words_run_together_or_apart_are_the_same_words() -> None:
    assert a_rank("di caprio", "Leonardo DiCaprio") > 0.5
    assert a_rank("amazing spiderman", "The Amazing Spider-Man") > 0.5


def test_initials_stand_for_a_long_name() -> None:
    long = a_rank("lotr", "The Lord of the Rings: The Two Towers")
    assert long > a_rank("lotr", "Salem's Lot")
    assert long > a_rank("lo tr", "The Lord of the Rings: The Two Towers")


@pytest.mark.parametrize("last", ["de niro", "deniro", "Niro"])
def test_a_last_name_means_the_best_known_of_that_name(last: str) -> None:
    person = score(Asked.of(last), a_person_entry("Robert De Niro", popularity=60))
    assert person > score(Asked.of(last), a_person_entry("Denis O'Hare", popularity=50))
    assert person > score(Asked.of(last), a_person_entry(f"{last} Gould", popularity=20))
    assert person > a_rank(last, f"{last[:-1]}s", popularity=30)
    assert a_rank(last, last, popularity=60) > person


def test_a_last_name_is_what_stands_before_junior() -> None:
    junior = score(Asked.of("downey"), a_person_entry("Robert Downey Jr.", popularity=60))
    assert junior > score(Asked.of("downey"), a_person_entry("Jim Downey", popularity=30))


def test_the_first_words_of_a_name_count_for_more_than_the_letters_of_one() -> None:
    alien = a_rank("et", "E.T. the Extra-Terrestrial", popularity=54)
    assert alien > score(Asked.of("et"), a_person_entry("Ethan Hawke", popularity=55))


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        ("Twelve Monkeys", ("12", "monkeys")),
        ("7 samurai", ("seven", "samurai")),
        ("5th", ("fifth",)),
        ("Dr. No", ("doctor", "no")),
        ("21", None),
    ],
)
def test_a_number_or_a_title_has_another_spelling(
    asked: str, other: tuple[str, ...] | None
) -> None:
    found = Asked.of(asked).respelled
    assert (found.parts if found else None) == other


@given(st.text(max_size=60), st.text(max_size=60), st.floats(0, 3000))
def test_every_score_is_within_bounds(question: str, name: str, popularity: float) -> None:
    got = a_rank(question, name, popularity=popularity)
    assert 0.0 <= got <= 1.3


def test_what_was_asked_for_is_marked() -> None:
    assert marked("The Dark Knight", words("dark kni")) == (
        "The <mark>Dark</mark> <mark>Kni</mark>ght"
    )
    assert marked("The Godfather", words("godfahter")) == "The <mark>Godfather</mark>"
    assert marked("Tom & <b>Jerry</b>", words("jerry")) == (
        "Tom &amp; &lt;b&gt;<mark>Jerry</mark>&lt;/b&gt;"
    )
    assert marked("Solaris", ()) == "Solaris"


@given(st.text(max_size=80), st.text(max_size=40))
def test_a_marked_title_is_the_title_escaped_with_marks_and_nothing_else(
    title: str, question: str
) -> None:
    html = marked(title, words(question))
    bare = TAG.sub("", html)
    assert unescape(bare.replace("&#x27;", "'")) == unescape(unescape(title)) or "&" in title
    assert not re.search(r"[<>\"']", bare)
    assert html.count("<mark>") == html.count("</mark>")
    assert re.sub(r"<mark>[^<]+</mark>", "", html).find("<") == -1


@given(st.text(alphabet="aAbé<>&\"' 'İßﬁ", max_size=30), st.text(alphabet="abéi s", max_size=9))
def test_odd_letters_do_not_upset_marking(title: str, question: str) -> None:
    bare = TAG.sub("", marked(title, words(question)))
    assert unescape(bare) == title or "&" in title
