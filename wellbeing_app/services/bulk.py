"""Many rows into one table, by the driver itself: each column is put into the driver's words at once.

Through a statement for one row, SQLAlchemy takes several times longer than the database does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, cast

from sqlalchemy import Dialect, Table, insert
from sqlalchemy.orm import Session

Process = Callable[[Any], Any] | None


def insert_rows(db: Session, kind: type, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert them. All have the same keys; no default is made for a column that they leave out."""
    if not rows:
        return
    db.flush()
    connection = db.connection()
    text, names, is_positional, processes = _statement(kind, tuple(rows[0]), connection.dialect)
    columns = (
        _processed([row[name] for row in rows], process)
        for name, process in zip(names, processes, strict=True)
    )
    values = list(zip(*columns, strict=True))
    named = values if is_positional else [dict(zip(names, one, strict=True)) for one in values]
    connection.exec_driver_sql(text, named)


@cache
def _statement(
    kind: type, names: tuple[str, ...], dialect: Dialect
) -> tuple[str, Sequence[str], bool, Sequence[Process]]:
    table = cast(Table, kind.__dict__["__table__"])
    compiled: Any = insert(table).compile(dialect=dialect, column_keys=list(names))
    order = tuple(compiled.positiontup or names)
    processes = [table.c[name].type.dialect_impl(dialect).bind_processor(dialect) for name in order]
    return str(compiled), order, bool(compiled.positiontup), processes


def _processed(values: list[Any], process: Process) -> list[Any]:
    """In the driver's words. What stands in every row is said once, and so is an empty object."""
    if process is None:
        return values
    first = values[0]
    if all(value is first for value in values):
        return [process(first)] * len(values)
    if not isinstance(first, dict):
        return [None if value is None else process(value) for value in values]
    empty = process({})
    return [process(value) if value else empty for value in values]
