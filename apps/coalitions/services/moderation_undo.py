"""Taking a moderator's decision back."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict

from ..models import ModerationDecision, Organisation, SignatureLogEntry, SignerQuestion, SignOn
from ..selectors.annexes import list_of_signature
from ..selectors.calls import letter_departure
from .annexes import annex_names_restore
from .moderation import AlreadyDecided, OrganisationCounted, decided_values
from .public_cache import public_cache_clear
from .signature_log import log_entry_add
from .signer_mails import mails_call_back

Verb = ModerationDecision.Verb


class SentSinceDecision(Conflict):
    default_message = _(
        "A letter was sent with this name on its list, so the decision cannot be undone. To take the name off what "
        "is printed "
        "later, reject the signature."
    )


class RecordGone(Conflict):
    default_message = _("The organisation as which it was counted is no longer there, so this cannot be undone.")


@transaction.atomic
def decision_undo(*, decision: ModerationDecision, actor: User) -> bool:
    """Restore what the signature was before the decision, and call its mail back. Returns whether a mail had left
    already. Raises AlreadyDecided if somebody has decided or changed it since, OrganisationCounted, SentSinceDecision,
    RecordGone."""
    sign_on = SignOn.objects.locked().filter(pk=decision.sign_on_id).order_by().only_one()
    decision = ModerationDecision.objects.select_for_update().get(pk=decision.pk)
    if sign_on is None or decision.undone_at is not None or decided_values(sign_on) != decision.after:
        raise AlreadyDecided
    if decision.verb == Verb.ACCEPT:
        departure = letter_departure(sign_on.current_version)
        if departure is not None and departure.at >= decision.at and list_of_signature(sign_on, departure.annex_id):
            raise SentSinceDecision
    _restore(sign_on, decision.before)
    if decision.verb == Verb.REJECT:
        annex_names_restore(sign_on)
    mailed = _mail_call_back(decision)
    if decision.verb == Verb.ASK and not mailed:
        newest = SignerQuestion.objects.filter(sign_on=sign_on, answered_at=None).first()
        if newest is not None:
            newest.delete()
    decision.undone_at = timezone.now()
    decision.save(update_fields=["undone_at", "mail_id"])
    if sign_on.confirmed_at is not None and decision.verb not in {Verb.ASK, Verb.VERIFY}:
        log_entry_add(sign_on=sign_on, act=SignatureLogEntry.Act.MODERATE)
    audit_record(verb="sign_on.undo", subject=sign_on, actor=actor, decision=decision.verb, state=sign_on.state)
    public_cache_clear(sign_on.letter_id)
    return mailed or decision.verb == Verb.LET_THROUGH


def _restore(sign_on: SignOn, before: dict[str, Any]) -> None:
    wanted = {before["organisation_id"], before["claimed_organisation_id"]} - {None}
    if Organisation.objects.filter(pk__in=wanted).count() != len(wanted):
        raise RecordGone
    for name, value in before.items():
        setattr(sign_on, name, value)
    sign_on.moderation_reason = ""
    sign_on.moderated_at = timezone.now() if sign_on.moderated_by_id else None
    try:
        with transaction.atomic():
            sign_on.save(update_fields=[*before, "moderation_reason", "moderated_at", "updated_at"])
    except IntegrityError:
        raise OrganisationCounted from None


def _mail_call_back(decision: ModerationDecision) -> bool:
    """Cancel the mail. Returns whether it is too late; then the decision keeps its id, so that it is not sent twice."""
    ids = [decision.mail_id] if decision.mail_id is not None else []
    if mails_call_back(ids=ids, reason="The decision was taken back."):
        decision.mail_id = None
    return decision.mail_id is not None
