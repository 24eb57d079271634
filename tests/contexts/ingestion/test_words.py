"""How single words, names and titles become clean."""

# ruff: noqa: RUF001 - dashes and quotes that look alike are what it is about

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marquee.contexts.ingestion.model.countries import country
from marquee.contexts.ingestion.model.family import keyword
from marquee.contexts.ingestion.model.figures import (
    believable_money,
    believable_runtime,
    certificate,
    iso_date,
    near,
)
from marquee.contexts.ingestion.model.genres import genre
from marquee.contexts.ingestion.model.languages import language
from marquee.contexts.ingestion.model.names import clean_people
from marquee.contexts.ingestion.model.text import fold, plain
from marquee.contexts.ingestion.model.titles import clean_title, title_key

MESSY = st.text(
    st.one_of(
        st.sampled_from(" ,.'\"()[]{}<>&;:-–’“#|*/éßÃ©ﬁİ\u200b\u00a0\u0301\ud800"),
        st.sampled_from("ABjrsdTheand12ﬃ電"),
        st.characters(),
    ),
    max_size=40,
) | st.sampled_from(
    [
        "&amp;amp;lt;i&gt;",
        "A and B C",
        "Dir.: (and)",
        "Jr.",
        "X, The, The",
        "{{a|{{b|c}}}}",
        "[[[1]]]",
        "Ann Lee and Bo Ray, Jr.",
        "'''''x'''''",
    ]
)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Rock &amp; Roll", "Rock & Roll"),
        ("<i>Nosferatu</i>", "Nosferatu"),
        ("The Cord[1]", "The Cord"),
        ("[Rec]", "[Rec]"),
        ("{{lang|fr|La Ronde}}", "La Ronde"),
        ("[[Pierrot (film)|Pierrot]]", "Pierrot"),
        ("Two\u00a0 spaces ", "Two spaces"),
        ("AmÃ©lie", "Amélie"),
        ("It’s “here”", 'It\'s "here"'),
        ("''Metropolis''", "Metropolis"),
        ("بچه\u200cهای آسمان", "بچه\u200cهای آسمان"),
        (
            "Gun .mw-parser-output .frac{a:b}.mw-parser-output .num{c:d}33+1⁄3: End",
            "Gun 33 1⁄3: End",
        ),
    ],
)
def test_text_loses_its_markup_and_keeps_its_letters(raw: str, clean: str) -> None:
    assert plain(raw) == clean


@given(MESSY)
def test_plain_text_is_plain_for_good(raw: str) -> None:
    assert plain(plain(raw)) == plain(raw)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Goonies, The", "The Goonies"),
        ("Article 47, L'", "L'Article 47"),
        ("Dolce vita, La", "La Dolce vita"),
        ("Postino, Il", "Il Postino"),
        ("Blaue Engel, Der", "Der Blaue Engel"),
        ("Matrix, The (1999)", "The Matrix"),
        ("Run, Hide, Die", "Run, Hide, Die"),
        ("Play It Again, Sam", "Play It Again, Sam"),
        ("I Love You, Man", "I Love You, Man"),
        ("An Enemy to the King (film)", "An Enemy to the King"),
        ("Stronger (1999 film)", "Stronger"),
        ("Raw (II)", "Raw"),
        ("(500) Days of Summer", "(500) Days of Summer"),
        ("1917", "1917"),
        ("The 41–Year–Old", "The 41-Year-Old"),
        ("K – The Unknown", "K – The Unknown"),
        ("...And Justice for All", "...And Justice for All"),
    ],
)
def test_titles_lose_notes_and_lead_with_their_article(raw: str, clean: str) -> None:
    assert clean_title(raw, 1999)[0] == clean


def test_a_name_in_brackets_becomes_another_title() -> None:
    assert clean_title("Reserved for Ladies (UK as Service for Ladies)") == (
        "Reserved for Ladies",
        ("Service for Ladies",),
    )


