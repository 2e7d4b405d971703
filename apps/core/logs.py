"""What every log line carries, and what it must not: no addresses, names or mail texts."""

import logging
import re
from typing import Any

import structlog

ADDRESS = re.compile(r"[^\s<>\"'(),;:]+@[^\s<>\"'(),;:]+")


def drop_addresses(_: object, __: str, event: dict[str, Any]) -> dict[str, Any]:
    """Replace anything that looks like a mail address in any string value by [address]."""
    return {key: ADDRESS.sub("[address]", value) if isinstance(value, str) else value for key, value in event.items()}


def is_no_health_answer(record: logging.LogRecord) -> bool:
    """False for Django's line about a 503 of /healthz: whoever asks reads the reasons, and asks every few seconds."""
    return getattr(getattr(record, "request", None), "path", "") != "/healthz"


LOG_PROCESSORS: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_log_level,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.PositionalArgumentsFormatter(),
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    drop_addresses,
]
