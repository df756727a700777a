"""The README and the pages for whoever runs the service say what is so."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from tools.pictures import LARGEST, PICTURES
from wellbeing_app.evaluation.disclosure import FLOOR
from wellbeing_app.model import Role
from wellbeing_app.services import access, backup, links, passwords, reach, sessions, throttle
from wellbeing_app.services.policy import Action, Scope, scope

PROJECT = Path(__file__).resolve().parents[2]
README = PROJECT / "README.md"
PAGES = [README, PROJECT / "docs/server.md", PROJECT / "docs/protection.md"]
PICTURE_FILES = PROJECT / "docs/pictures"

# The lines of the table "Who sees what", and the actions they stand for, in the order of its columns.
COLUMNS = (Role.ADVISOR, Role.MANAGER, Role.DATA_ENTRY, Role.EVALUATOR, Role.ADMINISTRATOR)
LINES = {
    "people, surveys, progress": (
        Action.SEE_CASELOAD,
        Action.SEE_PERSON,
        Action.ADD_PERSON,
        Action.EDIT_PERSON,
        Action.HAND_ON,
        Action.MERGE_PEOPLE,
        Action.PLAN_SURVEY,
        Action.CORRECT_SURVEY,
        Action.PRINT_FORMS,
        Action.SETTLE_PAPER,
    ),
    "type in a form by its code": (Action.OPEN_FORM_BY_CODE, Action.FILL_SURVEY),
    "take planned visits along on a tablet": (Action.PACK,),
    "decide about what a tablet sent and was held": (Action.DECIDE_HELD,),
    "destroy what a tablet sent and was held": (Action.DESTROY_HELD,),
    "tablets: last seen, what waits on them": (Action.SEE_DEVICES,),
    "revoke a tablet, or have it erased": (Action.MANAGE_DEVICES,),
    "exact figures, small numbers too": (Action.SEE_EXACT_FIGURES,),
    "activities and providers": (Action.MANAGE_ACTIVITIES,),
    "open somebody else's person, with a reason, for 4 hours": (Action.BREAK_GLASS,),
    "who opened a person's record; how often typing slips": (
        Action.SEE_ACCESS_LOG,
        Action.SEE_TYPING_ERRORS,
    ),
    "figures, without names": (Action.SEE_FIGURES,),
    "export with names; take people in from a file": (Action.EXPORT_RECORDS, Action.IMPORT_RECORDS),
    "export for research, without names": (Action.EXPORT_PSEUDONYMS,),
    "accounts, teams, settings, logo": (Action.MANAGE_STAFF, Action.MANAGE_SERVICE),
    "own password and sign-ins": (Action.OWN_ACCOUNT,),
}


def text(page: Path) -> str:
    return " ".join(page.read_text("utf-8").split())


def anchors(page: Path) -> set[str]:
    """The places within a page that a link can name."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_what_a_page_links_to_is_there(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:)([^)#\s]*)#?([^)\s]*)\)", page.read_text("utf-8"))
    assert links
    for path, anchor in links:
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), anchor


def test_every_picture_is_taken_by_the_script_and_shown_and_small() -> None:
    shown = set(re.findall(r"docs/pictures/([\w-]+)\.png", README.read_text("utf-8")))
    kept = {file.stem: file.stat().st_size for file in PICTURE_FILES.iterdir()}
    assert shown == set(kept) == set(PICTURES)
    assert max(kept.values()) <= LARGEST
    assert sum(kept.values()) <= 1_000_000


def test_the_table_of_who_sees_what_is_the_policy() -> None:
    lines = {
        cells[0]: [cell != "–" for cell in cells[1:]]
        for line in re.findall(r"^\| (.+) \|$", README.read_text("utf-8"), re.MULTILINE)
        if len(cells := line.split(" | ")) == len(COLUMNS) + 1
    }
    for line, actions in LINES.items():
        for action in actions:
            assert lines[line] == [scope(role, action) is not Scope.NOBODY for role in COLUMNS], action
    assert {action for actions in LINES.values() for action in actions} == set(Action)


@pytest.mark.parametrize(
    ("page", "said", "held"),
    [
        (README, "at least {} characters", passwords.SHORTEST),
        (README, "After {} wrong tries", throttle.PER_ACCOUNT),
        (README, "waits for up to {} minutes", throttle.WINDOW // timedelta(minutes=1)),
        (README, "end after {} minutes without use", sessions.IDLE // timedelta(minutes=1)),
        (README, "after {} hours in any case", sessions.ABSOLUTE // timedelta(hours=1)),
        (README, "for {} hours | yes", access.BREAK_GLASS_LASTS // timedelta(hours=1)),
        (README, "that form, for {} hours", reach.OPENED_FORM_LASTS // timedelta(hours=1)),
        (README, "the last {} stay", backup.KEPT),
        (PAGES[2], "at least {} characters", passwords.SHORTEST),
        (PAGES[2], "or {} from one network", throttle.PER_ADDRESS),
        (PAGES[2], "Counts below {} and means", FLOOR),
        (PAGES[2], "after {} minutes without use", sessions.IDLE // timedelta(minutes=1)),
        (PAGES[2], "after {} hours in any case", sessions.ABSOLUTE // timedelta(hours=1)),
    ],
)
def test_the_limits_that_a_page_names_are_those_that_hold(page: Path, said: str, held: int) -> None:
    assert said.format(held) in text(page)


@pytest.mark.parametrize(
    ("lasts", "said"),
    [(links.LINK_LASTS, timedelta(days=3)), (links.FIRST_LINK_LASTS, timedelta(hours=1))],
)
def test_links_last_as_long_as_the_pages_say(lasts: timedelta, said: timedelta) -> None:
    assert lasts == said
    assert "for three days (the very first: one hour)" in text(PAGES[2])
