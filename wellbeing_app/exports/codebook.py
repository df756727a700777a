"""The codebook: what each column holds, what each measure asks, and what each value means."""

from __future__ import annotations

from collections.abc import Iterator

from wellbeing_app.exports.records import ANSWERED, Records
from wellbeing_app.exports.tables import long_header
from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.services.dataset import EVERY_COLUMN, PURPOSES

HEADER = ("name", "meaning", "value", "value_meaning")
ABOUT = {
    "person": "The person’s reference; in data for research, a random name for this file only",
    "age_band": "Age at the referral; blank where not known, or where too few people share it",
    "episode": "1, 2, … of each person, by the day of referral",
    "survey": "1, 2, … of each episode, by day",
    "weeks_since_baseline": "Whole weeks from the baseline that counts to this follow-up",
    "measure": "Which part of life",
    "score": "The answer, 1 to 5; blank where there is none",
    "status": "Whether it was answered, or why not; never counted as a score",
    "prompts": "Keys of the prompts that mattered to the person",
    "note": "What the person said about it",
    **{f"agreed_{purpose}": f"Day the person agreed: {purpose.replace('_', ' ')}" for purpose in PURPOSES},
    **{column.name: column.about for column in EVERY_COLUMN},
}

Line = tuple[str, str, str, str]


def lines(records: Records) -> Iterator[Line]:
    """A line for each column, and one for each value of those that have a list of them."""
    for name in long_header(records):
        yield name, ABOUT[name], "", ""
        for value, meaning in values(name).items():
            yield name, "", value, meaning
    for measure in INSTRUMENT.measures:
        yield measure.key, measure.title, "", measure.line
        for prompt in measure.prompts:
            yield measure.key, "prompt", prompt.key, prompt.source


def values(name: str) -> dict[str, str]:
    """The values of a column that has a list of them, and what they mean."""
    if name == "score":
        return {str(point.value): point.label for point in INSTRUMENT.points}
    if name == "status":
        return {ANSWERED: "A score was given", **{one.key: one.label for one in INSTRUMENT.reasons}}
    if name == "measure":
        return {measure.key: measure.title for measure in INSTRUMENT.measures}
    return {}
