"""What a signer of an earlier text answers after a material change: sign the new one, or keep out of it."""

from django.db import transaction
from django.utils import timezone

from apps.core.audit import audit_record
from apps.core.page_cache import pages_drop

from ..models import SignatureLogEntry, SignerNotice, SignOn, SignOnVersion
from ..selectors.version_replacements import TextChange, text_change
from .exceptions import SIGNER, AnswerTimeOver, TextReplaced
from .lock_order import calls_lock
from .signature_log import log_entry_add
from .signer_changes import SignatureInactive
from .webhook_events import sign_on_confirmed_record

Answer = SignerNotice.Answer


@transaction.atomic
def new_version_sign(*, sign_on: SignOn, version: int) -> SignOn:
    """Let the signature cover the version that is signed now, whose id the signer saw (`version`); it stays a signature
    to the earlier one too. Names, visibility and what moderators decided stay. Twice is once. Raises SignatureInactive,
    TextReplaced, AnswerTimeOver."""
    locked, change = _locked(sign_on, version)
    if change is None or not (change.question or change.over):
        return locked
    if change.over:
        raise AnswerTimeOver
    locked.call, locked.version, locked.confirmed_at = change.replacement.call, change.after, timezone.now()
    locked.save(update_fields=["call", "version", "confirmed_at", "updated_at"])
    SignOnVersion.objects.create(sign_on=locked, version=change.after)
    log_entry_add(sign_on=locked, act=SignatureLogEntry.Act.CONFIRM)
    sign_on_confirmed_record(locked)
    _note(change, locked, Answer.SIGNED)
    audit_record(
        verb="sign_on.sign_version",
        subject=locked,
        actor=SIGNER,
        version=change.after.number,
        sha256=change.after.sha256,
    )  # fmt: skip
    pages_drop()  # the signer looks at once, and leaves the list of the earlier text
    return locked


@transaction.atomic
def new_version_keep_out(*, sign_on: SignOn, version: int) -> SignOn:
    """Note that the signer does not sign the new text. Until the time is over they may still change their mind. Raises
    SignatureInactive, TextReplaced, AnswerTimeOver."""
    locked, change = _locked(sign_on, version)
    if change is None or not (change.question or change.over):
        return locked
    if change.over:
        raise AnswerTimeOver
    _note(change, locked, Answer.KEPT_OUT)
    audit_record(verb="sign_on.keep_out", subject=locked, actor=SIGNER, version=change.after.number)
    return locked


def _locked(sign_on: SignOn, version: int) -> tuple[SignOn, TextChange | None]:
    """Calls before signatures, as `lock_order` says."""
    calls_lock(sign_on.letter_id)
    locked = SignOn.objects.locked().filter(pk=sign_on.pk).first()
    if locked is None or not locked.stands:
        raise SignatureInactive
    change = text_change(locked)
    if change is not None and change.after.pk != version:
        raise TextReplaced
    return locked, change


def _note(change: TextChange, sign_on: SignOn, answer: str) -> None:
    SignerNotice.objects.update_or_create(
        replacement=change.replacement, sign_on=sign_on,
        defaults={"answer": answer, "answered_at": timezone.now(), "next_at": None},
    )  # fmt: skip