@given(MESSY, st.sampled_from([None, 1999]))
def test_a_clean_title_is_clean_for_good(raw: str, year: int | None) -> None:
    title, _ = clean_title(raw, year)
    assert clean_title(title, year) == (title, ())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("WALL·E", "WALL-E"),
        ("Hit & Run", "Hit and Run"),
        ("The Goonies", "Goonies, The"),
        ("Alien³", "Alien 3"),
        ("Amélie", "amelie"),
    ],
)
def test_titles_that_differ_in_marks_alone_have_one_key(one: str, other: str) -> None:
    assert title_key(one) == title_key(other)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        (["and", ")", "(director)", "Tom Tint", "voices of", "."], ("Tom Tint",)),
        (["Ed Begley", "Sr."], ("Ed Begley Sr.",)),
        (["Robert Downey, Jr.", "Robert Downey Jr."], ("Robert Downey Jr.",)),
        (["J. K. Simmons", "J.K. Simmons"], ("J.K. Simmons",)),
        (["Cole and Dylan Sprouse"], ("Cole Sprouse", "Dylan Sprouse")),
        (["Ann Lee and Bo Ray"], ("Ann Lee", "Bo Ray")),
        (["Abbott and Costello"], ("Abbott and Costello",)),
        (["Sly and the Family Stone"], ("Sly and the Family Stone",)),
        (["Guinn 'Big Boy' Williams"], ('Guinn "Big Boy" Williams',)),
        (["Dave (Tex) O'Brien (actor)"], ('Dave "Tex" O\'Brien',)),
        (["Katherine MacDonald]]", "Jude Law."], ("Katherine MacDonald", "Jude Law")),
        (["Louis C.K.", "T.I.", "50 Cent", "U2"], ("Louis C.K.", "T.I.", "50 Cent", "U2")),
        (["Matt Harris (screenplay)", "Melissa Moon"], ("Melissa Moon",)),
        (["A Writer", "(novel)", "An Actor"], ("An Actor",)),
        (["the life of", "Ann Lee"], ("Ann Lee",)),
        (["Max von Sydow", "Benicio del Toro"], ("Max von Sydow", "Benicio del Toro")),
        (["Music by", "Philip Glass", "Ann Lee"], ("Ann Lee",)),
        (["Ann Lee, Bo Ray"], ("Ann Lee", "Bo Ray")),
        (["will.i.am"], ("will.i.am",)),
    ],
)
def test_only_people_remain_in_a_cast(raw: list[str], clean: tuple[str, ...]) -> None:
    assert clean_people(raw)[0] == clean


def test_a_cast_may_name_its_director() -> None:
    assert clean_people(["Dir.:", "Greg Stone", "Cast:", "Ann Lee"]) == (
        ("Ann Lee",),
        ("Greg Stone",),
    )
    assert clean_people(["Mira Nair", "(Director)", "Ann Lee"]) == (("Ann Lee",), ("Mira Nair",))


@given(st.lists(MESSY, max_size=5))
def test_a_clean_cast_is_clean_for_good(raw: list[str]) -> None:
    cast, _ = clean_people(raw)
    assert clean_people(cast) == (cast, ())
    assert len({fold(name) for name in cast}) == len(cast)


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("USA", "United States"),
        ("United States of America", "United States"),
        ("UK", "United Kingdom"),
        ("Kyrgyz Republic", "Kyrgyzstan"),
        ("KR", "South Korea"),
        ("West Germany", "West Germany"),
        ("Soviet Union", "Soviet Union"),
        ("Official site", None),
        ("New Line", None),
    ],
)
def test_a_country_has_one_name(raw: str, clean: str | None) -> None:
    assert country(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("English", "en"),
        ("en", "en"),
        ("EN", "en"),
        ("Mandarin", "zh"),
        ("cn", "yue"),
        ("Cantonese", "yue"),
        ("nb", "no"),
        ("Dari", "prs"),
        ("pt-BR", "pt"),
        ("None", None),
        ("xx", None),
        ("Nonsense", None),
    ],
)
def test_a_language_has_one_code(raw: str, clean: str | None) -> None:
    assert language(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Sci-Fi", "Science Fiction"),
        ("film-noir", "Film Noir"),
        ("drama", "Drama"),
        ("Foreign", None),
        ("Adult", None),
        ("", None),
        ("Heimatfilm", "Heimatfilm"),
        ("<b>", None),
    ],
)
def test_a_genre_has_one_name(raw: str, clean: str | None) -> None:
    assert genre(raw) == clean


def test_keywords_are_plain_and_fit_for_the_living_room() -> None:
    assert keyword("Time  Travel\u00a0") == "time travel"
    assert keyword("battle of the sexes") == "battle of the sexes"
    assert keyword("west virginia") == "west virginia"
    assert keyword("essex") == "essex"
    assert keyword("based on comic strip") == "based on comic strip"
    for unfit in ("female nudity", "NUDITY", "sex scene", "Rapist", "f word", "gore", "suicide"):
        assert keyword(unfit) is None
    assert keyword("\u00a0") is None


@given(MESSY)
def test_clean_words_are_clean_for_good(raw: str) -> None:
    for one in (country, language, genre, keyword, certificate):
        once = one(raw)
        assert once is None or one(once) == once


def test_figures_nobody_can_believe_are_not_known() -> None:
    assert believable_runtime(0) is None
    assert believable_runtime(1) == 1
    assert believable_runtime(100_000) is None
    assert believable_money(28, 14, american=True) == (None, None)
    assert believable_money(1_100_000_000, 439_162, american=False) == (None, 439_162)
    assert believable_money(390_000_000, 14_131_298, american=False) == (None, 14_131_298)
    assert believable_money(110_000_000, 29_000, american=True) == (110_000_000, 29_000)
    assert near("1999-12-31", 2001) == "1999-12-31"
    assert near("1990-12-31", 2001) is None


def test_a_date_is_a_day_of_the_calendar() -> None:
    assert iso_date("2004-02-29") == "2004-02-29"
    for wrong in ("2003-02-29", "2004-2-9", "29.02.2004", "0001-01-01", "٢٠٠٤-02-29", "9999-01-01"):
        assert iso_date(wrong) is None
