"""The button behind a mailed link: from then on a signature counts."""

from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.core.text import name_key
from apps.core.tokens import token_hash

from ..email_domains import mail_speaks_for
from ..models import Organisation, SignOn, SignOnToken, SignOnVersion
from ..models.sign_on_fields import CARRIED_ON
from ..selectors.sign_ons import duplicate_of
from ..selectors.signatory_lists import public_ids
from ..selectors.tokens import own_signature
from .calls import public_cache_clear
from .exceptions import (
    SIGNER,
    AlreadyConfirmed,
    CallClosed,
    DuplicateOrganisation,
    DuplicatePerson,
    LinkExpired,
    LinkUnknown,
)
from .mails import address_lock, mail_send, manage_token_issue, private_link_send


@dataclass(frozen=True)
class Confirmed:
    """The signature that counts now, and the token of its private page."""

    sign_on: SignOn
    manage_token: str


def sign_on_confirm(*, token: str, base_url: str) -> Confirmed:
    """Let the signature count. A token confirms once; of two at once, one wins.

    The same signer's signature to an earlier version is carried on: it then covers both. Where the same organisation's
    signature stands and is not public, this one is held back, and its signer sees no difference. A further link of
    one's own signature mails its private page again. Raises LinkUnknown, LinkExpired, AlreadyConfirmed, CallClosed,
    DuplicateOrganisation, DuplicatePerson.
    """
    try:
        return _confirm(token, base_url)
    except AlreadyConfirmed as error:
        if error.by_another_link:
            private_link_send(sign_on=error.sign_on, base_url=base_url)
        raise


@transaction.atomic
def _confirm(token: str, base_url: str) -> Confirmed:
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
    address_lock(lookup_hashes(sign_on.email))
    own = own_signature(sign_on)
    if own is not None:
        raise AlreadyConfirmed(own, by_another_link=True)
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
    public_cache_clear(standing.letter_id)
    return Confirmed(standing, manage_token)


def _locked_by(token: str) -> tuple[SignOnToken, SignOn]:
    """The confirmation token and its signature, locked until the transaction ends. Raises LinkUnknown."""
    rows = SignOnToken.objects.filter(token_hash=token_hash(token), purpose=SignOnToken.Purpose.CONFIRM)
    for _attempt in range(2):  # a signature to a later version may hand its tokens to the earlier one meanwhile
        sign_on_id = rows.values_list("sign_on_id", flat=True).first()
        sign_on = SignOn.objects.locked().filter(pk=sign_on_id).first() if sign_on_id else None
        row = rows.select_for_update().first()
        if row is not None and sign_on is not None and row.sign_on_id == sign_on.pk:
            return row, sign_on
    raise LinkUnknown


def _stand(sign_on: SignOn) -> SignOn:
    """The row that is confirmed now: this one, or the signer's earlier one, which takes over what was typed."""
    organisation = organisation_matched(sign_on) if sign_on.kind == SignOn.Kind.ORGANISATION else None
    earlier = _earlier(sign_on)
    counted_as: Organisation | None = None
    if earlier is not None:
        counted_as = earlier.organisation if earlier.state == SignOn.State.CONFIRMED else None
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
        sign_on_hold_back(sign_on=sign_on, counted_as=counted_as)
    return sign_on


def _earlier(sign_on: SignOn) -> SignOn | None:
    """A signature of the same signer, from the same address, to an earlier version only."""
    digests = [each.digest for each in lookup_hashes(sign_on.email)]
    found = SignOn.objects.standing().filter(letter_id=sign_on.letter_id, kind=sign_on.kind, email_hash__in=digests)
    if sign_on.kind == SignOn.Kind.ORGANISATION:
        found = found.filter(name_key=sign_on.name_key, country=sign_on.country)
    return found.exclude(covers__version=sign_on.version).locked().first()


def _carried_on(earlier: SignOn, later: SignOn) -> SignOn:
    """The earlier signature with what was typed for the later one, which is dropped. Its link stays, as used."""
    for name in CARRIED_ON:
        setattr(earlier, name, getattr(later, name))
    later.tokens.update(sign_on=earlier)
    later.delete()
    return earlier


def organisation_matched(sign_on: SignOn) -> Organisation:
    """The organisation of this campaign with the claimed name and country, made where there is none."""
    organisation, _made = Organisation.objects.get_or_create(
        campaign_id=sign_on.campaign_id, country=sign_on.country, name_key=name_key(sign_on.org_name),
        defaults={
            "name": sign_on.org_name, "name_english": sign_on.org_name_english, "acronym": sign_on.org_acronym,
            "kind": sign_on.org_kind, "website": sign_on.org_website, "members_represented": sign_on.org_members,
        },
    )  # fmt: skip
    return organisation


def sign_on_hold_back(*, sign_on: SignOn, counted_as: Organisation | None) -> None:
    """Save a signature in whose way another one of its organisation stands. In the caller's transaction.

    Raises DuplicateOrganisation where everybody may read the other's name. Else the signer must not learn of it: the
    signature goes on as if nothing were in its way, and a moderator decides. One that was counted already, as another
    organisation, stays counted as that one, unnamed: a count that fell would tell. A new one is held, not counted.
    """
    duplicate = duplicate_of(sign_on)
    if duplicate is not None and public_ids([duplicate]):
        raise DuplicateOrganisation(sign_on.campaign.contact_address)
    if counted_as is None:
        sign_on.state = SignOn.State.HELD
    else:
        sign_on.organisation = counted_as
        sign_on.moderation = SignOn.Moderation.WAITING
    sign_on.save()
    audit_record(
        verb="sign_on.hold", subject=sign_on, actor=SIGNER, same_as=duplicate.pk if duplicate is not None else None,
        state=sign_on.state,
    )  # fmt: skip
