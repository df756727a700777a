"""The layouts of printed forms: kept once, never changed, because paper with them is out there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from wellbeing_app.model import PaperLayout
from wellbeing_app.services import clock
from wellbeing_app.services.errors import ServiceError

TOLERANCE_MM: Final = 0.1


class LayoutDrifted(ServiceError):
    """A form would be printed otherwise than its version was before, so a reader would misread it.

    The message says which, by how much, and what to do, for whoever changes forms.
    """


def keep(db: Session, fresh: Mapping[str, Any]) -> None:
    """Keep the layout of a form that is about to be printed, or compare it with the one that is kept.

    Raises `LayoutDrifted` if anything moved by more than `TOLERANCE_MM`.
    """
    kept = find(db, fresh["form"], fresh["version"], fresh["language"])
    if kept is None:
        named = {name: fresh[name] for name in ("form", "version", "language", "fingerprint")}
        db.add(PaperLayout(**named, layout=dict(fresh), kept_at=clock.now()))
        db.flush()
        return
    if kept["fingerprint"] == fresh["fingerprint"]:
        return
    moved = drift(kept, fresh)
    if moved is None or moved > TOLERANCE_MM:
        how = "other boxes" if moved is None else f"boxes moved by {moved:.1f} mm"
        raise LayoutDrifted(
            f"Form {fresh['form']}, version {fresh['version']}, {fresh['language']}, has {how} since it was "
            "first printed. Undo the change to its template, or give it a new version in paper/sheets.py."
        )


def find(db: Session, form: str, version: int, language: str) -> dict[str, Any] | None:
    """The layout of this version of the form, if it was ever printed here."""
    of_form = (PaperLayout.form == form) & (PaperLayout.version == version)
    return db.scalar(select(PaperLayout.layout).where(of_form, PaperLayout.language == language))


def drift(kept: Mapping[str, Any], fresh: Mapping[str, Any]) -> float | None:
    """By how many mm anything moved between two layouts; None if they do not hold the same things."""
    if any(kept.get(name) != fresh.get(name) for name in ("pages", "page_mm", "measures", "direction")):
        return None
    moved = 0.0
    for kind in ("boxes", "marks", "qr", "code"):
        before, after = _by_name(kept.get(kind, [])), _by_name(fresh.get(kind, []))
        if before.keys() != after.keys():
            return None
        for name, rectangle in before.items():
            sides = zip(rectangle, after[name], strict=True)
            moved = max(moved, *(abs(one - other) for one, other in sides))
    return moved


def _by_name(items: Sequence[Mapping[str, Any]]) -> dict[tuple[object, ...], list[float]]:
    # The place of a code comes first; after it, what is written in it, which a blank form does not have yet.
    by = ("page", "row", "col", "id")
    return {tuple(item.get(name) for name in by): item["rect_mm"] for item in reversed(items)}
