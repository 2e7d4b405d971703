"""gunicorn's log lines as JSON, without tokens, visitors' IP addresses and query strings.

Named in gunicorn.conf.py. The master process has no Django settings, so nothing here needs them.
"""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog
from gunicorn.glogging import Logger

from .logs import JSON_LINES

#: "Invalid request from ip=203.0.113.7: Invalid HTTP Header: 'COOKIE…'": the visitor wrote all but the kind of fault
REFUSED = re.compile(r"^Invalid request from ip=\S*:(?P<fault>[^:'\"]*).*$", re.DOTALL)
#: "Error handling request GET /people/?q=Amina"
QUERY = re.compile(r"(?<=^Error handling request )(?P<asked>[^?#\n]*)[?#].*$", re.DOTALL)


def drop_visitors(_: object, __: str, event: MutableMapping[str, Any]) -> dict[str, Any]:
    """Drop the visitor's IP address and everything after the path of the URL."""
    line = REFUSED.sub(r"Invalid request:\g<fault>", str(event["event"]))
    return {**event, "event": QUERY.sub(r"\g<asked>", line).rstrip()}


def formatter() -> logging.Formatter:
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*JSON_LINES["foreign_pre_chain"], drop_visitors], processors=JSON_LINES["processors"]
    )


class ServerLog(Logger):
    """gunicorn's logger, with our format for its error log."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in self.error_log.handlers:
            handler.setFormatter(formatter())
