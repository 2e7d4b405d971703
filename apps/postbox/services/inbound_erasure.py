"""Erase what came from a person's address, whichever of our mails it was filed with."""

from collections.abc import Collection
from contextlib import suppress
from email.utils import parseaddr

from django.db import transaction
from django.db.models import ProtectedError

from apps.core.audit import audit_record
from apps.core.encryption import UnreadableValue, lookup_hashes

from ..models import InboundMail

EMPTY_MAIL = {"raw": b"", "sender": "", "subject": "", "text": "", "evidence": "", "envelope_to": "", "fingerprint": ""}


def inbound_mails_erase(*, hashes: Collection[str]) -> int:
    """Empty mail whose sender has one of these hashes, in the caller's transaction, and delete it where nobody has
    filed it. Returns how many.

    The sender is kept encrypted only, so each is decrypted: a hash beside it would have to be made for mail from
    millions of spammers, and this takes a second for tens of thousands of mails."""
    found = [pk for pk, sender in _senders() if not _hashes(sender).isdisjoint(hashes)]
    rows = InboundMail.objects.filter(pk__in=found)
    rows.update(**EMPTY_MAIL)
    for mail in rows.only("pk"):
        audit_record(verb="inbound.erase", subject=mail)
    for mail in rows.filter(message=None).only("pk"):
        with suppress(ProtectedError), transaction.atomic():
            mail.delete()
    return len(found)


def _senders() -> list[tuple[int, str]]:
    found = []
    for mail in InboundMail.objects.only("sender").order_by().iterator():
        with suppress(UnreadableValue):
            found.append((mail.pk, parseaddr(mail.sender)[1]))
    return found


def _hashes(address: str) -> set[str]:
    return {found.digest for found in lookup_hashes(address)} if address else set()
