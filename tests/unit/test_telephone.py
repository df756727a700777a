"""Numbers as people write them dial right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_app.web.telephone import dialled

DIGITS = st.text("0123456789", min_size=3, max_size=15)
BETWEEN = st.sampled_from(["", " ", "-", ".", "  ", "\u2013"])


@pytest.mark.parametrize(
    ("written", "dials"),
    [
        ("01632 960 777 (mum)", "01632960777"),
        ("+44 (0)1632 960 777", "+441632960777"),
        ("+44 ( 0 ) 1632 960 777", "+441632960777"),
        ("0044 (0)1632 960 777", "00441632960777"),
        ("(01632) 960 777", "01632960777"),
        ("01632 960 777 ext. 12", "01632960777"),
        ("01632 960 777 x12", "01632960777"),
        ("01632 960 777 / 07700 900 123", "01632960777"),
        ("Flat 2: 01632 960 777", "01632960777"),
        ("\u0660\u0661\u0666\u0663\u0662", "01632"),
        ("116 123", "116123"),
        ("ask her sister", ""),
        ("", ""),
    ],
)
def test_a_number_dials(written: str, dials: str) -> None:
    assert dialled(written) == dials


@given(st.data(), DIGITS, st.sampled_from(["", "+"]))
def test_whatever_stands_between_the_digits_they_are_dialled(
    data: st.DataObject, digits: str, plus: str
) -> None:
    written = plus + "".join(digit + data.draw(BETWEEN) for digit in digits)
    assert dialled(written) == plus + digits


@given(DIGITS, st.sampled_from([" (mum)", " ext 12", "x12", ", 07700 900 123", "#4", " or 999999"]))
def test_what_follows_a_number_is_not_dialled(digits: str, remark: str) -> None:
    assert dialled(digits + remark) == digits


@given(st.text(max_size=40))
def test_whatever_was_written_a_plus_comes_first_and_the_rest_are_digits(written: str) -> None:
    number = dialled(written).removeprefix("+")
    assert number == "" or (number.isascii() and number.isdigit())
