"""Writing a mail at the moment it leaves."""

import json

import structlog
from django.utils.translation import gettext_lazy as _

from apps.core.errors import DomainError
from apps.core.registries import mail_composers

from ..models import Message

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
