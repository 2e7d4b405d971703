"""The process that reads an uploaded file. It limits its own memory and time before it looks at the file.

Started by `parser_runner`. Standard input: a line of JSON with the request, then the file. Standard output: a line of
JSON for each row, then one for the table or the error. Without Django it starts in 40 ms.
"""

from __future__ import annotations

import json
import resource
import sys
from contextlib import suppress
from dataclasses import asdict

from .file_detection import read_file
from .table import Options, ParseError, _, bounded
from .xlsx import DAMAGED

#: 100,000 rows of 15 columns need 240 MB and, on a slow machine, 5 seconds
MEMORY_LIMIT = 640 * 1024 * 1024
CPU_SECONDS = 15
TOO_MUCH_MEMORY = _(
    "Reading this file needs too much memory. Copy the table into a new workbook, or save it as "
    "CSV, and choose that file."
)


def main() -> None:
    set_limits()
    request = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    answer: dict[str, object]
    try:
        answer = {"table": parse(content, Options(**request["options"]), request["max_rows"], request["max_text"])}
    except ParseError as error:
        answer = {"error": error.message, "field": error.field, "values": error.values}
    except Exception as error:  # noqa: BLE001  # what a reader may raise for a file that is not what it says
        message = TOO_MUCH_MEMORY if isinstance(error, MemoryError) else DAMAGED
        answer = {"error": message, "field": "", "values": {}}
    except BaseException:  # noqa: BLE001  # a panic of the Rust library, which gets no memory
        answer = {"error": TOO_MUCH_MEMORY, "field": "", "values": {}}
    _write(answer)
    sys.stdout.flush()


def set_limits() -> None:
    limits = {"RLIMIT_AS": MEMORY_LIMIT, "RLIMIT_CPU": CPU_SECONDS, "RLIMIT_FSIZE": 0, "RLIMIT_CORE": 0}
    for name, limit in limits.items():
        with suppress(ValueError, OSError):  # a system that does not know one, or allows less already
            resource.setrlimit(getattr(resource, name), (limit, limit))


def parse(content: bytes, options: Options, max_rows: int, max_text: int) -> dict[str, object]:
    """Write the first rows from the heading row on, within these bounds; return the rest of the table."""
    table, rows = read_file(content, options)
    written = length = 0
    for row in bounded(rows, options.heading_row):
        table.row_count += 1
        table.last_filled += [0] * (len(row.cells) - len(table.last_filled))
        for column, cell in enumerate(row.cells):
            if cell and not cell.isspace():
                table.last_filled[column] = row.number
        if row.number < options.heading_row:
            table.skipped += 1
        elif written < max_rows and length <= max_text:
            _write(row)
            written += 1
            length += sum(map(len, row.cells))
    return {key: value for key, value in asdict(table).items() if key != "rows"}


def _write(value: object) -> None:
    sys.stdout.buffer.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode() + b"\n")


if __name__ == "__main__":
    main()
