"""Accepting the signatures of an import on its file: by somebody other than who imported it."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.errors import Conflict, DomainError

from ..models import CollectedSignOn, SignOnImport
from ..selectors.collected_sign_ons import acceptable_at_once
from .evidence_acceptance import ByTheImporter, OtherTextSigned, sign_on_accept_on_evidence
from .lock_order import signing_lock_shared

#: signatures accepted at once
MOST = 500


class WaitingSignaturesChanged(Conflict):
    default_message = _("Other signatures wait now. Check the number, then accept them.")


@transaction.atomic
def sign_on_import_accept(*, batch: SignOnImport, actor: User, seen: int) -> tuple[int, int]:
    """Let those signatures of an entered import count that no mail can ask, or that did not answer it; at most MOST.
    `seen` is the number that the person saw. Returns how many count, and how many cannot, each for a reason that its
    page gives. Raises ByTheImporter, OtherTextSigned, WaitingSignaturesChanged."""
    signing_lock_shared(batch.call.letter_id)
    if batch.signed_other_text:
        raise OtherTextSigned
    if CollectedSignOn.objects.filter(batch=batch, entered_by=actor).exists():
        raise ByTheImporter
    waiting = acceptable_at_once(batch)
    if waiting.count() != seen:
        raise WaitingSignaturesChanged
    accepted = left = 0
    for sign_on in waiting[:MOST]:
        try:
            sign_on_accept_on_evidence(sign_on=sign_on, actor=actor)
        except DomainError:
            left += 1
        else:
            accepted += 1
    return accepted, left
