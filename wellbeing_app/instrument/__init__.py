"""The questionnaire, read once from its data file and checked; knows nothing of people or dates."""

from importlib.resources import files

from wellbeing_app.instrument.loader import parse
from wellbeing_app.instrument.table import InstrumentError
from wellbeing_app.instrument.types import Instrument, Measure, OfferedTo, Point, Prompt, Reason

__all__ = [
    "INSTRUMENT",
    "Instrument",
    "InstrumentError",
    "Measure",
    "OfferedTo",
    "Point",
    "Prompt",
    "Reason",
    "parse",
]

INSTRUMENT = parse(files(__package__).joinpath("rotherham-v1.toml").read_text(encoding="utf-8"))
