"""What every log line carries, and what it must not: no addresses, names, mail texts, nor tokens that open a page."""

import logging
import re
import secrets
from typing import Any

import structlog

GIVEN = re.compile(r"[A-Za-z0-9-]{8,40}")
ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")
#: pages behind a mailed token: whoever reads it could act for the person. Also as they stand in ?next=
TOKEN = re.compile(r"((?:/|%2F)(?:confirm|mine|invitations)(?:/|%2F))(?:(?!%2F)[^\s/?#&\"'<>])+", re.IGNORECASE)

#: what stands in the header of the read API, and its tokens wherever they stand: cut short ones too
SECRET = re.compile(r"(?<![A-Za-z0-9])ecom_[A-Za-z0-9_-]{8,}|(?<=Bearer )[^\s\"',;]+", re.IGNORECASE)


def request_id_bind(given: str | None) -> str:
    """Begin a request, or a task: every log line and audit row that follows carries `given`, or an id of its own where
    that is not well-formed."""
    request_id = given if given and GIVEN.fullmatch(given) else secrets.token_hex(8)
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=request_id)
    return request_id


def drop_addresses(_: object, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace anything that looks like a mail address in any string, however deep, by [address], and tokens (in the
    address of a page, or of the read API) by [token]."""
    # an exception waits for TRACEBACKS, and its words come by here again; as a list it would not be taken for one
    return {key: value if key == "exc_info" else _without_addresses(value) for key, value in event.items()}


def _without_addresses(value: Any) -> Any:
    if isinstance(value, str):
        return SECRET.sub("[token]", TOKEN.sub(r"\1[token]", ADDRESS.sub("[address]", value)))
    if isinstance(value, dict):
        return {key: _without_addresses(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_without_addresses(inner) for inner in value]
    return value


#: Tracebacks without the values of local variables: those are the personal data of whoever the request was about.
TRACEBACKS = structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False))


def is_no_health_answer(record: logging.LogRecord) -> bool:
    """False for Django's line about a 503 of /healthz: whoever asks reads the reasons, and asks every few seconds."""
    return getattr(getattr(record, "request", None), "path", "") != "/healthz"


def as_warning(record: logging.LogRecord) -> bool:
    """A form that was too large is the sender's fault and was answered: one line, no error, no traceback."""
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

#: what every handler writes: one JSON object a line. As logging's own configuration takes it
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
