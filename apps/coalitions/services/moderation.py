"""Decisions of moderators on one signature: accept, ask, reject, set aside, verify authority, let a suspected form
through. Each leaves a ModerationDecision, with which it can be taken back, and each checks what the moderator saw."""

from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.postbox.models import Message

from ..models import ModerationDecision, SignatureLogEntry, SignerQuestion, SignOn, SignOnToken
from ..models.moderation import MAX_QUESTION
from ..selectors.sign_ons import sign_on_fingerprint
from .annexes import annex_names_remove
from .exceptions import CallClosed
from .lock_order import signing_lock_shared
from .organisations import organisation_drop_unused, second_signatures_return
from .public_cache import public_cache_clear
from .signature_log import log_entry_add
from .signer_mails import (
    address_lock,
    address_may_get_mail,
    mail_send,
    mails_call_back,
    manage_token_expiry,
    token_issue,
)
from .submission import CONFIRM_WITHIN, confirmation_send
from .webhook_events import sign_on_confirmed_record

MAX_REASON = 300
#: emails about decisions wait so long, so that a decision taken back soon is never heard of
MAIL_DELAY = timedelta(minutes=5)
#: what a decision changes and an undo restores
DECIDED = ("state", "moderation", "authority_verified", "organisation_id", "claimed_organisation_id", "moderated_by_id")
SAVED = [*DECIDED, "moderated_at", "moderation_reason", "expires_at", "updated_at"]

Verb, Act, State, Moderation = ModerationDecision.Verb, SignatureLogEntry.Act, SignOn.State, SignOn.Moderation


class AlreadyDecided(Conflict):
    default_message = _("Somebody else decided first, or the signer changed something. Check the signature again.")


class OrganisationCounted(Conflict):
    default_message = _("Another signature of this organisation counts. Reject one of the two, then accept the other.")


class TooMuchMail(Conflict):
    default_message = _("This address has reached its limit of emails. Try again tomorrow.")


class OwnSignature(NotAllowed):
    default_message = _("You signed this with your own address. Another moderator decides.")


class EnteredByYou(NotAllowed):
    default_message = _("You entered this signature. Somebody else verifies that the person may sign.")


@transaction.atomic
def sign_on_accept(*, sign_on: SignOn, actor: User, seen: str | None = None) -> SignOn:
    """Publish the name as its visibility allows, and tell the signer, once; a held signature counts from now on. `seen`
    is the fingerprint of what the moderator saw. Raises AlreadyDecided, OwnSignature; OrganisationCounted while the
    organisation's other signature counts."""
    _address_lock(sign_on)
    sign_on, before = sign_on_as_seen(sign_on, seen), None
    if not sign_on.stands or (sign_on.state, sign_on.moderation) == (State.CONFIRMED, Moderation.ACCEPTED):
        raise AlreadyDecided
    _check_not_own(sign_on, actor)
    values = decided_values(sign_on)
    may_collide = sign_on.held_back
    if sign_on.claimed_organisation is not None:
        before = sign_on.organisation
        sign_on.organisation, sign_on.claimed_organisation = sign_on.claimed_organisation, None
    sign_on.state, sign_on.moderation = State.CONFIRMED, Moderation.ACCEPTED
    if may_collide:
        _save_or_collide(sign_on, actor)
    else:
        _save(sign_on, actor)
    _mails_call_back(sign_on)
    mail = _acceptance_mail(sign_on)
    _record(sign_on, actor, "sign_on.accept", values, Act.ACCEPT, mail)
    if values["state"] != State.CONFIRMED:
        sign_on_confirmed_record(sign_on)
    organisation_drop_unused(before, keep_edited=True)
    return sign_on


@transaction.atomic
def sign_on_ask(*, sign_on: SignOn, actor: User, question: str, seen: str | None = None) -> SignOn:
    """Mail the signer a question with a link to a page for the answer. The signature waits for the answer and is not in
    the queue meanwhile. Raises AlreadyDecided, TooMuchMail, DomainError."""
    _address_lock(sign_on)
    sign_on = sign_on_as_seen(sign_on, seen)
    question = _checked(question, MAX_QUESTION, "question", _("Enter the question, in at most %(most)s characters."))
    if not sign_on.stands or sign_on.moderation == Moderation.ACCEPTED or not sign_on.email:
        raise AlreadyDecided
    if not _may_get_mail(sign_on):
        raise TooMuchMail
    values = decided_values(sign_on)
    sign_on.moderation = Moderation.ASKED
    _save(sign_on, actor)
    _mails_call_back(sign_on)
    SignerQuestion.objects.create(sign_on=sign_on, asked_by=actor, question=question)
    token = token_issue(
        sign_on=sign_on, purpose=SignOnToken.Purpose.ANSWER, expires_at=manage_token_expiry(sign_on=sign_on)
    )
    mail = mail_send(template="question", sign_on=sign_on, token=token, delay=MAIL_DELAY, question=question)
    _record(sign_on, actor, "sign_on.ask", values, "", mail)
    return sign_on


