"""From a filled-in form to a signature that counts: submit, then confirm through the signer's own address."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.encryption import lookup_hashes
from apps.core.errors import Conflict, DomainError
from apps.core.services import audit_record

from ..domains import mail_speaks_for
from ..models import Organisation, SignOn, SignOnCall, SignOnToken, SignOnVersion
from ..names import name_fold
from ..selectors import token_hash
from .mails import address_lock, address_may_get_mail, mail_send, manage_token_issue, token_issue
from .public_lists import public_lists_forget

#: a link to confirm works this long, and never after the call's end
CONFIRM_WITHIN = timedelta(days=7)
SIGNER = "signer"


class CallClosed(Conflict):
    def __init__(self) -> None:
        super().__init__(_("This letter is closed for signature. What was typed is not kept."))


class NotForThisKind(DomainError):
    def __init__(self, kind: str) -> None:
        words = {
            SignOn.Kind.ORGANISATION: _("This letter is signed by people, not by organisations."),
            SignOn.Kind.PERSON: _("This letter is signed by organisations, not by people."),
        }
        super().__init__(words[SignOn.Kind(kind)])


class LinkUnknown(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _("This link is not one of ours, or what it led to was deleted. Links in mails must not be cut short.")
        )


class LinkExpired(DomainError):
    def __init__(self) -> None:
        super().__init__(_("This link has expired and what was typed is deleted. Fill in the form again to sign."))


class AlreadyConfirmed(Conflict):
    """The link was used. `sign_on` is what it confirmed."""

    def __init__(self, sign_on: SignOn) -> None:
        super().__init__(_("This signature is already confirmed. Nothing more is needed."))
        self.sign_on = sign_on


class DuplicateOrganisation(Conflict):
    def __init__(self, contact: str) -> None:
        super().__init__(
            _(
                "An organisation of this name and country has already signed this letter, and an organisation signs "
                "once. If a colleague signed, nothing more is needed. If not, write to %(contact)s."
            )
            % {"contact": contact}
        )


class DuplicatePerson(Conflict):
    def __init__(self) -> None:
        super().__init__(
            _("Somebody has already signed this letter from your address, and an address signs once. Nothing is lost.")
        )


@dataclass(frozen=True, kw_only=True)
class Claim:
    """What somebody typed, cleaned by a form: names composed and single-spaced, website with a scheme, country an
    ISO code. `person_name` is who signs; for organisations also `person_post`. `suspect`: a trap was filled in."""

    kind: str
    visibility: str
    country: str
    email: str
    person_name: str
    person_post: str = ""
    org_name: str = ""
    org_name_english: str = ""
    org_acronym: str = ""
    org_kind: str = ""
    org_website: str = ""
    org_members: int | None = None
    authorised: bool = False
    wants_answers: bool = False
    wants_letters: bool = False
    language: str = "en"
    suspect: bool = False


class Outcome(StrEnum):
    """What became of a form. The visitor sees the same for all."""

    MAILED = "mailed"
    ALREADY = "already"
    LIMITED = "limited"
    SUSPECT = "suspect"


@dataclass(frozen=True)
class Submitted:
    """The outcome; the row, where one is kept; the token that was mailed, where one was."""

    outcome: Outcome
    sign_on: SignOn | None = None
    token: str = ""


@dataclass(frozen=True)
class Confirmed:
    """The signature that counts now, and the token of its private page."""

    sign_on: SignOn
    manage_token: str


@transaction.atomic
def sign_on_submit(*, call: SignOnCall, claim: Claim, base_url: str) -> Submitted:
    """Keep a pending signature and mail a link to its address, or to one that has signed, its private link again.

    Nothing is kept and nothing mailed where the address got its share of mail already. A suspect form is kept without
    mail until a moderator looks. Raises CallClosed, NotForThisKind.
    """
    call = SignOnCall.objects.select_related("campaign", "letter", "version").get(pk=call.pk)
    if not call.is_open():
        raise CallClosed
    if not call.takes(claim.kind):
        raise NotForThisKind(claim.kind)
    hashes = lookup_hashes(claim.email)
    address_lock(hashes)
    if claim.suspect:
        sign_on = _pending(call, claim, hashes[0], SignOn.State.SUSPECT)
        audit_record(verb="sign_on.suspect", subject=sign_on, actor=SIGNER, kind=claim.kind)
        return Submitted(Outcome.SUSPECT, sign_on)
    if not address_may_get_mail(hashes):
        audit_record(verb="sign_on.limit", subject=call, actor=SIGNER, kind=claim.kind)
        return Submitted(Outcome.LIMITED)
    standing = _standing(call, claim, [each.digest for each in hashes])
    if standing is not None:
        token = manage_token_issue(sign_on=standing)
        mail_send(template="already", sign_on=standing, base_url=base_url, token=token)
        return Submitted(Outcome.ALREADY, standing, token)
    sign_on = _pending(call, claim, hashes[0], SignOn.State.PENDING)
    token = confirmation_send(sign_on=sign_on, base_url=base_url)
    audit_record(verb="sign_on.submit", subject=sign_on, actor=SIGNER, kind=claim.kind, visibility=claim.visibility)
    return Submitted(Outcome.MAILED, sign_on, token)


def confirmation_send(*, sign_on: SignOn, base_url: str) -> str:
    """Mail the link that confirms; returns its token. In the caller's transaction."""
    token = token_issue(sign_on=sign_on, purpose=SignOnToken.Purpose.CONFIRM, expires_at=sign_on.expires_at)
    mail_send(template="confirm", sign_on=sign_on, base_url=base_url, token=token)
    return token


