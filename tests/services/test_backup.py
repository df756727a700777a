"""Backups are sound, made while the app writes, and can be put back."""

from __future__ import annotations

import shutil
import stat
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlalchemy.orm import Session, sessionmaker

from tests.support.people import answers, hire, record_survey, refer
from wellbeing_app.migrations import NewerDatabase, head, migrate
from wellbeing_app.model import Episode, Occasion, Survey, SurveyRevision, Ticket
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.model.sqlite import driver as sqlite3
from wellbeing_app.services import accounts, backup, clock, instance, soundness, surveys, tickets
from wellbeing_app.services.backup import BackupFailed

pytestmark = pytest.mark.slow


@dataclass(frozen=True)
class House:
    """An SQLite database of its own, with one survey in it."""

    folder: Path
    file: Path
    url: str
    engine: Engine
    sessions: sessionmaker[Session]

    @property
    def backups(self) -> Path:
        return self.folder / "backups"


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    file = tmp_path / "wellbeing.sqlite"
    url = f"sqlite:///{file}"
    engine = create_engine_for(url)
    migrate(engine)
    sessions = session_factory(engine)
    with sessions.begin() as db:
        crew = hire(db)
        record_survey(db, crew.asha, refer(db, crew.asha))
    yield House(tmp_path, file, url, engine, sessions)
    engine.dispose()


def make(house: House) -> Path:
    return backup.make(house.url, house.backups)


def surveys_in(file: Path) -> int:
    with sqlite3.connect(file) as connection:
        found = connection.execute("SELECT count(*) FROM survey").fetchone()[0]
    connection.close()
    return int(found)


def change(file: Path, statement: str) -> None:
    with sqlite3.connect(file) as connection:
        connection.execute(statement)
    connection.close()


def test_a_backup_holds_what_the_database_holds(house: House) -> None:
    copy = make(house)
    assert backup.verify(copy) == backup.Contents(revision=head(), people=1, surveys=1)


def test_a_backup_and_its_folder_are_private(house: House) -> None:
    copy = make(house)
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert stat.S_IMODE(copy.parent.stat().st_mode) == 0o700


def test_a_backup_leaves_nothing_half_made_behind(house: House) -> None:
    copy = make(house)
    assert list(house.backups.iterdir()) == [copy]


def test_what_was_deleted_is_not_in_a_backup(house: House) -> None:
    note = "a secret that was told and taken back"
    with house.sessions.begin() as db:
        for table in (Survey, SurveyRevision):
            db.execute(update(table).values(notes={"money": note}))
    with house.sessions.begin() as db:
        for table in (Survey, SurveyRevision):
            db.execute(update(table).values(notes={}))
    assert note.encode() not in make(house).read_bytes()


def test_only_the_newest_backups_stay(house: House) -> None:
    made = [make(house) for _ in range(backup.KEPT + 2)]
    assert sorted(house.backups.iterdir()) == made[2:]


def test_a_backup_to_a_named_file_drops_no_other(house: House, tmp_path: Path) -> None:
    for _ in range(backup.KEPT):
        make(house)
    named = backup.make(house.url, house.backups, tmp_path / "elsewhere" / "monday.sqlite")
    assert backup.verify(named).surveys == 1
    assert len(list(house.backups.iterdir())) == backup.KEPT


def test_a_backup_overwrites_nothing(house: House, tmp_path: Path) -> None:
    there = tmp_path / "there.sqlite"
    there.write_text("something else")
    with pytest.raises(BackupFailed, match="there already"):
        backup.make(house.url, house.backups, there)
    assert there.read_text() == "something else"


