"""Read Word files in a separate process, with limits on memory, time and output.

A hostile file can make its parsers use any memory or time (see docs/decisions/0026).
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from threading import BoundedSemaphore

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError

MAX_FILE = 10_000_000
#: wall-clock time of the reader, and of waiting for its turn
MAX_SECONDS, MAX_WAIT = 30, 10
#: files that one process reads at once
SLOTS = BoundedSemaphore(1)
MESSAGES = {
    "size": _("The file is larger than 10 MB. Save it without its images, and choose that one."),
    "busy": _("Another file is being read. Try again in a minute."),
    "long": _("The text of this file is longer than a letter can be. Copy the part you need, and paste it."),
    "memory": _("Reading this file needs too much memory or time. Copy the part you need, and paste it."),
    "damaged": _(
        "This file cannot be read as a Word file (.docx). Open it in your word processor, and save it as .docx."
    ),
}


class UnreadableWordFile(DomainError):
    """The message says why, and what to do."""

    def __init__(self, cause: str) -> None:
        super().__init__(MESSAGES[cause], field="file")


@dataclass(frozen=True)
class WordText:
    """HTML to be cleaned as a paste is, how many passages of each kind stay out, and their words."""

    html: str
    left_out: dict[str, int]
    excerpts: list[str]


def read_word_file(content: bytes) -> WordText:
    """Raises UnreadableWordFile."""
    if len(content) > MAX_FILE:
        raise UnreadableWordFile("size")
    if not SLOTS.acquire(timeout=MAX_WAIT):
        raise UnreadableWordFile("busy")
    try:
        done = _run(content)
    except subprocess.TimeoutExpired:
        raise UnreadableWordFile("memory") from None
    finally:
        SLOTS.release()
    if done.returncode in (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGSEGV, -signal.SIGABRT):
        raise UnreadableWordFile("memory")
    if done.returncode or not done.stdout.endswith(b"\n"):
        raise UnreadableWordFile("damaged")
    answer = json.loads(done.stdout)
    if "error" in answer:
        raise UnreadableWordFile(answer["error"])
    return WordText(**answer)


def _run(content: bytes) -> subprocess.CompletedProcess[bytes]:
    environment = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH", "VIRTUAL_ENV") if name in os.environ}
    return subprocess.run(  # our own module; no word of the person's is among the arguments
        [sys.executable, "-m", "apps.letters.word_files.reader_process"],
        input=content,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=settings.BASE_DIR,
        env=environment,
        timeout=MAX_SECONDS,
        check=False,
    )
