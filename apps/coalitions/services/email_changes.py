"""Another email address for a signature, which counts once it is confirmed by mail."""

import secrets
from datetime import datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.encryption import LookupHash, lookup_hashes
from apps.core.errors import Conflict, DomainError
from apps.core.tokens import token_hash
from apps.core.types import Actor

from ..email_domains import email_matches_website
from ..models import EmailChange, SignatureLogEntry, SignOn, SignOnToken
from ..selectors.mailed_tokens import email_change_by_link
from ..selectors.returned_mail import returned_mail
from .confirmation import Confirmed
from .exceptions import SIGNER, CallClosed, DuplicatePerson, LinkUnknown
from .moderation import AlreadyDecided, OwnSignature, TooMuchMail, sign_on_as_seen
from .public_cache import public_cache_clear
from .signature_log import log_entry_add
from .signer_changes import sign_on_lock_active
from .signer_mails import address_lock, address_may_get_mail, addresses_lock, mail_send, manage_token_issue
from .submission import CONFIRM_WITHIN, confirmation_send

#: another address, which nobody has confirmed, is kept this long
CHANGE_WITHIN = timedelta(days=7)


class MailArrives(Conflict):
    default_message = _("No email to this address came back, so only the signer can change it.")


@transaction.atomic
def email_change_request(*, sign_on: SignOn, email: str) -> str:
    """Mail a link to the signer's new address; until it is used, nothing changes. An earlier request ends. Returns the
    token, "" where the address has had its share of mails, which the signer is not told. Raises SignatureInactive,
    DomainError for the address they have."""
    address_lock(lookup_hashes(email))
    sign_on = sign_on_lock_active(sign_on)
    hashes = _other_address(sign_on, email)
    return _link_send(sign_on, email, hashes[0], None) if address_may_get_mail(hashes) else ""


@transaction.atomic
def sign_on_readdress(*, sign_on: SignOn, actor: User, email: str, seen: str | None = None) -> SignOn:
    """A moderator's correction of an address whose mail came back. What is not confirmed gets its link at the new one;
    what is confirmed changes when its reader confirms. Raises AlreadyDecided, MailArrives, CallClosed, OwnSignature,
    TooMuchMail, DomainError."""
    address_lock(lookup_hashes(email))
    sign_on = sign_on_as_seen(sign_on, seen)
    if sign_on.state != SignOn.State.PENDING and not sign_on.stands:
        raise AlreadyDecided
    if not returned_mail([sign_on]):
        raise MailArrives
    hashes = _other_address(sign_on, email)
    if {each.digest for each in hashes} & {each.digest for each in lookup_hashes(actor.email)}:
        raise OwnSignature
    if not address_may_get_mail(hashes):
        raise TooMuchMail
    if sign_on.stands:
        _link_send(sign_on, email, hashes[0], actor)
    else:
        _pending_readdress(sign_on, email, hashes[0])
    audit_record(verb="sign_on.readdress", subject=sign_on, actor=actor, state=sign_on.state)
    return sign_on


@transaction.atomic
def email_change_confirm(*, token: str) -> Confirmed:
    """Use the new address from now on. Private links that went to the old one end, and its reader is told. Raises
    LinkUnknown, SignatureInactive, DuplicatePerson where that address has signed."""
    change = email_change_by_link(token)
    if change is None:
        raise LinkUnknown
    addresses_lock(lookup_hashes(email)[0].digest for email in (change.sign_on.email, change.email) if email)
    sign_on = sign_on_lock_active(change.sign_on)
    change = EmailChange.objects.select_for_update().filter(pk=change.pk, expires_at__gt=timezone.now()).first()
    if change is None:
        raise LinkUnknown
    old, old_returned, was_accepted = sign_on.email, bool(returned_mail([sign_on])), _is_accepted(sign_on)
    _readdress(sign_on, change)
    sign_on.email_changes.all().delete()
    ended = [SignOnToken.Purpose.MANAGE, SignOnToken.Purpose.ANSWER]
    sign_on.tokens.filter(purpose__in=ended).delete()
    manage_token = manage_token_issue(sign_on=sign_on)
    mail_send(template="email_changed", sign_on=sign_on, token=manage_token)
    if not old_returned and address_may_get_mail(lookup_hashes(old), from_moderator=True):
        mail_send(template="email_replaced", sign_on=sign_on, to=old)
    log_entry_add(sign_on=sign_on, act=SignatureLogEntry.Act.CORRECT)
    audit_record(verb="sign_on.change_email", subject=sign_on, actor=SIGNER)
    if was_accepted != _is_accepted(sign_on):
        public_cache_clear(sign_on.letter_id)
    return Confirmed(sign_on, manage_token)


def _other_address(sign_on: SignOn, email: str) -> list[LookupHash]:
    hashes = lookup_hashes(email)
    if sign_on.email_hash in {each.digest for each in hashes}:
        raise DomainError(_("This is the address that we have. Enter another one."), field="email")
    return hashes


def _link_send(sign_on: SignOn, email: str, email_hash: LookupHash, actor: Actor) -> str:
    token = secrets.token_urlsafe(32)
    last = datetime.combine(sign_on.call.personal_data_until, time.max, timezone.now().tzinfo)
    sign_on.email_changes.all().delete()
    EmailChange.objects.create(
        sign_on=sign_on, email=email, email_hash=email_hash.digest, key_version=email_hash.key_version,
        token_hash=token_hash(token), expires_at=min(timezone.now() + CHANGE_WITHIN, last),
        requested_by=actor if isinstance(actor, User) else None,
    )  # fmt: skip
    mail_send(template="email_change", sign_on=sign_on, token=token, to=email)
    return token


def _pending_readdress(sign_on: SignOn, email: str, email_hash: LookupHash) -> None:
    if not sign_on.call.is_open():
        raise CallClosed
    sign_on.tokens.all().delete()
    sign_on.email, sign_on.email_hash, sign_on.key_version = email, email_hash.digest, email_hash.key_version
    sign_on.expires_at = min(timezone.now() + CONFIRM_WITHIN, sign_on.call.closes_at)
    sign_on.reminded_at = None
    sign_on.save(update_fields=["email", "email_hash", "key_version", "expires_at", "reminded_at", "updated_at"])
    confirmation_send(sign_on=sign_on)


def _readdress(sign_on: SignOn, change: EmailChange) -> None:
    """Where the new address proves less than the old one did, a moderator looks again."""
    had_matched, needed_check = email_matches_website(sign_on.email, sign_on.org_website), sign_on.needs_check
    sign_on.email, sign_on.email_hash, sign_on.key_version = change.email, change.email_hash, change.key_version
    matches = email_matches_website(sign_on.email, sign_on.org_website)
    is_organisation = sign_on.kind == SignOn.Kind.ORGANISATION
    if is_organisation and (matches or had_matched):
        sign_on.authority_verified = matches
    loses = (had_matched and not matches) if is_organisation else not needed_check
    if loses and sign_on.needs_check and _is_accepted(sign_on):
        sign_on.moderation = SignOn.Moderation.WAITING
    names = ["email", "email_hash", "key_version", "authority_verified", "moderation", "updated_at"]
    try:
        with transaction.atomic():
            sign_on.save(update_fields=names)
    except IntegrityError:
        raise DuplicatePerson from None


def _is_accepted(sign_on: SignOn) -> bool:
    return (sign_on.state, sign_on.moderation) == (SignOn.State.CONFIRMED, SignOn.Moderation.ACCEPTED)
