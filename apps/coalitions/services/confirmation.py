"""Confirming a signature with the link in an email: from then on it counts."""

from copy import copy
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from apps.core.audit import audit_record
from apps.core.encryption import LookupHash, lookup_hashes
from apps.core.page_cache import near_value, pages_invalidate
from apps.core.prepared_statements import Placeholder, PreparedQuery, inserted_together, row_insert, row_update
from apps.core.tokens import token_hash
from apps.letters.models import LetterVersion

from ..email_domains import email_matches_website
from ..models import Organisation, SignatureLogEntry, SignOn, SignOnCall, SignOnToken, SignOnVersion
from ..models.sign_on_fields import CARRIED_ON
from ..selectors.mailed_tokens import own_signature, same_name
from ..selectors.sign_ons import duplicate_of
from ..selectors.signatory_lists import publicly_named_ids
from .annexes import annex_names_narrow
from .consents import consents_replace
from .exceptions import (
    SIGNER,
    AlreadyConfirmed,
    CallClosed,
    DuplicateOrganisation,
    DuplicatePerson,
    LinkExpired,
    LinkUnknown,
    NotForThisKind,
    TextReplaced,
)
from .organisations import organisation_matched
from .signature_log import log_entry_add
from .signer_mails import address_lock, mail_send, manage_token_issue, private_link_send
from .webhook_events import sign_on_confirmed_record

#: what confirming changes in a row that was pending
CONFIRMED = [
    "version", "organisation", "claimed_organisation", "state", "confirmed_at", "moderation", "authority_verified",
    "updated_at",
]  # fmt: skip

#: the link with its signature, both locked, the signature first (`lock_order`)
LINK = PreparedQuery(
    lambda: (
        SignOnToken.objects.filter(token_hash=Placeholder("token_hash"), purpose=SignOnToken.Purpose.CONFIRM)
        .select_related("sign_on")
        .select_for_update(of=("sign_on", "self"))
        .order_by()
    )
)
CALL = PreparedQuery(
    lambda: (
        SignOnCall.objects.filter(pk=Placeholder("call"))
        .select_related("campaign", "letter", "version")
        .defer("version__evidence")
    )
)
#: of a call, what decides whether a signature counts
DECISIVE = ("opens_at", "closes_at", "closed_at", "who", "moderation")
#: as it is now, with the version that is signed, and whether a signature to the letter from that address stands
CALL_NOW = PreparedQuery(
    lambda: SignOnCall.objects.filter(pk=Placeholder("call")).values_list(
        *DECISIVE, "version_id",
        Exists(SignOn.objects.standing().filter(letter=OuterRef("letter"), email_hash=Placeholder("digest"))),
    )
)  # fmt: skip


@dataclass(frozen=True)
class Confirmed:
    sign_on: SignOn
    manage_token: str


def sign_on_confirm(*, token: str, version: int | None = None) -> Confirmed:
    """Confirm the signature, to the text that is signed now. `version` is the id of the one that the signer saw; it may
    be missing unless the text was replaced after the form was filled in. A token works once, also if used twice at the
    same time. A signature of the same signer to an earlier version is updated and then covers both. If the organisation
    has signed already and is not public, this one is held back, which its signer cannot see. Confirming the same
    signature with another link sends the private link again. Raises LinkUnknown, LinkExpired, AlreadyConfirmed,
    CallClosed, NotForThisKind, DuplicateOrganisation, DuplicatePerson, TextReplaced."""
    try:
        return _confirm(token, version)
    except AlreadyConfirmed as error:
        if error.by_another_link:
            private_link_send(sign_on=error.sign_on, typed=error.typed)
        raise


@transaction.atomic
def _confirm(token: str, version: int | None) -> Confirmed:
    row, sign_on = _locked_by(token)
    now = timezone.now()
    if row.used_at is not None or sign_on.stands:  # with this link, or the one in a reminder
        raise AlreadyConfirmed(sign_on, by_another_link=row.counts_unconfirmed(), typed=sign_on.email)
    hashes = lookup_hashes(sign_on.email)
    address_lock(hashes)
    signed_now, has_others = _refresh(sign_on.call, hashes)
    if not sign_on.admits_confirmation(now):
        raise CallClosed
    if row.expires_at <= now:
        raise LinkExpired
    if sign_on.state != SignOn.State.PENDING:
        raise LinkUnknown
    if not sign_on.call.is_open_to(sign_on.kind):
        raise NotForThisKind(sign_on.kind)
    _text_adopt(sign_on, version, signed_now)
    if has_others and (own := own_signature(sign_on)) is not None:
        raise AlreadyConfirmed(own, by_another_link=True, typed=sign_on.email)
    row.used_at = now
    row_update(row, ["used_at"])
    confirmed = sign_on_count(sign_on, signer_earlier(sign_on) if has_others else None)
    with inserted_together():
        row_insert(SignOnVersion(sign_on=confirmed, version=sign_on.version))
        log_entry_add(sign_on=confirmed, act=SignatureLogEntry.Act.CONFIRM)
        manage_token = manage_token_issue(sign_on=confirmed)
        mail_send(template="confirmed", sign_on=confirmed, token=manage_token)
        audit_record(
            verb="sign_on.confirm", subject=confirmed, actor=SIGNER, version=confirmed.version.number,
            sha256=confirmed.version.sha256, visibility=confirmed.visibility,
        )  # fmt: skip
    sign_on_confirmed_record(confirmed)
    pages_invalidate()
    return Confirmed(confirmed, manage_token)


