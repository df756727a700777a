"""The SQLite that the app uses: the packaged one where there is one for this machine, else Python's own.

The package is there for its version. Python's own is as old as the system's, often one with the WAL-reset
fault (3.7.0 to 3.51.2), and then a commit has to wait for the disk three or four times instead of once.

One process must never open the same file with both: when one closes it, the other's locks are gone.
"""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

driver = import_module("pysqlite3.dbapi2" if find_spec("pysqlite3") else "sqlite3")
Error: type[Exception] = driver.Error
VERSION: tuple[int, ...] = driver.sqlite_version_info

WAL_RESET_FIXED = (3, 51, 3)
WAL_RESET_FIXED_BRANCHES = ((3, 50, 7), (3, 44, 6))


def journal_mode(version: tuple[int, ...] = VERSION) -> str:
    """WAL where this SQLite is free of the WAL-reset fault, else TRUNCATE."""
    repaired = any(version[:2] == fix[:2] and version >= fix for fix in WAL_RESET_FIXED_BRANCHES)
    return "WAL" if repaired or version >= WAL_RESET_FIXED else "TRUNCATE"
