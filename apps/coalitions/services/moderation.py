"""Decisions of moderators: accept, reject, verify authority, let a suspected form through."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.core.errors import Conflict, DomainError

from ..models import SignatureLogEntry, SignOn
from ..selectors.sign_ons import sign_on_fingerprint
from .annexes import annex_names_remove
from .calls import public_cache_clear
from .exceptions import CallClosed
from .organisations import organisation_drop_unused
from .signature_log import log_entry_add
from .signer_mails import address_lock, address_may_get_mail, mail_send
from .submission import CONFIRM_WITHIN, confirmation_send

MAX_REASON = 300


class AlreadyDecided(Conflict):
    default_message = _("Somebody was faster, or the signer changed something. Check the signature again.")


class SameStands(Conflict):
    default_message = _("Another signature of this organisation counts. Reject one of the two, then accept the other.")


class TooMuchMail(Conflict):
    default_message = _("This address has reached its limit of emails. Try again in an hour.")


@transaction.atomic
def sign_on_accept(*, sign_on: SignOn, actor: User, seen: str | None = None) -> SignOn:
    """Publish the name as its visibility allows; a held signature counts from now on. `seen` is the fingerprint of what
    the moderator saw. Raises AlreadyDecided; SameStands while the organisation's other signature counts."""
    sign_on = _locked(sign_on, seen)
    waits = sign_on.state == SignOn.State.CONFIRMED and sign_on.moderation == SignOn.Moderation.WAITING
    if not waits and sign_on.state != SignOn.State.HELD:
        raise AlreadyDecided
    sign_on.state, sign_on.moderation = SignOn.State.CONFIRMED, SignOn.Moderation.ACCEPTED
    if sign_on.kind == SignOn.Kind.PERSON:
        return _decided(sign_on, actor, "sign_on.accept", act=SignatureLogEntry.Act.ACCEPT)
    before = sign_on.organisation
    sign_on.organisation, sign_on.claimed_organisation = sign_on.claimed_organisation or before, None
    try:
        with transaction.atomic():
            decided = _decided(sign_on, actor, "sign_on.accept", act=SignatureLogEntry.Act.ACCEPT)
    except IntegrityError:
        raise SameStands from None
    if before != decided.organisation:
        organisation_drop_unused(before, keep_edited=True)
    return decided


@transaction.atomic
def sign_on_reject(*, sign_on: SignOn, actor: User, reason: str) -> SignOn:
    """Remove it from lists and counts, and email the reason. Raises AlreadyDecided, reason_missing."""
    sign_on = _locked(sign_on)
    reason = " ".join(reason.split())
    if not reason or len(reason) > MAX_REASON:
        words = _("Enter the reason, in at most %(most)s characters.") % {"most": MAX_REASON}
        raise DomainError(words, field="reason")
    if not sign_on.stands and sign_on.state != SignOn.State.SUSPECT:
        raise AlreadyDecided
    stood = sign_on.stands
    sign_on.state = SignOn.State.REJECTED
    sign_on.moderation_reason = reason
    annex_names_remove(sign_on.pk)
    decided = _decided(sign_on, actor, "sign_on.reject", act=SignatureLogEntry.Act.REJECT if stood else "")
    if stood and sign_on.email != "":
        mail_send(template="rejected", sign_on=decided, reason=reason)
    return decided


@transaction.atomic
def sign_on_verify(*, sign_on: SignOn, actor: User, seen: str | None = None) -> SignOn:
    """Say that the person may sign for the organisation. Raises AlreadyDecided."""
    sign_on = _locked(sign_on, seen)
    if sign_on.kind != SignOn.Kind.ORGANISATION or sign_on.authority_verified or not sign_on.stands:
        raise AlreadyDecided
    sign_on.authority_verified = True
    return _decided(sign_on, actor, "sign_on.verify")


@transaction.atomic
def sign_on_let_through(*, sign_on: SignOn, actor: User) -> SignOn:
    """Send a suspected form its confirmation link. Raises AlreadyDecided, CallClosed, TooMuchMail."""
    sign_on = _locked(sign_on)
    if sign_on.state != SignOn.State.SUSPECT:
        raise AlreadyDecided
    if not sign_on.call.is_open():
        raise CallClosed
    hashes = lookup_hashes(sign_on.email)
    address_lock(hashes)
    if not address_may_get_mail(hashes):
        raise TooMuchMail
    sign_on.state = SignOn.State.PENDING
    sign_on.expires_at = min(timezone.now() + CONFIRM_WITHIN, sign_on.call.closes_at)
    decided = _decided(sign_on, actor, "sign_on.let_through")
    confirmation_send(sign_on=decided)
    return decided


def _locked(sign_on: SignOn, seen: str | None = None) -> SignOn:
    locked = SignOn.objects.locked().filter(pk=sign_on.pk).first()
    if locked is None or (seen is not None and seen != sign_on_fingerprint(locked)):
        raise AlreadyDecided
    return locked


def _decided(sign_on: SignOn, actor: User, verb: str, *, act: str = "") -> SignOn:
    """Save, and record it; `act` is for the log of signatures, if it changes what counts or is shown."""
    sign_on.moderated_by = actor
    sign_on.moderated_at = timezone.now()
    sign_on.save()
    if act:
        log_entry_add(sign_on=sign_on, act=act)
    audit_record(verb=verb, subject=sign_on, actor=actor, state=sign_on.state)
    public_cache_clear(sign_on.letter_id)
    return sign_on
