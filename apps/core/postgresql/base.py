"""Django's backend for PostgreSQL, whose health check rarely needs a round trip."""

import math
import select
import time

from django.db.backends.postgresql import base

#: seconds after which a connection is asked, whatever its socket says
TRUSTED = 5


class DatabaseWrapper(base.DatabaseWrapper):
    """Before a request uses a connection that was kept, Django asks the server for a 1. A server that stopped or ended
    the connection has closed its socket or said so there; nothing to read means that the last answer still holds."""

    _answered_at = -math.inf

    def is_usable(self) -> bool:
        if self._is_trusted() and self._is_quiet():
            return True
        is_usable: bool = super().is_usable()
        self._answered_at = time.monotonic() if is_usable else -math.inf
        return is_usable

    def _is_trusted(self) -> bool:
        return not self.errors_occurred and time.monotonic() - self._answered_at < TRUSTED

    def _is_quiet(self) -> bool:
        if self.connection is None or self.connection.closed:
            return False
        readable = select.poll()
        readable.register(self.connection.fileno(), select.POLLIN)
        return not readable.poll(0)
