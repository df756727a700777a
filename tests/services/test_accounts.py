"""Accounts: links that work once, roles that keep an administrator, and what ends a sign-in."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.support.people import CHEAP, NORTH, PASSWORD, Crew, email, staff_of
from tests.support.workers import KEY, at_once, guess
from wellbeing_app.model import AuditEntry, OneTimeLink, Role, Staff, StaffSession, Team
from wellbeing_app.services import accounts, authentication, clock, links, sessions
from wellbeing_app.services.access import Actor
from wellbeing_app.services.accounts import Details
from wellbeing_app.services.authentication import Refused, SignedIn
from wellbeing_app.services.errors import Invalid, LinkSpent, NotAllowed, NotFound, Superseded
from wellbeing_app.services.passwords import Passwords
from wellbeing_app.services.sessions import LeftBehind

KEPT = Passwords(CHEAP)
OTHER = "nine herons mend a quiet gate"
FAY = Details("Fay", "Fay@Service.Example ", Role.ADVISOR, NORTH)


def details(staff: Staff) -> Details:
    team = staff.team.name if staff.team else ""
    return Details(staff.name, staff.email, staff.role, team, staff.sees_team, staff.active, staff.version)


def sign_in(db: Session, address: str, password: str = PASSWORD) -> SignedIn | Refused:
    return authentication.sign_in(db, KEPT, KEY, address, password, "192.0.2.7", "A browser")


def token_of(db: Session, address: str) -> str:
    result = sign_in(db, address)
    assert isinstance(result, SignedIn)
    return result.token


def in_use(db: Session, token: str) -> Actor:
    actor = sessions.find(db, token)
    assert actor is not None
    return actor


# one-time links


def test_an_invited_advisor_chooses_a_password_and_signs_in(db: Session, crew: Crew) -> None:
    staff, token = accounts.invite(db, crew.adam, FAY)
    accounts.use_link(db, KEPT, token, OTHER)
    result = sign_in(db, " FAY@service.example", OTHER)
    assert isinstance(result, SignedIn)
    assert (result.staff.id, result.staff.role, result.staff.team_id) == (
        staff.id,
        Role.ADVISOR,
        crew.asha.team_id,
    )


def test_a_link_works_once(db: Session, crew: Crew) -> None:
    _, token = accounts.invite(db, crew.adam, FAY)
    accounts.use_link(db, KEPT, token, OTHER)
    with pytest.raises(LinkSpent):
        accounts.use_link(db, KEPT, token, PASSWORD)


@pytest.mark.parametrize("slip", ["shorter", "longer", "other case", "nothing"])
def test_a_link_with_a_slip_in_it_is_worth_nothing(db: Session, crew: Crew, slip: str) -> None:
    _, token = accounts.invite(db, crew.adam, FAY)
    slips = {"shorter": token[:-1], "longer": token + "a", "other case": token.swapcase(), "nothing": ""}
    with pytest.raises(LinkSpent):
        accounts.use_link(db, KEPT, slips[slip], OTHER)


def test_a_link_lapses_after_its_time(db: Session, crew: Crew) -> None:
    _, token = accounts.invite(db, crew.adam, FAY)
    with time_machine.travel(clock.now() + links.LINK_LASTS, tick=False), pytest.raises(LinkSpent):
        accounts.whom_link_is_for(db, token)
    with time_machine.travel(clock.now() + links.LINK_LASTS - timedelta(minutes=1), tick=False):
        assert accounts.whom_link_is_for(db, token).name == "Fay"


def test_a_new_link_makes_the_old_one_useless(db: Session, crew: Crew) -> None:
    staff, token = accounts.invite(db, crew.adam, FAY)
    accounts.new_link(db, crew.adam, staff.id)
    with pytest.raises(LinkSpent):
        accounts.use_link(db, KEPT, token, OTHER)


def test_only_a_hash_of_a_link_is_kept(db: Session, crew: Crew) -> None:
    _, token = accounts.invite(db, crew.adam, FAY)
    [link] = db.scalars(select(OneTimeLink))
    assert link.token_hash == sessions.digest(token)
    assert token not in str(vars(link))


def test_a_weak_password_leaves_the_link_as_it_was(db: Session, crew: Crew) -> None:
    staff, token = accounts.invite(db, crew.adam, FAY)
    with pytest.raises(Invalid) as refusal:
        accounts.use_link(db, KEPT, token, "fay@service.example")
    assert refusal.value.problems == {"password": "password_too_common"}
    assert staff.password_hash is None
    accounts.use_link(db, KEPT, token, OTHER)


def test_a_new_password_by_link_ends_every_session(db: Session, crew: Crew) -> None:
    cookie = token_of(db, email(crew.asha))
    _, token = accounts.new_link(db, crew.adam, crew.asha.id)
    assert sessions.find(db, cookie)
    accounts.use_link(db, KEPT, token, OTHER)
    assert sessions.find(db, cookie) is None
    assert sign_in(db, email(crew.asha)) == Refused("wrong")


def test_somebody_who_left_cannot_use_their_link(db: Session, crew: Crew) -> None:
    staff, token = accounts.invite(db, crew.adam, FAY)
    accounts.edit(db, crew.adam, staff.id, replace(details(staff), active=False))
    with pytest.raises(LinkSpent):
        accounts.use_link(db, KEPT, token, OTHER)
    with pytest.raises(Invalid):
        accounts.new_link(db, crew.adam, staff.id)


def test_of_two_who_use_a_link_at_the_same_moment_one_is_let_in(own_database: str) -> None:
    def invite(db: Session) -> str:
        adam = db.scalars(select(Staff).where(Staff.name == "Adam")).one()
        return accounts.invite(db, accounts.actor_of(adam), FAY)[1]

    [token] = at_once(own_database, invite)
    assert isinstance(token, str)

    def use(password: str):
        return lambda db: accounts.use_link(db, KEPT, token, password).name

    results = at_once(own_database, use(OTHER), use(PASSWORD))
    assert "Fay" in results
    assert [type(result) for result in results if result != "Fay"] == [LinkSpent]


# the first administrator


def test_the_first_administrator_says_who_they_are(db: Session) -> None:
    token = accounts.first_administrator_link(db)
    assert token
    assert accounts.whom_link_is_for(db, token).is_first
    staff = accounts.use_link(db, KEPT, token, OTHER, "Gwen", "gwen@service.example")
    assert (staff.name, staff.role) == ("Gwen", Role.ADMINISTRATOR)
    assert accounts.first_administrator_link(db) is None


def test_the_first_administrators_link_lapses_after_an_hour_and_when_another_is_made(db: Session) -> None:
    first, second = accounts.first_administrator_link(db), accounts.first_administrator_link(db)
    assert first
    assert second
    with pytest.raises(LinkSpent):
        accounts.whom_link_is_for(db, first)
    with time_machine.travel(clock.now() + timedelta(hours=1), tick=False), pytest.raises(LinkSpent):
        accounts.whom_link_is_for(db, second)


def test_the_first_administrator_must_say_who_they_are_before_the_link_is_used_up(db: Session) -> None:
    token = accounts.first_administrator_link(db)
    assert token
    with pytest.raises(Invalid) as refusal:
        accounts.use_link(db, KEPT, token, OTHER, " ", "")
    assert set(refusal.value.problems) == {"name", "email"}
    accounts.use_link(db, KEPT, token, OTHER, "Gwen", "gwen@service.example")


def test_a_taken_address_leaves_the_first_link_as_it_was(db: Session, crew: Crew) -> None:
    staff_of(db, crew.adam).role = Role.MANAGER
    token = accounts.first_administrator_link(db)
    assert token
    with pytest.raises(Invalid) as refusal:
        accounts.use_link(db, KEPT, token, OTHER, "Gwen", email(crew.asha))
    assert refusal.value.problems == {"email": "taken"}
    accounts.use_link(db, KEPT, token, OTHER, "Gwen", "gwen@service.example")


def test_a_service_that_lost_its_administrators_gets_a_first_link_again(db: Session, crew: Crew) -> None:
    assert accounts.first_administrator_link(db) is None
    staff_of(db, crew.adam).active = False
    assert accounts.first_administrator_link(db)


# staff


def test_an_address_belongs_to_one_person_however_it_is_written(db: Session, crew: Crew) -> None:
    with pytest.raises(Invalid) as refusal:
        accounts.invite(db, crew.adam, replace(FAY, email="ASHA@service.example"))
    assert refusal.value.problems == {"email": "taken"}
    staff = staff_of(db, crew.ben)
    with pytest.raises(Invalid):
        accounts.edit(db, crew.adam, staff.id, replace(details(staff), email=email(crew.asha), name="B"))
    db.commit()
    assert (staff.name, staff.email) == ("Ben", email(crew.ben))


def test_a_team_is_the_same_however_it_is_capitalised(db: Session, crew: Crew) -> None:
    staff, _ = accounts.invite(db, crew.adam, replace(FAY, team=" north "))
    assert staff.team_id == crew.asha.team_id
    staff, _ = accounts.invite(db, crew.adam, replace(FAY, team="West", email="w@service.example"))
    assert accounts.teams(db) == ["North", "South", "West"]
    assert db.get_one(Team, staff.team_id).name == "West"


def test_whoever_saves_second_is_shown_what_stands(db: Session, crew: Crew) -> None:
    before = details(staff_of(db, crew.asha))
    accounts.edit(db, crew.adam, crew.asha.id, replace(before, name="Asha B"))
    with pytest.raises(Superseded) as race:
        accounts.edit(db, crew.adam, crew.asha.id, replace(before, team=""))
    assert isinstance(race.value.theirs, Staff)
    assert race.value.theirs.name == "Asha B"
    assert race.value.theirs.team_id == crew.asha.team_id


@pytest.mark.parametrize("change", [{"active": False}, {"role": Role.MANAGER}])
def test_leaving_and_another_role_end_the_sessions(db: Session, crew: Crew, change) -> None:
    cookie = token_of(db, email(crew.asha))
    accounts.edit(db, crew.adam, crew.asha.id, replace(details(staff_of(db, crew.asha)), **change))
    assert sessions.find(db, cookie) is None


def test_another_name_does_not_end_the_sessions(db: Session, crew: Crew) -> None:
    cookie = token_of(db, email(crew.asha))
    accounts.edit(db, crew.adam, crew.asha.id, replace(details(staff_of(db, crew.asha)), name="Asha B"))
    assert in_use(db, cookie).name == "Asha B"


@pytest.mark.parametrize("change", [{"active": False}, {"role": Role.MANAGER}])
def test_the_last_administrator_stays(db: Session, crew: Crew, change) -> None:
    accounts.invite(db, crew.adam, replace(FAY, role=Role.ADMINISTRATOR))  # has not signed in yet
    with pytest.raises(Invalid) as refusal:
        accounts.edit(db, crew.adam, crew.adam.id, replace(details(staff_of(db, crew.adam)), **change))
    assert refusal.value.problems == {"role": "last_administrator"}


def test_two_administrators_cannot_remove_each_other_at_the_same_moment(own_database: str) -> None:
    def add_second(db: Session) -> None:
        adam = accounts.actor_of(db.scalars(select(Staff).where(Staff.name == "Adam")).one())
        _, token = accounts.invite(db, adam, replace(FAY, role=Role.ADMINISTRATOR))
        accounts.use_link(db, KEPT, token, OTHER)

    def remove(name: str):
        def task(db: Session) -> None:
            by_name = {staff.name: staff for staff in accounts.everybody(db)}
            staff, other = by_name[name], by_name["Adam" if name == "Fay" else "Fay"]
            accounts.edit(db, accounts.actor_of(other), staff.id, replace(details(staff), active=False))

        return task

    at_once(own_database, add_second)
    results = at_once(own_database, remove("Fay"), remove("Adam"))
    assert sorted(type(result).__name__ for result in results) == ["Invalid", "NoneType"]


def test_only_an_administrator_manages_accounts(db: Session, crew: Crew) -> None:
    for actor in (crew.asha, crew.mandy, crew.dev, crew.eve):
        with pytest.raises(NotAllowed):
            accounts.invite(db, actor, FAY)
        with pytest.raises(NotAllowed):
            accounts.new_link(db, actor, crew.asha.id)
        with pytest.raises(NotAllowed):
            accounts.edit(db, actor, crew.asha.id, details(staff_of(db, crew.asha)))


# sessions


def test_a_session_that_is_not_used_for_half_an_hour_is_over(db: Session, crew: Crew) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        cookie = token_of(db, email(crew.asha))
        time.shift(timedelta(minutes=29))
        assert sessions.find(db, cookie)
        time.shift(timedelta(minutes=29))
        assert sessions.find(db, cookie)
        time.shift(timedelta(minutes=31))
        assert sessions.find(db, cookie) is None
        assert sessions.left_behind(db, cookie) == LeftBehind(crew.asha.id, handed_over=False)


def test_a_session_is_over_after_twelve_hours_however_much_it_is_used(db: Session, crew: Crew) -> None:
    with time_machine.travel(clock.now(), tick=False) as time:
        cookie = token_of(db, email(crew.asha))
        for _ in range(12 * 3):
            time.shift(timedelta(minutes=20))
            assert sessions.find(db, cookie)
        time.shift(timedelta(seconds=1))
        assert sessions.find(db, cookie) is None


def test_only_a_hash_of_a_sessions_token_is_kept(db: Session, crew: Crew) -> None:
    cookie = token_of(db, email(crew.asha))
    assert [one.token_hash for one in db.scalars(select(StaffSession))] == [sessions.digest(cookie)]


def test_a_changed_password_ends_the_other_sessions_and_not_this_one(db: Session, crew: Crew) -> None:
    here, elsewhere = token_of(db, email(crew.asha)), token_of(db, email(crew.asha))
    authentication.change_password(db, in_use(db, here), KEPT, KEY, PASSWORD, OTHER)
    assert sessions.find(db, here)
    assert sessions.find(db, elsewhere) is None
    assert isinstance(sign_in(db, email(crew.asha), OTHER), SignedIn)


@pytest.mark.parametrize(
    ("old", "new", "problems"),
    [
        ("not my password", OTHER, {"old": "wrong"}),
        (PASSWORD, "short", {"new": "password_too_short"}),
        (PASSWORD, "asha@service.example", {"new": "password_too_common"}),
    ],
)
def test_a_password_that_is_refused_changes_nothing(db: Session, crew: Crew, old, new, problems) -> None:
    with pytest.raises(Invalid) as refusal:
        authentication.change_password(db, crew.asha, KEPT, KEY, old, new)
    assert refusal.value.problems == problems
    assert isinstance(sign_in(db, email(crew.asha)), SignedIn)


def test_guessing_the_old_password_is_slowed_down_too(db: Session, crew: Crew) -> None:
    for _ in range(10):
        assert authentication.confirm(db, crew.asha, KEPT, KEY, "a guess") == Refused("wrong")
    assert authentication.confirm(db, crew.asha, KEPT, KEY, PASSWORD) == Refused("too_many")
    assert sign_in(db, email(crew.asha)) == Refused("too_many")


def test_nobody_ends_somebody_elses_session(db: Session, crew: Crew) -> None:
    theirs = in_use(db, token_of(db, email(crew.ben)))
    assert theirs.session_id
    with pytest.raises(NotFound):
        sessions.end(db, crew.asha, theirs.session_id)


def test_one_sees_ones_own_sessions_that_still_stand(db: Session, crew: Crew) -> None:
    with time_machine.travel(clock.now() - timedelta(hours=2)):
        token_of(db, email(crew.asha))
    token_of(db, email(crew.ben))
    here = in_use(db, token_of(db, email(crew.asha)))
    ended = in_use(db, token_of(db, email(crew.asha)))
    assert ended.session_id
    sessions.end(db, here, ended.session_id)
    assert [one.id for one in sessions.open_sessions(db, here)] == [here.session_id]


def test_a_hash_made_at_another_cost_is_renewed_at_the_next_sign_in(db: Session, crew: Crew) -> None:
    before = staff_of(db, crew.asha).password_hash
    dearer = Passwords(replace(CHEAP, time=2))
    authentication.sign_in(db, dearer, KEY, email(crew.asha), PASSWORD, "", "")
    after = staff_of(db, crew.asha).password_hash
    assert after != before
    assert after
    assert not dearer.is_outdated(after)


def test_sign_ins_at_once_renew_an_outdated_hash_and_none_fails(own_database: str) -> None:
    dearer = replace(CHEAP, time=2)
    with ThreadPoolExecutor(4) as pool:
        tries = [
            pool.submit(guess, own_database, "asha@service.example", [PASSWORD], dearer) for _ in range(4)
        ]
        assert [result for one in tries for result in one.result()] == ["signed_in"] * 4


def test_what_happens_to_accounts_is_on_the_trail(db: Session, crew: Crew) -> None:
    staff, token = accounts.invite(db, crew.adam, FAY)
    accounts.use_link(db, KEPT, token, OTHER)
    sign_in(db, staff.email, "wrong")
    sign_in(db, staff.email, OTHER)
    rows = db.scalars(select(AuditEntry).order_by(AuditEntry.at)).all()
    assert [(row.action, row.actor_id) for row in rows] == [
        ("invited", crew.adam.id),
        ("password_chosen", staff.id),
        ("sign_in_failed", None),
        ("signed_in", staff.id),
    ]
    assert OTHER not in str([row.detail for row in rows])
