"""The process that reads a Word file. It limits its own memory and time before it looks at the file.

Standard input: the file. Standard output: one line of JSON, {html, left_out, excerpts} or {error}. Without Django.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress

#: a letter of 500 pages needs 200 MB
LIMITS = {"RLIMIT_AS": 640 * 1024 * 1024, "RLIMIT_CPU": 15, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
#: characters; a letter's document has at most 500 KB
MAX_HTML = 2_000_000


def main() -> None:
    for name, limit in LIMITS.items():
        with suppress(ValueError, OSError):  # a system that does not know one, or allows less already
            resource.setrlimit(getattr(resource, name), (limit, limit))
    from .reader import Reading  # under the limits

    try:
        reading = Reading(sys.stdin.buffer.read())
        html = reading.html()
        answer: dict[str, object] = {"html": html, "left_out": reading.left_out, "excerpts": reading.excerpts}
        if len(html) > MAX_HTML:
            answer = {"error": "long"}
    except MemoryError:
        answer = {"error": "memory"}
    except Exception:  # noqa: BLE001  # what a reader may raise for a file that is not what it says
        answer = {"error": "damaged"}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
