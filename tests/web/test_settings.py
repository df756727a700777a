"""The service's own choices: blank means the app's own words, and nothing typed gets lost."""

from __future__ import annotations

import html
import re
from io import BytesIO

import pytest
from sqlalchemy.orm import Session

from tests.support.client import Client
from tests.support.filled import filled_in
from tests.support.people import Crew
from tests.support.pictures import JPEG, PNG
from wellbeing_app.model import Purpose
from wellbeing_app.services import settings
from wellbeing_app.services.settings import HelpLine, ServiceSettings

CHOSEN = {
    **{f"help_lines-{row}-{name}": "" for row in range(5) for name in ("who", "number", "note")},
    "name": "Northtown <b>",
    "help_text": "We are here.\r\nRing us.",
    "help_lines-0-who": "Duty desk",
    "help_lines-0-number": "01632 960123",
    "help_lines-2-who": "Night desk",
    "help_lines-2-number": "(01632) 960 124",
    "help_lines-2-note": "After six",
    "agreements-take_part": "Yes, I will.",
    "safety_contact": "Mandy, the duty manager",
    "smallest_shared": "10",
    "default_language": "ur",
    "version": "0",
}


@pytest.fixture(autouse=True)
def _adam_is_signed_in(client: Client, crew: Crew) -> None:
    client.sign_in(crew.adam)


def test_all_choices_are_kept_and_rows_left_blank_are_dropped(client: Client, db: Session) -> None:
    assert client.submit("/settings", CHOSEN).location == "/settings"
    assert settings.read(db) == ServiceSettings(
        name="Northtown <b>",
        help_text="We are here.\nRing us.",
        help_lines=(
            HelpLine("Duty desk", "01632 960123"),
            HelpLine("Night desk", "(01632) 960 124", "After six"),
        ),
        agreements={Purpose.TAKE_PART: "Yes, I will."},
        safety_contact="Mandy, the duty manager",
        hide_earlier_scores=False,
        default_language="ur",
        smallest_shared=10,
        version=1,
    )


def test_what_was_kept_is_in_the_form_again(client: Client, db: Session) -> None:
    client.submit("/settings", CHOSEN)
    page = client.get("/settings").text
    for text in ("Duty desk", "Night desk", "Mandy, the duty manager", "Northtown &lt;b&gt;"):
        assert f'value="{text}"' in page
    assert "<b>" not in page
    unchanged = {**CHOSEN, "help_lines-1-who": "Night desk", "help_lines-1-number": "111", "version": "1"}
    assert client.submit("/settings", unchanged).location == "/settings"


def test_saving_the_form_as_it_comes_chooses_nothing(client: Client, db: Session) -> None:
    form = {"default_language": "en", "hide_earlier_scores": "y", "version": "0"}
    client.submit("/settings", form)
    assert settings.read(db) == ServiceSettings(version=1)


def test_the_usual_lines_are_offered_and_leaving_them_chooses_nothing(client: Client, db: Session) -> None:
    fields = filled_in(client.get("/settings").text, "/settings")
    numbers = [fields[f"help_lines-{row}-number"][0] for row in range(5)]
    assert numbers == ["999", "116 123", "111", "", ""]
    assert client.post("/settings", data=fields).location == "/settings"
    assert settings.read(db).help_lines == ()


def test_a_line_of_ones_own_is_added_to_the_usual_ones(client: Client, db: Session) -> None:
    own = {"help_lines-3-who": "Duty desk", "help_lines-3-number": "01632 960124 ext 5"}
    client.post("/settings", data=filled_in(client.get("/settings").text, "/settings") | own)
    assert [line.number for line in settings.read(db).help_lines][2:] == ["111", "01632 960124 ext 5"]
    assert 'href="tel:01632960124"' in client.get("/help").text


def test_the_defaults_can_be_read_in_the_form(client: Client) -> None:
    page = html.unescape(client.get("/settings").text)
    assert "If you leave this blank: “I am happy to answer questions about eight parts of my life" in page
    assert "Samaritans (116 123)" in page


