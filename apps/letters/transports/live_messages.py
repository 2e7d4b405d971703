"""What the processes that serve sockets tell each other about a text. A message may be lost: each process looks every
few seconds for updates that it has not seen, and has them from the database."""

import asyncio
import base64
from functools import partial
from typing import Any
from uuid import uuid4

import structlog
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.db import transaction

log = structlog.get_logger(__name__)

#: whoever may lose access is looked at again
ACCESS = "letters.access"
#: seconds that a broker which hangs may keep who saves
BROADCAST_TIMEOUT = 2
#: names this process, which need not hear itself
PROCESS = uuid4().hex


def text_group(text_id: int) -> str:
    return f"letters.text.{text_id}"


def updates_tell(text_id: int, update: bytes, *, first: int, last: int) -> None:
    """Updates with these numbers are committed with the current transaction."""
    encoded = base64.b64encode(update).decode()
    message = {"type": "update", "text": text_id, "update": encoded, "first": first, "last": last}
    transaction.on_commit(partial(_send, text_group(text_id), message))


def body_tell(text_id: int, **state: Any) -> None:
    """Subject and body are brought up to date with the current transaction."""
    transaction.on_commit(partial(_send, text_group(text_id), {"type": "text", "text": text_id, "state": state}))


def access_tell() -> None:
    """Somebody may lose access, or a text is closed, with the current transaction. However many do, it is said once."""
    connection = transaction.get_connection()
    here = {None, *connection.savepoint_ids}
    # what was registered in a savepoint that is over may yet be rolled back with one around it
    if not any(entry[1] is _send_access and entry[0] <= here for entry in connection.run_on_commit):
        transaction.on_commit(_send_access)


def _send_access() -> None:
    _send(ACCESS, {"type": "access"})


def _send(group: str, message: dict[str, Any]) -> None:
    try:
        async_to_sync(_send_in_time)(group, {**message, "process": PROCESS})
    except Exception as error:  # noqa: BLE001 – whatever the broker raises: it is found in the database
        log.warning("live_message_lost", error=type(error).__name__)


async def _send_in_time(group: str, message: dict[str, Any]) -> None:
    await asyncio.wait_for(get_channel_layer().group_send(group, message), BROADCAST_TIMEOUT)
