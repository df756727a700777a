"""The reader as the app uses it: a page that ends it, or takes too much or too long, harms no other."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field
from threading import Event, Timer
from types import TracebackType
from typing import Any, Final, Self

from wellbeing_app.paper.reader import worker

PATIENCE: Final = 20.0
"""Seconds for a page, or for what comes before the first."""
SHORT_PATIENCE: Final = 8.0
"""Seconds for one code, while somebody waits for the page."""

MOST_ENDS: Final = 3
"""How often a file may end the process."""


class _Ended(Exception):
    """The process is gone; `args[0]` is the reason to give."""


@dataclass
class Reader:
    """Reads files one after another in a bounded process, which it starts again after a file that ended it.

    To be used with `with`, by one thread at a time.
    """

    layouts: Sequence[dict[str, Any]] = ()
    crops: bool = False
    patience: float = PATIENCE
    process: subprocess.Popen[bytes] | None = field(default=None, init=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_how: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.end()

    def pages(self, content: bytes, *, skip: int = 0, of: int = 1) -> Generator[dict[str, Any]]:
        """Each page after the first `skip`, as `lines.of_content` tells it. Never an error.

        A page that ends the process is refused. The next is read, if the file has so many (`of`).
        """
        at = skip
        for _ in range(MOST_ENDS):
            try:
                for told in self._ask(content, ask="pages", skip=at, crops=self.crops):
                    at = told["page"]
                    yield told
                return
            except _Ended as ended:
                at += 1
                yield {**NOTHING, "page": at, "reason": ended.args[0]}
            if at >= of:
                return

    def count(self, content: bytes) -> int:
        """How many pages there are to read; 1 where that cannot be known."""
        try:
            return max(int(told["pages"]) for told in self._ask(content, ask="count"))
        except _Ended:
            return 1

    def code(self, content: bytes) -> str | None:
        """The text of a form's code on the first page, if one is seen."""
        try:
            return next((told["text"] for told in list(self._ask(content, ask="code"))), None)
        except _Ended:
            return None

    def end(self) -> None:
        """End the process, whatever it does."""
        process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.communicate()

    def _ask(self, content: bytes, **wanted: object) -> Iterator[dict[str, Any]]:
        process, whole = self._running(), False
        try:
            _send(process, json.dumps({**wanted, "size": len(content)}).encode() + b"\n", content)
            while (told := self._next(process)) != worker.END:
                yield told
            whole = True
        finally:
            if not whole:
                self.end()

    def _next(self, process: subprocess.Popen[bytes]) -> dict[str, Any]:
        assert process.stdout is not None
        late = Event()

        def end() -> None:
            late.set()
            process.kill()

        watch = Timer(self.patience, end)
        watch.start()
        try:
            line = process.stdout.readline()
        finally:
            watch.cancel()
        if not line.endswith(b"\n"):
            raise _Ended("took_too_long" if late.is_set() else "broken")
        found: dict[str, Any] = json.loads(line)
        return found

    def _running(self) -> subprocess.Popen[bytes]:
        if self.process is None:
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
            self.process = subprocess.Popen([sys.executable, "-m", worker.__name__], **pipes)  # type: ignore[call-overload]  # noqa: S603 - ours
            _send(self.process, json.dumps(list(self.layouts)).encode() + b"\n")
        return self.process


NOTHING: Final[dict[str, Any]] = {
    "status": "refused",
    "text": None,
    "token": None,
    "form": None,
    "version": None,
    "language": None,
    "rows": [],
}
"""What is told of a page of which nothing is known, but for its number and the reason."""


@dataclass(frozen=True)
class Sheet:
    """A page as the reader told of it: `crops` are PNG pictures of its rows, where asked for."""

    page: int
    status: str
    reason: str
    text: str | None
    rows: dict[int, tuple[str, int | None]]
    crops: dict[int, bytes]

    @classmethod
    def of(cls, told: dict[str, Any]) -> Self:
        """From what `Reader.pages` yields."""
        rows = {row["row"]: (row["status"], row["value"]) for row in told["rows"]}
        crops = {int(row): base64.b64decode(png) for row, png in told.get("crops", {}).items()}
        return cls(told["page"], told["status"], told["reason"], told["text"], rows, crops)


def _send(process: subprocess.Popen[bytes], *pieces: bytes) -> None:
    assert process.stdin is not None
    try:
        for piece in pieces:
            process.stdin.write(piece)
        process.stdin.flush()
    except OSError:
        pass  # it has ended, which the answer will say
