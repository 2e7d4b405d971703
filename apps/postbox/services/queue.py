"""Queue and cancel messages, erase mails."""

import base64
import json
import secrets
import uuid
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypedDict, Unpack

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.core.errors import Conflict
from apps.core.models import Blob
from apps.core.prepared_statements import row_insert
from apps.core.tokens import token_hash
from apps.core.types import Actor, JsonObject
from apps.core.wakeups import wake

from ..models import (
    Attempt,
    InboundMail,
    Message,
    MessageAttachment,
    MessageEvent,
    MessageQuerySet,
    MessageState,
    Policy,
    Priority,
)
from ..selectors.domains import domain_key
from ..selectors.messages import suppression_causes
from ..selectors.quiet_hours import zone_check
from ..transports.email_addresses import BadAddress, address_check, address_split
from ..transports.mime import File, mail_bytes
from .inbound_erasure import EMPTY_MAIL, inbound_mails_erase
from .transitions import EMPTY, ERASURE, event_record, message_cancel_one

#: letters have no limit unless their mailing sets one
LIFETIMES = {"sign_in": timedelta(minutes=15)}
LIFETIME = timedelta(days=2)
#: in place of what servers say, which may name the recipient
ERASED_REASON = gettext_noop("It did not arrive. What the server said about it was erased.")


class AlreadyQueued(Conflict):
    """A live message has the same `key` ("once_key" or "address_key")."""

    key = ""


class MessageFields(TypedDict, total=False):
    """Stored by `message_queue` as given."""

    html_body: str
    headers: dict[str, str]
    once_key: str
    address_key: str
    origin: str
    campaign_id: int | None
    authorisation: str
    language: str
    domain_limit: int
    quiet_zone: str
    quiet_from: time | None
    quiet_until: time | None


def message_queue(
    *,
    kind: str,
    policy: str,
    to_address: str,
    subject: str,
    text_body: str,
    from_header: str = "",
    envelope_from: str = "",
    reply_to: str = "",
    attachments: Iterable[File] = (),
    origin_id: str | int = "",
    expires_at: datetime | None = None,
    want_answers: bool = False,
    delay: timedelta = timedelta(),
    not_before: datetime | None = None,
    priority: int | None = None,
    **fields: Unpack[MessageFields],
) -> Message:
    """Queue one mail to one recipient in the caller's transaction; it leaves after the commit, the `delay` and
    `not_before`, and never from `quiet_from` to `quiet_until` in `quiet_zone`.

    `policy` "once" never sends again unless the server definitely refused; "repeatable" may. `want_answers` adds a
    reply address with its own token, which also gets failure reports. Without `priority`, "once" is a letter and
    "repeatable" is waited for. For a suppressed recipient the row is suppressed.
    Raises AlreadyQueued, BadAddress, UnsafeHeader, MailTooLarge, UnknownZone.
    """
    sender = from_header or settings.DEFAULT_FROM_EMAIL
    sender_address = address_split(sender, field="from_header")[1]
    answers, digest = reply_address_make() if want_answers else ("", "")
    address = address_check(to_address)
    zone_check(fields.get("quiet_zone", ""))
    found = lookup_hashes(address)[0]
    message = Message(
        kind=kind,
        policy=Policy(policy),
        to_address=address,
        to_hash=found.digest,
        to_key_version=found.key_version,
        subject=subject,
        text_body=text_body,
        from_header=sender,
        envelope_from=address_check(envelope_from or answers or sender_address),
        reply_to=reply_to or answers,
        reply_token_hash=digest,
        origin_id=str(origin_id),
        to_domain=domain_key(address),
        priority=_priority(policy, priority),
        next_at=_first_try(delay, not_before),
        expires_at=expires_at or _expiry(kind, policy),
        **fields,
    )
    message.message_id = f"<{message.pk}@{sender_address.rpartition('@')[2]}>"
    files = list(attachments)
    mail_bytes(message, files)  # what cannot be sent is refused now, while somebody can correct it
    return _store(message, files)


