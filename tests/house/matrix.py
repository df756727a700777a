"""Who may ask for what: a row for each route, written by hand, so that it can check the app's own policy.

A row names the cases that it opens for. In every other case it must look as if there were nothing there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Case:
    """Somebody (`who`: their sign-in, None without) asks for what belongs to a dossier (`whose`).

    `sees`: the dossiers whose people they may know of. `only_with_ids`: the case differs from others only
    where the address names somebody.
    """

    who: str | None
    whose: str = "asha's"
    sees: tuple[str, ...] = ()
    only_with_ids: bool = False


ASHA_SEES = ("asha's",)
TEAM_SEES = (*ASHA_SEES, "ben's")
CAROL_SEES = ("carol's", "ben's")  # she broke the glass of Ben's
ALL_SEEN = (*TEAM_SEES, "carol's")

CASES = {
    "signed out": Case(None),
    "sign-in ended": Case("ended"),
    "own": Case("asha", sees=ASHA_SEES),
    "manager": Case("mandy", sees=ALL_SEEN),
    "data entry": Case("dev"),
    "evaluator": Case("eve"),
    "administrator": Case("adam"),
    "handed over": Case("handed over"),
    "colleague's": Case("asha", "ben's", ASHA_SEES, only_with_ids=True),
    "team's": Case("ben", sees=TEAM_SEES, only_with_ids=True),
    "other team's": Case("carol", sees=CAROL_SEES, only_with_ids=True),
    "glass broken": Case("carol", "ben's", CAROL_SEES, only_with_ids=True),
    "form opened": Case("dev", "carol's", only_with_ids=True),
    "handed over, another's": Case("handed over", "ben's", only_with_ids=True),
    "merged": Case("asha", "merged", ASHA_SEES, only_with_ids=True),
    "merged, other team's": Case("carol", "merged", CAROL_SEES, only_with_ids=True),
    "missing": Case("asha", "missing", ASHA_SEES, only_with_ids=True),
    "missing, manager": Case("mandy", "missing", ALL_SEEN, only_with_ids=True),
    "missing, data entry": Case("dev", "missing", only_with_ids=True),
    "missing, administrator": Case("adam", "missing", only_with_ids=True),
}

CARE = frozenset({"own", "manager", "team's", "glass broken"})
WHO_STAY = CARE - {"glass broken"}  # what a few hours behind broken glass do not allow
WITH_FORM = CARE | {"form opened"}
WHO_DECIDE = frozenset({"own", "manager"})  # about what a tablet sent: its advisor, or a manager
OWN_ONLY = ADVISORS = frozenset({"own"})
MANAGER = frozenset({"manager"})
ADMINISTRATOR = frozenset({"administrator"})
OWN_PILE = frozenset({"own", "manager"})
OTHERS = frozenset({"colleague's", "other team's"})
WHO_TYPE = CARE | OTHERS | {"data entry", "form opened"}
EVERYBODY_HERE = frozenset({"own", "manager", "data entry", "evaluator", "administrator"})
ANYBODY = frozenset(CASES) - {"handed over", "handed over, another's"}
EVEN_HANDED_OVER = frozenset(CASES)
NOBODY: frozenset[str] = frozenset()
WHO_FILL_IN = frozenset({"asha", "ben", "carol", "mandy", "dev"})


@dataclass(frozen=True)
class Row:
    """`sends`: what the form holds. `answers`: how it answers when it opens, by default a page or a redirect.

    `on_tablet`: while the person has the tablet, for their own ticket. `leads`: these are led to the form as
    advisors see it. `silent`: leaves nothing on the trail, since it is about nobody. `scripted`: sent
    by a script, as JSON; these fields are lists.
    """

    opens_for: frozenset[str]
    sends: Mapping[str, Any] = field(default_factory=dict)
    answers: tuple[int, ...] = ()
    on_tablet: bool = False
    leads: frozenset[str] = frozenset()
    silent: bool = False
    scripted: tuple[str, ...] | None = None


PERSON = {
    "first_name": "Somebody",
    "pathway": "long_term_conditions",
    "referred_on": "{today}",
    "advisor_id": "{advisor}",
    "language": "en",
    "version": "{version}",
}
KEYED = {"keys": "33333333", "completed_on": "{today}", "mode": "self_paper"}
NEW_PASSWORD = "nine herons mend a quiet gate"
STAFF = {
    "name": "Somebody",
    "email": "new@service.example",
    "role": "advisor",
    "active": "y",
    "version": "1",
}

ACTIVITY = {"provider": "Kind Callers", "name": "Calls", "theme": "therapeutic", "setting": "individual"}

ROWS = {
    "static GET": Row(EVEN_HANDED_OVER),
    "health.check GET": Row(ANYBODY),
    "help.panel GET": Row(EVEN_HANDED_OVER),
    "help.preferences POST": Row(EVEN_HANDED_OVER, {"text_size": "large"}, silent=True),
    "settings.logo GET": Row(EVEN_HANDED_OVER),
    # what a tablet keeps
    "visit.choose GET": Row(EVEN_HANDED_OVER, answers=(302,)),
    "visit.document GET": Row(EVEN_HANDED_OVER),
    "visit.page GET": Row(EVEN_HANDED_OVER),
    "visit.file GET": Row(EVEN_HANDED_OVER),
    "visit.worker GET": Row(EVEN_HANDED_OVER),
    "visit.manifest GET": Row(EVEN_HANDED_OVER),
    # one's own account
    "caseload.home GET": Row(ANYBODY, answers=(302,)),
    "account.sign_in GET": Row(ANYBODY, answers=(200, 302)),
    "account.check_sign_in POST": Row(ANYBODY, {"email": "eve@service.example", "password": "{password}"}),
    "account.welcome GET": Row(ANYBODY),
    "account.choose_password POST": Row(ANYBODY, {"code": "{link}", "password": NEW_PASSWORD}),
    "account.sign_out POST": Row(EVERYBODY_HERE),
    "account.overview GET": Row(EVERYBODY_HERE),
    "account.change_password GET": Row(EVERYBODY_HERE),
    "account.change_password POST": Row(EVERYBODY_HERE, {"old": "{password}", "new": NEW_PASSWORD}),
    "account.end_session POST": Row(OWN_ONLY),
    "account.end_other_sessions POST": Row(EVERYBODY_HERE),
    # people
    "caseload.caseload GET": Row(CARE),
    "caseload.find GET": Row(CARE),
    "people.add GET": Row(CARE),
    "people.add POST": Row(CARE, PERSON),
    "people.record GET": Row(CARE),
    "people.edit GET": Row(CARE),
    "people.edit POST": Row(CARE, PERSON),
    "people.access_log GET": Row(MANAGER),
    "people.break_glass GET": Row(ADVISORS),
    "people.break_glass POST": Row(ADVISORS, {"reference": "{reference}", "reason": "An emergency call"}),
    "merging.compare GET": Row(WHO_STAY),
    "merging.merge POST": Row(WHO_STAY, {"other": "{other}", "keep": "{reference}"}),
    "agreements.show GET": Row(CARE),
    "agreements.change POST": Row(CARE, {"purpose": "be_contacted", "on": "{today}"}),
    "safety.open_flags GET": Row(CARE),
    "safety.raise_flag GET": Row(CARE),
    "safety.raise_flag POST": Row(CARE, {"concern": "A worry"}),
    "safety.show GET": Row(CARE),
    "safety.follow_through POST": Row(CARE, {"what": "Rang the GP"}),
    "progress.show GET": Row(CARE),
    "plan.show GET": Row(CARE),
    "plan.show POST": Row(CARE, {"measure": "money", "what": "Ask for advice"}),
    "plan.line GET": Row(CARE),
    "plan.line POST": Row(CARE, {"outcome": "done"}),
    "plan.change GET": Row(CARE),
    "plan.change POST": Row(CARE, {"measure": "money", "what": "Ask again", "version": "1"}),
    "plan.differing GET": Row(CARE),
    "plan.differing POST": Row(CARE, {"measure": "money", "score": "5"}),
    "summaries.overview GET": Row(CARE),
    "summaries.overview POST": Row(CARE, {"episodes": "{episode_id}"}, answers=(302, 422)),
    "summaries.batch GET": Row(OWN_ONLY),
    "summaries.change POST": Row(OWN_ONLY, {"do": "cancel"}),
    "letter.write GET": Row(CARE),
    "letter.write POST": Row(CARE, {"to": "The practice"}, answers=(200, 302, 409)),
    "summary.show GET": Row(CARE, answers=(200, 302)),
    # episodes
    "episodes.add GET": Row(WHO_STAY),
    "episodes.add POST": Row(WHO_STAY, {**PERSON, "beside_open": "y"}),
    "episodes.edit GET": Row(CARE),
    "episodes.edit POST": Row(CARE, {**PERSON, "advisor_id": "{staff_id}", "version": "1"}),
    "episodes.close GET": Row(CARE),
    "episodes.close POST": Row(CARE, {"closed_on": "{today}", "closing_reason": "completed"}),
    "episodes.reopen POST": Row(CARE),
    # follow-ups
    "followups.listed GET": Row(CARE),
    "followups.show GET": Row(CARE),
    "calendars.of_person GET": Row(CARE),
    "calendars.overview GET": Row(CARE),
    "calendars.change POST": Row(CARE, {"titles": "initials"}, answers=(201,)),
    "calendars.feed GET": Row(ANYBODY),
    "followups.move POST": Row(CARE, {"which": "follow_up", "to": "{today}", "reason": "In hospital"}),
    "followups.end POST": Row(CARE, {"why": "lost"}),
    "followups.tried POST": Row(CARE, {"outcome": "no_answer"}),
    "followups.untried POST": Row(CARE),
    # surveys
    "entry.open_form GET": Row(CARE | {"data entry"}),
    "entry.open_form POST": Row(CARE | {"data entry"}, {"code": "{code}"}),
    "surveys.plan POST": Row(CARE, {"occasion": "baseline", "another": "1"}),
    "surveys.form GET": Row(WITH_FORM),
    "surveys.save_form POST": Row(WITH_FORM, {"answers": "{answers}"}),
    "surveys.check GET": Row(WITH_FORM),
    "surveys.save POST": Row(WITH_FORM, {"answers": "{answers}"}),
    "calls.start GET": Row(CARE),
    "calls.start POST": Row(CARE, {"good_time": "y", "free_to_talk": "y", "right_person": "y"}),
    "calls.measure GET": Row(CARE),
    "calls.answer POST": Row(CARE, {"answers": "{answers}"}),
    "calls.flag GET": Row(CARE),
    "calls.flag POST": Row(CARE, {"concern": "A worry"}),
    "calls.end GET": Row(CARE, answers=(200, 302)),
    "calls.compare GET": Row(CARE, answers=(200, 302)),
    "surveys.hand_over POST": Row(CARE),
    "surveys.withdraw POST": Row(CARE),
    "surveys.reinstate POST": Row(CARE),
    "surveys.discard POST": Row(WITH_FORM),
    "corrections.show GET": Row(CARE),
    "corrections.correct_form GET": Row(CARE),
    "corrections.correct POST": Row(CARE, {"answers": "{answers}", "reason": "A slip", "revision": "1"}),
    "corrections.counting POST": Row(CARE),
    # the person fills in their own form
    "self_completion.start GET": Row(WITH_FORM, answers=(200, 302), on_tablet=True),
    "self_completion.preferences POST": Row(WITH_FORM, {"language": "en"}, on_tablet=True),
    "self_completion.measure GET": Row(WITH_FORM, answers=(200, 302), on_tablet=True),
    "self_completion.answer POST": Row(WITH_FORM, {"answers": "{answers}"}, on_tablet=True),
    "self_completion.paused GET": Row(WITH_FORM, answers=(200, 302), on_tablet=True),
    "self_completion.check GET": Row(WITH_FORM, answers=(200, 302), on_tablet=True),
    "self_completion.save POST": Row(WITH_FORM, on_tablet=True),
    "self_completion.done GET": Row(WITH_FORM, answers=(200, 302), on_tablet=True),
    "self_completion.hand_back GET": Row(WITH_FORM, answers=(200, 302), on_tablet=True),
    "self_completion.hand_back POST": Row(WITH_FORM, {"password": "{password}"}, on_tablet=True),
    # tablets without signal
    "packing.choose GET": Row(CARE),
    "packing.plan_due POST": Row(CARE),
    "custody.queue GET": Row(CARE),
    "custody.judge_again POST": Row(CARE),
    "custody.show GET": Row(WHO_DECIDE),
    "custody.accept POST": Row(WHO_DECIDE),
    "custody.match POST": Row(WHO_DECIDE, {"reference": "{other}"}, answers=(422,)),
    "custody.keep_what_stands POST": Row(WHO_DECIDE, answers=(422,)),
    "custody.correct POST": Row(WHO_DECIDE, {"reason": "A slip"}, answers=(422,)),
    "custody.into_form POST": Row(WHO_DECIDE, answers=(422,)),
    "custody.destroy POST": Row(MANAGER, {"why": "Sent by mistake"}),
    "custody.reopen POST": Row(WHO_DECIDE, answers=(422,)),
    "devices.everyone GET": Row(MANAGER | ADMINISTRATOR),
    "devices.revoke POST": Row(ADMINISTRATOR),
    "devices.restore POST": Row(ADMINISTRATOR, silent=True),
    "devices.wipe POST": Row(ADMINISTRATOR),
    "devices.call_off_wipe POST": Row(ADMINISTRATOR),
    "devices.note_loss_seen POST": Row(MANAGER | ADMINISTRATOR),
    "sync.enrol POST": Row(CARE, {"name": "A tablet", "version": "1"}, answers=(200,), scripted=()),
    "sync.pack POST": Row(CARE, {"tickets": "{ticket_id}"}, answers=(200,), scripted=("tickets",)),
    "sync.deliver POST": Row(
        EVEN_HANDED_OVER, {"items": ""}, answers=(200,), silent=True, scripted=("items",)
    ),
    # paper
    "entry.scanned GET": Row(WHO_TYPE),
    "entry.whose GET": Row(CARE | OTHERS),
    "entry.whose POST": Row(CARE, {"reference": "{reference}", "occasion": "follow_up"}),
    "typing.keys GET": Row(WITH_FORM),
    "typing.save POST": Row(WITH_FORM, KEYED),
    "paper_queue.keep GET": Row(CARE | {"data entry"}),
    "paper_queue.keep POST": Row(CARE | {"data entry"}, {"keys": "33333333", "reason": "unknown"}),
    "paper_queue.waiting GET": Row(CARE),
    "paper_queue.settle POST": Row(CARE, {"do": "set_aside"}),
    "paper_queue.decide POST": Row(CARE, {"money": "3"}),
    "entry.open_by_photo POST": Row(CARE | {"data entry"}, answers=(422,), silent=True),
    "scans.overview GET": Row(CARE | {"data entry"}),
    "scans.send POST": Row(CARE | {"data entry"}, answers=(422,), silent=True),
    "scans.reading GET": Row(OWN_ONLY),
    "scans.change_reading POST": Row(OWN_ONLY, {"do": "cancel"}),
    "scans.look GET": Row(OWN_ONLY),
    "scans.confirm POST": Row(OWN_ONLY, {"do": "aside"}),
    "scans.picture GET": Row(OWN_ONLY),
    "paper.overview GET": Row(CARE),
    "paper.print_blank POST": Row(CARE, {"number": "3", "form": "survey", "language": "en"}),
    "paper.print_people POST": Row(CARE, {"tickets": "{ticket_id}", "old": "void"}, answers=(302, 422)),
    "paper.for_ticket GET": Row(CARE),
    "paper.print_ticket POST": Row(CARE, {"form": "survey", "language": "en", "old": "void"}, answers=(200,)),
    "paper.batch GET": Row(OWN_PILE),
    "paper.change_batch POST": Row(OWN_PILE, {"do": "cancel"}),
    "paper.batch_file GET": Row(OWN_PILE, answers=(302,)),
    "paper.sheet GET": Row(CARE | {"colleague's", "other team's"}),
    # the service
    "figures.overview GET": Row(frozenset({"manager", "evaluator"})),
    "ledger.of_episode GET": Row(CARE),
    "ledger.of_episode POST": Row(CARE, {"do": "outcomes"}),
    "ledger.closed GET": Row(CARE),
    "ledger.closed POST": Row(CARE, {"episodes": "{episode_id}"}),
    "ledger.activities GET": Row(MANAGER),
    "ledger.activities POST": Row(MANAGER, ACTIVITY),
    "ledger.activity GET": Row(MANAGER),
    "ledger.activity POST": Row(MANAGER, {**ACTIVITY, "version": "1"}),
    "report.show GET": Row(frozenset({"manager", "evaluator"})),
    "report.as_pdf GET": Row(frozenset({"manager", "evaluator"})),
    "report.plain GET": Row(frozenset({"manager", "evaluator"})),
    "report.compare GET": Row(frozenset({"manager", "evaluator"})),
    "data.overview GET": Row(MANAGER | {"evaluator"}),
    "data.export POST": Row(
        MANAGER | {"evaluator"}, {"level": "no_identifiers", "what": "csv_long"}, answers=(200,)
    ),
    "data.codebook GET": Row(MANAGER | {"evaluator"}),
    "data.xlsform GET": Row(MANAGER | {"evaluator"}),
    "importing.begin GET": Row(MANAGER),
    "importing.begin POST": Row(MANAGER, answers=(422,), silent=True),
    "importing.check GET": Row(MANAGER),
    "importing.decide POST": Row(MANAGER, {"pathway": "mental_health", "advisor_id": "", "let_go": "1"}),
    "importing.problems GET": Row(MANAGER),
    "importing.undo POST": Row(MANAGER, silent=True),  # nothing was taken in
    "staff.everybody GET": Row(ADMINISTRATOR),
    "staff.invite GET": Row(ADMINISTRATOR),
    "staff.invite POST": Row(ADMINISTRATOR, STAFF, answers=(201,)),
    "staff.edit GET": Row(ADMINISTRATOR),
    "staff.edit POST": Row(ADMINISTRATOR, STAFF),
    "staff.new_link POST": Row(ADMINISTRATOR, answers=(201,)),
    "staff.log GET": Row(ADMINISTRATOR),
    "settings.service GET": Row(ADMINISTRATOR),
    "settings.service POST": Row(
        ADMINISTRATOR, {"name": "Another", "default_language": "en", "version": "1"}
    ),
    "settings.set_logo GET": Row(ADMINISTRATOR),
    "settings.set_logo POST": Row(ADMINISTRATOR, {"remove": "1"}),
}
