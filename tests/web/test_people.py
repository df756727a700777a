"""A person's pages: added once, read at a glance, edited without overwriting anybody."""

from __future__ import annotations

import html
import re
from datetime import date

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.pages import buttons_of, text_of
from tests.support.people import Crew, answers, begin_episode, days_ago, record_survey, refer
from tests.support.trail import queries, trail
from wellbeing_app.model import ClosingReason, Episode, Occasion, Pathway, Purpose, ServiceUser
from wellbeing_app.services import agreements, clock, pathway, safety, surveys, tickets

BORN = date(1961, 4, 3)
NEW = {"first_name": "Grace", "last_name": "Akande", "pathway": "long_term_conditions", "language": "en"}


def somebody_new(crew: Crew, **changed: str) -> dict[str, str]:
    return {**NEW, "referred_on": days_ago(3).isoformat(), "advisor_id": str(crew.asha.id), **changed}


def everybody(db: Session) -> list[ServiceUser]:
    return list(db.scalars(select(ServiceUser).order_by(ServiceUser.created_at)))


class TestAdding:
    """A person and their first episode."""

    def test_a_person_is_added_and_the_first_button_takes_the_baseline(
        self, client: Client, crew: Crew, db: Session
    ) -> None:
        client.sign_in(crew.asha)
        fields = somebody_new(crew, date_of_birth="3 April 1961", pathway="mental_health:7", needs_bsl="y")
        page = client.submit("/people/new", fields, follow_redirects=True)
        (grace,) = everybody(db)
        episode = grace.episodes[0]
        assert (grace.name, grace.date_of_birth, grace.needs_bsl) == ("Grace Akande", BORN, True)
        assert (episode.pathway, episode.care_cluster) == (Pathway.MENTAL_HEALTH, 7)
        assert (episode.advisor_id, episode.referred_on) == (crew.asha.id, days_ago(3))
        assert grace.reference in page.text
        assert buttons_of(page.text)[0] == "Take the baseline"
        assert trail(db, grace.id)[:2] == ["person_added", "episode_opened"]

    def test_the_form_begins_with_today_and_oneself(self, client: Client, crew: Crew) -> None:
        client.sign_in(crew.asha)
        page = client.get("/people/new").text
        assert f'value="{clock.today().isoformat()}"' in page
        assert re.search(rf'<option selected value="{crew.asha.id}">Asha', page)
        assert ">Ben</option>" in page
        assert ">Carol</option>" not in page

    def test_a_manager_chooses_among_all_advisors(self, client: Client, crew: Crew, db: Session) -> None:
        client.sign_in(crew.mandy)
        page = client.get("/people/new").text
        assert [name in page for name in (">Asha</option>", ">Carol</option>", ">Mandy</option>")] == [
            True,
            True,
            False,
        ]
        assert client.submit("/people/new", somebody_new(crew, advisor_id="")).status_code == 422
        client.submit("/people/new", somebody_new(crew, advisor_id=str(crew.carol.id)))
        assert everybody(db)[0].episodes[0].advisor_id == crew.carol.id

    def test_an_advisor_cannot_give_somebody_to_another_team(
        self, client: Client, crew: Crew, db: Session
    ) -> None:
        client.sign_in(crew.asha)
        response = client.submit("/people/new", somebody_new(crew, advisor_id=str(crew.carol.id)))
        assert response.status_code == 422
        assert everybody(db) == []

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"first_name": " "}, "Enter a first name, or what they like to be called."),
            ({"date_of_birth": "31/2/1999"}, "Enter a day that exists"),
            ({"date_of_birth": "1/1/1850"}, "Nobody is that old"),
            ({"pathway": ""}, "Choose a pathway."),
            ({"pathway": "mental_health"}, "choose"),
            ({"referred_on": "soon"}, "date that exists"),
            ({"referred_on": "2999-01-01"}, "This day has not come yet."),
            ({"telephone": "0" * 41}, "40 characters"),
            ({"language": "tlh-x-none!"}, "choose"),
        ],
    )
    def test_a_slip_is_told_and_nothing_typed_is_lost(
        self, client: Client, crew: Crew, db: Session, wrong: dict[str, str], said: str
    ) -> None:
        client.sign_in(crew.asha)
        response = client.submit("/people/new", somebody_new(crew, safe_times="After ten", **wrong))
        assert response.status_code == 422
        assert said.lower() in text_of(response.text).lower()
        assert "After ten" in response.text
        assert everybody(db) == []

    def test_a_form_that_was_open_too_long_is_shown_again_as_typed(
        self, client: Client, crew: Crew, db: Session
    ) -> None:
        client.sign_in(crew.asha)
        response = client.post("/people/new", data={**somebody_new(crew), "csrf_token": "old"})
        assert response.status_code == 422
        assert "Nothing you typed is lost" in response.text
        assert 'value="Akande"' in response.text
        assert everybody(db) == []

    def test_possible_duplicates_are_shown_before_anything_is_saved(
        self, client: Client, crew: Crew, db: Session
    ) -> None:
        mine = refer(db, crew.asha, "Grace", last_name="Akande").service_user
        client.sign_in(crew.asha)
        response = client.submit("/people/new", somebody_new(crew))
        assert f'href="/people/{mine.reference}"' in response.text
        assert len(everybody(db)) == 1
        confirmed = re.search(r'name="confirmed" value="([^"]+)"', response.text)
        assert confirmed
        fields = somebody_new(crew, confirmed=html.unescape(confirmed[1]))
        assert client.submit("/people/new", fields).status_code == 302
        assert len(everybody(db)) == 2

    def test_a_confirmation_for_one_name_is_none_for_another(
        self, client: Client, crew: Crew, db: Session
    ) -> None:
        refer(db, crew.asha, "Grace", last_name="Akande")
        client.sign_in(crew.asha)
        client.submit("/people/new", somebody_new(crew, confirmed="tom booth|"))
        assert len(everybody(db)) == 1

    def test_duplicates_elsewhere_are_told_without_saying_who(
        self, client: Client, crew: Crew, db: Session
    ) -> None:
        hidden = refer(
            db, crew.carol, "Grace", last_name="Oyelaran", date_of_birth=BORN, telephone="07700"
        ).service_user
        client.sign_in(crew.asha)
        response = client.submit("/people/new", somebody_new(crew, date_of_birth="3/4/1961"))
        assert "One other person like this is known to the service" in response.text
        for secret in (hidden.reference, "Oyelaran", "07700", "Carol"):
            assert secret not in text_of(response.text)
        assert "listed" not in trail(db, hidden.id)

    def test_a_second_press_of_the_button_does_not_add_them_twice(
        self, client: Client, crew: Crew, db: Session
    ) -> None:
        client.sign_in(crew.asha)
        for _ in range(2):
            client.submit("/people/new", somebody_new(crew))
        assert len(everybody(db)) == 1


