"""Taking in people and their past surveys from a table: guess, gather, plan, write; and undo."""

from wellbeing_app.services.errors import Invalid
from wellbeing_app.services.importing.columns import TARGETS, guess
from wellbeing_app.services.importing.commit import on_the_machine, write
from wellbeing_app.services.importing.gather import Gathered, Problem, gather
from wellbeing_app.services.importing.plan import Options, Plan, plan
from wellbeing_app.services.importing.undoing import undo

__all__ = [
    "TARGETS",
    "Gathered",
    "Invalid",
    "Options",
    "Plan",
    "Problem",
    "gather",
    "guess",
    "on_the_machine",
    "plan",
    "undo",
    "write",
]
