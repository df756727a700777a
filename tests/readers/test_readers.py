"""The files as their real readers see them: PSPP, R and pyxform, which must be there. For `make soak`."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from tests.support.people import Crew, days_ago, record_survey, refer
from wellbeing_app.exports import files, xlsform
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.services.levels import Level

PATIENCE = 600
PYXFORM = "pyxform==4.5.0"  # pins other packages exactly, so it lives in a folder of its own


@pytest.fixture
def folder(db: Session, sessions: sessionmaker[Session], crew: Crew, tmp_path: Path) -> Path:
    """The bundle for statistics, unpacked: one survey, all answered with 4 but one that was declined."""
    episode = refer(db, crew.asha, "=Grace", referred_on=days_ago(20))
    scores = {key: 4 for key in INSTRUMENT.keys if key != "money"}
    record_survey(db, crew.asha, episode, scores=scores, unanswered={"money": "declined"})
    db.commit()
    out = BytesIO()
    files.write(out, files.KINDS["statistics"], Level.NO_FREE_TEXT, sessions)
    with zipfile.ZipFile(out) as bundle:
        bundle.extractall(tmp_path)
    return tmp_path


def run(program: str, *arguments: str, folder: Path) -> str:
    found = shutil.which(program)
    assert found, f"{program} is not installed: apt-get install pspp r-base-core"
    done = subprocess.run(
        [found, *arguments], cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_pspp_loads_the_syntax(folder: Path) -> None:
    syntax = (folder / "load.sps").read_text("utf-8")
    (folder / "ask.sps").write_text(syntax + "DESCRIPTIVES /VARIABLES=score /STATISTICS=MEAN.\n", "utf-8")
    told = run("pspp", "ask.sps", folder=folder)
    assert re.search(r"\|\s*7\|\s*4\.00\|", told), told


def test_r_loads_the_script(folder: Path) -> None:
    script = (folder / "load.R").read_text("utf-8")
    ask = 'cat(nrow(answers), nrow(scores), mean(scores$score), sum(answers$status == "declined"))'
    (folder / "ask.R").write_text(f"{script}{ask}\n", "utf-8")
    assert run("Rscript", "ask.R", folder=folder).split()[-4:] == ["8", "7", "4", "1"]


def test_pyxform_compiles_the_form(tmp_path: Path) -> None:
    with (tmp_path / "form.xlsx").open("wb") as out:
        xlsform.write(out)
    own = tmp_path / "own"
    run(sys.executable, "-m", "venv", str(own), folder=tmp_path)
    run(str(own / "bin/pip"), "install", "--quiet", PYXFORM, folder=tmp_path)
    run(str(own / "bin/xls2xform"), "form.xlsx", "form.xml", "--skip_validate", folder=tmp_path)
    form = (tmp_path / "form.xml").read_text("utf-8")
    for language in xlsform.languages():
        assert f"({language.replace('_', '-')})" in form
    for key in INSTRUMENT.keys:
        assert f"/{key}_group/{key}" in form