def test_a_backup_that_cannot_be_written_says_so(house: House, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(BackupFailed, match="No backup was made"):
        backup.make(house.url, house.backups, tmp_path / "file" / "copy.sqlite")


def test_backups_made_while_surveys_are_saved_are_sound(house: House) -> None:
    """Each holds together, has all that was saved before it began, and no survey half."""
    with saving(house, threads=3):
        for _ in range(5):
            before = surveys_in(house.file)
            held = backup.verify(make(house)).surveys
            assert before <= held <= surveys_in(house.file)
    assert surveys_in(house.file) > 5


@contextmanager
def saving(house: House, threads: int) -> Iterator[None]:
    enough, failed = threading.Event(), []

    def save() -> None:
        try:
            while not enough.is_set():
                save_one(house)
        except Exception as problem:  # to fail in the test's own thread
            failed.append(problem)

    running = [threading.Thread(target=save) for _ in range(threads)]
    for thread in running:
        thread.start()
    try:
        yield
    finally:
        enough.set()
        for thread in running:
            thread.join()
    assert failed == []


def save_one(house: House) -> None:
    with house.sessions.begin() as db:
        episode = db.scalars(select(Episode)).first()
        assert episode is not None
        asha = accounts.actor_of(episode.advisor)
        ticket = tickets.plan(db, asha, episode.id, Occasion.FOLLOW_UP, clock.today())
        surveys.record(db, asha, ticket.id, answers())


def test_a_damaged_backup_is_refused(house: House) -> None:
    copy = make(house)
    content = bytearray(copy.read_bytes())
    content[8192:12288] = b"\xff" * 4096
    copy.write_bytes(content)
    with pytest.raises(BackupFailed, match="damaged"):
        backup.verify(copy)


def test_a_backup_cut_short_is_refused(house: House) -> None:
    copy = make(house)
    copy.write_bytes(copy.read_bytes()[:-4096])
    with pytest.raises(BackupFailed, match="damaged"):
        backup.verify(copy)


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("DELETE FROM survey_revision", "1 surveys without their first revision"),
        ("UPDATE survey SET money = 1", "1 surveys that are not what their last revision says"),
        ("UPDATE survey SET money = NULL", "1 surveys that are not what their last revision says"),
        ("UPDATE ticket SET redeemed_at = NULL", "1 surveys whose ticket is not redeemed"),
        ("DELETE FROM survey_revision; DELETE FROM survey", "1 redeemed tickets without a survey"),
        ("PRAGMA foreign_keys = OFF; DELETE FROM service_user", "points at nothing"),
    ],
)
def test_a_backup_whose_records_do_not_hold_together_is_refused(
    house: House, statement: str, told: str
) -> None:
    copy = make(house)
    for one in statement.split("; "):
        change(copy, one)
    with pytest.raises(BackupFailed, match=told):
        backup.verify(copy)


@pytest.mark.parametrize("content", [b"", b"hello", b"SQLite format 3\0" + b"\0" * 200])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "file"
    file.write_bytes(content)
    with pytest.raises(BackupFailed):
        backup.verify(file)


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BackupFailed, match="no file"):
        backup.verify(tmp_path / "nothing")


