"""FHIR read by somebody else's library: what it finds wrong with a bundle, and what answers may be given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fhir.resources.R4B.bundle import Bundle
from pydantic import BaseModel, ValidationError

# https://hl7.org/fhir/R4/valueset-data-absent-reason.html, which the library leaves out
ABSENT = {"asked-unknown", "asked-declined", "not-applicable", "not-asked", "error", "unknown"}


def problems_with(bundle: dict[str, Any]) -> list[str]:
    """What is no FHIR: elements, types and how many of them as the library has them, closed lists of codes,
    and answers that the questionnaire in the bundle does not offer.

    The library's R4B has the same Questionnaire and QuestionnaireResponse as R4 (4.0.1).
    """
    try:
        read = Bundle.model_validate(bundle)
    except ValidationError as wrong:
        return [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in wrong.errors()]
    return [*_unlisted(read), *_unoffered(*(entry["resource"] for entry in bundle["entry"]))]


def _unlisted(read: BaseModel, at: str = "") -> Iterator[str]:
    """Codes that are not in the closed list of their element."""
    for name, about in type(read).model_fields.items():
        value = getattr(read, name)
        extra: Any = about.json_schema_extra or {}
        listed = extra.get("enum_values", "+")  # "+": the library tells the first few only
        if "+" not in listed and value is not None and value not in listed:
            yield f"{at}{name}: {value} is none of {listed}"
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, BaseModel):
                yield from _unlisted(one, f"{at}{name}.")


def _unoffered(asked: dict[str, Any], *answered: dict[str, Any]) -> Iterator[str]:
    offered = {item["linkId"]: item for group in asked["item"] for item in group["item"]}
    for response in answered:
        if response["questionnaire"].partition("|")[0] != asked["url"]:
            yield f"{response['questionnaire']} is another questionnaire"
        for item in (item for group in response["item"] for item in group["item"]):
            question = offered.get(item["linkId"], {})
            codes = [option["valueCoding"] for option in question.get("answerOption", [])]
            known = {(code["system"], code["code"]) for code in codes}
            for answer in item.get("answer", []):
                coding = answer.get("valueCoding")
                if (coding["system"], coding["code"]) not in known if coding else question["type"] != "text":
                    yield f"{item['linkId']}: {answer} is not offered"
            for one in item.get("extension", []):
                if one["valueCode"] not in ABSENT:
                    yield f"{item['linkId']}: {one['valueCode']} is no reason"
