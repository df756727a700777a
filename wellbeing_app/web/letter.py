"""A letter to the GP or whoever referred, as a PDF, while the person agrees to it."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from wellbeing_app.forms.letter import LetterForm
from wellbeing_app.services import clock, letters, plans
from wellbeing_app.services.letters import Letter
from wellbeing_app.services.policy import Action
from wellbeing_app.services.text import isolated
from wellbeing_app.web.context import actor, db, service
from wellbeing_app.web.guard import guard
from wellbeing_app.web.i18n import language_choices, service_language, use_language
from wellbeing_app.web.occasions import by_survey, shown_of
from wellbeing_app.web.printing import Drawn, as_file, fill

blueprint = Blueprint("letter", __name__)

View = str | Response | tuple[str, int]


@blueprint.route("/people/<reference>/letter", methods=["GET", "POST"])
@guard(Action.SEE_PERSON)
def write(reference: str) -> View:
    """To whom and in which terms; or, while the person does not agree, why there is no letter."""
    letter = letters.prepare(db, actor, reference, request.values.get("episode", type=uuid.UUID))
    if letter.agreement is None or letter.seen.first is None:
        return render_template("letter/none.html", letter=letter), 409 if request.method == "POST" else 200
    assert letter.seen.episode is not None
    usual = {"to": letter.seen.episode.referred_by, "language": service_language()}
    form = LetterForm(service.referral_terms.splitlines(), language_choices(), data=usual)
    if not form.validate_on_submit():
        page = render_template("letter/write.html", letter=letter, form=form)
        return page, 422 if form.errors else 200
    letters.send(db, actor, letter, form.terms.data)
    with use_language(form.language.data):
        drawn = Drawn((_draw(letter, form),))
    db.commit()
    return as_file(drawn.pdf(), f"letter-{reference}.pdf")


def _draw(letter: Letter, form: LetterForm) -> str:
    seen = letter.seen
    assert seen.episode is not None
    of = by_survey(shown_of(seen.episode))
    return fill(
        "printable/letter.html",
        service_name=service.name or _("Well-being survey"),
        today=clock.today(),
        to=form.to.data,
        more=form.more.data or "",
        terms=form.terms.data,
        person=seen.person,
        episode=seen.episode,
        agreement=letter.agreement,
        first=of[seen.first],
        latest=of.get(seen.latest),
        change=seen.change,
        plan=[line for line in plans.of_episode(db, seen.episode.id) if line.is_open],
        writer=actor.name,
        isolated=isolated,
    )
