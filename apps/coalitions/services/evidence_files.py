"""Files that show who signed: checked and stored encrypted, deleted with the personal data on them."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from email import message_from_bytes
from pathlib import PurePath

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.errors import DomainError
from apps.core.text import clean_line

from ..models import CollectedSignOn, CollectionChannel, EvidenceFile, SignOnImport, WithdrawalRequest

MAX_BYTES = 10 * 2**20
MAX_NOTE = 1000
#: ending → how such a file begins
STARTS = {
    ".pdf": (b"%PDF-",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".xlsx": (b"PK\x03\x04",),
}
TEXTS = {".eml", ".csv", ".txt"}


class NotEvidence(DomainError):
    """The file is of another type than its name says, of none that is taken, or too large."""


@dataclass(frozen=True)
class Source:
    """How signatures came: what shows them, and what the person who enters them noted."""

    came_by: str
    given_on: date
    note: str = ""
    file_name: str = ""
    content: bytes = b""


def source_check(source: Source) -> None:
    """Raises DomainError where nothing shows it, the day is to come, or the file is none of those that are taken."""
    if source.came_by not in CollectionChannel:
        raise DomainError(_("Choose how it came."), field="came_by")
    if source.given_on > timezone.localdate():
        raise DomainError(_("This day is in the future. Enter the day on which it was signed."), field="given_on")
    if not source.content and not source.note:
        message = _("Add a file, or note what shows it, such as “message of 3 May from …”.")
        raise DomainError(message, field="note")
    if source.content or source.file_name:
        evidence_check(source.file_name, source.content)


def evidence_store(*, campaign: Campaign, actor: User, source: Source) -> EvidenceFile | None:
    """The file as a row; None if there is none. In the caller's transaction, after `source_check`."""
    if not source.content:
        return None
    name = clean_line(PurePath(source.file_name.replace("\\", "/")).name)[-200:]
    return EvidenceFile.objects.create(campaign=campaign, name=name, content=source.content, uploaded_by=actor)


def evidence_erase(*, sign_on_ids: Collection[int], shared: bool) -> None:
    """Delete what shows these signatures: notes and files. `shared`: also files that show others as well, because a
    sheet cannot forget one of its lines. In the caller's transaction."""
    files: set[int] = set()
    for model in (CollectedSignOn, WithdrawalRequest):
        rows = model._default_manager.filter(sign_on__in=sign_on_ids)
        files |= set(rows.exclude(evidence=None).values_list("evidence", flat=True))
        rows.update(note="", evidence=None)
    CollectedSignOn.objects.filter(sign_on__in=sign_on_ids).update(mail_due_at=None)
    if shared:
        EvidenceFile.objects.filter(pk__in=files).delete()
    else:
        evidence_drop_unused(files)


def evidence_drop_unused(ids: Iterable[int | None]) -> None:
    """Delete those of the files that nothing refers to. In the caller's transaction."""
    files = {pk for pk in ids if pk is not None}
    for model in (CollectedSignOn, WithdrawalRequest, SignOnImport):
        files -= set(model._default_manager.filter(evidence__in=files).values_list("evidence", flat=True))
    EvidenceFile.objects.filter(pk__in=files).delete()


def evidence_check(name: str, content: bytes) -> None:
    """Raises NotEvidence where the file is of none of the types that are taken, too large, or damaged."""
    ending = PurePath(name).suffix.lower()
    if len(content) > MAX_BYTES:
        message = _("The file has more than %(most)s MB. Scan it with a lower resolution, or divide it.")
        raise NotEvidence(message % {"most": MAX_BYTES // 2**20}, field="evidence")
    if ending not in STARTS and ending not in TEXTS:
        raise NotEvidence(_("Choose a PDF, JPEG, PNG, EML, XLSX, CSV or TXT file."), field="evidence")
    if not content or not _is_what_it_says(ending, content):
        message = _("This is not a %(ending)s file, or it is damaged. Open it, save it again, then choose it.")
        raise NotEvidence(message % {"ending": ending.removeprefix(".").upper()}, field="evidence")


def _is_what_it_says(ending: str, content: bytes) -> bool:
    if ending in STARTS:
        return content.startswith(STARTS[ending])
    if ending == ".eml":
        message = message_from_bytes(content[:200_000])
        return bool(message["From"] and (message["Date"] or message["Subject"] or message["To"]))
    return b"\x00" not in content[:100_000] or content.startswith((b"\xff\xfe", b"\xfe\xff"))
