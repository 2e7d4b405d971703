"""What a signer of an earlier text answers after a material change: sign the new one, or keep out of it."""

from django.db import transaction
from django.utils import timezone

from apps.core.audit import audit_record
from apps.core.page_cache import pages_drop

from ..models import SignatureLogEntry, SignerNotice, SignOn, SignOnVersion
from ..selectors.version_replacements import TextNews, text_news
from .exceptions import SIGNER, AnswerOver, TextReplaced
from .lock_order import calls_lock
from .signature_log import log_entry_add
from .signer_changes import SignatureInactive
from .webhook_events import sign_on_confirmed_record

Answer = SignerNotice.Answer


@transaction.atomic
def new_version_sign(*, sign_on: SignOn, version: int) -> SignOn:
    """Let the signature cover the version that is signed now, whose id the signer saw (`version`); it stays a signature
    to the earlier one too. Names, visibility and what moderators decided stay. Twice is once. Raises SignatureInactive,
    TextReplaced, AnswerOver."""
    locked, news = _locked(sign_on, version)
    if news is None or not (news.question or news.over):
        return locked
    if news.over:
        raise AnswerOver
    locked.call, locked.version, locked.confirmed_at = news.replacement.call, news.after, timezone.now()
    locked.save(update_fields=["call", "version", "confirmed_at", "updated_at"])
    SignOnVersion.objects.create(sign_on=locked, version=news.after)
    log_entry_add(sign_on=locked, act=SignatureLogEntry.Act.CONFIRM)
    sign_on_confirmed_record(locked)
    _note(news, locked, Answer.SIGNED)
    audit_record(
        verb="sign_on.sign_version", subject=locked, actor=SIGNER, version=news.after.number, sha256=news.after.sha256
    )
    pages_drop()  # the signer looks at once, and leaves the list of the earlier text
    return locked


@transaction.atomic
def new_version_keep_out(*, sign_on: SignOn, version: int) -> SignOn:
    """Note that the signer does not sign the new text. Until the time is over they may still change their mind. Raises
    SignatureInactive, TextReplaced, AnswerOver."""
    locked, news = _locked(sign_on, version)
    if news is None or not (news.question or news.over):
        return locked
    if news.over:
        raise AnswerOver
    _note(news, locked, Answer.KEPT_OUT)
    audit_record(verb="sign_on.keep_out", subject=locked, actor=SIGNER, version=news.after.number)
    return locked


def _locked(sign_on: SignOn, version: int) -> tuple[SignOn, TextNews | None]:
    """Calls before signatures, as `lock_order` says."""
    calls_lock(sign_on.letter_id)
    locked = SignOn.objects.locked().filter(pk=sign_on.pk).first()
    if locked is None or not locked.stands:
        raise SignatureInactive
    news = text_news(locked)
    if news is not None and news.after.pk != version:
        raise TextReplaced
    return locked, news


def _note(news: TextNews, sign_on: SignOn, answer: str) -> None:
    SignerNotice.objects.update_or_create(
        replacement=news.replacement, sign_on=sign_on,
        defaults={"answer": answer, "answered_at": timezone.now(), "next_at": None},
    )  # fmt: skip