@transaction.atomic
def sign_on_answer_note(*, sign_on: SignOn, actor: User, answer: str, seen: str | None = None) -> SignOn:
    """Note what the signer answered; the signature is in the queue again. Raises AlreadyDecided, DomainError."""
    sign_on = sign_on_as_seen(sign_on, seen)
    answer = _checked(answer, MAX_QUESTION, "answer", _("Enter the answer, in at most %(most)s characters."))
    asked = sign_on.questions.filter(answered_at=None).first()
    if sign_on.moderation != Moderation.ASKED or asked is None:
        raise AlreadyDecided
    asked.answer, asked.answered_at, asked.noted_by = answer, timezone.now(), actor
    asked.save()
    sign_on.moderation = Moderation.WAITING
    _save(sign_on, actor)
    audit_record(verb="sign_on.note_answer", subject=sign_on, actor=actor)
    return sign_on


@transaction.atomic
def sign_on_reject(*, sign_on: SignOn, actor: User, reason: str, seen: str | None = None) -> SignOn:
    """Remove it from lists and counts, and email the reason. Raises AlreadyDecided, DomainError."""
    signing_lock_shared(sign_on.letter_id)
    _address_lock(sign_on)
    sign_on = sign_on_as_seen(sign_on, seen)
    reason = _checked(reason, MAX_REASON, "reason", _("Enter the reason, in at most %(most)s characters."))
    if not sign_on.stands and sign_on.state != State.SUSPECT:
        raise AlreadyDecided
    values, stood = decided_values(sign_on), sign_on.stands
    sign_on.state = State.REJECTED
    sign_on.moderation_reason = reason
    _save(sign_on, actor)
    annex_names_remove(sign_on.pk)
    _mails_call_back(sign_on)
    mail = None
    if stood:
        second_signatures_return(letter_id=sign_on.letter_id, organisation=sign_on.organisation)
        if _may_get_mail(sign_on):
            mail = mail_send(template="rejected", sign_on=sign_on, delay=MAIL_DELAY, reason=reason)
    _record(sign_on, actor, "sign_on.reject", values, Act.REJECT if stood else "", mail)
    return sign_on


@transaction.atomic
def sign_on_set_aside(*, sign_on: SignOn, actor: User, seen: str | None = None) -> SignOn:
    """Put a doubtful signature aside: it is neither counted nor named, and its signer hears nothing. Raises
    AlreadyDecided."""
    signing_lock_shared(sign_on.letter_id)
    sign_on = sign_on_as_seen(sign_on, seen)
    if not sign_on.stands or sign_on.moderation == Moderation.SUSPECT:
        raise AlreadyDecided
    values = decided_values(sign_on)
    sign_on.state, sign_on.moderation = State.HELD, Moderation.SUSPECT
    _save(sign_on, actor)
    _mails_call_back(sign_on)
    second_signatures_return(letter_id=sign_on.letter_id, organisation=sign_on.organisation)
    _record(sign_on, actor, "sign_on.set_aside", values, Act.MODERATE)
    return sign_on


@transaction.atomic
def sign_on_settle(*, sign_on: SignOn, actor: User, seen: str | None = None) -> SignOn:
    """Leave a second signature of an organisation uncounted, beside the one that counts: its signer sees no difference,
    and it returns to the queue when the other one goes. Raises AlreadyDecided."""
    sign_on = sign_on_as_seen(sign_on, seen)
    if not sign_on.held_back or sign_on.moderation not in {Moderation.WAITING, Moderation.ASKED}:
        raise AlreadyDecided
    values = decided_values(sign_on)
    sign_on.organisation_id, sign_on.claimed_organisation = sign_on.claims, None
    sign_on.state, sign_on.moderation = State.HELD, Moderation.ACCEPTED
    _save(sign_on, actor)
    _record(sign_on, actor, "sign_on.settle", values, Act.MODERATE)
    return sign_on


@transaction.atomic
def sign_on_verify(*, sign_on: SignOn, actor: User, seen: str | None = None) -> SignOn:
    """Say that the person may sign for the organisation. Raises AlreadyDecided, OwnSignature, EnteredByYou."""
    sign_on = sign_on_as_seen(sign_on, seen)
    if sign_on.kind != SignOn.Kind.ORGANISATION or sign_on.authority_verified or not sign_on.stands:
        raise AlreadyDecided
    _check_not_own(sign_on, actor)
    if sign_on.collected.filter(entered_by=actor).exists():
        raise EnteredByYou
    values = decided_values(sign_on)
    sign_on.authority_verified = True
    _save(sign_on, actor)
    _record(sign_on, actor, "sign_on.verify", values)
    return sign_on


