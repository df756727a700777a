"""What the closed lists are called on the page. Lazy: each is put into words in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms.fields.choices import SelectChoice

from wellbeing_app.model import (
    BatchState,
    CalendarTitles,
    ClosingReason,
    ContactOutcome,
    Custody,
    FollowUpEnd,
    ItemKind,
    LinkKind,
    Mode,
    Occasion,
    Outcome,
    Pathway,
    PlanOutcome,
    Purpose,
    Respondent,
    Role,
    Stage,
    Word,
)

LABELS: Mapping[type[Word], Mapping[Any, Any]] = {
    Role: {
        Role.ADVISOR: _l("Advisor"),
        Role.MANAGER: _l("Manager"),
        Role.DATA_ENTRY: _l("Data entry"),
        Role.EVALUATOR: _l("Evaluator"),
        Role.ADMINISTRATOR: _l("Administrator"),
    },
    Purpose: {
        Purpose.TAKE_PART: _l("Taking part"),
        Purpose.SHARE_WITH_GP: _l("Sharing with the GP"),
        Purpose.EVALUATION: _l("Use for evaluation"),
        Purpose.BE_CONTACTED: _l("Being contacted"),
    },
    Pathway: {
        Pathway.LONG_TERM_CONDITIONS: _l("Long-term conditions"),
        Pathway.MENTAL_HEALTH: _l("Mental health"),
    },
    ClosingReason: {
        ClosingReason.COMPLETED: _l("Came to a planned end"),
        ClosingReason.DECLINED: _l("The person did not want to go on"),
        ClosingReason.MOVED_AWAY: _l("Moved away"),
        ClosingReason.NO_CONTACT: _l("Could not be reached any more"),
        ClosingReason.DIED: _l("The person died"),
        ClosingReason.OTHER: _l("Another reason"),
    },
    Occasion: {
        Occasion.BASELINE: _l("Baseline"),
        Occasion.FOLLOW_UP: _l("Follow-up"),
    },
    BatchState: {
        BatchState.WAITING: _l("Waiting to be printed"),
        BatchState.PRINTING: _l("Being printed"),
        BatchState.CANCELLED: _l("Stopped"),
        BatchState.FAILED: _l("Did not work"),
        BatchState.READY: _l("Ready"),
        BatchState.GONE: _l("Deleted"),
    },
    Mode: {
        Mode.IN_PERSON: _l("In person"),
        Mode.TELEPHONE: _l("By telephone"),
        Mode.SELF_TABLET: _l("By themselves, on a tablet"),
        Mode.SELF_PAPER: _l("By themselves, on paper"),
    },
    Respondent: {
        Respondent.SELF: _l("The person"),
        Respondent.SELF_WITH_HELP: _l("The person, with help"),
        Respondent.PROXY: _l("Somebody else, for the person"),
    },
    PlanOutcome: {
        PlanOutcome.DONE: _l("Done"),
        PlanOutcome.PARTLY: _l("Done in part"),
        PlanOutcome.NOT_YET: _l("Not yet"),
        PlanOutcome.LET_GO: _l("No longer wanted"),
    },
    LinkKind: {
        LinkKind.FIRST_ADMINISTRATOR: _l("The first administrator’s link"),
        LinkKind.INVITATION: _l("An invitation"),
        LinkKind.NEW_PASSWORD: _l("A link for a new password"),
    },
    ItemKind: {
        ItemKind.SURVEY: _l("A survey"),
        ItemKind.FLAG: _l("A safety flag"),
        ItemKind.UNREAD: _l("Something that could not be read"),
    },
    Custody: {
        Custody.RECORDED: _l("Recorded"),
        Custody.HELD: _l("Held until somebody decides"),
        Custody.SETTLED: _l("Decided"),
    },
    Outcome: {
        Outcome.ACCEPTED: _l("Accepted and saved"),
        Outcome.MATCHED: _l("Saved for a person"),
        Outcome.STANDS: _l("What was saved already stands"),
        Outcome.CORRECTED: _l("Used as a correction"),
        Outcome.DRAFTED: _l("Put into the form, to be finished"),
        Outcome.DESTROYED: _l("Destroyed"),
        Outcome.CAME_WHOLE: _l("Came again undamaged"),
    },
    FollowUpEnd: {
        FollowUpEnd.DECLINED: _l("Follow-up declined"),
        FollowUpEnd.LOST: _l("Lost to follow-up"),
    },
    Stage: {
        Stage.CHOOSE_BASELINE: _l("Say which baseline counts"),
        Stage.BASELINE: _l("Baseline to take"),
        Stage.FOLLOW_UP: _l("Waiting for the follow-up"),
        Stage.DONE: _l("Follow-up done"),
        Stage.DECLINED: _l("Follow-up declined"),
        Stage.LOST: _l("Lost to follow-up"),
    },
    ContactOutcome: {
        ContactOutcome.SPOKE: _l("We spoke"),
        ContactOutcome.NO_ANSWER: _l("No answer"),
        ContactOutcome.LEFT_MESSAGE: _l("Left a message"),
        ContactOutcome.WRONG_NUMBER: _l("Wrong number"),
        ContactOutcome.CALL_BACK: _l("They asked to be rung back"),
        ContactOutcome.DECLINED: _l("They do not want the follow-up"),
        ContactOutcome.SAFEGUARDING: _l("I am worried about their safety"),
    },
    CalendarTitles: {
        CalendarTitles.INITIALS: _l("Initials, such as G. A."),
        CalendarTitles.REFERENCE: _l("Reference, such as R-7QK2P"),
    },
}

DONE: Mapping[str, Any] = {
    "signed_in": _l("Signed in"),
    "signed_out": _l("Signed out"),
    "sign_in_failed": _l("Somebody tried to sign in, and the email or password was wrong"),
    "password_chosen": _l("Chose a password with a one-time link"),
    "password_changed": _l("Changed their password"),
    "session_ended": _l("Ended one of their own sign-ins"),
    "other_sessions_ended": _l("Ended all their other sign-ins"),
    "invited": _l("Added somebody to the staff"),
    "link_made": _l("Made a new one-time link"),
    "staff_edited": _l("Changed an account"),
    "service_settings_changed": _l("Changed the service’s settings"),
    "logo_changed": _l("Changed the logo"),
    "caseload_listed": _l("Looked at a caseload"),
    "follow_ups_listed": _l("Looked at a list of follow-ups"),
    "calendar_made": _l("Made a secret address for their calendar"),
    "calendar_revoked": _l("Revoked the secret address of their calendar"),
    "calendar_read": _l("A calendar read what is due"),
    "contact_tried": _l("Tried to reach the person"),
    "contact_undone": _l("Took back a try to reach the person"),
    "mode_changed": _l("Went on with a survey in another way"),
    "date_moved": _l("Moved a day, with a reason"),
    "follow_up_ended": _l("Said that there will be no follow-up"),
    "follow_up_resumed": _l("Took the follow-up up again"),
    "listed": _l("Saw the person in a list"),
    "told_of_likeness": _l("Typed in somebody alike, and was told that there is one, not who"),
    "searched": _l("Searched for people"),
    "opened": _l("Opened the record"),
    "refused": _l("Tried to open the record and was refused"),
    "not_allowed": _l("Tried to open a page that is not for their role"),
    "break_glass": _l("Opened somebody else’s person, with a reason"),
    "person_added": _l("Added the person"),
    "person_edited": _l("Changed the person’s details"),
    "possible_duplicate": _l("Came up as a possible duplicate"),
    "merged": _l("Joined another record into this one"),
    "merged_away": _l("Was joined into another record"),
    "episode_opened": _l("Opened an episode"),
    "episode_edited": _l("Changed an episode"),
    "episode_closed": _l("Closed an episode"),
    "episode_reopened": _l("Opened an episode again"),
    "agreement_given": _l("Recorded an agreement"),
    "agreement_withdrawn": _l("Recorded that an agreement was withdrawn"),
    "safety_flag_raised": _l("Raised a safety flag"),
    "safety_flag_acted_on": _l("Did something about a safety flag"),
    "safety_flag_closed": _l("Closed a safety flag"),
    "handed_over": _l("Handed the tablet over"),
    "handed_back": _l("Took the tablet back"),
    "survey_planned": _l("Planned a survey"),
    "survey_withdrawn": _l("Withdrew a planned survey"),
    "survey_reinstated": _l("Planned a withdrawn survey again"),
    "draft_saved": _l("Kept a survey half-way"),
    "draft_discarded": _l("Let go of what was typed and not saved"),
    "survey_recorded": _l("Saved a survey"),
    "survey_corrected": _l("Corrected a survey"),
    "summary_made": _l("Made a summary for the person"),
    "plan_line_added": _l("Added a step to the plan"),
    "plan_line_changed": _l("Changed a step of the plan"),
    "plan_line_settled": _l("Said what became of a step of the plan"),
    "view_noted": _l("Noted where they see an answer differently"),
    "counting_decided": _l("Said which baseline counts"),
    "device_enrolled": _l("Set up a tablet for offline visits"),
    "device_revoked": _l("Revoked a tablet"),
    "device_restored": _l("Took back that a tablet was revoked"),
    "device_wipe_asked": _l("Had a tablet’s visits erased at its next contact"),
    "device_wipe_called_off": _l("Called off that a tablet’s visits are erased"),
    "device_loss_seen": _l("Looked into answers that a tablet lost"),
    "packed": _l("Took the visit along on a tablet"),
    "item_received": _l("A tablet sent what was saved already"),
    "item_held": _l("A tablet sent something that is held until somebody decides"),
    "forms_listed": _l("Looked at the forms that can be printed"),
    "form_printed": _l("Printed a form"),
    "copies_voided": _l("Had printed copies count no longer"),
    "batch_made": _l("Asked for a pile of forms"),
    "batch_cancelled": _l("Stopped the printing of a pile"),
    "batch_resumed": _l("Went on with the printing of a pile"),
    "batch_let_go": _l("Deleted the file of a pile"),
    "exported": _l("Exported data"),
    "imported": _l("Took in people from a file"),
    "account_from_file": _l("Made an account that cannot sign in, for an advisor named in a file"),
    "held_item_opened": _l("Looked at something a tablet sent that is held"),
    "held_item_decided": _l("Decided about something a tablet sent"),
    "held_item_reopened": _l("Took back a decision about something a tablet sent"),
    "rescue_link_made": _l("Made a one-time link on the machine itself"),
    "every_session_ended": _l("Ended everybody’s sign-ins on the machine itself"),
    "every_link_lapsed": _l("Ended all one-time links after restoring a backup"),
}


def label(word: str) -> Any:
    """What a word of a closed list, or an action of the trail, is called; an unknown action, itself."""
    if isinstance(word, Word):
        return LABELS[type(word)][word]
    return DONE.get(word, word)


def choices(words: Iterable[Word]) -> list[SelectChoice]:
    """The list as a form field's choices."""
    return [SelectChoice(word.value, label(word)) for word in words]