class TestRecord:
    """The page of one person."""

    @pytest.fixture
    def episode(self, client: Client, crew: Crew, db: Session) -> Episode:
        client.sign_in(crew.asha)
        return refer(
            db,
            crew.asha,
            last_name="Akande",
            date_of_birth=BORN,
            language="ur",
            needs_interpreter=True,
            needs_bsl=True,
            needs_large_print=True,
            telephone="01709 555 0142",
            safe_times="Mornings only",
        )

    def page(self, client: Client, episode: Episode) -> str:
        return client.get(f"/people/{episode.service_user.reference}").text

    def test_it_tells_who_they_are_and_what_they_need(self, client: Client, episode: Episode) -> None:
        page = text_of(self.page(client, episode))
        for told in (
            "Grace Akande",
            episode.service_user.reference,
            "born 3 April 1961",
            "Needs an interpreter: Urdu",
            "British Sign Language",
            "Large print",
            "01709 555 0142",
            "Do not leave a message.",
            "Mornings only",
        ):
            assert told in page

    def test_a_draft_is_gone_on_with(self, client: Client, crew: Crew, db: Session, episode: Episode) -> None:
        ticket = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today())
        page = self.page(client, episode)
        assert buttons_of(page)[0] == "Go on with the baseline"
        assert f'href="/surveys/{ticket.id}"' in page
        assert ticket.code in page

    def test_the_follow_up_is_next_after_the_baseline(
        self, client: Client, crew: Crew, db: Session, episode: Episode
    ) -> None:
        record_survey(db, crew.asha, episode, completed_on=days_ago(20))
        page = self.page(client, episode)
        assert "Next: the follow-up" in page
        assert buttons_of(page)[:2] == ["Take the follow-up", "See the baseline"]

    def test_after_the_follow_up_it_is_time_to_talk(
        self, client: Client, crew: Crew, db: Session, episode: Episode
    ) -> None:
        taken = {"completed_on": days_ago(100), "date_reason": "Asked at the surgery"}
        record_survey(db, crew.asha, episode, **taken)
        record_survey(db, crew.asha, episode, Occasion.FOLLOW_UP)
        page = self.page(client, episode)
        assert buttons_of(page)[:2] == ["See progress", "Take another follow-up"]

    def test_after_an_early_follow_up_it_is_told_and_one_in_its_time_is_still_next(
        self, client: Client, crew: Crew, db: Session, episode: Episode
    ) -> None:
        for occasion in Occasion:
            record_survey(db, crew.asha, episode, occasion, completed_on=days_ago(20))
        page = self.page(client, episode)
        assert "Next: the follow-up" in page
        assert "An early follow-up was taken on" in page
        assert buttons_of(page)[:2] == ["Take the follow-up", "See progress"]

    def test_two_baselines_ask_which_counts_and_the_answer_is_kept(
        self, client: Client, crew: Crew, db: Session, episode: Episode
    ) -> None:
        first = record_survey(db, crew.asha, episode, completed_on=days_ago(9))
        another = tickets.plan(db, crew.asha, episode.id, Occasion.BASELINE, clock.today(), another=True)
        receipt = surveys.record(db, crew.asha, another.id, answers({"money": 1}))
        path = f"/people/{episode.service_user.reference}"
        page = client.get(path).text
        assert "Which baseline counts?" in page
        assert buttons_of(page)[0].startswith("This one counts")
        client.submit(f"/surveys/saved/{receipt.survey_id}/counting", page=path)
        assert "Which baseline counts?" not in client.get(path).text
        db.refresh(first)
        assert not first.counts

    def test_a_closed_episode_can_be_opened_again_and_another_begun(
        self, client: Client, crew: Crew, db: Session, episode: Episode
    ) -> None:
        pathway.close(db, crew.asha, episode.id, clock.today(), ClosingReason.MOVED_AWAY, "To Leeds")
        page = self.page(client, episode)
        assert "Moved away" in page
        assert "To Leeds" in page
        assert buttons_of(page) == ["Begin a new episode", "Open it again"]
        assert "Take the baseline" not in page

    def test_another_episode_is_one_link_away(
        self, client: Client, crew: Crew, db: Session, episode: Episode
    ) -> None:
        record_survey(db, crew.asha, episode)
        pathway.close(db, crew.asha, episode.id, clock.today(), ClosingReason.COMPLETED)
        begin_episode(db, crew.asha, episode.service_user, referred_on=clock.today())
        page = self.page(client, episode)
        assert buttons_of(page)[0] == "Take the baseline"
        link = f"/people/{episode.service_user.reference}?episode={episode.id}"
        assert f'href="{link}"' in page
        assert "This episode is closed" in client.get(link).text

    def test_safety_flags_and_agreements_show(
        self, client: Client, crew: Crew, db: Session, episode: Episode
    ) -> None:
        reference = episode.service_user.reference
        flag = safety.raise_flag(db, crew.asha, reference, "A worry")
        agreements.give(db, crew.asha, reference, Purpose.EVALUATION, "Yes", days_ago(4))
        page = self.page(client, episode)
        assert f'href="/people/{reference}/safety/{flag.id}"' in page
        assert "A worry" not in page
        assert "Use for evaluation Agreed on" in text_of(page)
        assert "Sharing with the GP Not agreed" in text_of(page)
        safety.close(db, crew.asha, reference, flag.id, "All is well")
        assert "Earlier safety flags" in self.page(client, episode)

    def test_what_somebody_typed_is_never_markup(self, client: Client, crew: Crew, db: Session) -> None:
        client.sign_in(crew.asha)
        nasty = "<script>alert(1)</script>"
        episode = refer(
            db, crew.asha, nasty, last_name=nasty, safe_times=nasty, access_notes=nasty, referred_by=nasty
        )
        assert "<script>alert" not in self.page(client, episode)

    def test_ten_episodes_cost_no_more_queries_than_one(
        self, client: Client, crew: Crew, db: Session, episode: Episode, engine: Engine
    ) -> None:
        def count() -> int:
            with queries(engine) as sent:
                self.page(client, episode)
            return len(sent)

        record_survey(db, crew.asha, episode)
        for_one = count()
        for _ in range(9):
            record_survey(db, crew.asha, begin_episode(db, crew.asha, episode.service_user))
        assert count() == for_one


