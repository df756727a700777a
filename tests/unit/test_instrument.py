"""The questionnaire: what is in it, and that a faulty file is refused with a sentence that says where."""

import copy
import json
import tomllib
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellbeing_app.instrument import INSTRUMENT, InstrumentError, parse

FILE = files("wellbeing_app.instrument").joinpath("rotherham-v1.toml").read_text(encoding="utf-8")


def as_toml(data: dict[str, Any]) -> str:
    """Enough of TOML to write an instrument: JSON's strings, numbers and lists are also TOML's."""
    return "\n".join(f"{name} = {inline(value)}" for name, value in data.items())


def inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{name} = {inline(one)}" for name, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(inline, value)) + "]"
    return json.dumps(value)


def changed(change: Callable[[dict[str, Any]], object]) -> str:
    """The real file with one thing changed."""
    data = copy.deepcopy(tomllib.loads(FILE))
    change(data)
    return as_toml(data)


NINTH = {
    "key": "getting_about",
    "title": "Getting about",
    "line": "How you travel.",
    "prompts": [{"key": "bus", "text": "taking the bus", "source": "public transport"}],
}


def test_the_eight_measures_are_asked_in_the_order_of_the_source() -> None:
    assert INSTRUMENT.keys == (
        "feeling_positive",
        "lifestyle",
        "looking_after_yourself",
        "managing_symptoms",
        "work_volunteering",
        "money",
        "where_you_live",
        "family_friends",
    )


def test_the_five_points_have_the_wording_of_the_source() -> None:
    assert [(point.value, point.label) for point in INSTRUMENT.points] == [
        (1, "Not thinking about it/not doing anything"),
        (2, "Finding out/thinking about"),
        (3, "Making changes/doing something"),
        (4, "Getting there/could do more"),
        (5, "As good as it can be"),
    ]
    assert INSTRUMENT.values == (1, 2, 3, 4, 5)


def test_a_person_is_offered_three_answers_that_are_not_a_score_and_staff_all_five() -> None:
    person = [reason.key for reason in INSTRUMENT.offered_to("person")]
    staff = [reason.key for reason in INSTRUMENT.offered_to("staff")]
    assert person == ["dont_know", "declined", "not_applicable"]
    assert staff == [*person, "not_asked", "unreadable"]


def test_only_the_fifth_measure_has_another_name() -> None:
    aliases = {measure.key: measure.alias for measure in INSTRUMENT.measures if measure.alias}
    assert aliases == {"work_volunteering": "Work, volunteering and social groups"}


def test_a_thing_is_found_by_its_key_and_a_wrong_key_is_an_error() -> None:
    assert INSTRUMENT.measure("money").prompt("debt").source == "debt"
    assert INSTRUMENT.point(4).spoken == "Getting there, could do more"
    assert INSTRUMENT.reason("declined").offered_to == "person"
    for ask in (
        lambda: INSTRUMENT.measure("love"),
        lambda: INSTRUMENT.point(0),
        lambda: INSTRUMENT.reason("x"),
    ):
        with pytest.raises(KeyError):
            ask()


def test_the_questionnaire_cannot_be_changed_after_it_is_read() -> None:
    with pytest.raises(AttributeError):
        INSTRUMENT.title = "Another"  # type: ignore[misc]
    with pytest.raises(TypeError):
        INSTRUMENT.words["safety"] = "Another"  # type: ignore[index]


def test_a_script_can_be_read_out_sentence_by_sentence() -> None:
    opening = INSTRUMENT.words["in_person_opening"].splitlines()
    assert opening[0] == "I would like to ask about eight parts of your life."
    assert all(sentence.endswith((".", "?")) for sentence in opening)


def test_the_notice_names_the_source_and_says_who_must_ask_for_permission() -> None:
    assert "Dayson" in INSTRUMENT.notice
    assert "section 3.1 and footnote 7" in INSTRUMENT.notice
    assert "for the service that deploys the questionnaire to obtain" in INSTRUMENT.notice


def test_every_text_that_people_read_is_offered_for_translation_with_a_note() -> None:
    texts = dict(INSTRUMENT.translatable())
    assert texts["Money"] == "measure money: title"
    first = INSTRUMENT.measure("money").prompts[0]
    assert texts[first.text] == f"measure money: prompt {first.key}"
    assert texts["Work, volunteering and social groups"].startswith("measure work_volunteering")
    assert set(INSTRUMENT.words.values()) <= set(texts)
    assert "identity/self-belief" not in texts


def test_a_ninth_measure_is_asked_after_the_others_without_any_other_change() -> None:
    instrument = parse(changed(lambda data: data["measures"].append(NINTH)))
    assert instrument.keys == (*INSTRUMENT.keys, "getting_about")
    assert ("Getting about", "measure getting_about: title") in list(instrument.translatable())


@given(st.integers(2, 12))
def test_a_scale_may_have_any_number_of_points_from_two(count: int) -> None:
    points = [{"value": n, "number": "n", "label": "l", "spoken": "s"} for n in range(1, count + 1)]
    instrument = parse(changed(lambda data: data.update(points=points)))
    assert instrument.values == tuple(range(1, count + 1))


@given(st.data())
def test_two_measures_with_the_same_key_are_always_refused(data: st.DataObject) -> None:
    first, second = data.draw(st.lists(st.sampled_from(range(8)), min_size=2, max_size=2, unique=True))

    def give_the_same_key(file: dict[str, Any]) -> None:
        file["measures"][second]["key"] = file["measures"][first]["key"]

    with pytest.raises(InstrumentError, match="used twice"):
        parse(changed(give_the_same_key))


