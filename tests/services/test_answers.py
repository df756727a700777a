"""The rules of a survey's answers: a whole set passes, each slip is noticed, and storing loses nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Mode, Respondent, Survey
from wellbeing_app.services import answers
from wellbeing_app.services.answers import LONGEST_NOTE, SurveyAnswers, of_row, problems_with

TODAY = date(2026, 11, 21)
REFERRED = date(2026, 3, 1)
FIRST, SECOND = INSTRUMENT.keys[:2]

SCORES = st.sampled_from(INSTRUMENT.values)
REASONS = st.sampled_from([reason.key for reason in INSTRUMENT.reasons])
WORDS = st.text(min_size=1, max_size=40)
LANGUAGES = st.sampled_from(["en", "ur", "pa-Arab", "ckb", "zh_Hant", "yue"])


@st.composite
def whole(draw: st.DrawFn) -> SurveyAnswers:
    """A set of answers with nothing wrong."""
    given = {key: draw(SCORES | REASONS) for key in INSTRUMENT.keys}
    day = draw(st.dates(REFERRED - timedelta(days=60), TODAY))
    respondent = draw(st.sampled_from(Respondent))
    needs_reason, needs_helper = day < REFERRED, respondent is not Respondent.SELF
    return SurveyAnswers(
        scores={key: value for key, value in given.items() if isinstance(value, int)},
        unanswered={key: value for key, value in given.items() if isinstance(value, str)},
        prompts={key: draw(ticks(key)) for key in draw(st.sets(st.sampled_from(INSTRUMENT.keys)))},
        notes=draw(st.dictionaries(st.sampled_from(INSTRUMENT.keys), st.text(max_size=60))),
        completed_on=day,
        date_reason="x" + draw(WORDS) if needs_reason else draw(st.text(max_size=40)),
        mode=draw(st.sampled_from(Mode)),
        respondent=respondent,
        helper="x" + draw(WORDS) if needs_helper else draw(st.text(max_size=40)),
        with_interpreter=draw(st.booleans()),
        language=draw(LANGUAGES),
    )


def ticks(key: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from([prompt.key for prompt in INSTRUMENT.measure(key).prompts]), max_size=8)


def problems(given: SurveyAnswers) -> Mapping[str, str]:
    return problems_with(given, TODAY, REFERRED)


def plain(**changed: Any) -> SurveyAnswers:
    """Threes everywhere, with something changed."""
    usual: dict[str, Any] = {
        "scores": dict.fromkeys(INSTRUMENT.keys, 3),
        "unanswered": {},
        "completed_on": TODAY,
        "mode": Mode.IN_PERSON,
        "respondent": Respondent.SELF,
    }
    return SurveyAnswers(**{**usual, **changed})


def without(key: str) -> dict[str, int]:
    return {other: 3 for other in INSTRUMENT.keys if other != key}


@given(whole())
def test_a_whole_set_passes(given: SurveyAnswers) -> None:
    assert problems(given) == {}


@given(whole())
def test_what_is_stored_is_what_was_given(given: SurveyAnswers) -> None:
    assert of_row(Survey(**given.columns())) == given


@given(whole(), whole())
def test_two_sets_have_the_same_digest_only_if_they_are_the_same(
    one: SurveyAnswers, other: SurveyAnswers
) -> None:
    assert (one.digest() == other.digest()) == (one == other)
    assert of_row(Survey(**one.columns())).digest() == one.digest()


@given(whole(), st.data())
def test_one_change_anywhere_changes_the_digest(given: SurveyAnswers, data: st.DataObject) -> None:
    changed = data.draw(
        st.sampled_from(
            [
                replace(given, with_interpreter=not given.with_interpreter),
                replace(given, completed_on=given.completed_on - timedelta(days=1)),
                replace(given, notes={**given.notes, FIRST: "Said something else"}),
                replace(given, helper=f"{given.helper} and Ann"),
                replace(given, scores={**given.scores, FIRST: given.scores.get(FIRST, 0) % 5 + 1}),
            ]
        )
    )
    assert changed.digest() != given.digest()


def test_the_same_answers_are_equal_however_they_were_typed() -> None:
    prompts = [prompt.key for prompt in INSTRUMENT.measure(FIRST).prompts]
    one = plain(prompts={FIRST: [prompts[1], prompts[0]], SECOND: []}, notes={FIRST: " line\r\nbreak\x00 "})
    other = plain(
        prompts={FIRST: [prompts[0], prompts[1], prompts[0]]}, notes={FIRST: "line\nbreak", SECOND: " "}
    )
    assert one == other
    assert one.digest() == other.digest()


@given(st.integers().filter(lambda value: value not in INSTRUMENT.values), st.sampled_from(INSTRUMENT.keys))
def test_a_number_that_is_no_point_is_no_answer(wrong: int, key: str) -> None:
    assert problems(plain(scores={**without(key), key: wrong})) == {f"answer-{key}": "not_an_answer"}


@given(st.text(min_size=1).filter(lambda word: word not in {reason.key for reason in INSTRUMENT.reasons}))
def test_a_reason_nobody_offered_is_no_answer(wrong: str) -> None:
    found = problems(plain(scores=without(FIRST), unanswered={FIRST: wrong}))
    assert found == {f"answer-{FIRST}": "not_an_answer"}


@pytest.mark.parametrize("key", INSTRUMENT.keys)
def test_each_measure_needs_an_answer_and_only_one(key: str) -> None:
    assert problems(plain(scores=without(key))) == {f"answer-{key}": "missing"}
    assert problems(plain(unanswered={key: "declined"})) == {f"answer-{key}": "two_answers"}


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({"scores": {**without(FIRST), FIRST: True}}, {f"answer-{FIRST}": "not_an_answer"}),
        ({"scores": {**dict.fromkeys(INSTRUMENT.keys, 3), "luck": 3}}, {"answer-luck": "unknown_measure"}),
        ({"unanswered": {"luck": "declined"}}, {"answer-luck": "unknown_measure"}),
        ({"notes": {"luck": "none"}}, {"answer-luck": "unknown_measure"}),
        ({"prompts": {FIRST: ["wealth"]}}, {f"answer-{FIRST}": "unknown_prompt"}),
        ({"notes": {FIRST: "x" * (LONGEST_NOTE + 1)}}, {f"note-{FIRST}": "note_too_long"}),
        ({"notes": {FIRST: "x" * LONGEST_NOTE}}, {}),
        ({"completed_on": TODAY + timedelta(days=1)}, {"completed_on": "in_future"}),
        ({"completed_on": REFERRED}, {}),
        ({"completed_on": REFERRED - timedelta(days=1)}, {"date_reason": "needed_before_referral"}),
        (
            {"completed_on": REFERRED - timedelta(days=1), "date_reason": " \x00"},
            {"date_reason": "needed_before_referral"},
        ),
        ({"completed_on": REFERRED - timedelta(days=1), "date_reason": "Taken by the GP"}, {}),
        ({"date_reason": "x" * 501}, {"date_reason": "date_reason_too_long"}),
        ({"respondent": Respondent.SELF_WITH_HELP}, {"helper": "helper_missing"}),
        ({"respondent": Respondent.PROXY, "helper": "  "}, {"helper": "helper_missing"}),
        ({"respondent": Respondent.PROXY, "helper": "Her daughter"}, {}),
        ({"helper": "x" * 201}, {"helper": "helper_too_long"}),
        ({"language": "English"}, {"language": "language_unknown"}),
        ({"language": ""}, {"language": "language_unknown"}),
        ({"language": "en-" + "a" * 12}, {"language": "language_unknown"}),
    ],
)
def test_each_kind_of_slip_is_noticed(changed: dict[str, Any], found: dict[str, str]) -> None:
    assert problems(plain(**changed)) == found


@given(st.text(st.characters(), max_size=60))
def test_no_text_is_kept_that_a_database_refuses(text: str) -> None:
    kept = plain(notes={FIRST: text}, helper=text, date_reason=text)
    for said in (*kept.notes.values(), kept.helper, kept.date_reason):
        said.encode()
        assert "\x00" not in said


def test_another_instrument_brings_its_own_rules() -> None:
    shorter = replace(INSTRUMENT, measures=INSTRUMENT.measures[:7], points=INSTRUMENT.points[:3])
    given = plain(scores=dict.fromkeys(shorter.keys, 4))
    found = answers.problems_with(given, TODAY, REFERRED, instrument=shorter)
    assert found == {f"answer-{key}": "not_an_answer" for key in shorter.keys}
