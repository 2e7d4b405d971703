"""What the virus scanner said of the files of a mail."""

from django.conf import settings

from ..models import FileScan, InboundMail


def file_scans(mail: InboundMail) -> dict[int, str] | None:
    """Number of the file → result; None where no scanner is configured and none was."""
    found = {scan.number: scan.result for scan in FileScan.objects.filter(mail=mail)}
    return found if found or settings.POSTBOX["CLAMD"] else None


def unscanned_files_wait() -> bool:
    """Whether a file is handed out only once a scanner has seen it."""
    return bool(settings.POSTBOX["CLAMD"]) and not settings.POSTBOX["CLAMD_OPTIONAL"]


def mail_is_infected(mail: InboundMail, number: int | None = None) -> bool:
    """Whether a virus was found in this file, or without a number in any of the mail's."""
    found = FileScan.objects.filter(mail=mail, result=FileScan.Result.INFECTED)
    return (found if number is None else found.filter(number=number)).exists()