def message_queue_composed(
    *,
    kind: str,
    to_address: str,
    composer: str,
    values: JsonObject,
    from_header: str,
    reply_to: str,
    origin_id: int,
    delay: timedelta = timedelta(),
    not_before: datetime | None = None,
    priority: int | None = None,
    policy: str = Policy.REPEATABLE,
    expires_at: datetime | None = None,
    **fields: Unpack[MessageFields],
) -> Message:
    """Queue a mail that the worker writes when it leaves, with the entry `composer` of `mail_composers`, from the row
    `origin_id` and `values`. Failures are reported to an address with a token of its own. One INSERT in the caller's
    transaction. Raises BadAddress, UnknownZone."""
    message = _composed(
        MailTo(to_address, origin_id, values, fields.pop("once_key", ""), fields.pop("language", "")),
        kind=kind, composer=composer, from_header=from_header, reply_to=reply_to, policy=policy,
        next_at=_first_try(delay, not_before), expires_at=expires_at or _expiry(kind, policy),
        priority=_priority(policy, priority), **fields,
    )  # fmt: skip
    row_insert(message)
    _wake_once()
    return message


@dataclass(frozen=True)
class MailTo:
    """One of many mails of a kind: to whom, about which row, and what its composer needs."""

    to_address: str
    origin_id: int
    values: JsonObject
    once_key: str = ""
    language: str = ""


def messages_queue_composed(
    *, mails: Iterable[MailTo], kind: str, composer: str, from_header: str, reply_to: str, policy: str,
    expires_at: datetime, priority: int, **fields: Unpack[MessageFields],
) -> dict[int, Message]:  # fmt: skip
    """`message_queue_composed` for many at once, in one INSERT: {origin_id: message}. Addresses that cannot be written
    to are left out."""
    messages = {}
    for mail in mails:
        with suppress(BadAddress):
            messages[mail.origin_id] = _composed(
                mail, kind=kind, composer=composer, from_header=from_header, reply_to=reply_to, policy=policy,
                next_at=timezone.now(), expires_at=expires_at, priority=Priority(priority), **fields,
            )  # fmt: skip
    Message.objects.bulk_create(messages.values())
    if messages:
        _wake_once()
    return messages


def _composed(
    mail: MailTo, *, kind: str, composer: str, from_header: str, reply_to: str, policy: str, next_at: datetime,
    expires_at: datetime | None, priority: int, **fields: Unpack[MessageFields],
) -> Message:  # fmt: skip
    """Not saved. Raises BadAddress, UnknownZone."""
    address, sender = address_check(mail.to_address), address_split(from_header, field="from_header")[1]
    zone_check(fields.get("quiet_zone", ""))
    found = lookup_hashes(address)[0]
    reports, digest = reply_address_make()
    message = Message(
        kind=kind, policy=Policy(policy), to_address=address, to_hash=found.digest,
        to_key_version=found.key_version, composer=composer, composer_values=json.dumps(mail.values),
        from_header=from_header, envelope_from=reports, reply_to=reply_to, reply_token_hash=digest,
        origin_id=str(mail.origin_id), next_at=next_at, expires_at=expires_at, to_domain=domain_key(address),
        priority=priority, once_key=mail.once_key, language=mail.language, **fields,
    )  # fmt: skip
    message.message_id = f"<{message.pk}@{sender.rpartition('@')[2]}>"
    return message


def _priority(policy: str, given: int | None) -> int:
    if given is not None:
        return Priority(given)
    return Priority.LETTER if policy == Policy.ONCE else Priority.WAITED_FOR


def _first_try(delay: timedelta, not_before: datetime | None) -> datetime:
    first = timezone.now() + delay
    return max(first, not_before) if not_before else first


def _expiry(kind: str, policy: str) -> datetime | None:
    return None if policy == Policy.ONCE else timezone.now() + LIFETIMES.get(kind, LIFETIME)


