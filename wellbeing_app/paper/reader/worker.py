"""Reading in a process of its own, with limits: whatever a file holds, the app goes on.

`python -m wellbeing_app.paper.reader.worker LAYOUTS FILE…` prints one line of JSON for each page. LAYOUTS is
a JSON file with a list of layouts.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

LARGEST_MEMORY: Final = 1_500_000_000
"""Of addresses. What is resident stays below 400 MB."""
MOST_SECONDS: Final = 60
PATIENCE: Final = 90


@dataclass(frozen=True)
class Sheet:
    """A page as the worker told of it: `crops` are PNG pictures of its rows, where asked for."""

    file: str
    page: int
    status: str
    reason: str
    text: str | None
    rows: dict[int, tuple[str, int | None]]
    crops: dict[int, bytes]


def read(
    files: Sequence[Path],
    layouts: Sequence[dict[str, Any]],
    *,
    crops: bool = False,
    patience: float = PATIENCE,
) -> Iterator[Sheet]:
    """Read each file in a bounded process of its own; one that breaks it is refused, and the next is read."""
    with tempfile.TemporaryDirectory(prefix="wellbeing-read-") as folder:
        known = Path(folder) / "layouts.json"
        known.write_text(json.dumps(list(layouts)), encoding="utf-8")
        for file in files:
            yield from _read_one(file, known, crops, patience)


def _read_one(file: Path, known: Path, crops: bool, patience: float) -> Iterator[Sheet]:
    command = [sys.executable, "-m", __name__, *(["--crops"] if crops else []), str(known), str(file)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=patience, check=False)  # noqa: S603 - ours
    except subprocess.TimeoutExpired:
        yield Sheet(str(file), 1, "refused", "took_too_long", None, {}, {})
        return
    lines = done.stdout.decode(errors="replace").splitlines()
    pages = [json.loads(line) for line in lines if line.endswith("}")]
    for told in pages:
        yield _sheet(told)
    if done.returncode:
        yield Sheet(str(file), len(pages) + 1, "refused", "broken", None, {}, {})


def _sheet(told: dict[str, Any]) -> Sheet:
    rows = {row["row"]: (row["status"], row["value"]) for row in told["rows"]}
    crops = {int(row): base64.b64decode(png) for row, png in told.get("crops", {}).items()}
    return Sheet(told["file"], told["page"], told["status"], told["reason"], told["text"], rows, crops)


def main(arguments: Sequence[str]) -> None:
    """What the process does."""
    _limit()
    from wellbeing_app.paper.reader import lines

    wanted = [argument for argument in arguments if argument != "--crops"]
    layouts = json.loads(Path(wanted[0]).read_text(encoding="utf-8"))
    for name in wanted[1:]:
        for told in lines.of_file(Path(name), layouts, crops="--crops" in arguments):
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()


def _limit() -> None:
    """Not on Windows, which has no such limits: there the patience of the caller is all."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY, LARGEST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(sys.argv[1:])
