"""The parts of the system that PDF files need, by the name of Debian's package."""

from __future__ import annotations

import ctypes
import os

NEEDED = {"libpango-1.0-0": "libpango-1.0", "libpangoft2-1.0-0": "libpangoft2-1.0"}
ENDINGS = (".so.0", ".0.dylib", "-0.dll")


def missing() -> list[str]:
    """The packages without which there are no PDF files. Quick: WeasyPrint itself is not loaded."""
    return [package for package, library in NEEDED.items() if not _loads(library)]


def _loads(library: str) -> bool:
    for ending in ENDINGS:
        try:
            found = ctypes.CDLL(library + ending)
        except OSError:
            continue
        _let_go(found)
        return True
    return False


def _let_go(found: ctypes.CDLL) -> None:
    """Unload it: a server that makes no PDF need not carry it."""
    if os.name == "posix":
        import _ctypes

        _ctypes.dlclose(found._handle)