def _store(message: Message, files: list[File]) -> Message:
    with transaction.atomic():
        why = suppression_causes([message]).get(message.pk)
        if why:
            message.state, message.explanation = MessageState.SUPPRESSED, why
        try:
            with transaction.atomic():
                message.save(force_insert=True)
        except IntegrityError as error:
            raise _taken(error) from None
        MessageAttachment.objects.bulk_create(
            MessageAttachment(
                message=message,
                position=position,
                blob=Blob.objects.keep(content, content_type),
                filename=filename[:200],
                content_type=content_type,
            )
            for position, (filename, content_type, content) in enumerate(files)
        )
        if why:
            event_record(message=message, kind="suppressed", detail=why)
        else:
            _wake_once()
    return message


def _taken(error: IntegrityError) -> Exception:
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", "") or ""
    if name not in {"postbox_message_once_key", "postbox_message_address_key"}:
        return error
    taken = AlreadyQueued(_("This letter already waits for, or went to, this recipient. It is not sent again."))
    taken.key = name.removeprefix("postbox_message_")
    return taken


def _wake_once() -> None:
    """One wake-up per transaction, however many messages it makes."""
    if not any(getattr(entry[1], "wakes_postbox", False) for entry in connection.run_on_commit):

        def ring() -> None:
            wake("postbox")

        ring.wakes_postbox = True  # type: ignore[attr-defined]  # marks the call among others on the connection
        transaction.on_commit(ring)


def reply_address_make() -> tuple[str, str]:
    """(address with a 256-bit token, the token's hash). Base32: mail servers change the case of addresses."""
    token = base64.b32encode(secrets.token_bytes(32)).decode().rstrip("=").lower()
    return f"reply+{token}@{settings.POSTBOX['REPLY_DOMAIN']}", token_hash(token.lower())


def messages_cancel(*, messages: Iterable[Message], reason: str, actor: Actor) -> list[uuid.UUID]:
    """Cancel what is queued and return its ids. What a worker has is marked: it is cancelled unless its last step
    began, and never queued again."""
    reason = (reason.strip() or "no reason given")[:200]
    cancelled = []
    with transaction.atomic():
        rows = Message.objects.without_contents().filter(pk__in=[message.pk for message in messages]).order_by("pk")
        for row in rows.select_for_update():
            if row.state == MessageState.QUEUED:
                row.cancel_reason = reason
                Message.objects.filter(pk=row.pk).update(cancel_reason=reason)
                message_cancel_one(message=row, actor=actor)
                cancelled.append(row.pk)
            elif row.state in MessageState.OPEN:
                Message.objects.filter(pk=row.pk).update(cancel_reason=reason)
        if cancelled:
            audit_record(
                verb="messages.cancel", subject=row, actor=actor, cancelled=[str(pk) for pk in cancelled][:1000]
            )
    return cancelled


@transaction.atomic
def mails_erase(*, hashes: Collection[str], **_: object) -> int:
    """Receiver of `personal_data_erase`: finished mails to this address, their answers, waiting ones, and what came
    from it to other mails of ours."""
    rows = Message.objects.without_contents().filter(to_hash__in=hashes)
    still_open = _erase(rows)
    for row in rows.exclude(state__in=MessageState.OPEN):
        audit_record(verb="message.erase", subject=row)
    inbound_mails_erase(hashes=hashes)
    return still_open


@transaction.atomic
def messages_erase(*, origin: str, origin_ids: Iterable[int]) -> int:
    """Cancel and empty these rows' mails and answers. Returns the number still being sent, emptied afterwards."""
    ids = [str(pk) for pk in origin_ids]
    return _erase(Message.objects.without_contents().filter(origin=origin, origin_id__in=ids))


def _erase(rows: MessageQuerySet) -> int:
    messages_cancel(messages=list(rows.filter(state__in=MessageState.OPEN)), reason=ERASURE, actor=None)
    done = rows.exclude(state__in=MessageState.OPEN)
    MessageAttachment.objects.filter(message__in=done).delete()
    InboundMail.objects.filter(message__in=done).update(**EMPTY_MAIL)
    MessageEvent.objects.filter(message__in=done).exclude(detail="").update(detail="")
    Attempt.objects.filter(message__in=done).exclude(reply="").update(reply="")
    done.filter(state__in=MessageState.RETURNED).update(explanation=ERASED_REASON)
    done.update(**EMPTY, last_reply="")
    return rows.filter(state__in=MessageState.OPEN).count()
