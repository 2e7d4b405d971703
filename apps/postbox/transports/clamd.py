"""ClamAV's daemon: one file, one answer (clamd(8), INSTREAM)."""

import re
import socket
import struct
import time

from django.conf import settings

from .smtp_connection import ConnectionLost, connect

CHUNK = 256 * 1024
MAX_ANSWER = 4096
_FOUND = re.compile(r"stream: (.+) FOUND")
#: it stopped at MaxFileSize or MaxScanSize, and says so where AlertExceedsMax is on
_STOPPED = "stream: Heuristics.Limits.Exceeded"


class ScannerUnavailable(Exception):
    """It did not answer, or with an error."""


class FileTooLarge(Exception):
    """Larger than the daemon takes (StreamMaxLength), or than it scans."""


def scan_bytes(content: bytes) -> str:
    """The name of what was found, "" for nothing. Raises ScannerUnavailable, FileTooLarge."""
    try:
        with _connect(str(settings.POSTBOX["CLAMD"])) as wire:
            answer = _ask(wire, content)
    except (OSError, ValueError, ConnectionLost) as error:
        raise ScannerUnavailable(type(error).__name__) from error
    if answer == "stream: OK":
        return ""
    if "size limit exceeded" in answer or answer.startswith(_STOPPED):
        raise FileTooLarge
    found = _FOUND.fullmatch(answer)
    if found is None:
        raise ScannerUnavailable(answer[:100] or "no answer")
    return found.group(1)[:200]


def _ask(wire: socket.socket, content: bytes) -> str:
    ends = time.monotonic() + settings.POSTBOX["CLAMD_TIMEOUT"]
    try:
        wire.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), CHUNK):
            part = content[start : start + CHUNK]
            wire.sendall(struct.pack("!I", len(part)) + part)
        wire.sendall(struct.pack("!I", 0))
    except (BrokenPipeError, ConnectionResetError):
        pass  # it hangs up on a file that is too large, after saying so
    answer = b""
    while b"\0" not in answer and len(answer) < MAX_ANSWER and time.monotonic() < ends:
        heard = wire.recv(MAX_ANSWER)
        if not heard:
            break
        answer += heard
    return answer.partition(b"\0")[0].decode("utf-8", "replace").strip()


def _connect(address: str) -> socket.socket:
    box = settings.POSTBOX
    if address.startswith("/"):
        wire = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        wire.settimeout(box["CLAMD_TIMEOUT"])
        wire.connect(address)
        return wire
    host, _colon, port = address.rpartition(":")
    fenced = box["MODE"] != "live"
    wire = connect(host.strip("[]"), int(port), seconds=box["CONNECT_TIMEOUT"], fenced=fenced, setting="CLAMD")
    wire.settimeout(box["CLAMD_TIMEOUT"])
    return wire
