"""The report's pages: what was chosen is what is shown, and small numbers stay inside."""

from __future__ import annotations

import io
import re

from pypdf import PdfReader
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew
from tests.support.reporting import write_ledger, write_source
from wellbeing_app.services.access import Actor

CHOSEN = "since=2015-04-01&until=2017-03-31&cost=394300&cost_years=2"


def seen(client: Client, who: Actor, address: str, status: int = 200) -> str:
    client.sign_in(who)
    response = client.get(address)
    assert response.status_code == status
    return " ".join(re.sub(r"<[^>]*>", " ", response.text).split())


def test_the_page_and_its_pdf_have_the_sources_figures(client: Client, db: Session, crew: Crew) -> None:
    write_source(db, crew)
    write_ledger(db, crew)
    page = seen(client, crew.mandy, f"/report?{CHOSEN}")
    paper = PdfReader(io.BytesIO(client.get(f"/report/pdf?{CHOSEN}").data))
    printed = " ".join(" ".join(one.extract_text() for one in paper.pages).split())
    for figure in (
        "93%",
        "48%",
        "0.60",
        "0.99",
        "£309,795",
        "£724,065",
        "£0.79",
        "£1.84",
        "0.352",
        "£30,000",
        "£10,560",
        "£1,320",
        "£202,752",
        "£0.51",
    ):
        assert figure in page
        assert figure in printed
    assert "161 people have both surveys, of 161 with a baseline (100%)" in page
    assert "93 over the years that its cost covers, 47 a year" in page
    assert "British Red Cross" in page


def test_the_evaluator_gets_what_may_be_shared(client: Client, db: Session, crew: Crew) -> None:
    write_source(db, crew)
    write_ledger(db, crew)
    page = seen(client, crew.eve, f"/report?{CHOSEN}")
    assert "160 people have both surveys, of 160 with a baseline" in page
    assert "£32,674" not in page
    assert "Numbers below 8 are shown as *" in page
    shared = seen(client, crew.mandy, f"/report?{CHOSEN}&shared=y")
    assert "160 people have both surveys" in shared


def test_an_empty_service_is_told_what_to_do(client: Client, crew: Crew) -> None:
    for address in ("/report", "/report/plain", "/report/compare"):
        seen(client, crew.mandy, address)
    assert "Nobody here has both a baseline and a follow-up yet." in seen(client, crew.mandy, "/report")


def test_what_cannot_be_asked_is_said_beside_its_field(client: Client, crew: Crew) -> None:
    wrong = {
        "since=2017-01-01&until=2016-01-01": "The period ends before it begins.",
        "until=soon": "Please write a date that exists, such as 27 3 2026.",
        "cost=-1": "Please write a number from 0 to",
        "pathway=other": "Please choose from the list.",
    }
    for asked, sentence in wrong.items():
        assert sentence in seen(client, crew.mandy, f"/report?{asked}", 422)
        seen(client, crew.mandy, f"/report/pdf?{asked}", 422)


def test_two_periods_stand_beside_each_other(client: Client, db: Session, crew: Crew) -> None:
    write_source(db, crew)
    later = "since=2016-04-01&until=2017-03-31"
    page = seen(client, crew.mandy, f"/report/compare?{later}&other-since=2015-04-01&other-until=2016-03-31")
    assert "People with a baseline 136 25" in page
    assert "Referred 156 161" in page
    usual = seen(client, crew.mandy, f"/report/compare?{later}")
    assert "Referred 156 161" in usual  # the year before, unless another period is chosen


def test_in_plain_words(client: Client, db: Session, crew: Crew) -> None:
    write_source(db, crew)
    page = seen(client, crew.mandy, f"/report/plain?{CHOSEN}")
    assert "Of 161 people who were asked twice, 93% gave a higher answer in at least one area" in page
    assert "Whether people would have changed without the service." in page
