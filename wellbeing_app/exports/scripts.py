"""Scripts that load the long file: SPSS syntax (PSPP reads it too) and R.

The file leaves a missing score blank. Only here do the reasons become numbers, known to be missing.
"""

from __future__ import annotations

from collections.abc import Iterator

from wellbeing_app.exports import codebook
from wellbeing_app.exports.records import Records
from wellbeing_app.exports.tables import long_header
from wellbeing_app.services.dataset import EVERY_COLUMN, PURPOSES, Kind

LONG = "long.csv"
MISSING = {"not_asked": -1, "not_applicable": -2, "dont_know": -3, "declined": -4, "unreadable": -5}
NUMBERS = frozenset({"episode", "care_cluster", "places", "survey", "weeks_since_baseline", "score"})
HOURS = "activity_hours"
DAYS = frozenset({column.name for column in EVERY_COLUMN if column.kind is Kind.DAY} | {"date_of_birth"})
AGREED = frozenset(f"agreed_{purpose}" for purpose in PURPOSES)
LONG_TEXTS = frozenset({"note", "access_notes", "closing_note", "activities"})
LONGEST_TEXT = 2000


def spss(records: Records) -> str:
    """The syntax."""
    return "\n".join(_spss(records)) + "\n"


def _spss(records: Records) -> Iterator[str]:
    names = long_header(records)
    yield "* Encoding: UTF-8."
    yield f"GET DATA /TYPE=TXT /FILE='{LONG}' /ENCODING='UTF-8'"
    yield " /ARRANGEMENT=DELIMITED /DELCASE=LINE /DELIMITERS=',' /QUALIFIER='\"' /FIRSTCASE=2"
    yield " /VARIABLES="
    yield from (f"  {name} {_format(records, name)}" for name in names[:-1])
    yield f"  {names[-1]} {_format(records, names[-1])}."
    yield "VARIABLE LABELS"
    yield from (f"  {name} {_quoted(codebook.ABOUT[name])}" for name in names[:-1])
    yield f"  {names[-1]} {_quoted(codebook.ABOUT[names[-1]])}."
    yield from (f"IF (status = '{reason}') score = {code}." for reason, code in MISSING.items())
    yield "MISSING VALUES score (-5 THRU -1)."
    for name in ("measure", "status"):
        yield f"VALUE LABELS {name}"
        yield (
            " "
            + "\n ".join(f" '{key}' {_quoted(label)}" for key, label in codebook.values(name).items())
            + "."
        )
    yield "VALUE LABELS score"
    reasons = codebook.values("status")
    labels = {**{str(code): reasons[key] for key, code in MISSING.items()}, **codebook.values("score")}
    yield " " + "\n ".join(f" {value} {_quoted(label)}" for value, label in labels.items()) + "."
    yield "EXECUTE."


def _format(records: Records, name: str) -> str:
    if name in NUMBERS or name == HOURS:
        return "F8.2" if name == HOURS else "F4.0"
    if name in DAYS or name in AGREED:
        return "A7" if records.is_pseudonymous else "SDATE10"
    return f"A{LONGEST_TEXT if name in LONG_TEXTS else 200}"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def r(records: Records) -> str:
    """The script: `answers`, a data frame with a row for each answer."""
    names = long_header(records)
    days = [name for name in names if name in DAYS | AGREED and not records.is_pseudonymous]
    numbers = [name for name in names if name in NUMBERS]
    points = codebook.values("score").values()
    return f"""# Loads {LONG} into the data frame `answers`.
answers <- read.csv("{LONG}", fileEncoding = "UTF-8-BOM", na.strings = "", colClasses = "character",
                    check.names = FALSE)
for (name in c({_r_names(numbers)})) answers[[name]] <- as.integer(answers[[name]])
answers${HOURS} <- as.numeric(answers${HOURS})
for (name in c({_r_names(days)})) answers[[name]] <- as.Date(answers[[name]])
answers$measure <- factor(answers$measure, levels = c({_r_names(codebook.values("measure"))}))
answers$status <- factor(answers$status, levels = c({_r_names(codebook.values("status"))}))
answers$answer <- factor(answers$score, levels = 1:5, labels = c({_r_names(points)}))
scores <- answers[!is.na(answers$score), ]
"""


def _r_names(names: object) -> str:
    assert hasattr(names, "__iter__")
    return ", ".join('"' + str(name).replace('"', '\\"') + '"' for name in names)
