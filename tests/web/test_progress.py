"""The page of what has changed: who sees it, what it says, and what never stands on it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from html import unescape
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, answers, begin_episode, days_ago, record_survey, refer
from tests.support.trail import trail
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import ClosingReason, Episode, Mode, Occasion, Respondent, Survey
from wellbeing_app.services import pathway, safety, surveys, tickets

KEYS = INSTRUMENT.keys
FIRST, SECOND = (INSTRUMENT.measure(key) for key in KEYS[:2])
BASELINE, FOLLOW_UP = Occasion


@pytest.fixture
def episode(db: Session, crew: Crew) -> Episode:
    """Grace's, who was referred to Asha 300 days ago."""
    return refer(db, crew.asha, last_name="Hill", referred_on=days_ago(300))


@pytest.fixture(autouse=True)
def as_asha(client: Client, crew: Crew) -> None:
    client.sign_in(crew.asha)


def take(
    db: Session,
    crew: Crew,
    episode: Episode,
    days: int,
    scores: Mapping[str, int] | None = None,
    **details: Any,
) -> Survey:
    """The episode's next survey: the baseline, then follow-ups."""
    occasion = details.pop("occasion", FOLLOW_UP if episode.surveys else BASELINE)
    taken = record_survey(db, crew.asha, episode, occasion, scores, completed_on=days_ago(days), **details)
    db.expire(episode, ["surveys"])
    return taken


def address(episode: Episode, /, **asked: object) -> str:
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return f"/people/{episode.service_user.reference}/progress?{query}"


def see(client: Client, episode: Episode, /, **asked: object) -> str:
    response = client.get(address(episode, **asked))
    assert response.status_code == 200
    return response.text


def words(html: str) -> str:
    """The page's words, without its marks."""
    main = re.split(r"<main[^>]*>|</main>", html)[1]
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", main)).split())


def long(day: date) -> str:
    return f"{day:%d %B %Y}".lstrip("0")


