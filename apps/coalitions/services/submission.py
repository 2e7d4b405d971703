"""Submitting the form: a pending signature and an email with the link to confirm."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.core.audit import audit_record
from apps.core.encryption import LookupHash, lookup_hashes
from apps.core.errors import DomainError
from apps.core.prepared_statements import Placeholder, PreparedQuery, inserted_together, row_insert, server_cursor
from apps.core.rate_limit import connection_prefix, within_limit
from apps.letters.models import LetterVersion

from ..models import AddressMail, SignOn, SignOnCall, SignOnToken
from ..models.sign_on_fields import typed_values
from .consents import consents_note
from .exceptions import SIGNER, CallClosed, NotForThisKind
from .lock_order import signing_key
from .signer_mails import (
    MAIL_MEMORY,
    REPEAT_WITHIN,
    address_may_get_mail,
    mail_send,
    private_link_send_within_limit,
    token_issue,
)

#: forms from one /24 or /64: enough for a meeting behind one address, too few for a bot
FORMS_PER_HOUR = 60
#: what is not confirmed is kept this long, and its link works; for what signers typed not after the letter is closed
CONFIRM_WITHIN = timedelta(days=30)


#: what decides whether a form is taken
WHO_AND_WHEN = ("opens_at", "closes_at", "closed_at", "who")
#: takes `signing_lock_shared` and `address_lock`, then asks what CALL_NOW asks: within a function, each statement sees
#: what was committed before it began, so that the question need not be a round trip of its own
LOCK_AND_ASK = "SELECT * FROM coalitions_form_question($1, $2, $3, $4)"
OF_ADDRESS = SignOn.objects.filter(letter=OuterRef("letter"), email_hash=Placeholder("digest"))
MAILS_TO_ADDRESS = AddressMail.objects.filter(email_hash=Placeholder("digest"), at__gt=Placeholder("since"))
CALL_NOW = PreparedQuery(
    lambda: SignOnCall.objects.filter(pk=Placeholder("call")).values_list(
        *WHO_AND_WHEN, Exists(OF_ADDRESS), Exists(MAILS_TO_ADDRESS)
    )
)


class TooManyForms(DomainError):
    status = 429
    default_message = _(
        "Too many forms came from your connection within an hour. Nothing you entered is lost. Send the form again in "
        "an hour, or from another connection."
    )


class Outcome(StrEnum):
    MAILED = "mailed"
    REPEATED = "repeated"
    ALREADY = "already"
    LIMITED = "limited"
    SUSPECT = "suspect"


@dataclass(frozen=True)
class Submitted:
    """The outcome, the row if one is kept, the mailed token if there is one, and since when there is a mail."""

    outcome: Outcome
    sign_on: SignOn | None = None
    token: str = ""
    since: datetime = field(default_factory=timezone.now)

    @property
    def mailed_about(self) -> tuple[int, datetime]:
        """The id of the signature about which a mail was sent, 0 for none, and since when."""
        is_mailed = self.token or self.outcome is Outcome.REPEATED
        return self.sign_on.pk if self.sign_on is not None and is_mailed else 0, self.since


def submission_admit(*, ip: str) -> None:
    """Count a form from this connection; the cache stores a keyed hash of it. Raises TooManyForms."""
    connection = lookup_hashes(connection_prefix(ip))[0].digest
    if not within_limit(f"coalitions:forms:{connection}", FORMS_PER_HOUR, seconds=3600):
        raise TooManyForms


@transaction.atomic
def sign_on_submit(*, call: SignOnCall, typed: SignOn, read: LetterVersion | None = None) -> Submitted:
    """Save a pending signature and send a link to confirm it; an address that has signed gets its private link again.
    `read` is the version that the page showed, if it is not the call's any more: whoever confirms sees what changed.

    `typed` is an unsaved row with the values of the form, SUSPECT if the hidden field was filled in; it is completed
    and saved. The same form sent again within REPEAT_WITHIN is one row and one email. Over the address's limit, nothing
    is saved or sent. A suspected form is saved without an email until a moderator looks. Raises CallClosed,
    NotForThisKind.
    """
    started = timezone.now()
    hashes = lookup_hashes(typed.email)
    is_known, was_mailed = _lock_and_refresh(call, hashes, started)
    if not call.is_open():
        raise CallClosed
    if not call.is_open_to(typed.kind):
        raise NotForThisKind(typed.kind)
    sign_on = _completed(typed, call, hashes[0], read or call.version)
    if is_known and (repeated := _repeated(sign_on, hashes)) is not None:
        return Submitted(Outcome.REPEATED, repeated, since=repeated.created_at)
    if sign_on.state == SignOn.State.SUSPECT:
        sign_on.save()
        audit_record(verb="sign_on.suspect", subject=sign_on, actor=SIGNER, kind=sign_on.kind)
        return Submitted(Outcome.SUSPECT, sign_on)
    if was_mailed and not address_may_get_mail(hashes):
        audit_record(verb="sign_on.limit", subject=call, actor=SIGNER, kind=sign_on.kind)
        return Submitted(Outcome.LIMITED)
    if is_known and (existing := _existing(sign_on, call)) is not None:
        link = private_link_send_within_limit(sign_on=existing, typed=sign_on.email)
        return Submitted(Outcome.ALREADY, existing, link, started)
    row_insert(sign_on)
    with inserted_together():
        token = confirmation_send(sign_on=sign_on)
        audit_record(
            verb="sign_on.submit", subject=sign_on, actor=SIGNER, kind=sign_on.kind, visibility=sign_on.visibility
        )
    return Submitted(Outcome.MAILED, sign_on, token, started)


def _lock_and_refresh(call: SignOnCall, hashes: list[LookupHash], now: datetime) -> tuple[bool, bool]:
    """The call as it is once the letter and the address are locked, for which whoever closes it waits. Returns whether
    the letter has forms of that address, and whether we mailed it lately: for nearly everybody that is all there is to
    ask. Raises CallClosed where the call is gone."""
    since = now - MAIL_MEMORY
    with server_cursor() as cursor:
        cursor.execute(LOCK_AND_ASK, [signing_key(call.letter_id), hashes[0].digest, call.pk, since])
        found = cursor.fetchall()
    found += [row for one in hashes[1:] for row in CALL_NOW.rows(call=call.pk, digest=one.digest, since=since)]
    if found[0][0] is None:
        raise CallClosed
    for name, value in zip(WHO_AND_WHEN, found[0], strict=False):
        setattr(call, name, value)
    return any(row[-2] for row in found), any(row[-1] for row in found)


def _existing(sign_on: SignOn, call: SignOnCall) -> SignOn | None:
    """What the signer has signed, with what the call has at hand: how long the answer takes must not tell who has."""
    standing = SignOn.objects.standing().covering(call.version).of_signer(sign_on)
    found = standing.select_related(None).order_by().first()
    if found is not None:
        found.campaign, found.letter = call.campaign, call.letter
        if found.call_id == call.pk:
            found.call = call
    return found


def confirmation_send(*, sign_on: SignOn) -> str:
    token = token_issue(sign_on=sign_on, purpose=SignOnToken.Purpose.CONFIRM, expires_at=sign_on.expires_at)
    mail_send(template="confirm", sign_on=sign_on, token=token)
    return token


def _completed(sign_on: SignOn, call: SignOnCall, email_hash: LookupHash, version: LetterVersion) -> SignOn:
    """The row with what the form does not say."""
    sign_on.campaign, sign_on.call, sign_on.letter, sign_on.version = call.campaign, call, call.letter, version
    sign_on.email_hash, sign_on.key_version = email_hash.digest, email_hash.key_version
    sign_on.expires_at = min(timezone.now() + CONFIRM_WITHIN, call.closes_at)
    sign_on.derive_names()
    consents_note(sign_on)
    return sign_on


def _repeated(sign_on: SignOn, hashes: list[LookupHash]) -> SignOn | None:
    """The row of the same form sent a moment ago. Needs `address_lock`."""
    found = SignOn.objects.filter(
        call=sign_on.call,
        email_hash__in=[each.digest for each in hashes],
        kind=sign_on.kind,
        state=sign_on.state,
        created_at__gt=timezone.now() - REPEAT_WITHIN,
    )
    values = typed_values(sign_on)
    return next((row for row in found if typed_values(row) == values), None)
