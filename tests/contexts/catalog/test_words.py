"""Text as the catalog keeps, compares and sorts it."""

import pytest

from marquee.contexts.catalog.model.words import folded, folded_title, sort_title, tidy, turned


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("WALL·E", "WALL-E"),
        ("Last Dragon, The", "The Last Dragon"),
        ("Dude, Where's My Car?", "Dude, Where\u2019s My Car?"),
        ("Amélie", "amelie"),
        ("Fast & Furious", "Fast and Furious"),
        ("The Matrix", "Matrix"),
        ("Die Brücke", "Die Bru\u0308cke"),
        ("Œdipus", "Oedipus"),
    ],
)
def test_one_title_written_in_two_ways_is_one(one: str, other: str) -> None:
    assert folded_title(one) == folded_title(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Rocky II", "Rocky III"),
        ("A", "An"),
        ("???", "!!!"),
        ("がらくた", "からくた"),
        ("Thesis", "Sis"),
        ("Anatomy", "Atomy"),
    ],
)
def test_two_titles_stay_two(one: str, other: str) -> None:
    assert folded_title(one) != folded_title(other)


def test_no_title_folds_to_nothing() -> None:
    for title in ("...", "The", "¿?", "&", "A"):
        assert folded_title(title)
        assert folded(title)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Avventura, L'", "L'Avventura"),
        ("Good, the Bad, The", "The Good, the Bad"),
        ("Yes, Virginia", "Yes, Virginia"),
        ("The", "The"),
    ],
)
def test_an_article_at_the_end_goes_to_the_front(said: str, kept: str) -> None:
    assert turned(said) == kept


def test_what_cannot_be_shown_is_not_kept() -> None:
    assert tidy(" a\x00b \ud800 c\u202f\td\u0301 ") == "ab c d\u0301"
    assert tidy("e\u0301") == "\u00e9"


@pytest.mark.parametrize(
    "unseen", ["\u200b", "\u202e\u200b", "\u3164", "\u2800 ", "\u200e", "\u200d"]
)
def test_a_name_of_which_nothing_is_seen_is_no_name(unseen: str) -> None:
    assert tidy(unseen) == ""
    assert tidy(f"a{unseen}b").strip() != ""


def test_what_joins_letters_and_says_which_way_they_run_stays() -> None:
    for spelled in (
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",
        "\u200fABC",
        "\U0001f469\u200d\U0001f680",
    ):
        assert tidy(spelled) == spelled


def test_case_and_accents_do_not_count_in_sorting() -> None:
    assert sorted(["Zoo", "émile", "Abel"], key=sort_title) == ["Abel", "émile", "Zoo"]


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Æon Flux", "aeon flux"),
        ("Œuvre", "oeuvre"),
        ("Øst", "ost"),
        ("Ǿst", "ost"),
        ("Łódź", "lodz"),
        ("Straße", "strasse"),
        ("Đura", "dura"),
        ("Þór & Ðís", "thor & dis"),
        ("I\u015f\u0131k", "isik"),
        ("№ 1", "no 1"),
        ("Солярис", "солярис"),
    ],
)
def test_letters_of_other_alphabets_are_sorted_among_ours(title: str, key: str) -> None:
    assert sort_title(title) == key
    assert sort_title(key) == key