def _locked_by(token: str) -> tuple[SignOnToken, SignOn]:
    """The link and its signature, with the call and its campaign, perhaps of a moment ago."""
    digest = token_hash(token)
    for _attempt in range(2):  # meanwhile the tokens may move to the earlier signature
        row = LINK.row(token_hash=digest)
        if row is not None:
            _relate(row.sign_on, _call(row.sign_on.call_id))
            return row, row.sign_on
    raise LinkUnknown


def _call(pk: int) -> SignOnCall:
    [call] = near_value(f"call {pk}", lambda: CALL.rows(call=pk))
    return copy(call)


def _relate(sign_on: SignOn, call: SignOnCall) -> None:
    sign_on.call, sign_on.campaign = call, call.campaign
    if sign_on.version_id == call.version_id:
        sign_on.version = call.version


def _refresh(call: SignOnCall, hashes: list[LookupHash]) -> tuple[int, bool]:
    """What decides, as it is now that the signature is locked: whoever replaces the text waits for that lock, and a
    question that waited for it sees the call as it was before. Returns the id of the version that is signed, and
    whether other signatures of the address to the letter stand."""
    found = [row for one in hashes for row in CALL_NOW.rows(call=call.pk, digest=one.digest)]
    for name, value in zip(DECISIVE, found[0], strict=False):
        setattr(call, name, value)
    return found[0][-2], any(row[-1] for row in found)


def _text_adopt(sign_on: SignOn, version: int | None, signed_now: int) -> None:
    """Sign the call's version, which `_refresh` found."""
    if version is None and sign_on.version_id == signed_now:
        return
    if version != signed_now:
        raise TextReplaced
    if sign_on.version_id != signed_now:
        sign_on.call.version_id = signed_now
        sign_on.version = LetterVersion.objects.select_related("letter").get(pk=signed_now)


def sign_on_count(sign_on: SignOn, earlier: SignOn | None) -> SignOn:
    """Confirm this row, or the signer's earlier one with the new values. Returns that row. In the caller's transaction.
    Raises DuplicateOrganisation, DuplicatePerson."""
    organisation = organisation_matched(sign_on) if sign_on.kind == SignOn.Kind.ORGANISATION else None
    counted_as: Organisation | None = None
    if earlier is not None:
        counted_as = earlier.organisation if earlier.state == SignOn.State.CONFIRMED else None
        sign_on = _carry_on(earlier, sign_on)
    sign_on.organisation, sign_on.claimed_organisation = organisation, None
    sign_on.state = SignOn.State.CONFIRMED
    sign_on.confirmed_at = timezone.now()
    sign_on.moderation = SignOn.Moderation.WAITING if sign_on.needs_check else SignOn.Moderation.ACCEPTED
    sign_on.authority_verified = organisation is not None and email_matches_website(sign_on.email, sign_on.org_website)
    try:
        with transaction.atomic(savepoint=organisation is not None):  # nothing follows the error for a person
            if earlier is None:
                row_update(sign_on, CONFIRMED)
            else:
                sign_on.save()
    except IntegrityError:
        if organisation is None:
            raise DuplicatePerson from None
        sign_on_hold_back(sign_on=sign_on, counted_as=counted_as)
    return sign_on


def signer_earlier(sign_on: SignOn) -> SignOn | None:
    """The signer's signature to another version. Raises DuplicatePerson if it is another person's."""
    found = SignOn.objects.standing().filter(letter_id=sign_on.letter_id).of_signer(sign_on)
    earlier = found.exclude(covers__version=sign_on.version).locked().first()
    if earlier is not None and sign_on.kind == SignOn.Kind.PERSON and not same_name(earlier, sign_on):
        raise DuplicatePerson
    return earlier


def _carry_on(earlier: SignOn, later: SignOn) -> SignOn:
    consents_replace(earlier, later)
    for name in CARRIED_ON:
        setattr(earlier, name, getattr(later, name))
    annex_names_narrow(earlier)
    later.tokens.update(sign_on=earlier)
    later.collected.update(sign_on=earlier)
    later.invitations.update(sign_on=earlier)
    later.delete()
    return earlier


def sign_on_hold_back(*, sign_on: SignOn, counted_as: Organisation | None) -> None:
    """Save a signature whose organisation has signed already. In the caller's transaction. Raises DuplicateOrganisation
    if the other one's name is public. Otherwise the signer must not learn of it: a moderator decides, and a new
    signature is held, not counted. One already counted as another organisation still counts as that one, because a
    falling count would reveal it."""
    duplicate = duplicate_of(sign_on)
    if duplicate is not None and publicly_named_ids([duplicate]):
        raise DuplicateOrganisation(sign_on.campaign.contact_address)
    if counted_as is None:
        sign_on.state = SignOn.State.HELD
    else:
        sign_on.claimed_organisation, sign_on.organisation = sign_on.organisation, counted_as
    sign_on.moderation = SignOn.Moderation.WAITING
    sign_on.save()
    audit_record(
        verb="sign_on.hold", subject=sign_on, actor=SIGNER, same_as=duplicate.pk if duplicate is not None else None,
        state=sign_on.state,
    )  # fmt: skip
