"""Codes can be read, said and typed, and a slip in one is noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_app.services import codes

BODIES = st.text(codes.ALPHABET, min_size=7, max_size=7)
PLACES = st.integers(0, codes.FORM_CODE_LENGTH - 1)
CHARACTERS = st.sampled_from(codes.ALPHABET)


def form_code(body: str) -> str:
    return body + codes.check_character(body)


@given(BODIES, PLACES, CHARACTERS)
def test_one_wrong_character_is_noticed(body: str, place: int, wrong: str) -> None:
    code = form_code(body)
    slipped = code[:place] + wrong + code[place + 1 :]
    assert codes.is_form_code(slipped) == (slipped == code)


@given(BODIES, st.integers(0, codes.FORM_CODE_LENGTH - 2))
def test_two_neighbours_swapped_are_noticed(body: str, place: int) -> None:
    code = form_code(body)
    swapped = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
    assert codes.is_form_code(swapped) == (swapped == code)


@given(BODIES)
def test_a_code_survives_being_typed_by_a_person(body: str) -> None:
    code = form_code(body)
    typed = " " + code[:4].lower() + "-" + code[4:].replace("0", "o").replace("1", "l") + " "
    assert codes.tidy(typed) == code


def test_no_code_can_spell_a_word_or_be_misread() -> None:
    assert not set(codes.ALPHABET) & set("AEIOUYL")


@pytest.mark.parametrize("too_short_or_long", ["", "0", "0000000", "000000000"])
def test_a_code_of_another_length_is_none(too_short_or_long: str) -> None:
    assert not codes.is_form_code(too_short_or_long)


def test_new_codes_are_right_and_differ() -> None:
    made = {codes.new_form_code() for _ in range(200)}
    assert len(made) == 200
    assert all(map(codes.is_form_code, made))


@pytest.mark.parametrize("typed", ["R-7QK2P", "r-7qk2p", "7qk2p", " r 7QK 2P ", "R7QK2P"])
def test_a_reference_is_known_with_or_without_its_beginning(typed: str) -> None:
    assert codes.tidy_reference(typed) == "R-7QK2P"


@given(st.text(codes.ALPHABET, min_size=5, max_size=5))
def test_a_reference_that_begins_with_r_is_not_cut(body: str) -> None:
    assert codes.tidy_reference(body) == codes.tidy_reference(f"R-{body}") == f"R-{body}"
