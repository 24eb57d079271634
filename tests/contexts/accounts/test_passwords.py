"""Which passwords are taken (A1)."""

import hashlib
import itertools
import random
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marquee.contexts.accounts.model.passwords import (
    _words,
    checked_password,
    is_guessable,
    normal,
)
from marquee.kit.errors import Invalid


def taken(password: str) -> bool:
    try:
        checked_password(password, field="new", username="ada.l", email="lovelace@engine.example")
    except Invalid as refused:
        return refused.field != "new"
    return True


@pytest.mark.parametrize(
    "password",
    [
        "vjz8Fqpl", "correct horse battery staple", "blue violin tram", "пароль от дачи",
        "ひみつのことばです", "x1 y2 z3 q9", "🎬🍿🎟🪑🎞📽🎭🥨", "violet-kettle-harbor", "gftr bmwq",
        "Tr0ub4dor&3", "a" * 64, "a" * 72 + "b",
    ],
)  # fmt: skip
def test_long_passwords_of_any_letters_are_taken(password: str) -> None:
    assert taken(password)


@pytest.mark.parametrize("length", [8, 64, 72, 73, 128, 1_024])
def test_no_length_up_to_a_thousand_is_refused_nor_cut(length: int) -> None:
    password = hashlib.shake_256(b"a password").hexdigest(600)[:length]
    assert checked_password(password, field="new", username="ada", email="a@b.example") == password


@pytest.mark.parametrize("password", ["", "vjz8Fqp", "é" * 7, "vq" * 513])
def test_too_short_and_too_long_are_refused(password: str) -> None:
    assert not taken(password)


def test_letters_are_counted_not_bytes() -> None:
    assert taken("жщфцчъыю")
    assert not taken("жщфцчъы")


def test_a_password_typed_on_another_keyboard_is_the_same() -> None:
    assert normal(unicodedata.normalize("NFD", "pässwörter")) == normal("pässwörter")
    assert normal("ﬁne") != normal("fine")


COMMON = """password password1 password123 Password1! P@ssw0rd passw0rd p@$$w0rd 12345678 123456789
1234567890 0987654321 87654321 qwerty123 qwertyuiop 1qaz2wsx zaq12wsx 1q2w3e4r 1q2w3e4r5t q1w2e3r4
qazwsxedc asdfghjkl zxcvbnm123 asdfasdf iloveyou iloveyou1 sunshine princess football baseball
trustno1 superman1 starwars computer jennifer michelle1 corvette Dragon2019 letmein2024! welcome1
abc12345 abcd1234 11111111 aaaaaaaa abababab 123123123 12341234 aa123456 summer2023 Winter2024!
michael1987 19851225 25121985 passwordpassword changeme admin123 administrator monkey123 charlie1
liverpool1 arsenal1 chelsea1 whatever1 internet mustang1 shadow123 master123 qwer1234 1234qwer
asdf1234 123qweasd 147258369 11223344 99999999 88888888 00000000 slipknot metallica nintendo""".split()  # noqa: SIM905 - sixty words read better so


@pytest.mark.parametrize("password", COMMON)
def test_the_first_that_would_be_tried_are_refused(password: str) -> None:
    assert not taken(password)
    assert not taken(password.upper())


def test_thousands_of_words_with_what_people_add_are_refused() -> None:
    words = [word for by_length in _words().values() for word in by_length]
    added = ("1", "12", "123", "1234", "!", "1!", "2024", "1987", "01", "99")
    guesses = {word + more for word, more in itertools.product(words, added)}
    guesses |= {word.capitalize() for word in words}
    wrong = [guess for guess in guesses if len(guess) >= 8 and not is_guessable(guess)]
    assert len(guesses) > 3_000
    assert len(wrong) < len(guesses) / 200, wrong[:20]


@pytest.mark.parametrize(
    "password",
    [
        "marquee1", "Marquee2024!", "my-marquee", "m4rquee!", "marqueemarquee", "ada.l1234",
        "lovelace", "Lovelace99", "engine2024", "lovelace@engine.example", "adalovelace",
    ],
)  # fmt: skip
def test_ones_own_name_and_ours_are_refused(password: str) -> None:
    username = "ada" if password.startswith("adal") else "ada.l"
    with pytest.raises(Invalid):
        checked_password(password, field="new", username=username, email="lovelace@engine.example")


def test_what_a_generator_draws_is_taken() -> None:
    draw = random.Random(9)
    drawn = [draw.randbytes(8).hex() for _ in range(5_000)]
    assert not [password for password in drawn if is_guessable(password)]


@given(st.text(min_size=8, max_size=200))
def test_any_text_is_taken_or_refused_without_a_crash(text: str) -> None:
    taken(text)