def _standing(call: SignOnCall, claim: Claim, digests: list[str]) -> SignOn | None:
    """The confirmed signature to this version from this address, for the same organisation where it is one."""
    found = SignOn.objects.confirmed().covering(call.version).filter(email_hash__in=digests, kind=claim.kind)
    if claim.kind == SignOn.Kind.ORGANISATION:
        key = name_fold(claim.org_name)
        found = found.filter(organisation__name_key=key, organisation__country=claim.country)
    return found.select_related("campaign", "call", "letter", "version").first()


def _pending(call: SignOnCall, claim: Claim, email_hash: Any, state: str) -> SignOn:
    organisation = claim.kind == SignOn.Kind.ORGANISATION
    display_name = "" if organisation or claim.visibility == SignOn.Visibility.COUNTED else claim.person_name
    return SignOn.objects.create(
        campaign=call.campaign, call=call, letter=call.letter, version=call.version, kind=claim.kind, state=state,
        visibility=claim.visibility, country=claim.country, language=claim.language,
        org_name=claim.org_name, org_name_english=claim.org_name_english, org_acronym=claim.org_acronym,
        org_kind=claim.org_kind, org_website=claim.org_website, org_members=claim.org_members,
        person_name=claim.person_name, person_post=claim.person_post, display_name=display_name,
        name_key=name_fold(claim.org_name if organisation else display_name) if organisation or display_name else "",
        email=claim.email, email_hash=email_hash.digest, key_version=email_hash.key_version,
        authorised=claim.authorised, wants_answers=claim.wants_answers, wants_letters=claim.wants_letters,
        expires_at=min(timezone.now() + CONFIRM_WITHIN, call.closes_at),
    )  # fmt: skip


@transaction.atomic
def sign_on_confirm(*, token: str, base_url: str) -> Confirmed:
    """Let the signature count. A token confirms once; of two at once, one wins.

    The same signer's signature to an earlier version is carried on: it then covers both. Raises LinkUnknown,
    LinkExpired, AlreadyConfirmed, CallClosed, DuplicateOrganisation, DuplicatePerson.
    """
    row, sign_on = _locked_by(token)
    now = timezone.now()
    if row.used_at is not None:
        raise AlreadyConfirmed(sign_on)
    if row.expires_at <= now and sign_on.call.is_open(now):
        raise LinkExpired
    if not sign_on.call.is_open(now):
        raise CallClosed
    if sign_on.state != SignOn.State.PENDING:
        raise LinkUnknown
    row.used_at = now
    row.save(update_fields=["used_at"])
    standing = _stand(sign_on)
    SignOnVersion.objects.create(sign_on=standing, version=sign_on.version)
    manage_token = manage_token_issue(sign_on=standing)
    mail_send(template="confirmed", sign_on=standing, base_url=base_url, token=manage_token)
    audit_record(
        verb="sign_on.confirm", subject=standing, actor=SIGNER, version=standing.version.number,
        sha256=standing.version.sha256, visibility=standing.visibility,
    )  # fmt: skip
    public_lists_forget(standing.letter_id)
    return Confirmed(standing, manage_token)


