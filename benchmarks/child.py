"""Runs a module as the command line would, and notes what it took.

A process of its own, because memory that was once taken is not given back.
"""

from __future__ import annotations

import json
import os
import resource
import runpy
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import most_memory
from tests.support.server import PROJECT


@dataclass(frozen=True)
class Used:
    """What it said, its processor time in seconds, and the most megabytes it had resident, it or a child."""

    said: str
    cpu: float
    most: float


def run(module: str, *arguments: str, environment: Mapping[str, str] | None = None) -> Used:
    """Run it to its end; raises `CalledProcessError` when it fails."""
    with tempfile.NamedTemporaryFile() as note:
        line = [sys.executable, "-m", "benchmarks.child", note.name, module, *arguments]
        environment = {**os.environ, **(environment or {})}
        done = subprocess.run(
            line, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, text=True, check=True
        )
        return Used(done.stdout, **json.loads(Path(note.name).read_text()))


def main() -> None:
    """The module is run as it would be, and what it took is noted however it ends."""
    note, module, *arguments = sys.argv[1:]
    sys.argv = [module, *arguments]
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        Path(note).write_text(json.dumps(_took()))


def _took() -> dict[str, float]:
    """Of this process and of those that it started and that have ended."""
    of_others = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = time.process_time() + of_others.ru_utime + of_others.ru_stime
    return {"cpu": cpu, "most": max(most_memory(os.getpid()), of_others.ru_maxrss * 1024 / 1e6)}


if __name__ == "__main__":
    main()
