"""FHIR R4 (4.0.1): the questionnaire as a Questionnaire, each survey as a QuestionnaireResponse, in a Bundle.

No published code names this questionnaire, so its code system is this project's own.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Iterator
from typing import Any

from wellbeing_app.exports.records import Answered, Records
from wellbeing_app.instrument import INSTRUMENT, Measure
from wellbeing_app.services.dataset import Part

BASE = "urn:wellbeing-survey"
HL7 = "http://hl7.org/fhir/StructureDefinition"
CANONICAL = f"{BASE}:questionnaire:{INSTRUMENT.id}"
POINTS = f"{BASE}:points:{INSTRUMENT.id}"
PROMPTS = f"{BASE}:prompts:{INSTRUMENT.id}"
PEOPLE = f"{BASE}:person"
MODES = f"{BASE}:mode"
ABSENT = {
    "dont_know": "asked-unknown",
    "declined": "asked-declined",
    "not_applicable": "not-applicable",
    "not_asked": "not-asked",
    "unreadable": "error",
}
SOURCES = {"self": "self", "self_with_help": "self, with help", "proxy": "somebody else, for the person"}


def pieces(records: Records, parts: Iterable[Part]) -> Iterator[str]:
    """The bundle, piece by piece."""
    yield '{"resourceType": "Bundle", "type": "collection", "entry": [\n'
    yield json.dumps({"fullUrl": CANONICAL, "resource": questionnaire()}, ensure_ascii=False)
    for part in parts:
        for episode in records.of(part):
            for survey in episode:
                if survey.is_survey:
                    full = {"fullUrl": f"urn:uuid:{uuid.uuid4()}", "resource": response(records, survey)}
                    yield ",\n" + json.dumps(full, ensure_ascii=False)
    yield "\n]}\n"


def questionnaire() -> dict[str, Any]:
    """The instrument, a group for each measure: the score, the prompts, and the person's words."""
    return {
        "resourceType": "Questionnaire",
        "url": CANONICAL,
        "version": INSTRUMENT.version,
        "name": "WellbeingSurvey",
        "title": INSTRUMENT.title,
        "status": "active",
        "subjectType": ["Patient"],
        "copyright": INSTRUMENT.notice,
        "item": [_group(measure) for measure in INSTRUMENT.measures],
    }


def _group(measure: Measure) -> dict[str, Any]:
    points = [
        {
            "extension": [{"url": f"{HL7}/ordinalValue", "valueDecimal": point.value}],
            "system": POINTS,
            "code": str(point.value),
            "display": point.label,
        }
        for point in INSTRUMENT.points
    ]
    prompts = [{"system": PROMPTS, "code": one.key, "display": one.text} for one in measure.prompts]
    return {
        "linkId": measure.key,
        "text": measure.title,
        "type": "group",
        "item": [
            {
                "linkId": f"{measure.key}.score",
                "text": measure.line,
                "type": "choice",
                "required": False,
                "answerOption": [{"valueCoding": point} for point in points],
            },
            {
                "linkId": f"{measure.key}.prompts",
                "text": INSTRUMENT.words["between_prompts"],
                "type": "choice",
                "repeats": True,
                "answerOption": [{"valueCoding": prompt} for prompt in prompts],
            },
            {"linkId": f"{measure.key}.note", "text": INSTRUMENT.words["each_measure_note"], "type": "text"},
        ],
    }


def response(records: Records, survey: Answered) -> dict[str, Any]:
    """One survey. `data-absent-reason` says why a measure has no score."""
    values = dict(zip(records.header, survey.common, strict=True))
    mode = {"system": MODES, "code": str(values["mode"])}
    return {
        "resourceType": "QuestionnaireResponse",
        "extension": [
            {"url": f"{HL7}/questionnaireresponse-completionMode", "valueCodeableConcept": {"coding": [mode]}}
        ],
        "questionnaire": f"{CANONICAL}|{values['instrument_version']}",
        "status": "completed",
        "subject": {"type": "Patient", "identifier": {"system": PEOPLE, "value": str(values["person"])}},
        "source": {"display": SOURCES[str(values["respondent"])]},
        "authored": str(values["completed_on"]),
        "item": [_item(records, *answer) for answer in records.answers(survey.row)],
    }


def _item(records: Records, key: str, score: object, status: str, prompts: str, note: str) -> dict[str, Any]:
    measure = INSTRUMENT.measure(key)
    answered: dict[str, Any] = {"linkId": f"{key}.score"}
    if isinstance(score, int):
        coding = {"system": POINTS, "code": str(score), "display": INSTRUMENT.point(score).label}
        answered["answer"] = [{"valueCoding": coding}]
    else:
        reason = ABSENT.get(status, "unknown")
        answered["extension"] = [{"url": f"{HL7}/data-absent-reason", "valueCode": reason}]
    items = [answered]
    if ticked := prompts.split():
        codings = [
            {"system": PROMPTS, "code": one, "display": measure.prompt(one).text}
            for one in ticked
            if one in {prompt.key for prompt in measure.prompts}
        ]
        items.append({"linkId": f"{key}.prompts", "answer": [{"valueCoding": coding} for coding in codings]})
    if records.has_notes and note.strip():
        items.append({"linkId": f"{key}.note", "answer": [{"valueString": note}]})
    return {"linkId": key, "text": measure.title, "item": items}