def _locked_by(token: str) -> tuple[SignOnToken, SignOn]:
    """The confirmation token and its signature, locked until the transaction ends. Raises LinkUnknown."""
    row = (
        SignOnToken.objects.select_for_update()
        .filter(token_hash=token_hash(token), purpose=SignOnToken.Purpose.CONFIRM)
        .first()
    )
    if row is None:
        raise LinkUnknown
    found = SignOn.objects.select_for_update(of=("self",)).select_related("campaign", "call", "letter", "version")
    return row, found.get(pk=row.sign_on_id)


def _stand(sign_on: SignOn) -> SignOn:
    """The row that is confirmed now: this one, or the signer's earlier one, which takes over what was typed."""
    organisation = None
    if sign_on.kind == SignOn.Kind.ORGANISATION:
        organisation = organisation_matched(sign_on)
    earlier = _earlier(sign_on, organisation)
    if earlier is not None:
        sign_on = _carried_on(earlier, sign_on)
    moderated = sign_on.call.moderated
    sign_on.organisation = organisation
    sign_on.state = SignOn.State.CONFIRMED
    sign_on.confirmed_at = timezone.now()
    sign_on.moderation = SignOn.Moderation.WAITING if moderated else SignOn.Moderation.ACCEPTED
    sign_on.authority_verified = organisation is not None and mail_speaks_for(sign_on.email, sign_on.org_website)
    try:
        with transaction.atomic():
            sign_on.save()
    except IntegrityError:
        if organisation is None:
            raise DuplicatePerson from None
        raise DuplicateOrganisation(sign_on.campaign.contact_address) from None
    return sign_on


def organisation_matched(sign_on: SignOn) -> Organisation:
    """The organisation of this campaign with the claimed name and country, made where there is none."""
    organisation, _made = Organisation.objects.get_or_create(
        campaign_id=sign_on.campaign_id, country=sign_on.country, name_key=name_fold(sign_on.org_name),
        defaults={
            "name": sign_on.org_name, "name_english": sign_on.org_name_english, "acronym": sign_on.org_acronym,
            "kind": sign_on.org_kind, "website": sign_on.org_website, "members_represented": sign_on.org_members,
        },
    )  # fmt: skip
    return organisation


def _earlier(sign_on: SignOn, organisation: Organisation | None) -> SignOn | None:
    """A confirmed signature of the same signer, from the same address, to an earlier version only."""
    digests = [each.digest for each in lookup_hashes(sign_on.email)]
    found = SignOn.objects.confirmed().filter(
        letter_id=sign_on.letter_id, kind=sign_on.kind, email_hash__in=digests, organisation=organisation
    )
    found = found.exclude(covers__version=sign_on.version).select_for_update(of=("self",))
    return found.select_related("campaign", "call", "letter", "version").first()


#: what a signer types anew when they sign a later version
TYPED = (
    "call", "version", "visibility", "org_name", "org_name_english", "org_acronym", "org_kind", "org_website",
    "org_members", "country", "display_name", "name_key", "person_name", "person_post", "email", "email_hash",
    "key_version", "authorised", "wants_answers", "wants_letters", "language",
)  # fmt: skip


def _carried_on(earlier: SignOn, later: SignOn) -> SignOn:
    """The earlier signature with what was typed for the later one, which is dropped. Its link stays, as used."""
    for name in TYPED:
        setattr(earlier, name, getattr(later, name))
    later.tokens.update(sign_on=earlier)
    later.delete()
    return earlier