def test_a_backup_of_a_newer_app_is_refused(house: House) -> None:
    copy = make(house)
    change(copy, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(NewerDatabase, match="9999"):
        backup.verify(copy)


def test_looking_a_backup_over_leaves_it_as_it_is(house: House) -> None:
    copy = make(house)
    before = copy.read_bytes()
    backup.verify(copy)
    assert copy.read_bytes() == before
    assert list(house.backups.iterdir()) == [copy]


def test_a_restored_database_is_what_the_backup_was(house: House) -> None:
    copy = make(house)
    with house.sessions.begin() as db:
        db.execute(delete(SurveyRevision))
        db.execute(delete(Survey))
    house.engine.dispose()
    aside = backup.restore(copy, house.file, house.backups)
    assert surveys_in(house.file) == 1
    assert aside is not None
    assert surveys_in(aside) == 0
    assert stat.S_IMODE(house.file.stat().st_mode) == 0o600


def test_a_bad_backup_replaces_nothing(house: House) -> None:
    copy = make(house)
    copy.write_bytes(copy.read_bytes()[:-4096])
    house.engine.dispose()
    before = house.file.read_bytes()
    with pytest.raises(BackupFailed):
        backup.restore(copy, house.file, house.backups)
    assert house.file.read_bytes() == before


def test_what_a_killed_server_left_beside_the_old_database_does_not_spoil_the_restored_one(
    house: House, tmp_path: Path
) -> None:
    """A hot journal belongs to the old file; taken for the restored one's, it would be rolled into it."""
    copy = make(house)
    leave_hot_journal(house, tmp_path)
    aside = backup.restore(copy, house.file, house.backups)
    assert aside is not None
    assert backup.verify(house.file).surveys == 1
    assert surveys_in(aside) == 1
    assert not house.file.with_name("wellbeing.sqlite-journal").exists()


def leave_hot_journal(house: House, tmp_path: Path) -> None:
    """What is on the disk after a kill in the middle of writing: pages changed, and how they were."""
    house.engine.dispose()
    writer = sqlite3.connect(house.file, isolation_level=None)
    writer.execute("PRAGMA journal_mode = DELETE")
    writer.execute("PRAGMA cache_size = 1")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("CREATE TABLE half (x)")
    writer.execute("INSERT INTO half SELECT zeroblob(100000)")
    frozen = tmp_path / "frozen"
    frozen.mkdir()
    for file in tmp_path.glob("wellbeing.sqlite*"):
        shutil.copy(file, frozen)
    writer.execute("ROLLBACK")
    writer.close()
    assert (frozen / "wellbeing.sqlite-journal").stat().st_size > 0
    for file in frozen.iterdir():
        shutil.copy(file, tmp_path)


def test_a_database_too_damaged_to_open_is_set_aside_as_it_is(house: House) -> None:
    copy = make(house)
    house.engine.dispose()
    house.file.write_bytes(b"not a database any more")
    aside = backup.restore(copy, house.file, house.backups)
    assert aside is not None
    assert aside.read_bytes() == b"not a database any more"
    assert surveys_in(house.file) == 1


def test_postgresql_is_backed_up_by_its_own_program(postgres_url: str, tmp_path: Path) -> None:
    engine = create_engine_for(postgres_url)
    migrate(engine)
    engine.dispose()
    copy = backup.make(postgres_url, tmp_path)
    assert copy.suffix == ".dump"
    assert b"survey_revision" in copy.read_bytes()


def test_without_its_program_postgresql_is_not_backed_up_and_it_says_so(
    postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupFailed, match="pg_dump is not here"):
        backup.make(postgres_url, tmp_path / "backups")
    assert list((tmp_path / "backups").iterdir()) == []


def test_a_sound_database_has_no_problems(db: Session) -> None:
    """On both kinds of database; the ways it can be unsound are shown above, on copies."""
    crew = hire(db)
    survey = record_survey(db, crew.asha, refer(db, crew.asha), unanswered={"money": "declined"})
    put_right = answers({"lifestyle": 4}, unanswered={"money": "dont_know"})
    surveys.correct(db, crew.asha, survey.id, put_right, "a slip", survey.revision)
    assert soundness.problems(db) == []
    db.execute(update(Ticket).values(redeemed_at=None))
    assert soundness.problems(db) == ["1 surveys whose ticket is not redeemed"]


def test_the_instance_is_private_and_its_key_is_made_once(tmp_path: Path) -> None:
    folder = tmp_path / "instance"
    instance.prepare(folder)
    key = (folder / "secret.key").read_text()
    instance.prepare(folder)
    assert (folder / "secret.key").read_text() == key
    assert len(key.strip()) >= 43
    assert stat.S_IMODE((folder / "secret.key").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert [file.name for file in folder.iterdir()] == ["secret.key"]


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    with (
        instance.hold(tmp_path),
        pytest.raises(instance.InUse, match="already runs"),
        instance.hold(tmp_path),
    ):
        pass
    with instance.hold(tmp_path):
        pass
