"""Log lines: with a request id, without email addresses, names, mail texts and tokens."""

import logging
import re
import secrets
from typing import Any

import structlog

from apps.core.types import JsonObject

GIVEN = re.compile(r"[A-Za-z0-9-]{8,40}")
#: begins at the start of a run only: trying each sign of a long run takes time that grows with its square
ADDRESS = re.compile(r"(?<![^\s<>\"'(),;:])[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
#: paths with a mailed token or a sealed form, which would let a reader act for the person or read what was typed; also
#: as quoted in ?next=
TOKEN = re.compile(
    r"((?:/|%2F)(?:sign(?:/|%2F)[a-z]+|invitations|invited|filled-in|check-your-mail|letter-pdf|guest)(?:/|%2F))"
    r"(?:(?!%2F)[^\s/?#&\"'<>])+",
    re.IGNORECASE,
)

#: tokens of the read API, in its header or anywhere, also shortened
SECRET = re.compile(r"(?<![A-Za-z0-9])ecom_[A-Za-z0-9_-]{8,}|(?<=Bearer )[^\s\"',;]+", re.IGNORECASE)

#: what PostgreSQL says of a refused row, and where: the row's values stand in it
ROW_VALUES = re.compile(r"\n(?:DETAIL|CONTEXT):[^\n]*(?:\n(?![A-Z]+:)[^\n]*)*")


def request_id_bind(given: str | None) -> str:
    """Begin a request or a task: the log lines and audit rows that follow have the id `given`, or a new one where it is
    not well-formed."""
    request_id = given if given and GIVEN.fullmatch(given) else secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    return request_id


def drop_addresses(_: object, __: str, event: JsonObject) -> JsonObject:
    """Replace email addresses in every string, however deep, by [address], and tokens by [token]."""
    # TRACEBACKS needs the exception unchanged; its text passes here again afterwards
    return {key: value if key == "exc_info" else _without_addresses(value) for key, value in event.items()}


def _without_addresses(value: object) -> object:
    if isinstance(value, str):
        value = ROW_VALUES.sub("", value)
        return SECRET.sub("[token]", TOKEN.sub(r"\1[token]", ADDRESS.sub("[address]", value)))
    if isinstance(value, dict):
        return {key: _without_addresses(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_addresses(inner) for inner in value]
    return value


#: without local variables, whose values may be personal data
TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


def is_no_health_answer(record: logging.LogRecord) -> bool:
    """False for Django's line about a 503 of /healthz, which is asked every few seconds and gives its reasons."""
    return getattr(getattr(record, "request", None), "path", "") != "/healthz"


def as_warning(record: logging.LogRecord) -> bool:
    """A form that was too large is the sender's fault: one warning, no traceback."""
    record.levelno, record.levelname, record.exc_info = logging.WARNING, "WARNING", None
    return True


LOG_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    drop_addresses,
]

#: formatter for logging.config: one JSON object per line
JSON_LINES: dict[str, Any] = {
    "()": structlog.stdlib.ProcessorFormatter,
    "foreign_pre_chain": LOG_PROCESSORS,
    "processors": [
        structlog.stdlib.ProcessorFormatter.remove_processors_meta,
        TRACEBACKS,
        drop_addresses,
        structlog.processors.JSONRenderer(),
    ],
}
