"""Fetch mail from the folders of an IMAP account, as an alternative to the listener.

Each mail is stored and committed together with the cursor before it is marked or moved, so that a worker that is
killed loses none. What is read twice, as after a change of UIDVALIDITY, is recognised by its hash.
"""

import time
from datetime import timedelta
from urllib.parse import quote

import structlog
from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone

from ..inbound.envelope import MAX_RECEIVED_BYTES, envelope_read, mail_header, mail_notice
from ..models import MailboxCursor
from ..transports.imap import Mailbox, MailboxUnavailable, open_mailbox
from .advisory_locks import try_advisory_lock
from .inbound import Arrival, address_is_ours, mails_receive

log = structlog.get_logger(__name__)

FIRST_PAUSE = timedelta(seconds=20)
LONGEST_PAUSE = timedelta(minutes=15)
RETRY_UNREADABLE = timedelta(hours=1)
TOO_LARGE = (
    "This mail has {size} MB. Mail of more than {limit} MB is not fetched, so you see its headers only. "
    "The whole mail is still in the mailbox, in the folder “{folder}”."
)


def mailboxes_fetch(*, force: bool = False) -> int:
    """Store what is new in every folder of POSTBOX; returns how many mails were read. A folder that failed is left
    alone for a while, unless `force`. Failures are kept in the cursor, for /healthz."""
    box = settings.POSTBOX
    folders: list[str] = box["IMAP_FOLDERS"] if box["IMAP_HOST"] else []
    return sum(_fetch(folder, force) for folder in folders)


def mailbox_name(folder: str) -> str:
    """The folder's URL (RFC 5092), which names its cursor: another account begins at its first mail."""
    box = settings.POSTBOX
    return f"imap://{quote(box['IMAP_USERNAME'], safe='')}@{box['IMAP_HOST']}/{quote(folder, safe='')}"[:400]


def _fetch(folder: str, force: bool) -> int:
    name = mailbox_name(folder)
    with try_advisory_lock(name) as alone:
        if not alone:
            return 0
        cursor, _made = MailboxCursor.objects.get_or_create(mailbox=name, defaults={"folder": folder})
        if not force and cursor.next_at and cursor.next_at > timezone.now():
            return 0
        try:
            with open_mailbox(folder) as mailbox:
                stored = _store_new(cursor, mailbox)
        except MailboxUnavailable as error:
            _record_failure(cursor, str(error))
            return 0
        MailboxCursor.objects.filter(pk=cursor.pk).update(failures=0, next_at=None, problem="")
        return stored


def _record_failure(cursor: MailboxCursor, problem: str) -> None:
    pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(cursor.failures, 10))
    log.warning("mailbox_not_read", folder=cursor.folder, problem=problem, failures=cursor.failures + 1)
    MailboxCursor.objects.filter(pk=cursor.pk).update(
        failures=min(cursor.failures + 1, 1000), next_at=timezone.now() + pause, problem=problem[:600]
    )


def _store_new(cursor: MailboxCursor, mailbox: Mailbox) -> int:
    ends, done_folder = time.monotonic() + settings.POSTBOX["IMAP_RUN"], settings.POSTBOX["IMAP_DONE_FOLDER"]
    if cursor.uid_validity != mailbox.uid_validity:
        if cursor.uid_validity:
            log.warning("mailbox_uids_changed", folder=cursor.folder)
        cursor.uid_validity, cursor.last_uid, cursor.unreadable_uids = mailbox.uid_validity, 0, []
        cursor.save(update_fields=["uid_validity", "last_uid", "unreadable_uids"])
    _finish_stored(cursor, mailbox, done_folder)
    stored = 0
    for uid in [*_retries(cursor), *mailbox.uids(cursor.last_uid + 1)]:
        if time.monotonic() > ends:
            return stored
        if _store(cursor, mailbox, uid):
            mailbox.finish([uid], done_folder)
            stored += 1
    MailboxCursor.objects.filter(pk=cursor.pk).update(read_at=timezone.now())
    return stored


def _finish_stored(cursor: MailboxCursor, mailbox: Mailbox, done_folder: str) -> None:
    """What a worker that was killed has stored, and neither marked nor moved."""
    if cursor.last_uid:
        found = mailbox.uids(1, cursor.last_uid) if done_folder else mailbox.unseen_uids(cursor.last_uid)
        mailbox.finish([uid for uid in found if uid not in cursor.unreadable_uids], done_folder)


def _retries(cursor: MailboxCursor) -> list[int]:
    now = timezone.now()
    if not cursor.unreadable_uids or (cursor.retried_at and cursor.retried_at > now - RETRY_UNREADABLE):
        return []
    MailboxCursor.objects.filter(pk=cursor.pk).update(retried_at=now)
    return list(cursor.unreadable_uids)


def _store(cursor: MailboxCursor, mailbox: Mailbox, uid: int) -> bool:
    """One mail and the cursor in one transaction. A mail that cannot be stored must not hold back those behind it: its
    UID is kept. False for such a mail, and for one that has gone."""
    arrivals = _arrivals(cursor.folder, mailbox, uid)
    unreadable = set(cursor.unreadable_uids) - {uid}
    try:
        with transaction.atomic():
            mails_receive(arrivals=arrivals, sink=False)
            _advance(cursor, uid, unreadable)
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        log.exception("mail_not_stored", folder=cursor.folder, uid=uid)
        _advance(cursor, uid, unreadable | {uid})
        return False
    return bool(arrivals)


def _advance(cursor: MailboxCursor, uid: int, unreadable: set[int]) -> None:
    last, left = max(cursor.last_uid, uid), sorted(unreadable)
    MailboxCursor.objects.filter(pk=cursor.pk).update(last_uid=last, unreadable_uids=left)
    cursor.last_uid, cursor.unreadable_uids = last, left


def _arrivals(folder: str, mailbox: Mailbox, uid: int) -> list[Arrival]:
    """The mail for each of our addresses; none where it has gone."""
    size = mailbox.size(uid)
    if size is None:
        return []
    raw = mailbox.raw(uid) if size <= MAX_RECEIVED_BYTES else b""
    if len(raw) > MAX_RECEIVED_BYTES or not raw:
        header = mail_header(mailbox.header(uid))
        megabytes = {"size": max(size, len(raw)) // 2**20 + 1, "limit": MAX_RECEIVED_BYTES // 2**20}
        raw = mail_notice(header, TOO_LARGE.format(**megabytes, folder=folder))
        log.warning("mail_too_large", folder=folder, uid=uid, **megabytes)
    else:
        header = mail_header(raw)
    sender, recipients = envelope_read(header, address_is_ours)
    return [Arrival(sender, recipient, raw) for recipient in recipients]
