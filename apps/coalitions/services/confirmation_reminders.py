"""Reminding signers by mail, once, of a form that they have not confirmed."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.postbox.models import Suppression

from ..models import SignOn, SignOnToken
from ..models.sign_ons import TO_REMIND
from ..selectors.mailed_tokens import own_signature
from ..selectors.returned_mail import returned_mail
from .signer_mails import address_lock, address_may_get_mail, mail_send, token_issue

REMIND_AFTER = timedelta(days=2)


def confirmations_remind(*, now: datetime | None = None) -> int:
    """Mail those who got a link REMIND_AFTER ago and have not used it another one; both work. Nobody is reminded whose
    mail came back, whose address gets none or has had its share, or of a form that was filled in again; nor of what the
    team entered. Idempotent. Returns how many were mailed."""
    now = now or timezone.now()
    due = SignOn.objects.filter(TO_REMIND, created_at__lte=now - REMIND_AFTER, expires_at__gt=now)
    due = due.filter(call__closed_at=None, call__closes_at__gt=now, collected=None)
    return sum(_remind(pk, now) for pk in due.order_by("created_at").values_list("pk", flat=True))


@transaction.atomic
def _remind(pk: int, now: datetime) -> bool:
    sign_on = SignOn.objects.filter(TO_REMIND).locked().filter(pk=pk).first()
    if sign_on is None or not sign_on.call.is_open(now) or not sign_on.call.is_open_to(sign_on.kind):
        return False
    hashes = lookup_hashes(sign_on.email)
    address_lock(hashes)
    if not _is_useful(sign_on, now) or not address_may_get_mail(hashes):
        return False
    if Suppression.objects.filter(address_hash__in=[each.digest for each in hashes]).exists():
        return False
    sign_on.reminded_at = now
    sign_on.save(update_fields=["reminded_at", "updated_at"])
    token = token_issue(sign_on=sign_on, purpose=SignOnToken.Purpose.CONFIRM, expires_at=sign_on.expires_at)
    mail_send(template="confirm_reminder", sign_on=sign_on, token=token)
    audit_record(verb="sign_on.remind", subject=sign_on, actor=None)
    return True


def _is_useful(sign_on: SignOn, now: datetime) -> bool:
    """Whether its link is old enough, the mail with it did not come back, and the signer neither filled in the form
    again nor has signed."""
    links = sign_on.tokens.filter(purpose=SignOnToken.Purpose.CONFIRM)
    if not links.exists() or links.filter(created_at__gt=now - REMIND_AFTER).exists() or returned_mail([sign_on]):
        return False
    again = SignOn.objects.filter(letter_id=sign_on.letter_id, state=SignOn.State.PENDING).of_signer(sign_on)
    again = again.filter(Q(created_at__gt=sign_on.created_at) | Q(reminded_at__isnull=False))
    return not again.exists() and own_signature(sign_on) is None
