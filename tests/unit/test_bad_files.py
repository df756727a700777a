"""Whatever a file holds, it is read or refused with a reason, soon, and the next is read as ever."""

from __future__ import annotations

import os
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.scans.press import printed
from tests.support.scans.ruin import WHOLE, ruined
from wellbeing_app.forms.scans import REFUSED
from wellbeing_app.paper.reader.bounded import Reader

pytestmark = pytest.mark.slow

MOST_MB = 400
LATEST = 1.0
"""Seconds for a refusal, on a machine with nothing else to do; it is measured as processor time."""


@dataclass
class Measured(Reader):
    """A reader that tells how much its processes took, and how often one was ended by a file."""

    deaths: int = 0
    most_mb: float = 0.0
    reasons: Counter[str] = field(default_factory=Counter)

    def end(self) -> None:
        if self.process is not None:
            self.deaths += self.process.poll() is not None
        super().end()

    def look(self) -> float:
        """Processor time of the process so far, in seconds; and its most memory is noted."""
        if self.process is None or self.process.poll() is not None:
            return 0.0
        about = Path(f"/proc/{self.process.pid}")
        (most,) = re.findall(r"VmHWM:\s+(\d+) kB", (about / "status").read_text(encoding="ascii"))
        self.most_mb = max(self.most_mb, int(most) / 1024)
        user, system = (about / "stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
        return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


@pytest.mark.skipif(sys.platform != "linux", reason="measured as Linux tells it")
def test_ruined_files_are_read_or_refused_and_harm_nothing(request: pytest.FixtureRequest) -> None:
    slow = []
    with Measured([printed()[1]]) as reader:
        list(reader.pages(WHOLE["PNG"]()))  # what is loaded once is loaded now
        for seed in range(request.config.getoption("--bad-files")):
            name, content = ruined(seed)
            before, began = reader.look(), time.monotonic()
            told = list(reader.pages(content, of=reader.count(content)))
            took = min(reader.look() - before, time.monotonic() - began)
            assert told, name
            assert all(one["status"] == "read" or one["reason"] in REFUSED for one in told), name
            refused = [one["reason"] for one in told if one["status"] == "refused"]
            reader.reasons.update(refused)
            if len(refused) == len(told) and took > LATEST * len(told):
                slow.append(f"{seed}: {name}, {took:.2f} s, {refused}")
        (again,) = reader.pages(WHOLE["PNG"]())
    assert again["status"] == "read"
    assert slow == []
    assert reader.most_mb < MOST_MB
    sys.stdout.write(f"{reader.most_mb:.0f} MB, {reader.deaths} ended, {dict(reader.reasons)}\n")
