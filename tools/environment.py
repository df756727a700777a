"""Make ready what a command needs: the Python environment in .venv, and parts of the system.

    python3 tools/environment.py run     what the app needs; system parts may be missing
    python3 tools/environment.py test    what the tests need too; all of it, or it fails

Standard library only, and readable by an old Python, so that it can say that it is too old.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Callable, NamedTuple

OLDEST_PYTHON = (3, 11)
PROJECT = Path(__file__).resolve().parent.parent
VENV = PROJECT / ".venv"
STAMP = VENV / "installed.json"
LOCKS = {"run": ["requirements.lock"], "test": ["requirements.lock", "requirements-dev.lock"]}


class NotReady(Exception):
    """Something is missing; the message says what to do about it."""


class Part(NamedTuple):
    """A part of the system: Debian's package, what is lost without it, and a look whether it is there."""

    package: str
    without: str
    is_there: Callable[[], bool]


def loads(library: str) -> Callable[[], bool]:
    """A look for a shared library, under its names on Linux, macOS and Windows."""

    def look() -> bool:
        for ending in (".so.0", ".0.dylib", "-0.dll"):
            try:
                ctypes.CDLL(library + ending)
            except OSError:
                continue
            return True
        return False

    return look


def any_program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def fonts_are_there() -> bool:
    """Whether the letters of a language that needs its own font can be drawn."""
    listing = shutil.which("fc-list")
    if listing is None:
        return False
    found = subprocess.run([listing, "Noto Nastaliq Urdu"], stdout=subprocess.PIPE, check=False)
    return bool(found.stdout.strip())


def browser_is_there() -> bool:
    return bool(os.environ.get("CHROMIUM")) or any_program("chromium", "chromium-browser", "google-chrome")()


def database_server_is_there() -> bool:
    return any(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or any_program("initdb")()


PARTS_TO_RUN = [
    Part("libpango-1.0-0", "no PDF files", loads("libpango-1.0")),
    Part("libpangoft2-1.0-0", "no PDF files", loads("libpangoft2-1.0")),
    Part("fonts-noto-core", "letters of some languages are empty boxes in PDF files", fonts_are_there),
]
PARTS_TO_TEST = [
    Part("chromium", "no browser tests", browser_is_there),
    Part("postgresql", "no tests on PostgreSQL", database_server_is_there),
]
PIP = Part(
    f"python3.{sys.version_info[1]}-venv",
    "no Python environment",
    lambda: importlib.util.find_spec("ensurepip") is not None,
)


def say(text: str) -> None:
    print(text, flush=True)


def continue_with_a_newer_python() -> None:
    """Where this Python is too old and a newer one stands beside it, start again with that."""
    if sys.version_info >= OLDEST_PYTHON:
        return
    for minor in range(19, OLDEST_PYTHON[1] - 1, -1):
        newer = shutil.which(f"python3.{minor}")
        if newer and subprocess.call([newer, "-c", ""]) == 0:
            os.execv(newer, [newer, *sys.argv])  # noqa: S606 - the same script again
    raise NotReady(
        f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. "
        "On Debian 12 or Ubuntu 24.04 and later: apt-get install python3 python3-venv"
    )


def prepare_system(purpose: str) -> None:
    """Install by apt what is missing, where that can be done. Raises `NotReady` for what is needed still."""
    must = [] if environment_is_ready(purpose) else [PIP]
    may = list(PARTS_TO_RUN)
    if purpose == "test":
        must, may = [*must, *PARTS_TO_RUN, *PARTS_TO_TEST], []
    missing = [part for part in (*must, *may) if not part.is_there()]
    if not missing:
        return
    install_packages([part.package for part in missing])
    importlib.invalidate_caches()
    left = [part for part in missing if not part.is_there()]
    report = "\n".join(f"  {part.package}: without it, {part.without}" for part in left)
    names = " ".join(part.package for part in left)
    advice = f"To install: apt-get install {names} (macOS: brew install pango)"
    if set(left) & set(must):
        raise NotReady(f"These parts of the system are missing:\n{report}\n{advice}")
    if left:
        say(f"The app starts, but these parts of the system are missing:\n{report}\n{advice}")


def install_packages(packages: list[str]) -> None:
    """As root on a system with apt. The lists of packages are fetched only where those at hand won't do."""
    is_root = getattr(os, "geteuid", lambda: 1)() == 0
    if not is_root or not shutil.which("apt-get"):
        return
    say(f"Installing {', '.join(packages)} with apt …")
    install = ["install", "--yes", "--no-install-recommends", *packages]
    problem = apt(*install) and (apt("update") or apt(*install))
    if problem:
        say(problem)


def apt(*arguments: str) -> str:
    """What apt had to complain about; nothing where it did what was asked."""
    command = ["apt-get", "-qq", "-o", "DPkg::Lock::Timeout=120", *arguments]
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=quietly, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else (done.stderr or f"apt-get ended with {done.returncode}").strip()


def environment_is_ready(purpose: str) -> bool:
    """Whether .venv was wholly installed, in this place, from just these locks."""
    wanted = {digest(lock) for lock in LOCKS[purpose]}
    return wanted <= installed_locks()


def digest(lock: str) -> str:
    return hashlib.sha256((PROJECT / lock).read_bytes()).hexdigest()


def installed_locks() -> set[str]:
    """The locks that the stamp names; none where the environment was moved or lost its Python."""
    try:
        stamp = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return set()
    usable = stamp["place"] == str(VENV) and python().exists()
    return set(stamp["locks"]) if usable else set()


def python() -> Path:
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def prepare_environment(purpose: str) -> None:
    """Install the locks into .venv, if that is not what's there. The stamp comes last: after an
    installation that was broken off, the next one begins afresh. One lent by a link is left alone."""
    if VENV.is_symlink() or environment_is_ready(purpose):
        return
    say(f"Making the Python environment for 'make {purpose}' (a minute or less) …")
    if not installed_locks():
        base = getattr(sys, "_base_executable", sys.executable)
        do([base, "-m", "venv", "--clear", str(VENV)], "The Python environment could not be made.")
    STAMP.unlink(missing_ok=True)
    pip = [str(python()), "-m", "pip", "--disable-pip-version-check", "--no-input", "--quiet", "install"]
    do(
        [*pip, "--require-hashes", "--only-binary", ":all:", "-r", str(PROJECT / LOCKS[purpose][-1])],
        "The packages could not be installed. The first start needs the network: try again.",
    )
    STAMP.write_text(json.dumps({"place": str(VENV), "locks": [digest(lock) for lock in LOCKS[purpose]]}))


def do(command: list[str], otherwise: str) -> None:
    if subprocess.call(command) != 0:
        raise NotReady(otherwise)


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in LOCKS:
        say(__doc__ or "")
        return 2
    try:
        continue_with_a_newer_python()
        prepare_system(arguments[0])
        prepare_environment(arguments[0])
    except NotReady as problem:
        say(f"\n{problem}\n")
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
