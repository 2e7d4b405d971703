"""Writing a mail at the moment it leaves."""

import json
from typing import Any
from uuid import UUID

import structlog
from django.db import connection
from django.utils.translation import gettext_lazy as _

from apps.core.encryption import UnreadableValue
from apps.core.errors import DomainError
from apps.core.prepared_statements import server_cursor
from apps.core.registries import mail_composers

from ..models import SEALED, Message, MessageAttachment
from ..transports.base import OutgoingMail, SendResult, SendStatus
from ..transports.mime import mail_assemble
from ..transports.mime_parts import file_part, kept_parts

log = structlog.get_logger(__name__)

_FIELDS: list[Any] = [Message._meta.get_field(name) for name in ("headers", *SEALED)]
_CONTENTS = f"""
SELECT id, {", ".join(field.column for field in _FIELDS)},
  EXISTS (SELECT FROM postbox_messageattachment WHERE message_id = postbox_message.id)
FROM postbox_message WHERE id = ANY($1)
"""  # noqa: S608 – names of columns


class ContentGone(DomainError):
    """What the mail is about is gone."""

    default_message = _("What it is about was deleted.")


class CannotCompose(DomainError):
    """A fault in a template or in what it needs. The mail is tried again."""


def message_compose(*, message: Message) -> None:
    """Fill in subject, text and headers, without storing them, unless the mail was queued whole. Raises ContentGone,
    CannotCompose."""
    if not message.composer:
        return
    try:
        composed = mail_composers[message.composer](message.origin_id, json.loads(message.composer_values))
    except Exception as error:
        log.exception("mail_not_composed", message=str(message.pk), composer=message.composer)
        raise CannotCompose(type(error).__name__) from error
    if composed is None:
        raise ContentGone
    message.subject, message.text_body, *more = composed
    if more:
        message.headers = {**message.headers, **more[0]}


def outgoing_mails(claimed: list[Message]) -> list[tuple[Message, OutgoingMail | SendResult]]:
    """What to send for each message, or why it cannot be put together. Their contents are read together, and filled in
    one by one: where one cannot be decrypted, the others leave."""
    if not claimed:
        return []
    with server_cursor() as cursor:
        cursor.execute(_CONTENTS, [[message.pk for message in claimed]])
        contents = {pk: values for pk, *values in cursor.fetchall()}
    files = _files([pk for pk, values in contents.items() if values.pop()])
    return [(message, _outgoing(message, contents[message.pk], files.get(message.pk, []))) for message in claimed]


def _outgoing(message: Message, contents: list[Any], files: list[MessageAttachment]) -> OutgoingMail | SendResult:
    try:
        for field, value in zip(_FIELDS, contents, strict=True):
            setattr(message, field.attname, field.from_db_value(value, None, connection))
        message_compose(message=message)
        content = mail_assemble(message, [_part(file) for file in files])
        return OutgoingMail(message.envelope_from, message.to_address, content)
    except ContentGone as error:
        Message.objects.filter(pk=message.pk).update(cancel_reason=str(error))
        return SendResult(SendStatus.DEFERRED, "prepare", reason=str(error))
    except (UnreadableValue, DomainError, ValueError) as error:
        return SendResult(SendStatus.DEFERRED, "prepare", reason=f"The mail could not be put together: {error}")


def _files(ids: list[UUID]) -> dict[UUID, list[MessageAttachment]]:
    found: dict[UUID, list[MessageAttachment]] = {}
    if not ids:
        return found
    for file in MessageAttachment.objects.filter(message__in=ids).order_by("message", "position"):
        found.setdefault(file.message_id, []).append(file)
    return found


def _part(file: MessageAttachment) -> bytes:
    key = (file.blob_id, file.filename, file.content_type)
    part = kept_parts.get(key)
    if part is None:
        part = file_part(file.filename, file.content_type, bytes(file.blob.content))
        kept_parts.keep(key, part)
    return part
