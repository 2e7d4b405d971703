"""Writing a mail at the moment it leaves."""

import json
from uuid import UUID

import structlog
from django.utils.translation import gettext_lazy as _

from apps.core.encryption import UnreadableValue
from apps.core.errors import DomainError
from apps.core.registries import mail_composers

from ..models import Message, MessageAttachment
from ..transports.base import OutgoingMail, SendResult, SendStatus
from ..transports.mime import mail_assemble
from ..transports.mime_parts import file_part, kept_parts

log = structlog.get_logger(__name__)


class NothingToSay(DomainError):
    """What the mail is about is gone."""

    default_message = _("What it is about was deleted.")


class CannotCompose(DomainError):
    """A fault in a template or in what it needs. The mail is tried again."""


def message_compose(*, message: Message) -> None:
    """Fill in subject, text and headers, without storing them, unless the mail was queued whole. Raises NothingToSay,
    CannotCompose."""
    if not message.composer:
        return
    try:
        composed = mail_composers[message.composer](message.origin_id, json.loads(message.composer_values))
    except Exception as error:
        log.exception("mail_not_composed", message=str(message.pk), composer=message.composer)
        raise CannotCompose(type(error).__name__) from error
    if composed is None:
        raise NothingToSay
    message.subject, message.text_body, *more = composed
    if more:
        message.headers = {**message.headers, **more[0]}


def outgoing_mails(claimed: list[Message]) -> list[tuple[Message, OutgoingMail | SendResult]]:
    """What to send for each message, or why it cannot be put together. Contents are read together; where one cannot be
    decrypted, one by one."""
    ids = [message.pk for message in claimed]
    if not ids:
        return []
    files = _files(ids)
    try:
        full = Message.objects.in_bulk(ids)
    except UnreadableValue:
        full = {}
    return [(message, _outgoing(message, full.get(message.pk), files.get(message.pk, []))) for message in claimed]


def _outgoing(message: Message, read: Message | None, files: list[MessageAttachment]) -> OutgoingMail | SendResult:
    try:
        full = read or Message.objects.get(pk=message.pk)
        message_compose(message=full)
        return OutgoingMail(full.envelope_from, full.to_address, mail_assemble(full, [_part(file) for file in files]))
    except NothingToSay as error:
        Message.objects.filter(pk=message.pk).update(cancel_reason=str(error))
        return SendResult(SendStatus.DEFERRED, "prepare", reason=str(error))
    except (UnreadableValue, DomainError, ValueError) as error:
        return SendResult(SendStatus.DEFERRED, "prepare", reason=f"The mail could not be put together: {error}")


def _files(ids: list[UUID]) -> dict[UUID, list[MessageAttachment]]:
    found: dict[UUID, list[MessageAttachment]] = {}
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
