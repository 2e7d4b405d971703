"""ClamAV's daemon as a test double on loopback: it finds EICAR's test file, and answers as it is told."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

#: https://www.eicar.org/download-anti-malware-testfile/, in two parts, so that no scanner finds this file
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


MOODS = {"hang", "close", "error"}


@dataclass
class VirusScanner:
    """`mood` is "", one of MOODS, or a word at which the daemon fails. `stops_with` is what it says of a file beyond
    `limit`: an error, after which it hangs up, or what AlertExceedsMax has it find."""

    port: int
    mood: str = ""
    limit: int = 1_000_000
    stops_with: str = "INSTREAM size limit exceeded. ERROR"
    scanned: list[bytes] = field(default_factory=list)


@contextmanager
def running_scanner() -> Iterator[VirusScanner]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        scanner, held = VirusScanner(listening.getsockname()[1]), []

        def serve() -> None:
            with suppress(OSError):
                while True:
                    wire, _address = listening.accept()
                    held.append(wire)
                    with suppress(OSError):
                        _answer(wire, scanner)

        threading.Thread(target=serve, daemon=True).start()
        yield scanner
        listening.shutdown(socket.SHUT_RDWR)
        for wire in held:
            wire.close()


def _answer(wire: socket.socket, scanner: VirusScanner) -> None:
    with wire.makefile("rb") as heard:
        assert heard.read(10) == b"zINSTREAM\0"
        content = b""
        while length := struct.unpack("!I", heard.read(4))[0]:
            content += heard.read(length)
            if len(content) > scanner.limit and scanner.stops_with.endswith("ERROR"):
                wire.sendall(scanner.stops_with.encode() + b"\0")
                wire.close()
                return
    if len(content) > scanner.limit:
        wire.sendall(f"stream: {scanner.stops_with} FOUND\0".encode())
        wire.close()
        return
    scanner.scanned.append(content)
    if scanner.mood == "hang":
        return
    if not scanner.mood or (scanner.mood not in MOODS and scanner.mood.encode() not in content):
        wire.sendall(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")
    elif scanner.mood == "error" or (scanner.mood and scanner.mood.encode() in content):
        wire.sendall(b"Can't allocate memory ERROR\0")
    wire.close()
