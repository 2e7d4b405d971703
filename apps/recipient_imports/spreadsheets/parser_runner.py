"""Read uploaded files in a separate process, with limits on memory, time and output.

A hostile spreadsheet can make its parser use any memory or time, and native code ends its process without memory.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Thread, Timer
from typing import IO

from django.conf import settings
from django.utils.translation import gettext

from apps.core.errors import DomainError
from apps.core.types import JsonObject

from .parser_process import TOO_MUCH_MEMORY
from .table import Options, Row, Table, _
from .xlsx import DAMAGED

#: wall-clock time of the parser, and of waiting for its turn: each wait takes a thread from other requests
MAX_SECONDS, MAX_WAIT = 60, 10
#: files that one process reads at once
SLOTS = BoundedSemaphore(1)
BUSY = _("Another file is being read. Try again in a minute.")
TOO_SLOW = _(
    "Reading this file takes too long. Copy the table into a new workbook, or save it as CSV, and choose that file."
)


class UnreadableFile(DomainError):
    """The file is not a readable table, or too large. The message says which, and what to do."""

    def __init__(self, message: str, *, field: str = "", **values: str | int) -> None:
        super().__init__(message, field=field)
        self.values = values

    def __str__(self) -> str:
        return gettext(str(self.message)) % self.values


def parse_in_process(content: bytes, options: Options, *, max_rows: int, max_text: int) -> Table:
    """The table, with the first rows from the heading row on, within these bounds. Raises UnreadableFile."""
    with _slot(), _started() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        timer = Timer(MAX_SECONDS, process.kill)
        timer.start()
        try:
            request = json.dumps({"options": vars(options), "max_rows": max_rows, "max_text": max_text}).encode()
            sender = Thread(target=_send, args=(process.stdin, request, content))
            sender.start()
            rows, end = _receive(process.stdout)
            sender.join()
            code = process.wait()
        finally:
            process.kill()
            timer.cancel()
    if code or end is None:
        raise UnreadableFile(_cause(code))
    if "error" in end:
        raise UnreadableFile(end["error"], field=end["field"], **end["values"])
    return Table(rows=rows, **end["table"])


@contextmanager
def _slot() -> Iterator[None]:
    if not SLOTS.acquire(timeout=MAX_WAIT):
        raise UnreadableFile(BUSY)
    try:
        yield
    finally:
        SLOTS.release()


def _started() -> subprocess.Popen[bytes]:
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV") if name in os.environ}
    return subprocess.Popen(  # our own module; no word of the person's is among the arguments
        [sys.executable, "-m", "apps.recipient_imports.spreadsheets.parser_process"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=settings.BASE_DIR,
        env=environment,
    )


def _send(pipe: IO[bytes], request: bytes, content: bytes) -> None:
    try:
        with pipe:
            pipe.write(request + b"\n")
            pipe.write(content)
    except BrokenPipeError:
        pass  # its exit code says why


def _receive(pipe: IO[bytes]) -> tuple[list[Row], JsonObject | None]:
    """The rows and the final answer; None if the process ended before it."""
    rows: list[Row] = []
    for line in pipe:
        if not line.endswith(b"\n"):
            break  # it was killed while the pipe was full
        value = json.loads(line)
        if isinstance(value, dict):
            return rows, value
        rows.append(Row(*value))
    return rows, None


def _cause(code: int) -> str:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return TOO_SLOW
    return TOO_MUCH_MEMORY if code < 0 else DAMAGED
