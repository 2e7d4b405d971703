"""Have ClamAV look at the files of mail that came in, where it is configured."""

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from ..inbound.parsing import parse_mail
from ..models import FileScan, InboundMail
from ..transports.clamd import FileTooLarge, ScannerUnavailable, scan_bytes

log = structlog.get_logger(__name__)

PER_RUN = 50
MAX_FAILURES = 3


def mails_scan() -> int:
    """Scan mail that was not scanned, newest first; returns how many. Ends where the scanner fails again and again: one
    mail that it cannot take does not hold back the others."""
    scanned = failures = 0
    waiting = InboundMail.objects.filter(scanned_at=None).order_by("-pk").only("pk")[:PER_RUN]
    for mail in waiting if settings.POSTBOX["CLAMD"] else ():
        if mail_scan(mail=mail):
            scanned += 1
            continue
        failures += 1
        if failures >= MAX_FAILURES:
            break
    return scanned


def mail_scan(*, mail: InboundMail) -> bool:
    """Scan the files of one mail, once. False where there is no scanner, or it does not answer."""
    if not settings.POSTBOX["CLAMD"]:
        return False
    if mail.scanned_at is not None:
        return True
    try:
        found = [_scan(mail, number, file.content) for number, file in enumerate(parse_mail(bytes(mail.raw)).files, 1)]
    except ScannerUnavailable as error:
        log.warning("scanner_away", mail=mail.pk, reason=str(error))
        return False
    with transaction.atomic():
        FileScan.objects.bulk_create(found, ignore_conflicts=True)
        mail.scanned_at = timezone.now()
        mail.save(update_fields=["scanned_at"])
    return True


def _scan(mail: InboundMail, number: int, content: bytes) -> FileScan:
    try:
        name = scan_bytes(content)
    except FileTooLarge:
        return FileScan(mail=mail, number=number, result=FileScan.Result.TOO_LARGE)
    if name:
        log.warning("virus_found", mail=mail.pk, file=number, signature=name)
        return FileScan(mail=mail, number=number, result=FileScan.Result.INFECTED, signature=name)
    return FileScan(mail=mail, number=number, result=FileScan.Result.CLEAN)
