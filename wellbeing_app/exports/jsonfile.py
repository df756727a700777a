"""JSON: an object for each episode, with its person and its surveys. Texts are as they were written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from wellbeing_app.exports.records import Answered, Records
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.services.dataset import Part


def pieces(records: Records, parts: Iterable[Part]) -> Iterator[str]:
    """The document, piece by piece."""
    about = {"questionnaire": INSTRUMENT.id, "version": INSTRUMENT.version, "level": records.level}
    yield '{"about": ' + json.dumps(about) + ', "episodes": ['
    between = "\n"
    for part in parts:
        for episode in records.of(part):
            yield between + json.dumps(_episode(records, episode), ensure_ascii=False)
            between = ",\n"
    yield "\n]}\n"


def _episode(records: Records, episode: Sequence[Answered]) -> dict[str, Any]:
    values = _named(records.header, episode[0])
    person = {name: values[name] for name in records.of_person}
    surveys = [_survey(records, one) for one in episode if one.is_survey]
    told = {name: values[name] for name in records.of_episode}
    if (activities := told.get("activities")) is not None:
        told["activities"] = json.loads(activities)  # a text in a table, but here it can be what it is
    return {**told, "person": person, "surveys": surveys}


def _survey(records: Records, survey: Answered) -> dict[str, Any]:
    values = _named(records.header, survey)
    answers = {}
    for key, score, status, prompts, note in records.answers(survey.row):
        answers[key] = {"score": score if score != "" else None, "status": status, "prompts": prompts.split()}
        if records.has_notes and note:
            answers[key]["note"] = note
    return {**{name: values[name] for name in records.of_survey}, "answers": answers}


def _named(header: Sequence[str], one: Answered) -> dict[str, Any]:
    return {name: None if value == "" else value for name, value in zip(header, one.common, strict=True)}
