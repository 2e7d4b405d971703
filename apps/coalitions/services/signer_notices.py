"""Telling signers by mail that the text was corrected or changed, and reminding those who have not answered, once."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.core.errors import Conflict
from apps.core.wakeups import wake
from apps.postbox.models import Message, MessageState

from ..models import SignerNotice, VersionReplacement
from ..selectors.version_replacements import may_answer, silent
from .signer_mails import MAIL_ORIGIN, address_may_get_mail, addresses_lock, mail_send, manage_token_issue

#: notices in one transaction, and mails to signers that may wait in the postbox: sign-in codes wait behind them
BATCH, MOST_WAITING = 50, 1000
#: when an address has had its share of mails
LATER = timedelta(hours=1)


class RemindedAlready(Conflict):
    default_message = _("They were reminded already. Nobody is reminded twice.")


class NobodyToRemind(Conflict):
    default_message = _("Nobody is left to remind: all have answered, or the time to answer is over.")


def notices_send() -> int:
    """Queue the mails that are due, as long as few wait in the postbox. Each batch is a transaction of its own: killed
    half-way, the rest stays due. Returns how many were queued."""
    waiting = Message.objects.filter(origin=MAIL_ORIGIN, state=MessageState.QUEUED).count()
    total = 0
    for _batch in range(MOST_WAITING // BATCH):
        done, sent = _batch_send() if waiting + total < MOST_WAITING else (0, 0)
        total += sent
        if not done:
            break
    return total


@transaction.atomic
def _batch_send() -> tuple[int, int]:
    """How many notices were looked at, and how many mails were queued."""
    due = SignerNotice.objects.filter(next_at__lte=timezone.now()).order_by("next_at", "id")
    emails = dict(due.values_list("pk", "sign_on__email")[:BATCH])
    addresses_lock(lookup_hashes(email)[0].digest for email in emails.values() if email)
    rows = due.select_for_update(no_key=True, skip_locked=True, of=("self", "sign_on"))  # who is locked stays due
    found = rows.select_related("replacement__call", "sign_on__campaign", "sign_on__call").filter(pk__in=emails)
    return len(emails), sum(_send(notice) for notice in found if notice.sign_on.email == emails[notice.pk])


def _send(notice: SignerNotice) -> bool:
    sign_on, replacement, now = notice.sign_on, notice.replacement, timezone.now()
    unanswered = replacement.is_correction or (not notice.answer and may_answer(replacement))
    if not sign_on.stands or not sign_on.email or not unanswered:
        notice.next_at = None
        notice.save(update_fields=["next_at"])
        return False
    if not address_may_get_mail(lookup_hashes(sign_on.email)):
        notice.next_at = now + LATER
        notice.save(update_fields=["next_at"])
        return False
    template = "text_corrected" if replacement.is_correction else "text_changed"
    again = "again" if notice.mailed_at is not None else ""
    mail_send(
        template=template, sign_on=sign_on, token=manage_token_issue(sign_on=sign_on), again=again,
        replacement=str(replacement.pk),
    )  # fmt: skip
    notice.next_at = None
    if again:
        notice.reminded_at = now
    else:
        notice.mailed_at = now
    notice.save(update_fields=["next_at", "mailed_at", "reminded_at"])
    return True


@transaction.atomic
def silent_remind(*, replacement: VersionReplacement, actor: User) -> int:
    """Queue one reminder to each signer who was asked about a material change and has not answered. Returns how many.
    Raises RemindedAlready, NobodyToRemind."""
    locked = VersionReplacement.objects.select_for_update(of=("self",)).select_related("call").get(pk=replacement.pk)
    if locked.reminded_at is not None:
        raise RemindedAlready
    agreed = locked.state == VersionReplacement.State.AGREED and not locked.is_correction
    rows = SignerNotice.objects.filter(replacement=locked, sign_on__in=silent(locked).values("id"), next_at=None)
    reminded = rows.update(next_at=timezone.now()) if agreed and may_answer(locked) else 0
    if not reminded:
        raise NobodyToRemind
    locked.reminded_at = timezone.now()
    locked.save(update_fields=["reminded_at"])
    audit_record(verb="version_replacement.remind", subject=locked, actor=actor, told=reminded)
    wake("signer_notices")
    return reminded