@transaction.atomic
def sign_on_let_through(*, sign_on: SignOn, actor: User, seen: str | None = None) -> SignOn:
    """Send a suspected form its confirmation link. Raises AlreadyDecided, CallClosed, TooMuchMail, OwnSignature."""
    sign_on = sign_on_as_seen(sign_on, seen)
    if sign_on.state != State.SUSPECT:
        raise AlreadyDecided
    if not sign_on.call.is_open():
        raise CallClosed
    _check_not_own(sign_on, actor)
    hashes = lookup_hashes(sign_on.email)
    address_lock(hashes)
    if not address_may_get_mail(hashes):
        raise TooMuchMail
    values = decided_values(sign_on)
    sign_on.state = State.PENDING
    sign_on.expires_at = min(timezone.now() + CONFIRM_WITHIN, sign_on.call.closes_at)
    _save(sign_on, actor)
    confirmation_send(sign_on=sign_on)
    _record(sign_on, actor, "sign_on.let_through", values)
    return sign_on


def decided_values(sign_on: SignOn) -> dict[str, Any]:
    return {name: getattr(sign_on, name) for name in DECIDED}


def sign_on_as_seen(sign_on: SignOn, seen: str | None) -> SignOn:
    """The row, locked. Raises AlreadyDecided where it is not as `seen`, its fingerprint, says."""
    locked = SignOn.objects.locked().filter(pk=sign_on.pk).order_by().only_one()
    if locked is None or (seen is not None and seen != sign_on_fingerprint(locked)):
        raise AlreadyDecided
    return locked


def own_address(sign_on: SignOn, actor: User) -> bool:
    return sign_on.email_hash in {each.digest for each in lookup_hashes(actor.email)}


def _check_not_own(sign_on: SignOn, actor: User) -> None:
    if own_address(sign_on, actor):
        raise OwnSignature


def _checked(text: str, most: int, field: str, words: Any) -> str:
    text = text.strip()
    if not text or len(text) > most:
        raise DomainError(words % {"most": most}, field=field)
    return text


def _save(sign_on: SignOn, actor: User) -> None:
    sign_on.moderated_by, sign_on.moderated_at = actor, timezone.now()
    sign_on.save(update_fields=SAVED)


def _save_or_collide(sign_on: SignOn, actor: User) -> None:
    try:
        with transaction.atomic():
            _save(sign_on, actor)
    except IntegrityError:
        raise OrganisationCounted from None


def _acceptance_mail(sign_on: SignOn) -> Message | None:
    """None if the signer was told before, or the address has had its share of emails."""
    accepted = ModerationDecision.objects.filter(
        sign_on__email_hash=sign_on.email_hash, verb=Verb.ACCEPT, mail_id__isnull=False
    )
    if accepted.filter(sign_on=sign_on).exists() or not _may_get_mail(sign_on):
        return None
    return mail_send(template="accepted", sign_on=sign_on, delay=MAIL_DELAY)


def _address_lock(sign_on: SignOn) -> None:
    """Before the signature is locked: several moderators at once keep within the limits of the address, too."""
    if sign_on.email:
        address_lock(lookup_hashes(sign_on.email))


def _may_get_mail(sign_on: SignOn) -> bool:
    return bool(sign_on.email) and address_may_get_mail(lookup_hashes(sign_on.email), from_moderator=True)


def _mails_call_back(sign_on: SignOn) -> None:
    """Who decides anew within minutes: the signer hears of the last decision only."""
    earlier = [decision.mail_id for decision in sign_on.decisions.all() if decision.mail_id is not None]
    if earlier:
        cancelled = mails_call_back(ids=earlier, reason="Decided anew.")
        sign_on.decisions.filter(mail_id__in=cancelled).update(mail_id=None)


def _record(
    sign_on: SignOn, actor: User, verb: str, before: dict[str, Any], act: str = "", mail: Message | None = None
) -> None:
    """The decision, for people, for the log of signatures if it changes what counts or is shown, and for an undo."""
    if act:
        log_entry_add(sign_on=sign_on, act=act)
    ModerationDecision.objects.create(
        campaign_id=sign_on.campaign_id, sign_on=sign_on, verb=verb.removeprefix("sign_on."), actor=actor,
        before=before, after=decided_values(sign_on), mail_id=mail.pk if mail is not None else None,
    )  # fmt: skip
    audit_record(verb=verb, subject=sign_on, actor=actor, state=sign_on.state)
    public_cache_clear(sign_on.letter_id)
