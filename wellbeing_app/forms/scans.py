"""Sending pictures of forms, and confirming what was read from them."""

from __future__ import annotations

from typing import Final

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import RadioField, StringField
from wtforms.validators import Optional

from wellbeing_app.forms.base import Form, Unmarked, at_most
from wellbeing_app.forms.labels import choices
from wellbeing_app.model import Mode

REFUSED: Final = {
    "no_form": _l("No form is seen on it. Have the whole page in the picture, flat and sharp."),
    "corners_missing": _l("The squares in its corners are not all seen. Have the whole page in the picture."),
    "two_forms": _l("There is more than one form on it. Take one picture of each."),
    "mirrored": _l("The page is seen in a mirror. Scan it again."),
    "too_small": _l("The picture is too small to tell a tick. Go nearer, or scan at 150 dpi or more."),
    "too_large": _l("The picture is too large. Scan at 300 dpi, or send it as JPEG."),
    "too_many_pages": _l("The file has more than 200 pages. Send it in parts."),
    "not_paper": _l("A page of this file is no sheet of paper."),
    "unknown_form": _l("It is another form, or an older one that is not known here. Type it in."),
    "heic": _l("The app cannot open HEIC pictures. Have the telephone save JPEG (“most compatible”)."),
    "encrypted": _l("The file has a password. Send it without one."),
    "empty": _l("The file is empty."),
    "broken": _l("The file is damaged. Save it again, or scan the page again."),
    "not_a_picture": _l("The file is no picture and no PDF."),
    "took_too_long": _l("Reading took too long, and was stopped. Send fewer pages at a time."),
    "no_code": _l("The square code cannot be read. Type the form in by the eight characters below the code."),
}
READING_PROBLEMS: Final = {
    "busy": _l("The database was busy for a long time. Nothing is lost: go on in a while."),
    "failed": _l("Something went wrong on the server. What is read is kept; go on, or ask for help."),
}
"""Why the reading stopped, by the word that `paper.readings` keeps."""


class ScansForm(Form):
    """Photos, scans, a PDF pile."""

    files = MultipleFileField(
        _l("Pictures or PDF files of filled-in forms"),
        validators=[Unmarked()],
        # Named one by one, and not HEIC: so that an iPhone sends JPEG by itself.
        render_kw={"accept": "image/jpeg,image/png,image/tiff,image/webp,image/gif,application/pdf"},
    )


class ConfirmScanForm(Form):
    """When and how; the eight answers stand beside their pictures."""

    completed_on = StringField(_l("Day the answers were given"), [Optional(), at_most(40)])
    mode = RadioField(_l("How the answers were given"), choices=choices(Mode), default=Mode.SELF_PAPER.value)