def test_a_language_that_nobody_has_reviewed_says_so(client: Client) -> None:
    assert re.search(r'<option value="ur">[^<]+\(draft\)</option>', client.get("/settings").text)
    assert re.search(r'<option selected value="en">English</option>', client.get("/settings").text)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"help_lines-0-number": ""}, "Please write the number, or leave the whole line blank."),
        ({"help_lines-0-who": " "}, "Please write who it is, or leave the whole line blank."),
        ({"help_lines-0-number": "ask Mandy"}, "Please write the number in digits, such as 116 123."),
        ({"help_lines-0-number": "12"}, "Please write the number in digits, such as 116 123."),
        ({"help_lines-4-note": "At night"}, "Please write the number, or leave the whole line blank."),
        ({"default_language": "tlh"}, "Please choose from the list."),
        ({"smallest_shared": "7"}, "Please write a whole number from 8 to 50."),
        ({"name": "x" * 81}, "Please use 80 characters or fewer."),
    ],
)
def test_a_slip_is_said_beside_its_field_and_nothing_typed_is_lost(
    client: Client, db: Session, change: dict[str, str], says: str
) -> None:
    response = client.submit("/settings", {**CHOSEN, **change})
    assert response.status_code == 422
    assert response.text.count(says) == 2  # above the form and beside the field
    assert "Mandy, the duty manager" in response.text
    assert settings.read(db).version == 0


def test_every_error_leads_to_its_field(client: Client) -> None:
    page = client.submit("/settings", {**CHOSEN, "help_lines-0-number": "?", "name": "x" * 81}).text
    targets = re.findall(r'<li><a href="#([^"]+)"', page)
    assert len(targets) == 2
    for target in targets:
        assert f'id="{target}"' in page


def test_a_lost_race_shows_what_stands_and_the_next_save_decides(
    client: Client, crew: Crew, db: Session
) -> None:
    settings.change(
        db, crew.adam, ServiceSettings(name="Southtown", safety_contact="Mandy, the duty manager")
    )
    lost = client.submit("/settings", CHOSEN)
    assert lost.status_code == 409
    theirs = lost.text.partition("Nothing was overwritten.")[2].partition("<form")[0]
    assert "Southtown" in theirs
    assert "Mandy" not in theirs  # both say the same
    assert 'value="Northtown &lt;b&gt;"' in lost.text
    assert settings.read(db).name == "Southtown"
    assert client.submit("/settings", {**CHOSEN, "version": "1"}).status_code == 302
    assert settings.read(db).name == "Northtown <b>"


def test_a_form_that_grew_old_saves_nothing_and_keeps_what_was_typed(client: Client, db: Session) -> None:
    response = client.post("/settings", data={**CHOSEN, "csrf_token": "old"})
    assert response.status_code == 422
    assert "Mandy, the duty manager" in response.text
    assert settings.read(db).version == 0


def test_a_logo_is_shown_to_everybody_and_can_be_removed(client: Client, db: Session) -> None:
    response = client.submit(
        "/settings/logo", {"logo": (BytesIO(PNG), "logo.png")}, content_type="multipart/form-data"
    )
    assert response.location == "/settings"
    shown = re.search(r'src="(/logo\?version=\d+)"', client.get("/help").text)
    assert shown
    client.delete_cookie("wellbeing")
    picture = client.get(shown[1])
    assert (picture.data, picture.content_type) == (PNG, "image/png")
    assert picture.headers["X-Content-Type-Options"] == "nosniff"


def test_a_logo_may_be_a_jpeg(client: Client) -> None:
    sent = {"logo": (BytesIO(JPEG), "logo.jpg")}
    client.submit("/settings/logo", sent, content_type="multipart/form-data")
    assert client.get("/logo").content_type == "image/jpeg"


def test_a_removed_logo_is_gone(client: Client, crew: Crew, db: Session) -> None:
    settings.set_logo(db, crew.adam, PNG)
    assert client.submit("/settings/logo", {"remove": "1"}).status_code == 302
    assert client.get("/logo").status_code == 404
    assert "/logo" not in client.get("/help").text


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"<svg/>", "This is not a PNG or JPEG picture."),
        (PNG + bytes(200_000), "This picture is too large."),
        (PNG[: len(PNG) // 2], "This picture cannot be shown."),
        (b"", "Please choose a picture."),
    ],
)
def test_anything_else_is_not_a_logo(client: Client, content: bytes, says: str) -> None:
    response = client.submit(
        "/settings/logo", {"logo": (BytesIO(content), "logo.png")}, content_type="multipart/form-data"
    )
    assert response.status_code == 422
    assert says in response.text
    assert client.get("/logo").status_code == 404
