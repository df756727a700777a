"""The pages for data: what leaves, in which file, for whom; and people who are brought in, and taken out."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.fhir import problems_with
from tests.support.pages import text_of
from tests.support.people import Crew, days_ago, record_survey, refer
from wellbeing_app.exports import reading
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.model import AuditEntry, Episode, ImportBatch, Purpose, ServiceUser, Survey, Ticket
from wellbeing_app.services import agreements, people
from wellbeing_app.services.importing.batches import KEPT_FOR

FORMULA = '=HYPERLINK("http://x")'


def somebody(db: Session, crew: Crew) -> None:
    episode = refer(db, crew.asha, FORMULA, last_name="Quist", referred_on=days_ago(40))
    agreements.give(db, crew.asha, episode.service_user.reference, Purpose.EVALUATION, "Yes.", days_ago(40))
    record_survey(
        db,
        crew.asha,
        episode,
        scores={"money": 5},
        unanswered={"lifestyle": "declined"},
        notes={"money": FORMULA},
    )


def download(client: Client, what: str, level: str = "full") -> bytes:
    response = client.submit("/data/export", {"level": level, "what": what}, page="/data")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment; filename=")
    return response.data


def test_every_kind_of_file_is_what_it_says(client: Client, db: Session, crew: Crew) -> None:
    somebody(db, crew)
    client.sign_in(crew.mandy)
    for what in ("csv_long", "csv_wide", "xlsx_long", "xlsx_wide"):
        content = download(client, what)
        assert content[:3] == (b"\xef\xbb\xbf" if what.startswith("csv") else b"PK\x03")
        table = reading.read("file.xlsx" if what.startswith("xlsx") else "file.csv", content)
        first = dict(zip(table.header, next(table.rows), strict=True))
        assert first["first_name"] == FORMULA
        assert first.get("score", first.get("money_1")) in ("3", "5")
    with zipfile.ZipFile(io.BytesIO(download(client, "statistics"))) as bundle:
        assert bundle.namelist() == ["long.csv", "wide.csv", "codebook.csv", "load.sps", "load.R"]
        assert INSTRUMENT.measure("money").title in bundle.read("load.sps").decode()
    episode = json.loads(download(client, "json"))["episodes"][0]
    assert episode["person"]["first_name"] == FORMULA
    assert episode["surveys"][0]["answers"]["money"]["note"] == FORMULA
    noted = db.scalars(select(AuditEntry.detail).where(AuditEntry.action == "exported")).all()
    assert {"level": "full", "what": "fhir"} not in noted
    assert {"level": "full", "what": "json"} in noted


def test_no_cell_of_a_workbook_is_a_formula(client: Client, db: Session, crew: Crew) -> None:
    somebody(db, crew)
    client.sign_in(crew.mandy)
    with zipfile.ZipFile(io.BytesIO(download(client, "xlsx_long"))) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) == 2
        for sheet in sheets:
            assert b"<f>" not in book.read(sheet)
        assert b"'=HYPERLINK" in book.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize("level", ["full", "no_identifiers"])
def test_fhir_is_fhir_and_says_what_was_answered_and_why_not(
    client: Client, db: Session, crew: Crew, level: str
) -> None:
    somebody(db, crew)
    client.sign_in(crew.mandy)
    bundle = json.loads(download(client, "fhir", level))
    assert problems_with(bundle) == []
    asked, answered = (entry["resource"] for entry in bundle["entry"])
    assert [group["linkId"] for group in asked["item"]] == list(INSTRUMENT.keys)
    items = {item["linkId"]: item for group in answered["item"] for item in group["item"]}
    assert items["money.score"]["answer"][0]["valueCoding"]["code"] == "5"
    assert items["lifestyle.score"]["extension"][0]["valueCode"] == "asked-declined"
    assert "answer" not in items["lifestyle.score"]
    for slip in ({"status": "done"}, {"authored": "yesterday"}, {"mood": 1}, {"item": [{"text": "no id"}]}):
        assert problems_with({**bundle, "entry": [{"resource": asked}, {"resource": {**answered, **slip}}]})
    items["money.score"]["answer"][0]["valueCoding"]["code"] = "6"
    assert "money.score" in str(problems_with(bundle))


def test_an_evaluator_gets_no_names(client: Client, db: Session, crew: Crew) -> None:
    somebody(db, crew)
    client.sign_in(crew.eve)
    page = text_of(client.get("/data").text)
    assert "with names and notes" not in page
    assert "Bring people in" not in page
    refused = client.submit("/data/export", {"level": "full", "what": "csv_long"}, page="/data")
    assert refused.status_code == 422
    for level in ("no_identifiers", "aggregate"):
        content = download(client, "csv_long", level).decode()
        assert "money" in content
        assert "Quist" not in content
    assert "<8" in download(client, "csv_long", "aggregate").decode()


SENT = """Client,When,Stage,Money
C-1,2026-01-05,baseline,2
C-1,2026-05-05,follow-up,4
C-2,2026-01-06,baseline,{second}
"""


def bring(client: Client, text: str) -> str:
    sent = {"file": (io.BytesIO(text.encode()), "people.csv")}
    answer = client.submit("/data/import", sent, content_type="multipart/form-data")
    assert answer.status_code == 302, text_of(answer.text)
    return str(answer.location).split("#")[0]


def say(client: Client, page: str, *means: str, **also: Any) -> Any:
    fields = {f"means-{place}": target for place, target in enumerate(means)}
    return client.submit(page, {**fields, "pathway": "long_term_conditions", "advisor_id": "", **also})


MEANT = ("person", "completed_on", "occasion", "money")


def test_people_are_brought_in_and_taken_out_again(client: Client, db: Session, crew: Crew) -> None:
    client.sign_in(crew.mandy)
    page = bring(client, SENT.format(second="9"))
    assert "3 things must be put right first" in text_of(client.get(page).text), "nobody knows who C-1 is"
    say(client, page, *MEANT)
    told = text_of(client.get(page).text)
    assert "One thing must be put right first" in told
    assert "Row 4, money: A score is 1, 2, 3, 4 or 5. “9”" in told
    assert '4,money,"A score is 1, 2, 3, 4 or 5.",9' in client.get(f"{page}/problems").text
    assert say(client, page, *MEANT, take_in="1").status_code == 302
    assert db.scalars(select(ServiceUser)).all() == []

    page = bring(client, SENT.format(second="1"))
    say(client, page, *MEANT, agreed="y")
    assert "New people 2 New episodes 2 New surveys 3" in text_of(client.get(page).text)
    say(client, page, *MEANT, agreed="y", take_in="1")
    assert len(db.scalars(select(Survey)).all()) == 3
    again = bring(client, SENT.format(second="1"))
    assert "Nothing would change" in text_of(client.get(again).text), "the guesses are remembered"

    worked_on = db.scalars(select(ServiceUser).where(ServiceUser.earlier_reference == "C-2")).one()
    details = people.PersonDetails("Grace")
    people.edit(db, crew.mandy, worked_on.reference, details, worked_on.version)
    batch = db.scalars(select(ImportBatch).where(ImportBatch.committed_at.is_not(None))).one()
    answer = client.submit(f"/data/import/{batch.id}/undo", page="/data/import", follow_redirects=True)
    assert (
        f"so they stay: {worked_on.reference}" in text_of(answer.text) or worked_on.reference in answer.text
    )
    assert [one.reference for one in db.scalars(select(ServiceUser))] == [worked_on.reference]
    for kind in (Episode, Ticket, Survey):
        assert len(db.scalars(select(kind)).all()) == 1


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"\x00\x01\x02", "no table that can be read"),
        (b"", "must hold the headings"),
        (b"PK\x03\x04x", "no table"),
    ],
)
def test_what_is_no_table_is_refused_in_a_sentence(
    client: Client, db: Session, crew: Crew, content: bytes, said: str
) -> None:
    client.sign_in(crew.mandy)
    sent = {"file": (io.BytesIO(content), "x.csv")}
    answer = client.submit("/data/import", sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert said in text_of(answer.text)


def test_a_file_that_nobody_takes_in_is_thrown_away(client: Client, db: Session, crew: Crew) -> None:
    client.sign_in(crew.mandy)
    page = bring(client, SENT.format(second="1"))
    assert "Not taken in yet" in client.get("/data/import").text
    batch = db.scalars(select(ImportBatch)).one()
    batch.at -= KEPT_FOR
    db.flush()
    assert "Not taken in yet" not in client.get("/data/import").text
    assert batch.content is None
    assert client.get(page).status_code == 404
