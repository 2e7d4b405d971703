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


def mail_scan(*, mail: InboundMail, number: int | None = None) -> bool:
    """Scan the files of one mail, or the one with this `number`, each once. False where there is no scanner, or it does
    not answer; what it said of files before that is kept."""
    if not settings.POSTBOX["CLAMD"]:
        return False
    if mail.scanned_at is not None:
        return True
    files = dict(enumerate(parse_mail(bytes(mail.raw)).files, 1))
    known = set(mail.scans.values_list("number", flat=True))
    wanted = [each for each in files if each not in known and number in {None, each}]
    found: list[FileScan] = []
    try:
        for each in wanted:
            found.append(_scan(mail, each, files[each].content))
    except ScannerUnavailable as error:
        log.warning("scanner_away", mail=mail.pk, reason=str(error))
    _keep(mail, found, all_scanned=len(known) + len(found) == len(files))
    return len(found) == len(wanted)


@transaction.atomic
def _keep(mail: InboundMail, found: list[FileScan], *, all_scanned: bool) -> None:
    FileScan.objects.bulk_create(found, ignore_conflicts=True)
    if all_scanned:
        mail.scanned_at = timezone.now()
        mail.save(update_fields=["scanned_at"])


def _scan(mail: InboundMail, number: int, content: bytes) -> FileScan:
    try:
        name = scan_bytes(content)
    except FileTooLarge:
        return FileScan(mail=mail, number=number, result=FileScan.Result.TOO_LARGE)
    if name:
        log.warning("virus_found", mail=mail.pk, file=number, signature=name)
        return FileScan(mail=mail, number=number, result=FileScan.Result.INFECTED, signature=name)
    return FileScan(mail=mail, number=number, result=FileScan.Result.CLEAN)