class TestEditing:
    """Changing what is known of a person."""

    def test_what_was_changed_is_saved(self, client: Client, crew: Crew, db: Session) -> None:
        grace = refer(db, crew.asha, may_post=True).service_user
        client.sign_in(crew.asha)
        fields = {"first_name": "Grace", "last_name": "Akande", "language": "pl", "version": "1"}
        response = client.submit(f"/people/{grace.reference}/edit", fields)
        assert response.location == f"/people/{grace.reference}"
        assert (grace.last_name, grace.language, grace.may_post) == ("Akande", "pl", False)

    def test_a_lost_race_shows_both_versions_and_saving_again_decides(
        self, client: Client, crew: Crew, db: Session
    ) -> None:
        grace = refer(db, crew.asha, telephone="1").service_user
        path = f"/people/{grace.reference}/edit"
        fields = {"first_name": "Grace", "language": "en", "version": "1"}
        client.sign_in(crew.ben)
        client.submit(path, {**fields, "telephone": "2222"})
        client.sign_in(crew.asha)
        response = client.submit(path, {**fields, "telephone": "3333"})
        assert response.status_code == 409
        assert "Telephone 2222 3333" in text_of(response.text)
        assert 'value="3333"' in response.text
        assert grace.telephone == "2222"
        version = re.search(r'name="version" type="hidden" value="(\d+)"', response.text)
        assert version
        again = client.submit(path, {**fields, "telephone": "3333", "version": version[1]})
        assert again.status_code == 302
        assert grace.telephone == "3333"

    def test_a_slip_keeps_what_was_typed(self, client: Client, crew: Crew, db: Session) -> None:
        grace = refer(db, crew.asha).service_user
        client.sign_in(crew.asha)
        path = f"/people/{grace.reference}/edit"
        response = client.submit(path, {"first_name": "", "language": "en", "address": "14 Moorgate Road"})
        assert response.status_code == 422
        assert "14 Moorgate Road" in response.text


