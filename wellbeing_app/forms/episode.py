"""An episode: its pathway, its key dates, and its closing."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import HiddenInput

from wellbeing_app.forms import days
from wellbeing_app.forms.base import Form, at_most, required
from wellbeing_app.forms.days import DayField
from wellbeing_app.forms.labels import choices
from wellbeing_app.forms.person import PersonForm
from wellbeing_app.model import CARE_CLUSTERS, ClosingReason, Episode, Pathway, Staff
from wellbeing_app.services import clock
from wellbeing_app.services.pathway import KEY_DATES, EpisodeDetails

PROBLEMS = {
    **days.PROBLEMS,
    "in_future": _l("This day has not come yet."),
    "before_referral": _l("This is before the referral. Check both days."),
    "required": _l("Choose a pathway."),
    "only_mental_health": _l("Choose a pathway."),
    "another_open": _l("An episode is open. Close it first, or say that there are to be two."),
    "not_an_advisor": _l("Choose an advisor from the list."),
}


def pathway_choices() -> list[SelectChoice]:
    """The pathways; mental health once for each care cluster, since it never goes without one."""
    clusters = [
        SelectChoice(
            f"{Pathway.MENTAL_HEALTH}:{cluster}", _("Mental health, care cluster %(number)s", number=cluster)
        )
        for cluster in CARE_CLUSTERS
    ]
    return [*choices([Pathway.LONG_TERM_CONDITIONS]), *clusters]


def pathway_value(episode: Episode) -> str:
    """The choice that stands for an episode's pathway."""
    return f"{episode.pathway}:{episode.care_cluster}" if episode.care_cluster else str(episode.pathway)


class ReferralFields:
    """How an episode begins. `named`: what the offered pathways and advisors are called; `referrers`: who
    referred before."""

    named: dict[str, Any]
    referrers: Sequence[str] = ()
    pathway = RadioField(_l("Pathway"), validators=[required(_l("Choose a pathway."))])
    referred_on = DayField(
        _l("Day of the referral"),
        validators=[required(_l("Enter the day of the referral."))],
        default=clock.today,
    )
    referred_by = StringField(
        _l("Referred by"), validators=[at_most(200)], render_kw={"list": "known-referrers"}
    )
    advisor_id = SelectField(_l("Advisor"), validators=[required(_l("Choose an advisor."))])

    def offer(
        self: Any, advisors: Iterable[Staff], mine: uuid.UUID | None = None, referrers: Sequence[str] = ()
    ) -> None:
        """Offer these advisors, and this one to begin with if it is among them; and these referrers."""
        self.referrers = referrers
        people = [SelectChoice(str(advisor.id), advisor.name) for advisor in advisors]
        to_begin_with = str(mine) in {choice.value for choice in people}
        nobody = [] if to_begin_with else [SelectChoice("", _("Choose an advisor"))]
        self.pathway.choices, self.advisor_id.choices = pathway_choices(), [*nobody, *people]
        self.named = {choice.value: choice.label for choice in (*pathway_choices(), *people)}
        if to_begin_with and not self.is_submitted():
            self.advisor_id.data = str(mine)

    def episode_details(self: Any) -> EpisodeDetails:
        """What was typed. Call after `validate`."""
        name, _colon, cluster = self.pathway.data.partition(":")
        dates = {name: self[name].data for name in KEY_DATES if name in self}
        return EpisodeDetails(
            pathway=Pathway(name),
            care_cluster=int(cluster) if cluster else None,
            advisor_id=uuid.UUID(self.advisor_id.data),
            referred_by=(self.referred_by.data or "").strip(),
            **dates,
        )


class AddPersonForm(ReferralFields, PersonForm):
    """A person and their first episode, on one page."""


class NewEpisodeForm(ReferralFields, Form):
    """Another episode of somebody who returned. `beside_open`: though one is open."""

    beside_open = BooleanField(_l("Begin another all the same"))


class EpisodeForm(ReferralFields, Form):
    """An episode's details and key dates. `version` is the one that was being looked at."""

    joint_meeting_on = DayField(_l("Joint meeting"))
    took_up_on = DayField(_l("Took up a service"))
    discharge_review_on = DayField(_l("Discharge review"))
    discharged_on = DayField(_l("Discharged"))
    re_referred_on = DayField(_l("Referred again"))
    version = IntegerField(widget=HiddenInput(), default=0)

    @classmethod
    def of(cls, episode: Episode) -> EpisodeForm:
        """The form as an episode stands, or as it was sent."""
        kept = {name: getattr(episode, name) for name in ("referred_by", "version", *KEY_DATES)}
        return cls(data={**kept, "pathway": pathway_value(episode), "advisor_id": str(episode.advisor_id)})

    def differing(self, theirs: Episode) -> list[tuple[Any, Any, Any]]:
        """What stands now and what was typed here, side by side, where they are not the same."""
        typed = self.episode_details()
        rows = [(name, getattr(theirs, name), getattr(typed, name)) for name in ("referred_by", *KEY_DATES)]
        pathway = (self.named[pathway_value(theirs)], self.named[self.pathway.data])
        advisor = (theirs.advisor.name, self.named[self.advisor_id.data])
        return [
            (self[name].label.text, before, after)
            for name, before, after in (("pathway", *pathway), ("advisor_id", *advisor), *rows)
            if before != after
        ]

    def build_upon(self, theirs: Episode) -> None:
        """From now on a saving replaces what stands now, knowingly."""
        self.version.raw_data = None
        self.version.data = theirs.version


class CloseForm(Form):
    """When and why an episode ends."""

    closed_on = DayField(_l("Day it ended"), validators=[required(_l("Enter the day."))], default=clock.today)
    closing_reason = RadioField(
        _l("Why"), choices=choices(ClosingReason), validators=[required(_l("Choose why it ended."))]
    )
    closing_note = TextAreaField(_l("Note"), validators=[at_most(2000)])
