"""What a second person does with signatures that the team entered: accept on the evidence, withdraw or erase on
request."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict, NotAllowed
from apps.core.wakeups import wake

from ..models import SignatureLogEntry, SignerNotice, SignOn, SignOnVersion, WithdrawalRequest
from ..selectors.collected_sign_ons import mail_unanswered
from ..selectors.sign_ons import sign_on_fingerprint
from ..selectors.version_replacements import agreed_replacements, may_answer
from .confirmation import sign_on_count, signer_earlier
from .erasure import sign_on_erase
from .evidence_files import Source, evidence_store, source_check
from .moderation import AlreadyDecided, OwnSignature, own_address
from .public_cache import public_cache_clear
from .signature_log import log_entry_add
from .signer_changes import sign_on_withdraw
from .signer_mails import MAIL_ORIGIN
from .webhook_events import sign_on_confirmed_record


class ByTheImporter(NotAllowed):
    default_message = _("You entered this signature. Somebody else looks at the evidence and accepts it.")


class NoEvidence(Conflict):
    default_message = _("The evidence of this signature is gone. Enter it again with the file or a note.")


class OtherTextSigned(NotAllowed):
    default_message = _(
        "This person signed another text, elsewhere. Only they can sign this one, by the link in the email."
    )


class MailNotAnswered(Conflict):
    default_message = _(
        "An email asks the signer to confirm. You can accept the signature on the evidence once that email has come "
        "back, or has had no answer for three days."
    )


@transaction.atomic
def sign_on_accept_on_evidence(*, sign_on: SignOn, actor: User, seen: str | None = None) -> SignOn:
    """Let a signature count that nobody confirmed by mail, because the evidence shows it. `seen` is the fingerprint of
    what the person saw. It is held, as a confirmed one would be, if its organisation signed already with a hidden name.
    Raises ByTheImporter, OwnSignature, OtherTextSigned, NoEvidence, MailNotAnswered, AlreadyDecided,
    DuplicateOrganisation, DuplicatePerson."""
    locked = SignOn.objects.locked().filter(pk=sign_on.pk).first()
    collected = locked.collected.select_for_update().first() if locked is not None else None
    if locked is None or collected is None or locked.state != SignOn.State.PENDING:
        raise AlreadyDecided
    sign_on = locked
    if actor.pk == collected.entered_by_id:
        raise ByTheImporter
    if own_address(sign_on, actor):
        raise OwnSignature
    if collected.batch is not None and collected.batch.signed_other_text:
        raise OtherTextSigned
    if seen not in {None, sign_on_fingerprint(sign_on)}:
        raise AlreadyDecided
    if collected.evidence_id is None and not collected.note:
        raise NoEvidence
    if not mail_unanswered(collected, MAIL_ORIGIN):
        raise MailNotAnswered
    collected.accepted_by, collected.accepted_at, collected.mail_due_at = actor, timezone.now(), None
    collected.save(update_fields=["accepted_by", "accepted_at", "mail_due_at"])
    earlier = signer_earlier(sign_on)
    if earlier is not None and earlier.covers.filter(version=sign_on.call.version_id).exists():
        raise AlreadyDecided  # the signer has signed the later text meanwhile
    counted = sign_on_count(sign_on, earlier)
    if counted.state == SignOn.State.CONFIRMED:
        counted.moderation, counted.moderated_by = SignOn.Moderation.ACCEPTED, actor
        counted.moderated_at = timezone.now()
        counted.save(update_fields=["moderation", "moderated_by", "moderated_at", "updated_at"])
    _replacements_follow(counted)
    log_entry_add(sign_on=counted, act=SignatureLogEntry.Act.CONFIRM)
    sign_on_confirmed_record(counted)
    audit_record(
        verb="sign_on.accept_on_evidence", subject=counted, actor=actor, came_by=collected.came_by,
        version=counted.version.number, sha256=counted.version.sha256, visibility=counted.visibility,
    )  # fmt: skip
    public_cache_clear(counted.letter_id)
    return counted


def _replacements_follow(sign_on: SignOn) -> None:
    """Let it cover the version that was signed, and do what replacements since then did to the signatures to it: a
    correction carries it over, a material change asks its signer, where there is an address."""
    covered = [sign_on.version_id]
    for change in agreed_replacements(sign_on.call).order_by("id"):
        if change.before_id not in covered:
            continue
        if change.is_correction:
            covered.append(change.after_id)
        elif sign_on.email and may_answer(change):
            SignerNotice.objects.get_or_create(
                replacement=change, sign_on=sign_on, defaults={"next_at": timezone.now()}
            )
            wake("signer_notices")
    SignOnVersion.objects.bulk_create(
        [SignOnVersion(sign_on=sign_on, version_id=version) for version in covered], ignore_conflicts=True
    )


@transaction.atomic
def sign_on_leave_on_request(*, sign_on: SignOn, source: Source, actor: User, erase: bool) -> None:
    """Withdraw a signature because its signer asked for it, by mail or on paper; or erase it, with what shows the
    request. Raises SignatureInactive, DomainError."""
    source_check(source)
    if erase:
        sign_on_erase(sign_on=sign_on, actor=actor)
        return
    sign_on = sign_on_withdraw(sign_on=sign_on, actor=actor)
    WithdrawalRequest.objects.create(
        sign_on=sign_on, came_by=source.came_by, given_on=source.given_on, note=source.note, entered_by=actor,
        evidence=evidence_store(campaign=sign_on.campaign, actor=actor, source=source),
    )  # fmt: skip
