"""The commands: each does what its help says, and says in a sentence why it does not."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine, delete, func, select
from sqlalchemy.orm import Session, sessionmaker

from tests.support.people import CHEAP, Crew, hire, record_survey, refer, staff_of
from tests.support.reporting import write_source
from wellbeing_app.cli import commands
from wellbeing_app.migrations import migrate
from wellbeing_app.model import DueRow, OneTimeLink, Role, Staff, StaffSession, Stage, Survey
from wellbeing_app.model.database import create_engine_for, session_factory
from wellbeing_app.model.sqlite import driver as sqlite3
from wellbeing_app.services import accounts, instance, intake, sessions
from wellbeing_app.services.errors import LinkSpent
from wellbeing_app.services.passwords import Passwords

KEPT = Passwords(CHEAP)
PASSWORD = "eight geese cross a painted bridge"


@dataclass(frozen=True)
class Machine:
    """An instance folder, and commands on it."""

    folder: Path
    url: str
    engine: Engine
    sessions: sessionmaker[Session]

    @property
    def database(self) -> Path:
        return self.folder / "wellbeing.sqlite"

    def run(self, *command: str, **environ: str) -> Result:
        unset = dict.fromkeys(name for name in os.environ if name.startswith("WELLBEING_"))
        named = {"WELLBEING_INSTANCE": str(self.folder), "DATABASE_URL": self.url}
        return CliRunner().invoke(commands, command, env={**unset, **named, **environ})

    def well(self, *command: str, **environ: str) -> str:
        result = self.run(*command, **environ)
        assert result.exit_code == 0, result.output
        return result.output

    def refused(self, *command: str, **environ: str) -> str:
        result = self.run(*command, **environ)
        assert result.exit_code == 1, result.output
        assert result.output.startswith("Error: ")
        return result.output


@pytest.fixture(params=["sqlite", "postgresql"])
def machine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Machine]:
    """A machine that was prepared, with a migrated database of either kind that nobody has used."""
    is_sqlite = request.param == "sqlite"
    url = (
        f"sqlite:///{tmp_path / 'wellbeing.sqlite'}" if is_sqlite else request.getfixturevalue("postgres_url")
    )
    yield from prepared(tmp_path, url)


@pytest.fixture
def laptop(tmp_path: Path) -> Iterator[Machine]:
    """The same, on SQLite only."""
    yield from prepared(tmp_path, f"sqlite:///{tmp_path / 'wellbeing.sqlite'}")


def prepared(folder: Path, url: str) -> Iterator[Machine]:
    instance.prepare(folder)
    if url.startswith("sqlite"):
        instance.create_private(folder / "wellbeing.sqlite")
    folder.chmod(0o700)
    engine = create_engine_for(url)
    migrate(engine)
    yield Machine(folder, url, engine, session_factory(engine))
    engine.dispose()


@pytest.fixture
def crew(laptop: Machine) -> Crew:
    with laptop.sessions.begin() as db:
        crew = hire(db)
        record_survey(db, crew.asha, refer(db, crew.asha))
        return crew


def test_what_is_due_is_counted_again(laptop: Machine, crew: Crew) -> None:
    with laptop.sessions.begin() as db:
        db.execute(delete(DueRow))
    assert "Follow-ups counted: 1." in laptop.well("count-due")
    with laptop.sessions() as db:
        assert db.scalars(select(DueRow.stage)).all() == [Stage.FOLLOW_UP]


def token_in(output: str) -> str:
    return output.split("/welcome#")[1].split()[0]


# letting administrators in


def test_a_link_makes_the_first_administrator(machine: Machine) -> None:
    output = machine.well("admin-link", WELLBEING_PORT="8123")
    assert "http://127.0.0.1:8123/welcome#" in output
    assert "for 1 h" in output
    with machine.sessions.begin() as db:
        staff = accounts.use_link(db, KEPT, token_in(output), PASSWORD, "Fay", "fay@service.example")
        assert staff.role is Role.ADMINISTRATOR


def test_a_second_link_ends_the_first(machine: Machine) -> None:
    first, second = (token_in(machine.well("admin-link")) for _ in range(2))
    with machine.sessions.begin() as db:
        accounts.whom_link_is_for(db, second)
        with pytest.raises(LinkSpent):
            accounts.whom_link_is_for(db, first)


def test_a_new_key_for_tablets_leaves_the_older_one(machine: Machine) -> None:
    first, second = (machine.well("new-intake-key").split()[6] for _ in range(2))
    with machine.sessions.begin() as db:
        assert [key.id for key in intake.public_keys(db)] == [second, first]


def test_once_there_is_an_administrator_the_first_link_is_not_to_be_had(laptop: Machine, crew: Crew) -> None:
    assert "administers this service already (adam@service.example)" in laptop.refused("admin-link")


def test_an_administrator_who_is_locked_out_gets_a_link_for_a_new_password(
    laptop: Machine, crew: Crew
) -> None:
    token = token_in(laptop.well("admin-link", "--for", "Adam@Service.example"))
    with laptop.sessions.begin() as db:
        before = db.get_one(Staff, crew.adam.id).password_hash
        accounts.use_link(db, KEPT, token, PASSWORD)
        after = db.get_one(Staff, crew.adam.id).password_hash
        assert after != before
        assert KEPT.matches(after, PASSWORD)


@pytest.mark.parametrize("address", ["asha@service.example", "nobody@service.example"])
def test_only_administrators_are_let_in_like_that(laptop: Machine, crew: Crew, address: str) -> None:
    assert f"No administrator has the address {address}" in laptop.refused("admin-link", "--for", address)
    with laptop.sessions() as db:
        assert db.scalar(select(func.count()).select_from(OneTimeLink)) == 0


def test_everybody_can_be_signed_out(laptop: Machine, crew: Crew) -> None:
    with laptop.sessions.begin() as db:
        tokens = [sessions.start(db, staff_of(db, one), "Firefox") for one in (crew.asha, crew.adam)]
    assert "Sign-ins ended: 2." in laptop.well("end-sessions")
    with laptop.sessions() as db:
        assert [sessions.find(db, token) for token in tokens] == [None, None]


# copies


def test_a_backup_can_be_looked_over_and_restored_over_later_changes(laptop: Machine, crew: Crew) -> None:
    copy = laptop.well("backup").split(" (")[0]
    assert "people: 1, surveys: 1" in laptop.well("verify-backup", copy)
    with laptop.sessions.begin() as db:
        record_survey(db, crew.asha, refer(db, crew.asha, "Ada"))
    output = laptop.well("restore", copy, "--replace")
    aside = output.split("is now ")[1].strip().removesuffix(".")
    assert count(laptop.database, "survey") == 1
    assert count(Path(aside), "survey") == 2


def test_after_a_restore_everybody_signs_in_anew_and_old_links_are_dead(laptop: Machine, crew: Crew) -> None:
    token = token_in(laptop.well("admin-link", "--for", "adam@service.example"))
    with laptop.sessions.begin() as db:
        session = sessions.start(db, staff_of(db, crew.asha), "Firefox")
    copy = laptop.well("backup").split(" (")[0]
    laptop.well("restore", copy, "--replace")
    laptop.engine.dispose()
    with laptop.sessions() as db:
        assert sessions.find(db, session) is None
        with pytest.raises(LinkSpent):
            accounts.whom_link_is_for(db, token)
        assert db.scalar(select(func.count()).select_from(StaffSession)) == 1


def test_a_database_is_not_replaced_unasked(laptop: Machine, crew: Crew) -> None:
    copy = laptop.well("backup").split(" (")[0]
    assert "say --replace" in laptop.refused("restore", copy)


def test_a_backup_is_restored_on_a_machine_without_a_database(
    laptop: Machine, crew: Crew, tmp_path: Path
) -> None:
    copy = laptop.well("backup", "--to", str(tmp_path / "taken away.sqlite")).split(" (")[0]
    laptop.database.unlink()
    assert "Restored" in laptop.well("restore", copy)
    assert count(laptop.database, "survey") == 1


def test_a_bad_backup_is_refused(laptop: Machine, tmp_path: Path) -> None:
    bad = tmp_path / "bad.sqlite"
    bad.write_text("nothing like it")
    assert "damaged, or no SQLite database of this app" in laptop.refused("verify-backup", str(bad))
    assert "damaged" in laptop.refused("restore", str(bad), "--replace")


def test_postgresql_is_backed_up_too_and_restored_by_its_own_program(
    tmp_path: Path, postgres_url: str
) -> None:
    for machine in prepared(tmp_path, postgres_url):
        assert ".dump (" in machine.well("backup")
        assert "pg_restore" in machine.refused("restore", "anything.dump")


def test_there_must_be_a_database_to_back_up(laptop: Machine) -> None:
    laptop.database.unlink()
    assert "There is no database" in laptop.refused("backup")
    assert not laptop.database.exists()


# versions


def test_a_new_database_is_migrated_without_a_backup(laptop: Machine) -> None:
    laptop.database.unlink()
    assert laptop.well("migrate") == "The database is up to date.\n"
    assert count(laptop.database, "survey") == 0
    assert not (laptop.folder / "backups").exists()


def test_commands_that_need_the_tables_say_when_they_are_not_there(laptop: Machine) -> None:
    for file in laptop.folder.glob("wellbeing.sqlite*"):
        file.unlink()
    laptop.database.write_bytes(b"")
    assert "Run 'migrate' first" in laptop.refused("admin-link")


# looking


def test_every_setting_is_listed_with_its_source(laptop: Machine) -> None:
    output = laptop.well("settings", WELLBEING_PORT="8123")
    lines = {line.split()[0]: line.split()[1:] for line in output.splitlines()}
    assert lines["WELLBEING_PORT"] == ["8123", "environment"]
    assert lines["WELLBEING_HOST"] == ["127.0.0.1", "default"]


def test_no_secret_is_listed(laptop: Machine) -> None:
    url = "postgresql://somebody:opensesame@db.example/wellbeing"
    output = laptop.well("settings", DATABASE_URL=url)
    assert "somebody:***@db.example" in output
    assert "opensesame" not in output
    assert (laptop.folder / "secret.key").read_text().strip() not in output


def test_a_machine_that_is_well_is_said_to_be(machine: Machine) -> None:
    machine.run("backup")
    output = machine.well("doctor")
    assert "FAULT" not in output
    for subject in (
        "secret.key",
        "database",
        "records",
        "disk",
        "PDF files",
        "fonts",
        "clock",
        "backups",
        "address",
    ):
        assert f" {subject}: " in output


def test_the_doctor_finds_what_is_wrong(laptop: Machine, crew: Crew) -> None:
    (laptop.folder / "secret.key").chmod(0o644)
    with laptop.sessions.begin() as db:
        survey = db.scalars(select(Survey)).one()
        survey.ticket.redeemed_at = None
    result = laptop.run("doctor")
    assert result.exit_code == 1
    assert "FAULT  secret.key: others on this machine can read it. chmod go=" in result.output
    assert "FAULT  records: 1 surveys whose ticket is not redeemed" in result.output
    assert "CARE   backups: none was made here" in result.output


def test_the_doctor_minds_the_age_of_backups(laptop: Machine) -> None:
    copy = Path(laptop.well("backup").split(" (")[0])
    assert "ok     backups: the newest is 0 h old" in laptop.well("doctor")
    two_days_ago = time.time() - 48 * 3600
    os.utime(copy, (two_days_ago, two_days_ago))
    assert "CARE   backups: the newest is 48 h old" in laptop.well("doctor")


def test_the_doctor_says_when_the_database_does_not_answer(laptop: Machine) -> None:
    result = laptop.run("doctor", DATABASE_URL="postgresql://127.0.0.1:9/nothing")
    assert result.exit_code == 1
    assert "FAULT  database: it does not answer" in result.output
    assert " disk: " in result.output


def test_every_command_says_what_it_is_for() -> None:
    for name, command in commands.commands.items():
        assert command.help, name
        result = CliRunner().invoke(commands, [name, "--help"])
        assert result.exit_code == 0
        assert command.help.splitlines()[0] in " ".join(result.output.split())


def count(file: Path, table: str) -> int:
    connection = sqlite3.connect(file)
    try:
        return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        connection.close()


def test_the_report_prints_every_figure_by_its_key(machine: Machine) -> None:
    with machine.sessions.begin() as db:
        crew = hire(db)
        write_source(db, crew)
    asked = ("report", "--period", "2015-04-01..2017-03-31", "--cost", "394300", "--cost-years", "2")
    told = json.loads(machine.well(*asked, "--json"))
    assert told["about"]["choices"]["period"] == {"since": "2015-04-01", "until": "2017-03-31"}
    assert told["about"]["assumptions"]["share_per_point"] == 0.2
    assert told["figures"]["value.chosen.total.every_change.total"] == 309_795
    assert told["figures"]["value.chosen.total.low_to_high.per_pound"] == 1.84
    assert "people.pairs" in machine.well(*asked)
    shared = json.loads(machine.well(*asked, "--json", "--shared"))
    assert (shared["about"]["threshold"], shared["figures"]["people.pairs"]) == (8, 160)
    nobody = json.loads(machine.well("report", "--json", "--team", "South"))
    assert (nobody["figures"]["people.eligible"], nobody["figures"]["headline.one_or_more.share"]) == (
        0,
        None,
    )


@pytest.mark.parametrize(
    ("option", "sentence"),
    [
        ("--period=2015", "2015 is no period. Write two days, such as 2025-04-01..2026-03-31."),
        ("--period=2016-04-01..2015-04-01", "The period ends before it begins."),
        ("--cost=much", "much is no number from nought up, such as 0.25."),
        ("--team=West", "There is no team West."),
        ("--cost-years=0", "The cost has to be over more than no years"),
    ],
)
def test_the_report_says_what_is_wrong_with_what_was_asked(
    laptop: Machine, option: str, sentence: str
) -> None:
    result = laptop.run("report", option)
    assert result.exit_code in (1, 2)
    assert sentence in result.output
