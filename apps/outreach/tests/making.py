"""Makers for tests of sending: a frozen letter, recipients, signatories, a mail server."""

from datetime import timedelta
from itertools import count
from typing import Any

from django.db.models import F
from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.coalitions.models import Organisation, SignOn, SignOnCall, SignOnVersion
from apps.coalitions.services import sign_on_call_open
from apps.core.encryption import lookup_hashes
from apps.governments.models import Member, Recipient
from apps.governments.services import address_add, office_save, recipient_save
from apps.letters.models import LetterTemplate, LetterVersion
from apps.letters.services import (
    letter_create,
    letter_text_approve,
    letter_text_ask_review,
    letter_version_freeze,
)

_numbers = count(1)
SUBJECT = "No new rules on electronic commerce"


def text(*content: Any) -> dict[str, Any]:
    """A paragraph of strings and inline nodes."""
    inline = [{"type": "text", "text": part} if isinstance(part, str) else part for part in content]
    return {"type": "paragraph", "content": inline}


def field(key: str, fallback: str = "") -> dict[str, Any]:
    return {"type": "mergeField", "attrs": {"key": key, "fallback": fallback}}


BODY = {
    "type": "doc",
    "content": [
        text(field("recipient.salutation"), ","),
        text("We write to the government of ", field("member.name"), " before ", field("conference.short"), "."),
        text("This letter is signed by ", field("signatories.organisations"), " organisations."),
        {"type": "signatories"},
    ],
}


def make_version(campaign: Campaign, cast: Any, *members: Member, body: Any = None, title: str = "") -> LetterVersion:
    """A letter to these members (to all where there are none), written, approved and frozen by three people."""
    template = LetterTemplate.objects.create(
        campaign=campaign, key=f"t{next(_numbers)}", title="Base", language="en",
        subject=SUBJECT, body=body or BODY,
    )  # fmt: skip
    letter = letter_create(
        campaign=campaign, actor=cast.drafter, template=template, title=title or "No new rules", to_all=not members,
        members=members,
    )  # fmt: skip
    written = letter.texts.get()
    letter_text_ask_review(text=written, actor=cast.drafter)
    written.refresh_from_db()
    letter_text_approve(text=written, actor=cast.reviewer, sha256=written.sha256)
    return letter_version_freeze(letter=letter, actor=cast.coordinator)


def make_recipient(
    campaign: Campaign, member: Member, post: str, *addresses: str, office: str = "Ministry", **details: Any
) -> Recipient:
    """A recipient with a salutation in English and these addresses."""
    row = office_save(campaign=campaign, member=member, kind="capital", name=office, actor=None)
    values = {"salutation": {"en": "Excellency"}, "language": "en", **details}
    recipient = recipient_save(office=row, post=post, actor=None, **values)
    for address in addresses:
        address_add(recipient=recipient, address=address, actor=None)
    return recipient


def open_for_signature(version: LetterVersion, cast: Any) -> SignOnCall:
    now = timezone.now()
    return sign_on_call_open(
        version=version, actor=cast.coordinator, opens_at=None, closes_at=now + timedelta(days=9), moderated=False
    )


def sign(
    call: SignOnCall, name: str, *, visibility: str = "public", country: str = "KE", english: str = "", **extra: Any
) -> SignOn:
    """A confirmed signature of an organisation."""
    [sign_on] = sign_many(call, [name], visibility=visibility, country=country, english=english, **extra)
    return sign_on


def sign_many(
    call: SignOnCall,
    names: list[str],
    *,
    visibility: str = "public",
    country: str = "KE",
    english: str = "",
    **extra: Any,
) -> list[SignOn]:
    organisations = Organisation.objects.bulk_create(
        Organisation(
            campaign=call.campaign,
            name=name,
            name_key=name.casefold(),
            name_english=english,
            country=country,
            kind="farmers",
        )
        for name in names
    )
    found = [lookup_hashes(f"signer{next(_numbers)}@org.example")[0] for _name in names]
    sign_ons = SignOn.objects.bulk_create(
        SignOn(
            campaign=call.campaign, call=call, letter=call.letter, version=call.version, kind="organisation",
            state="confirmed", moderation="accepted", visibility=visibility, organisation=organisation,
            org_name=organisation.name, org_name_english=english, org_kind="farmers", country=country,
            name_key=organisation.name_key, email=f"signer@{number}.example", email_hash=hashed.digest,
            key_version=hashed.key_version, confirmed_at=timezone.now(), expires_at=call.closes_at, **extra,
        )
        for number, (organisation, hashed) in enumerate(zip(organisations, found, strict=True))
    )  # fmt: skip
    SignOnVersion.objects.bulk_create(SignOnVersion(sign_on=sign_on, version=call.version) for sign_on in sign_ons)
    return sign_ons


#: the states on the way to each
WAYS = {
    "queued": [],
    "claimed": ["claimed"],
    "final": ["claimed", "final"],
    "accepted": ["claimed", "final", "accepted"],
    "bounced": ["claimed", "final", "accepted", "bounced"],
    "in_doubt": ["claimed", "final", "in_doubt"],
    "deferred": ["claimed", "queued"],
}


def move_messages(messages: Any, state: str) -> None:
    """Walk queued messages to a state, by the way that the database allows, as a worker would have."""
    now = timezone.now()
    for step in WAYS[state]:
        changes: dict[str, Any] = {"state": step, "lease_until": None}
        if step in {"claimed", "final"}:
            changes["lease_until"] = now + timedelta(minutes=1)
        if step == "claimed":
            changes["attempt"] = F("attempt") + 1
        if step == "accepted":
            changes |= {"accepted_at": now, "last_code": 250}
        if step == "bounced":
            changes["bounced_at"] = now
        messages.update(**changes)
