"""What the processes that serve sockets tell each other about a text. A message may be lost: clients ask every few
seconds for what they lack, and get it from the database."""

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
#: of this process, which does not listen to itself
PROCESS = uuid4().hex


def text_group(text_id: int) -> str:
    return f"letters.text.{text_id}"


def update_tell(text_id: int, update: bytes, sequence: int) -> None:
    """An update is committed with the current transaction."""
    message = {"type": "update", "update": base64.b64encode(update).decode(), "sequence": sequence}
    transaction.on_commit(partial(_send, text_group(text_id), message))


def text_tell(text_id: int, **state: Any) -> None:
    """Subject and body are committed with the current transaction."""
    transaction.on_commit(partial(_send, text_group(text_id), {"type": "text", **state}))


def access_tell() -> None:
    """Somebody may lose access, or a text is closed, with the current transaction."""
    transaction.on_commit(partial(_send, ACCESS, {"type": "access"}))


def _send(group: str, message: dict[str, Any]) -> None:
    try:
        async_to_sync(get_channel_layer().group_send)(group, {**message, "process": PROCESS})
    except Exception as error:  # noqa: BLE001 – whatever the broker raises: clients ask again
        log.warning("live_message_lost", error=type(error).__name__)