def test_a_pair_is_told_in_a_sentence_a_dumbbell_a_star_and_a_table(
    client: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    take(db, crew, episode, 200, {FIRST.key: 2})
    take(db, crew, episode, 50, {FIRST.key: 4, SECOND.key: 2})
    page = see(client, episode)
    said = words(page)
    assert "1 of 8 areas moved up, 6 stayed the same and 1 is lower." in said
    assert f"The biggest step: {FIRST.title}, from 2 to 4." in said
    assert f"{SECOND.title}: from 3 to 2. Would you like to talk about it?" in said
    assert page.count('class="dumbbell-row"') == 8
    assert 'class="star-drawing"' in page
    assert "<caption>All the answers</caption>" in page
    assert f"Start, {long(days_ago(200))}" in said
    assert f"Follow-up, {long(days_ago(50))}" in said


def test_a_gap_is_told_by_its_reason(client: Client, db: Session, crew: Crew, episode: Episode) -> None:
    take(db, crew, episode, 200, unanswered={FIRST.key: "dont_know"})
    take(db, crew, episode, 50, unanswered={SECOND.key: "declined"})
    said = words(see(client, episode))
    assert "2 areas have no score on one of the two dates" in said
    assert f"{INSTRUMENT.reason('dont_know').label}, then 3" in said
    assert f"3, then {INSTRUMENT.reason('declined').label}" in said


def test_one_survey_gets_words_and_a_first_question_instead_of_a_shape(
    client: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    take(db, crew, episode, 10)
    page = see(client, episode)
    assert "What matters to you first?" in words(page)
    assert "star-drawing" not in page
    assert "dumbbell" not in page
    assert "Take the follow-up" in page


def test_before_the_baseline_the_page_says_what_to_do(client: Client, episode: Episode) -> None:
    page = see(client, episode)
    assert "Nothing to look at yet" in page
    planned = client.submit(f"/surveys/for/{episode.id}", {"occasion": "baseline"}, page=address(episode))
    assert planned.status_code == 302


def test_a_closed_episode_offers_no_survey(client: Client, db: Session, crew: Crew, episode: Episode) -> None:
    pathway.close(db, crew.asha, episode.id, days_ago(1), ClosingReason.MOVED_AWAY)
    page = see(client, episode)
    assert "No survey was taken in this episode." in page
    assert f"/surveys/for/{episode.id}" not in page


def test_every_follow_up_is_listed_and_any_two_can_be_chosen(
    client: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    taken = [
        take(db, crew, episode, days, {FIRST.key: score}) for days, score in ((200, 1), (100, 3), (10, 5))
    ]
    page = see(client, episode)
    for survey in taken:
        assert f"/surveys/saved/{survey.id}" in page
    assert f"Follow-up 2, {long(days_ago(10))}" in words(page)
    assert f"{FIRST.title}, from 1 to 5" in words(page)
    page = see(client, episode, episode=episode.id, first=taken[1].id, latest=taken[2].id)
    assert f"{FIRST.title}, from 3 to 5" in words(page)
    assert f'<option value="{taken[1].id}" selected>' in page


def test_the_choice_is_not_offered_where_there_is_none(
    client: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    take(db, crew, episode, 200)
    take(db, crew, episode, 50)
    assert '<select class="control" id="compare-first"' not in see(client, episode)


def test_a_person_who_returned_can_look_at_both_episodes(
    client: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    take(db, crew, episode, 250, {FIRST.key: 1})
    take(db, crew, episode, 150, {FIRST.key: 3})
    pathway.close(db, crew.asha, episode.id, days_ago(140), ClosingReason.COMPLETED)
    again = begin_episode(db, crew.asha, episode.service_user)
    take(db, crew, again, 20)
    now = see(client, episode)
    assert "What matters to you first?" in now
    assert f"?episode={episode.id}" in now
    assert f"{FIRST.title}, from 1 to 3" in words(see(client, episode, episode=episode.id))


def test_after_a_follow_up_is_saved_its_own_episode_is_shown(
    client: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    take(db, crew, episode, 250, {FIRST.key: 1})
    middle = take(db, crew, episode, 150, {FIRST.key: 3})
    take(db, crew, episode, 50, {FIRST.key: 5})
    assert f"{FIRST.title}, from 1 to 3" in words(see(client, episode, latest=middle.id))


@pytest.mark.parametrize("name", ["first", "latest", "episode"])
def test_an_id_of_another_person_shows_nothing(
    client: Client, db: Session, crew: Crew, episode: Episode, name: str
) -> None:
    take(db, crew, episode, 50)
    other = refer(db, crew.asha, "Imran", referred_on=days_ago(300))
    theirs = take(db, crew, other, 50, notes={FIRST.key: "Only Imran’s"})
    found = client.get(address(episode, **{name: other.id if name == "episode" else theirs.id}))
    assert found.status_code == 404
    assert "Imran" not in found.text


def test_an_address_that_was_broken_off_is_as_if_nothing_was_asked(
    client: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    take(db, crew, episode, 50)
    assert "What matters to you first?" in see(client, episode, first="12345", latest="", episode="x")


def test_somebody_elses_person_is_not_found_and_the_attempt_is_kept(
    client: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    take(db, crew, episode, 50)
    client.sign_in(crew.carol)
    found = client.get(address(episode))
    assert found.status_code == 404
    assert "Grace" not in found.text
    assert trail(db, episode.service_user_id, crew.carol) == ["refused"]


@pytest.mark.parametrize("who", ["dev", "eve", "adam"])
def test_roles_without_people_open_no_progress(
    client: Client, crew: Crew, episode: Episode, who: str
) -> None:
    client.sign_in(getattr(crew, who))
    assert client.get(address(episode)).status_code == 404


def test_looking_is_on_the_trail(client: Client, db: Session, crew: Crew, episode: Episode) -> None:
    before = len(trail(db, episode.service_user_id))
    see(client, episode)
    assert trail(db, episode.service_user_id)[before:] == ["opened"]


@pytest.mark.parametrize(
    ("first", "second", "said"),
    [
        (
            Mode.IN_PERSON,
            Mode.TELEPHONE,
            "The first was answered face to face, the second by telephone. Answers by telephone tend to be a "
            "little more positive, so a small step can come from that.",
        ),
        (
            Mode.SELF_PAPER,
            Mode.IN_PERSON,
            "The first was answered on paper, the second face to face. Answers face to face can be a little "
            "more positive, so a small step can come from that.",
        ),
        (Mode.SELF_TABLET, Mode.SELF_PAPER, "The first was answered on a tablet, the second on paper."),
    ],
)
def test_two_ways_of_asking_are_told_in_a_line(
    client: Client, db: Session, crew: Crew, episode: Episode, first: Mode, second: Mode, said: str
) -> None:
    take(db, crew, episode, 200, mode=first)
    take(db, crew, episode, 50, mode=second)
    line = re.search(r'<p class="change-caution">(.*?)</p>', see(client, episode))
    assert line
    assert line[1] == said


@pytest.mark.parametrize(
    ("by_proxy", "said"),
    [
        ((True, False), "Somebody else answered the first on their behalf"),
        ((False, True), "Somebody else answered the second on their behalf"),
        ((True, True), "Somebody else answered both on their behalf"),
    ],
)
def test_that_somebody_else_answered_is_told_without_saying_who(
    client: Client, db: Session, crew: Crew, episode: Episode, by_proxy: tuple[bool, bool], said: str
) -> None:
    for days, proxy in zip((200, 50), by_proxy, strict=True):
        by_whom = {"respondent": Respondent.PROXY, "helper": "her husband"} if proxy else {}
        take(db, crew, episode, days, **by_whom)
    page = see(client, episode)
    assert said in page
    assert "her husband" not in page


def test_two_alike_need_no_caution(client: Client, db: Session, crew: Crew, episode: Episode) -> None:
    take(db, crew, episode, 200)
    take(db, crew, episode, 50)
    assert "change-caution" not in see(client, episode)


def test_notes_and_ticked_prompts_stand_under_their_occasion_and_off_the_paper(
    client: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    take(db, crew, episode, 200, notes={FIRST.key: "Hardly goes out <b>at all</b>."})
    ticked = FIRST.prompts[1]
    take(db, crew, episode, 50, prompts={FIRST.key: [ticked.key]})
    page = see(client, episode)
    section = page[page.index('aria-labelledby="said-heading"') - 40 :]
    section = section[: section.index("</section>")]
    assert "no-print" in section
    assert "Hardly goes out &lt;b&gt;at all&lt;/b&gt;." in section
    assert ticked.text in unescape(section)
    assert FIRST.prompts[0].text not in unescape(section)
    assert unescape(section).index("Start,") < unescape(section).index("Follow-up,")


def test_nothing_said_makes_no_empty_heading(
    client: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    take(db, crew, episode, 200)
    assert "What was said" not in see(client, episode)


def test_the_star_can_be_hidden_for_this_person_until_it_is_shown_again(
    client: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    other = refer(db, crew.asha, "Imran", referred_on=days_ago(300))
    for one in (episode, other):
        take(db, crew, one, 200)
        take(db, crew, one, 50)
    assert "star-drawing" not in see(client, episode, star="hide")
    assert "star-drawing" not in see(client, episode)
    assert "star-drawing" in see(client, other)
    assert "Show the star" in see(client, episode)
    assert "star-drawing" in see(client, episode, star="show")
    assert "star-drawing" in see(client, episode)


def test_hiding_the_star_keeps_the_surveys_that_were_chosen(
    client: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    taken = [take(db, crew, episode, days) for days in (200, 100, 10)]
    page = unescape(see(client, episode, latest=taken[1].id))
    assert f"first={taken[0].id}&latest={taken[1].id}&star=hide#the-star" in page


def test_two_baselines_ask_which_counts(client: Client, db: Session, crew: Crew, episode: Episode) -> None:
    take(db, crew, episode, 200)
    ticket = tickets.plan(db, crew.asha, episode.id, BASELINE, days_ago(190), another=True)
    second = surveys.record(db, crew.asha, ticket.id, answers(completed_on=days_ago(190))).survey_id
    page = see(client, episode)
    assert "There is more than one baseline. Which one counts?" in page
    assert f"/surveys/saved/{second}" in page
    surveys.decide_counting(db, crew.asha, second)
    page = see(client, episode)
    assert "Which one counts?" not in page
    assert "Kept, does not count" in page


def test_a_worry_about_safety_never_stands_on_a_page_that_is_printed(
    client: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    take(db, crew, episode, 200)
    take(db, crew, episode, 50)
    safety.raise_flag(db, crew.asha, episode.service_user.reference, "Spoke of giving up")
    page = see(client, episode)
    assert "Spoke of giving up" not in page
    assert "safety" not in words(page).lower()


def test_right_to_left_the_scale_starts_on_the_right(
    client: Client, db: Session, crew: Crew, episode: Episode
) -> None:
    take(db, crew, episode, 200, {FIRST.key: 1})
    take(db, crew, episode, 50, {FIRST.key: 2})
    english = see(client, episode)
    client.set_cookie("language", "ur")
    urdu = see(client, episode)
    assert '<html lang="ur" dir="rtl"' in urdu
    assert re.search(r'series-first"><rect [^>]*translate\(20,14\)', re.sub(r">\s+<", "><", english))
    assert re.search(r'series-first"><rect [^>]*translate\(220,14\)', re.sub(r">\s+<", "><", urdu))
    assert 'class="star-picture" dir="ltr"' in urdu
