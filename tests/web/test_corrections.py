"""A saved survey: read in words, put right with a reason, and never overwritten."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from tests.support.client import Client
from tests.support.filled import filled_in
from tests.support.pages import text_of
from tests.support.people import Crew, answers, record_survey, refer
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import Occasion, Survey
from wellbeing_app.services import surveys
from wellbeing_app.services.answers import of_row

KEYS = INSTRUMENT.keys
A, NOTE = f"answer-{KEYS[0]}", f"note-{KEYS[0]}"
TITLE = INSTRUMENT.measures[0].title


@pytest.fixture
def survey(db: Session, crew: Crew) -> Survey:
    given = {"notes": {KEYS[0]: "As she said"}, "unanswered": {KEYS[1]: "declined"}}
    return record_survey(db, crew.asha, refer(db, crew.asha, "Grace", last_name="Akande"), **given)


def correct(client: Client, survey: Survey, **changed: Any) -> TestResponse:
    path = f"/surveys/saved/{survey.id}/correct"
    return client.post(path, data={**filled_in(client.get(path).text, "/correct"), **changed})


def scores_of_versions(db: Session, survey: Survey) -> list[int]:
    """What the first measure was given in each version."""
    return [of_row(revision).scores[KEYS[0]] for revision in db.get_one(Survey, survey.id).revisions]


def test_a_saved_survey_is_read_in_words(asha: Client, survey: Survey) -> None:
    text = text_of(asha.get(f"/surveys/saved/{survey.id}").text)
    assert "3 Making changes/doing something" in text
    assert "I'd rather not say" in text
    assert "As she said" in text
    assert "In person" in text
    assert "Version 1" in text
    assert "First saved" in text


def test_the_form_of_a_correction_holds_what_was_saved(asha: Client, survey: Survey) -> None:
    fields = filled_in(asha.get(f"/surveys/saved/{survey.id}/correct").text, "/correct")
    assert (fields[A], fields[NOTE], fields[f"answer-{KEYS[1]}"]) == (["3"], ["As she said"], ["declined"])


def test_a_correction_keeps_the_old_version_and_says_what_changed(
    asha: Client, db: Session, survey: Survey
) -> None:
    changed = {A: "5", NOTE: "As she really said", "mode": "telephone", "reason": "<The wrong> line"}
    response = correct(asha, survey, **changed)
    assert response.location == f"/surveys/saved/{survey.id}"
    page = asha.get(response.location).text
    text = text_of(page)
    assert "The correction is saved. The earlier version is kept." in text
    assert f"{TITLE}: was 3 Making changes/doing something , now 5 As good as it can be" in text
    assert f"{TITLE}: the note or the ticks" in text
    assert "what is said about the answers" in text
    assert "Version 2" in text
    assert "&lt;The wrong&gt; line" in page
    assert [of_row(revision).scores[KEYS[0]] for revision in db.get_one(Survey, survey.id).revisions] == [
        3,
        5,
    ]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({A: "5", "reason": ""}, "Say in a few words what was wrong."),
        ({A: "5", "reason": "x" * 501}, "This is too long."),
        ({A: "6", "reason": "A slip"}, f"{TITLE}: That is not one of the answers."),
        ({"reason": "A slip"}, "Nothing is different from what is saved."),
        ({A: "5", "respondent": "proxy", "reason": ""}, "Say who helped"),
    ],
)
def test_a_correction_that_cannot_be_is_told_and_keeps_what_was_typed(
    asha: Client, db: Session, survey: Survey, changed: dict[str, str], sentence: str
) -> None:
    response = correct(asha, survey, **{NOTE: "As she said", **changed})
    assert response.status_code == 422
    assert sentence in text_of(response.text)
    fields = filled_in(response.text, "/correct")
    assert (fields["reason"], fields["revision"]) == ([changed["reason"]], ["1"])
    assert db.get_one(Survey, survey.id).revision == 1


def test_every_slip_is_told_at_once_the_missing_reason_among_them(asha: Client, survey: Survey) -> None:
    text = text_of(correct(asha, survey, **{A: "6", "reason": "", "completed_on": "2999-01-01"}).text)
    assert "Please check 3 things" in text


def test_whoever_loses_the_race_sees_both_versions_and_may_save_knowingly(
    asha: Client, db: Session, crew: Crew, survey: Survey
) -> None:
    opened = filled_in(asha.get(f"/surveys/saved/{survey.id}/correct").text, "/correct")
    theirs = answers({KEYS[0]: 1}, unanswered={KEYS[1]: "declined"})
    surveys.correct(db, crew.mandy, survey.id, theirs, "A slip", 1)
    path = f"/surveys/saved/{survey.id}/correct"
    lost = asha.post(path, data={**opened, A: "5", "reason": "Mine"})
    assert lost.status_code == 409
    assert "Somebody else corrected this survey while you were typing" in text_of(lost.text)
    assert "1 Not thinking about it" in text_of(lost.text)
    mine = filled_in(lost.text, "/correct")
    assert (mine[A], mine["reason"], mine["revision"]) == (["5"], ["Mine"], ["2"])
    assert db.get_one(Survey, survey.id).revision == 2
    assert asha.post(path, data=mine).status_code == 302
    assert scores_of_versions(db, survey) == [3, 1, 5]


def test_the_button_pressed_twice_corrects_once(asha: Client, db: Session, survey: Survey) -> None:
    path = f"/surveys/saved/{survey.id}/correct"
    fields = {**filled_in(asha.get(path).text, "/correct"), A: "5", "reason": "A slip"}
    assert {asha.post(path, data=fields).status_code for _ in range(2)} == {302}
    assert db.get_one(Survey, survey.id).revision == 2


@pytest.mark.parametrize("revision", ["", "-1", "one", "9" * 5000, "1; drop"])
def test_a_forged_version_overwrites_nothing(
    asha: Client, db: Session, survey: Survey, revision: str
) -> None:
    assert correct(asha, survey, **{A: "5", "reason": "A slip", "revision": revision}).status_code == 409
    assert db.get_one(Survey, survey.id).revision == 1


def test_a_token_that_grew_old_keeps_what_was_typed(asha: Client, db: Session, survey: Survey) -> None:
    response = correct(asha, survey, **{A: "5", "reason": "A slip", "csrf_token": "old"})
    assert response.status_code == 400
    assert db.get_one(Survey, survey.id).revision == 1
    again = filled_in(response.text, "/correct")
    assert (again[A], again["reason"], again["revision"]) == (["5"], ["A slip"], ["1"])
    assert asha.post(f"/surveys/saved/{survey.id}/correct", data=again).status_code == 302


def test_a_follow_up_cannot_be_made_the_only_one_that_counts(
    asha: Client, db: Session, crew: Crew, survey: Survey
) -> None:
    episode = survey.episode
    first = record_survey(db, crew.asha, episode, Occasion.FOLLOW_UP)
    second = record_survey(db, crew.asha, episode, Occasion.FOLLOW_UP, {KEYS[0]: 5})
    page = f"/surveys/saved/{survey.id}/correct"
    assert asha.submit(f"/surveys/saved/{second.id}/counting", page=page).status_code == 404
    assert db.get_one(Survey, first.id).counts
