"""A filled-in form becomes a pending signature and one mail: the link in it confirms."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from redis.exceptions import RedisError

from apps.core.audit import audit_record
from apps.core.encryption import lookup_hashes
from apps.core.errors import DomainError
from apps.core.text import name_key

from ..models import SignOn, SignOnCall, SignOnToken
from .exceptions import SIGNER, CallClosed, NotForThisKind
from .mails import REPEAT_WITHIN, address_lock, address_may_get_mail, mail_send, private_link_send, token_issue

#: forms from one connection: stops machines, lets a room full of people sign
FORMS_PER_HOUR = 30
HOUR = 3600
#: a link to confirm works this long, and never after the call's end
CONFIRM_WITHIN = timedelta(days=7)
#: what a form of the same words holds in its row, apart from the address, by which rows are found
SAME_WORDS = (
    "visibility", "country", "person_name", "person_post", "org_name", "org_name_english", "org_acronym", "org_kind",
    "org_website", "org_members", "authorised", "wants_answers", "wants_letters",
)  # fmt: skip


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


class TooManyForms(DomainError):
    def __init__(self) -> None:
        super().__init__(
            _(
                "Many forms came from your connection within an hour, so this one was not taken. Nothing is lost: send "
                "it again later, or from another connection."
            )
        )


class Outcome(StrEnum):
    """What became of a form. The visitor sees the same for all."""

    MAILED = "mailed"
    REPEATED = "repeated"
    ALREADY = "already"
    LIMITED = "limited"
    SUSPECT = "suspect"


@dataclass(frozen=True)
class Submitted:
    """The outcome; the row, where one is kept; the token that was mailed, where one was."""

    outcome: Outcome
    sign_on: SignOn | None = None
    token: str = ""


def submission_admit(*, ip: str) -> None:
    """Count a form from this connection. Raises TooManyForms from the FORMS_PER_HOUR-th on; admits where the cache
    does not answer. The cache holds a keyed hash of the address, for an hour."""
    key = f"coalitions:forms:{lookup_hashes(ip)[0].digest}"
    count = 0
    with suppress(RedisError, ValueError):  # ValueError: the key ran out between the two calls
        cache.add(key, 0, timeout=HOUR)
        count = cache.incr(key)
    if count > FORMS_PER_HOUR:
        raise TooManyForms


@transaction.atomic
def sign_on_submit(*, call: SignOnCall, claim: Claim, base_url: str) -> Submitted:
    """Keep a pending signature and mail a link to its address, or to one that has signed, its private link again.

    The same form sent again within REPEAT_WITHIN is the same form: one row, one mail. Nothing is kept and nothing
    mailed where the address got its share of mail already. A suspect form is kept without mail until a moderator
    looks. Raises CallClosed, NotForThisKind.
    """
    call = SignOnCall.objects.select_related("campaign", "letter", "version").get(pk=call.pk)
    if not call.is_open():
        raise CallClosed
    if not call.takes(claim.kind):
        raise NotForThisKind(claim.kind)
    hashes = lookup_hashes(claim.email)
    address_lock(hashes)
    digests = [each.digest for each in hashes]
    repeated = _repeated(call, claim, digests)
    if repeated is not None:
        return Submitted(Outcome.REPEATED, repeated)
    if claim.suspect:
        sign_on = _pending(call, claim, hashes[0], SignOn.State.SUSPECT)
        audit_record(verb="sign_on.suspect", subject=sign_on, actor=SIGNER, kind=claim.kind)
        return Submitted(Outcome.SUSPECT, sign_on)
    if not address_may_get_mail(hashes):
        audit_record(verb="sign_on.limit", subject=call, actor=SIGNER, kind=claim.kind)
        return Submitted(Outcome.LIMITED)
    standing = _standing(call, claim, digests)
    if standing is not None:
        return Submitted(Outcome.ALREADY, standing, private_link_send(sign_on=standing, base_url=base_url))
    sign_on = _pending(call, claim, hashes[0], SignOn.State.PENDING)
    token = confirmation_send(sign_on=sign_on, base_url=base_url)
    audit_record(verb="sign_on.submit", subject=sign_on, actor=SIGNER, kind=claim.kind, visibility=claim.visibility)
    return Submitted(Outcome.MAILED, sign_on, token)


def confirmation_send(*, sign_on: SignOn, base_url: str) -> str:
    """Mail the link that confirms; returns its token. In the caller's transaction."""
    token = token_issue(sign_on=sign_on, purpose=SignOnToken.Purpose.CONFIRM, expires_at=sign_on.expires_at)
    mail_send(template="confirm", sign_on=sign_on, base_url=base_url, token=token)
    return token


def _repeated(call: SignOnCall, claim: Claim, digests: list[str]) -> SignOn | None:
    """The row of the same form, sent a moment ago: a button pressed twice, a page sent again. Under `address_lock`."""
    state = SignOn.State.SUSPECT if claim.suspect else SignOn.State.PENDING
    found = SignOn.objects.filter(
        call=call, kind=claim.kind, state=state, email_hash__in=digests, created_at__gt=timezone.now() - REPEAT_WITHIN
    )
    words = [getattr(claim, name) for name in SAME_WORDS]
    return next((row for row in found if [getattr(row, name) for name in SAME_WORDS] == words), None)


def _standing(call: SignOnCall, claim: Claim, digests: list[str]) -> SignOn | None:
    """The standing signature to this version from this address, for the same organisation where it is one."""
    found = SignOn.objects.standing().covering(call.version).filter(email_hash__in=digests, kind=claim.kind)
    if claim.kind == SignOn.Kind.ORGANISATION:
        key = name_key(claim.org_name)
        found = found.filter(name_key=key, country=claim.country)
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
        name_key=name_key(claim.org_name if organisation else display_name) if organisation or display_name else "",
        email=claim.email, email_hash=email_hash.digest, key_version=email_hash.key_version,
        authorised=claim.authorised, wants_answers=claim.wants_answers, wants_letters=claim.wants_letters,
        expires_at=min(timezone.now() + CONFIRM_WITHIN, call.closes_at),
    )  # fmt: skip
