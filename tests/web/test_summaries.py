"""Summaries of many people: drawn sheet by sheet, taken once, and only by who may see everybody in it."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import uuid
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.people import Crew, days_ago, record_survey, refer
from tests.support.trail import trail
from wellbeing_app.config import KEY_FILE, PROJECT
from wellbeing_app.model import BatchState, Episode, SummaryBatch, SummaryOfBatch
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.services import clock, instance, summaries
from wellbeing_app.services.summaries import Setting
from wellbeing_app.web import summary_work


@pytest.fixture
def two(db: Session, crew: Crew) -> list[Episode]:
    """Asha's Grace and Bo, each with a survey."""
    found = [refer(db, crew.asha, name, referred_on=days_ago(90)) for name in ("Grace", "Bo")]
    for episode in found:
        record_survey(db, crew.asha, episode)
    return found


def ask(asha: Client, db: Session, episodes: list[Episode], **more: str) -> SummaryBatch:
    fields = {"episodes": [str(one.id) for one in episodes], "kind": "usual", **more}
    assert asha.submit("/summaries", fields).status_code == 302
    return db.scalars(select(SummaryBatch)).one()


def draw(app: Flask, batch: SummaryBatch) -> bool:
    """What the child process does."""
    done: bool = app.extensions["draw_summaries"](batch.id)
    return done


def take(asha: Client, batch: SummaryBatch) -> pypdf.PdfReader:
    page = f"/summaries/{batch.id}"
    response = asha.submit(page, {"do": "take"})
    assert response.headers["Content-Disposition"] == "attachment; filename=summaries.pdf"
    return pypdf.PdfReader(io.BytesIO(response.data))


def files(app: Flask, batch: SummaryBatch) -> list[Path]:
    folder: Path = app.extensions["wellbeing"].settings.instance / "summaries"
    return list(folder.glob(f"{batch.id}*"))


def test_from_choice_to_file_which_is_handed_out_once(
    app: Flask, asha: Client, db: Session, two: list[Episode]
) -> None:
    assert "Grace" in asha.get("/summaries").text
    ticked = [asha.get(f"/summaries?choose={how}").text.count(" checked") for how in ("none", "all")]
    assert ticked[1] - ticked[0] == len(two)
    nobody = asha.submit("/summaries")
    assert (nobody.status_code, "Choose at least one person." in nobody.text) == (422, True)
    batch = ask(asha, db, two)
    assert 'value="0" max="2"' in asha.get(f"/summaries/{batch.id}").text
    assert draw(app, batch)
    assert [oct(file.stat().st_mode & 0o077) for file in files(app, batch)] == ["0o0"]
    pages = [page.extract_text() for page in take(asha, batch).pages]
    assert ["Grace" in pages[0], "Bo" in pages[1], len(pages)] == [True, True, 2]
    assert files(app, batch) == []
    assert asha.submit("/summaries/" + str(batch.id), {"do": "take"}, page="/summaries").status_code == 302
    for episode in two:
        told = trail(db, episode.service_user_id)
        assert (told.count("summary_made"), told.count("summary_taken")) == (1, 1)


def test_it_stops_where_somebody_stops_it_and_goes_on_from_there(
    app: Flask, asha: Client, db: Session, two: list[Episode], monkeypatch: pytest.MonkeyPatch
) -> None:
    batch = ask(asha, db, two, both_sides="y")
    page = f"/summaries/{batch.id}"
    whole = summary_work._draw_next

    def then_stop(*arguments: object) -> bool:
        further = whole(*arguments)  # type: ignore[arg-type]
        asha.submit(page, {"do": "cancel"})
        return further

    monkeypatch.setattr(summary_work, "_draw_next", then_stop)
    assert not draw(app, batch)
    first = db.scalars(select(SummaryOfBatch).order_by(SummaryOfBatch.number)).first()
    assert first
    drawn_at = first.drawn_at
    assert drawn_at
    assert "The work has stopped." in asha.get(page).text
    monkeypatch.undo()
    asha.submit(page, {"do": "resume"})
    assert draw(app, batch)
    db.refresh(first)
    assert first.drawn_at == drawn_at
    assert len(take(asha, batch).pages) == 4  # for both sides: one empty page after each


def test_who_is_no_longer_in_reach_is_left_out_or_keeps_the_file_from_going(
    app: Flask, asha: Client, db: Session, crew: Crew, two: list[Episode]
) -> None:
    batch = ask(asha, db, two)
    two[0].advisor_id = crew.carol.id
    db.commit()
    assert draw(app, batch)
    page = asha.get(f"/summaries/{batch.id}").text
    assert "Number 1: no longer yours to see" in page
    assert "Grace" not in page
    two[1].advisor_id = crew.carol.id
    db.commit()
    refused = asha.submit(f"/summaries/{batch.id}", {"do": "take"})
    assert refused.status_code == 302
    assert trail(db, two[1].service_user_id).count("summary_taken") == 0


def test_what_is_somebody_elses_or_nobodys_cannot_be_asked_for(
    client: Client, db: Session, crew: Crew, two: list[Episode]
) -> None:
    client.sign_in(crew.carol)
    assert client.submit("/summaries", {"episodes": str(two[0].id)}, page="/help").status_code == 422
    batch = summaries.make(db, crew.asha, Setting(), [two[0].id])
    assert client.get(f"/summaries/{batch.id}").status_code == 404


def test_what_nobody_took_within_a_day_is_deleted(
    app: Flask, asha: Client, db: Session, two: list[Episode]
) -> None:
    batch = ask(asha, db, two[:1])
    draw(app, batch)
    db.refresh(batch)
    batch.touched_at = clock.now() - timedelta(hours=25)
    asha.get("/summaries")
    db.refresh(batch)
    assert (batch.state, files(app, batch)) == (BatchState.GONE, [])


@pytest.mark.slow
def test_a_process_of_its_own_draws_them(tmp_path: Path) -> None:
    """The command as the app starts it, on a database of its own; how much memory it took is measured too."""
    pile = make_pile(tmp_path, 4)
    memory = draw_in_a_process(tmp_path, pile)
    assert len(pypdf.PdfReader(tmp_path / "summaries" / f"{pile}.pdf").pages) == 4
    assert memory < 300_000_000


def make_pile(folder: Path, people: int) -> uuid.UUID:
    """An instance of the app in this folder, in which a batch of so many is wanted."""
    from tests.support.people import hire
    from wellbeing_app.migrations import migrate

    instance.prepare(folder)
    assert (folder / KEY_FILE).exists()
    engine = create_engine_for(f"sqlite:///{folder / 'wellbeing.sqlite'}")
    migrate(engine)
    with session_factory(engine).begin() as db:
        crew = hire(db)
        episodes = [refer(db, crew.asha, f"Person {at}", referred_on=days_ago(90)) for at in range(people)]
        for episode in episodes:
            record_survey(db, crew.asha, episode)
        wanted = summaries.make(db, crew.asha, Setting(), [one.id for one in episodes]).id
    engine.dispose()
    return wanted


# A process between this one and the measured one, because a child begins with its parent's peak as its own.
MEASURE = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def draw_in_a_process(folder: Path, pile: uuid.UUID) -> int:
    """Draw it; how many bytes of memory that took at most."""
    environ = {**os.environ, "WELLBEING_INSTANCE": str(folder)}
    environ.pop("DATABASE_URL", None)
    command = [sys.executable, "-m", "wellbeing_app", "draw-summaries", str(pile)]
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, *command],
        cwd=PROJECT,
        env=environ,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return int(done.stdout.split()[-1]) * 1024