@given(st.text())
def test_any_text_is_read_or_refused_but_never_breaks_the_reader(text: str) -> None:
    with pytest.raises(InstrumentError):
        parse(text)


FAULTS: dict[str, tuple[Callable[[dict[str, Any]], object], str]] = {
    "two measures share a key": (
        lambda data: data["measures"][7].update(key="money"),
        'In measure 8 ("money"): the key "money" is used twice.',
    ),
    "a key that cannot name a column": (
        lambda data: data["measures"][0].update(key="Feeling Good"),
        'In measure 1 ("Feeling Good"): the key "Feeling Good" must be small letters, digits and "_", with a '
        "letter first.",
    ),
    "no measure": (lambda data: data.update(measures=[]), 'In the instrument: "measures" is empty.'),
    "measures are missing": (lambda data: data.pop("measures"), 'In the instrument: "measures" is missing.'),
    "one point only": (
        lambda data: data.update(points=data["points"][:1]),
        "In the instrument: a scale needs at least two points.",
    ),
    "a point left out": (
        lambda data: data["points"].pop(2),
        'In point 3: "value" is 4, but the points are numbered 1, 2, 3 and so on, in order.',
    ),
    "a point that is no number": (
        lambda data: data["points"][0].update(value="one"),
        'In point 1: "value" must be a whole number.',
    ),
    "a point that is true": (
        lambda data: data["points"][0].update(value=True),
        'In point 1: "value" must be a whole number.',
    ),
    "a reason nobody knows": (
        lambda data: data["reasons"][0].update(key="busy"),
        'In reason 1 ("busy"): "key" is "busy", but must be one of: dont_know, declined, not_applicable, '
        "not_asked, unreadable.",
    ),
    "a reason twice": (
        lambda data: data["reasons"][1].update(key="dont_know"),
        'In reason 2 ("dont_know"): the key "dont_know" is used twice.',
    ),
    "a reason left out": (
        lambda data: data["reasons"].pop(),
        'In the instrument: the reason "unreadable" is missing.',
    ),
    "a reason offered to nobody": (
        lambda data: data["reasons"][0].update(offered_to="nobody"),
        'In reason 1 ("dont_know"): "offered_to" is "nobody", but must be one of: person, staff.',
    ),
    "an empty title": (
        lambda data: data["measures"][5].update(title="  "),
        'In measure 6 ("money"): "title" is empty.',
    ),
    "a line that is a number": (
        lambda data: data["measures"][5].update(line=3),
        'In measure 6 ("money"): "line" must be a text.',
    ),
    "a misspelt entry": (
        lambda data: data["measures"][4].update(alais="Work"),
        'In measure 5 ("work_volunteering"): the entry "alais" is not known.',
    ),
    "an empty other name": (
        lambda data: data["measures"][4].update(alias=""),
        'In measure 5 ("work_volunteering"): "alias" is empty.',
    ),
    "no prompts": (
        lambda data: data["measures"][5].update(prompts=[]),
        'In measure 6 ("money"): "prompts" is empty.',
    ),
    "prompts that are bare texts": (
        lambda data: data["measures"][5].update(prompts=["debt"]),
        'In measure 6 ("money"): "prompts" must be a list of tables.',
    ),
    "two prompts of a measure share a key": (
        lambda data: data["measures"][5]["prompts"][1].update(key="debt"),
        'In measure 6 ("money"), prompt 2 ("debt"): the key "debt" is used twice.',
    ),
    "a prompt without its source": (
        lambda data: data["measures"][5]["prompts"][0].pop("source"),
        'In measure 6 ("money"), prompt 1 ("debt"): "source" is missing.',
    ),
    "a script left out": (lambda data: data["words"].pop("safety"), 'In [words]: "safety" is missing.'),
    "a script nobody uses": (
        lambda data: data["words"].update(goodbye="Bye."),
        'In [words]: the entry "goodbye" is not known.',
    ),
    "a placeholder nothing fills": (
        lambda data: data["words"].update(telephone_hello="Hello, {colour}."),
        'In [words]: "telephone_hello" holds the placeholder {colour}, which nothing fills.',
    ),
    "a placeholder that reaches into the app": (
        lambda data: data["words"].update(telephone_hello="Hello, {name.__class__}."),
        'In [words]: "telephone_hello" holds the placeholder {name.__class__}, which nothing fills.',
    ),
    "a placeholder with a form": (
        lambda data: data["words"].update(telephone_hello="Hello, {name!r:9}."),
        'In [words]: "telephone_hello" holds the placeholder {name!r:9}, which nothing fills.',
    ),
    "a placeholder in a title": (
        lambda data: data["measures"][5].update(title="{name}"),
        'In measure 6 ("money"): "title" holds the placeholder {name}, which nothing fills.',
    ),
    "half a placeholder": (
        lambda data: data["words"].update(safety="Call {now."),
        'In [words]: "safety" has a brace without its partner.',
    ),
    "no notice": (lambda data: data.pop("notice"), 'In the instrument: "notice" is missing.'),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_refused_with_a_sentence_that_says_where(fault: str) -> None:
    change, message = FAULTS[fault]
    with pytest.raises(InstrumentError) as refusal:
        parse(changed(change))
    assert str(refusal.value) == message


def test_a_file_that_is_not_toml_is_refused_with_the_line() -> None:
    with pytest.raises(InstrumentError, match=r"not valid TOML: .*line 2"):
        parse('id = "x"\nversion = \n')
