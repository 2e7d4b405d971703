"""What invited organisations do with their link. Opening it changes nothing."""

from django.db import transaction
from django.utils import timezone

from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.core.tokens import token_hash

from ..models import Invitation, InvitationRefusal, SignOn
from .exceptions import SIGNER, LinkUnknown


@transaction.atomic
def invitation_start(*, token: str, sign_on: SignOn | None = None) -> Invitation:
    """Note that the form was sent with the link, and the signature that it made. Raises LinkUnknown."""
    invitation = _locked(token)
    if invitation.started_at is None:
        audit_record(verb="invitation.start", subject=invitation, actor=SIGNER)
    invitation.started_at = timezone.now()
    invitation.sign_on = sign_on or invitation.sign_on
    invitation.save(update_fields=["started_at", "sign_on", "updated_at"])
    return invitation


@transaction.atomic
def invitation_decline(*, token: str, stop: bool = False, reason: str = "", note: str = "") -> Invitation:
    """The organisation will not sign, perhaps for a reason and with a note that the team reads; with `stop`, its
    address gets no more invitations either. Pressed twice, it is noted once. Raises LinkUnknown."""
    invitation = _locked(token)
    if invitation.declined_at is None:
        invitation.declined_at = timezone.now()
        invitation.decline_reason, invitation.decline_note = reason, note
        invitation.save(update_fields=["declined_at", "decline_reason", "decline_note", "updated_at"])
        audit_record(verb="invitation.decline", subject=invitation, actor=SIGNER)
    if stop:
        _refuse(invitation)
    return invitation


@transaction.atomic
def invitation_stop(*, token: str) -> Invitation:
    """Send no more invitations or reminders of this campaign to the invited address. Raises LinkUnknown."""
    invitation = _locked(token)
    _refuse(invitation)
    return invitation


def _refuse(invitation: Invitation) -> None:
    """A row for each key, as addresses may have been hashed with an older one."""
    for each in lookup_hashes(invitation.email):
        _row, is_new = InvitationRefusal.objects.get_or_create(campaign=invitation.campaign, email_hash=each.digest)
    if is_new:
        audit_record(verb="invitation.stop", subject=invitation, actor=SIGNER)


def _locked(token: str) -> Invitation:
    rows = Invitation.objects.select_for_update(of=("self",)).select_related("campaign", "call")
    invitation = rows.filter(tokens__token_hash=token_hash(token)).first()
    if invitation is None:
        raise LinkUnknown
    return invitation
