"""The sheets that can be printed: which template, which letter and version its code carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from wellbeing_app.instrument import INSTRUMENT
from wellbeing_app.paper.words import environment


@dataclass(frozen=True)
class Sheet:
    """A form that comes back (`letter` and `version` stand in its code), or one that only goes out."""

    name: str
    letter: str
    version: int
    template: str

    @property
    def comes_back(self) -> bool:
        """Whether it has boxes to tick, so marks, a code and a layout too."""
        return bool(self.letter)


SHEETS: Final = {
    sheet.name: sheet
    for sheet in (
        Sheet("survey", "S", 1, "printable/forms/survey.html"),
        Sheet("large_print", "L", 1, "printable/forms/large_print.html"),
        Sheet("easy_read", "R", 1, "printable/forms/easy_read.html"),
        Sheet("show_card", "", 1, "printable/forms/show_card.html"),
        Sheet("opening", "", 1, "printable/forms/opening.html"),
    )
}
FORMS: Final = {name: sheet for name, sheet in SHEETS.items() if sheet.comes_back}
BY_LETTER: Final = {sheet.letter: sheet for sheet in FORMS.values()}


def html(sheet: Sheet, language: str, human_id: str = "", *, for_nobody: bool = False, **more: Any) -> str:
    """The sheet as HTML. `for_nobody`: it asks for the name, because nothing else says whose it is."""
    template = environment(language).get_template(sheet.template)
    name = f"{sheet.letter}{sheet.version}-{language.upper()}"
    return template.render(human_id=human_id, for_nobody=for_nobody, form_name=name, **more)


def rows() -> tuple[str, ...]:
    """The measures' keys, in the order of a form's rows."""
    return INSTRUMENT.keys
