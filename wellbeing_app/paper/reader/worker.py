"""Reading in a process of its own, with limits: whatever a file holds, the app goes on.

`python -m wellbeing_app.paper.reader.worker` takes a line of JSON with a list of layouts, then for each file
a line of JSON (`ask`, `size` in bytes, `skip`, `crops`) and its content. It answers each with lines of JSON,
the last of which is `END`. Nothing is written to a disk.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any, BinaryIO, Final

Layout = dict[str, Any]
END: Final = {"end": True}
LARGEST_MEMORY: Final = 1_500_000_000
"""Of addresses. What is resident stays below 400 MB."""
MOST_SECONDS: Final = 120
"""Of processor time for one file."""


def main(source: BinaryIO, out: BinaryIO) -> None:
    """What the process does until nobody asks any more."""
    _limit()
    layouts = json.loads(source.readline())
    while head := source.readline():
        wanted = json.loads(head)
        content = source.read(wanted["size"])
        _more_seconds()
        for told in _answers(wanted, content, layouts):
            _tell(out, told)
        _tell(out, END)


def _answers(wanted: dict[str, Any], content: bytes, layouts: list[Layout]) -> Iterator[dict[str, Any]]:
    from wellbeing_app.paper.reader import lines

    if wanted["ask"] == "count":
        yield {"pages": lines.count(content)}
    elif wanted["ask"] == "code":
        yield {"text": lines.code_of(content)}
    else:
        yield from lines.of_content(content, layouts, skip=wanted["skip"], crops=wanted["crops"])


def _tell(out: BinaryIO, told: dict[str, Any]) -> None:
    out.write(json.dumps(told).encode() + b"\n")
    out.flush()


def _limit() -> None:
    """Not on Windows, which has no such limits: there the patience of the caller is all."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY, LARGEST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _more_seconds() -> None:
    """So much for the next file."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    allowed = int(used.ru_utime + used.ru_stime) + MOST_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (allowed, resource.RLIM_INFINITY))


if __name__ == "__main__":
    main(sys.stdin.buffer, sys.stdout.buffer)
