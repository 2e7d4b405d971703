"""Changes that signers make: correct, withdraw, or report that it was not them."""

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audit_record
from apps.core.errors import Conflict
from apps.core.optimistic_locking import apply_changes
from apps.core.tokens import token_hash
from apps.core.types import Actor

from ..email_domains import email_matches_website
from ..models import SignatureLogEntry, SignOn, SignOnToken
from ..models.sign_on_fields import correctable, public
from .annexes import annex_names_narrow, annex_names_remove
from .confirmation import sign_on_hold_back
from .consents import consents_note, consents_withdraw
from .erasure import sign_on_erase
from .exceptions import SIGNER, LinkUnknown
from .lock_order import signing_lock_shared
from .organisations import organisation_drop_unused, organisation_matched, second_signatures_return
from .public_cache import public_cache_clear
from .signature_log import log_entry_add
from .webhook_events import sign_on_confirmed_record


class SignatureInactive(Conflict):
    default_message = _("This signature was withdrawn or rejected, so it cannot be changed.")


@transaction.atomic
def sign_on_correct(*, sign_on: SignOn, changes: dict[str, object], actor: Actor = SIGNER) -> SignOn:
    """Change what was typed. Published fields wait for a moderator again; narrower visibility also applies to frozen
    annexes. If the new name is that of an organisation that has signed and is not public, the signature is held back.
    Raises SignatureInactive, DuplicateOrganisation; KeyError for a field that cannot be changed."""
    signing_lock_shared(sign_on.letter_id)
    sign_on = sign_on_lock_active(sign_on)
    if unknown := changes.keys() - correctable(sign_on.kind):
        raise KeyError(", ".join(sorted(unknown)))
    changed = set(apply_changes(sign_on, changes))
    if not changed:
        return sign_on
    before, state = sign_on.organisation, sign_on.state
    _rename(sign_on)
    consents_note(sign_on)
    if changed & public(sign_on.kind) and sign_on.moderation != SignOn.Moderation.SUSPECT and sign_on.needs_check:
        sign_on.moderation = SignOn.Moderation.WAITING
    try:
        with transaction.atomic():
            sign_on.save()
    except IntegrityError:
        sign_on_hold_back(sign_on=sign_on, counted_as=before if state == SignOn.State.CONFIRMED else None)
    if before != sign_on.organisation:
        second_signatures_return(letter_id=sign_on.letter_id, organisation=before)
        organisation_drop_unused(before, keep_edited=True)
    if "visibility" in changed:
        annex_names_narrow(sign_on)
    log_entry_add(sign_on=sign_on, act=SignatureLogEntry.Act.CORRECT)
    if state != SignOn.State.CONFIRMED:
        sign_on_confirmed_record(sign_on)
    audit_record(
        verb="sign_on.correct", subject=sign_on, actor=actor, fields=sorted(changed), visibility=sign_on.visibility
    )
    public_cache_clear(sign_on.letter_id)
    return sign_on


@transaction.atomic
def sign_on_withdraw(*, sign_on: SignOn, actor: Actor = SIGNER) -> SignOn:
    """Remove the signature from lists and counts; reprinted annexes say "removed on request". Raises
    SignatureInactive."""
    signing_lock_shared(sign_on.letter_id)
    sign_on = sign_on_lock_active(sign_on)
    sign_on.state = SignOn.State.WITHDRAWN
    sign_on.withdrawn_at = timezone.now()
    consents_withdraw(sign_on)
    sign_on.save()
    annex_names_remove(sign_on.pk)
    log_entry_add(sign_on=sign_on, act=SignatureLogEntry.Act.WITHDRAW)
    second_signatures_return(letter_id=sign_on.letter_id, organisation=sign_on.organisation)
    audit_record(verb="sign_on.withdraw", subject=sign_on, actor=actor)
    public_cache_clear(sign_on.letter_id)
    return sign_on


@transaction.atomic
def consent_decline(*, sign_on: SignOn, consent: str, actor: Actor = SIGNER) -> int:
    """Take back this one consent, for all signatures from this address to which its mails go: those of the letter, or
    those of the campaign where the mails are about other letters. Returns how many changed."""
    same = SignOn.objects.standing().filter(campaign=sign_on.campaign_id, email_hash=sign_on.email_hash)
    if consent == "wants_answers":
        same = same.filter(letter=sign_on.letter_id)
    rows = list(same.filter(**{consent: True}).order_by("pk"))
    for row in rows:
        sign_on_correct(sign_on=row, changes={consent: False}, actor=actor)
    return len(rows)


@transaction.atomic
def sign_on_disown(*, token: str) -> None:
    """ "This was not me": delete a signature that is not confirmed, or erase one that others accepted on the evidence.
    Raises LinkUnknown."""
    rows = SignOnToken.objects.filter(token_hash=token_hash(token), purpose=SignOnToken.Purpose.CONFIRM)
    row = rows.select_related("sign_on").first()
    if row is not None:
        signing_lock_shared(row.sign_on.letter_id)
    sign_on = SignOn.objects.locked().filter(pk=row.sign_on_id).order_by().only_one() if row is not None else None
    if sign_on is None or row is None or (sign_on.state != SignOn.State.PENDING and not row.counts_unconfirmed()):
        raise LinkUnknown
    audit_record(verb="sign_on.disown", subject=sign_on, actor=SIGNER)
    sign_on_erase(sign_on=sign_on)


def sign_on_lock_active(sign_on: SignOn) -> SignOn:
    """The row, locked. Raises SignatureInactive."""
    locked = SignOn.objects.locked().filter(pk=sign_on.pk).order_by().only_one()
    if locked is None or not locked.stands:
        raise SignatureInactive
    return locked


def _rename(sign_on: SignOn) -> None:
    sign_on.derive_names()
    if sign_on.kind == SignOn.Kind.PERSON:
        return
    was = SignOn.objects.values_list("name_key", "country").get(pk=sign_on.pk)
    if was == (sign_on.name_key, sign_on.country):
        return
    sign_on.organisation, sign_on.claimed_organisation = organisation_matched(sign_on), None
    sign_on.authority_verified = email_matches_website(sign_on.email, sign_on.org_website)
    if sign_on.moderation == SignOn.Moderation.SUSPECT:
        return
    if sign_on.state == SignOn.State.HELD and not sign_on.needs_check:
        sign_on.moderation = SignOn.Moderation.ACCEPTED
    sign_on.state = SignOn.State.CONFIRMED