def test_a_name_cannot_turn_the_direction_of_a_page_and_keeps_what_joins_its_letters(
    client: Client, crew: Crew, db: Session
) -> None:
    client.sign_in(crew.asha)
    turned, joined = "\u202eGra\u2066ce\u200f", "Ak\u200can\u200dde"
    fields = somebody_new(crew, first_name=turned, last_name=joined)
    page = client.submit("/people/new", fields, follow_redirects=True)
    (grace,) = everybody(db)
    assert (grace.first_name, grace.last_name) == ("Grace", joined)
    assert f"\u2068Grace {joined}\u2069 has the reference" in page.text


@pytest.mark.parametrize(
    ("written", "dials"), [("01632 960 777 (mum)", "01632960777"), ("+44 (0)1632 960777", "+441632960777")]
)
def test_a_telephone_link_dials_right(
    client: Client, crew: Crew, db: Session, written: str, dials: str
) -> None:
    grace = refer(db, crew.asha, telephone=written).service_user
    client.sign_in(crew.asha)
    assert f'href="tel:{dials}"' in client.get(f"/people/{grace.reference}").text


def test_the_next_step_says_gently_that_taking_part_is_not_agreed(
    client: Client, crew: Crew, db: Session
) -> None:
    grace = refer(db, crew.asha).service_user
    client.sign_in(crew.asha)
    path = f"/people/{grace.reference}"
    page = client.get(path).text
    assert "They have not agreed to taking part." in text_of(page)
    assert "Take the baseline" in buttons_of(page)
    agreeing = {"purpose": "take_part", "on": clock.today().isoformat(), "do": "give"}
    client.submit(f"{path}/agreements", agreeing)
    assert "They have not agreed" not in client.get(path).text
