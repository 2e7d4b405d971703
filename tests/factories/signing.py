"""Calls for signatures, claims, signatures, filled-in forms, and the mails that came of them."""

import re
from contextlib import suppress
from datetime import date, timedelta
from itertools import count
from typing import Any
from unittest.mock import patch

from django.utils import timezone

from apps.coalitions.models import (
    CollectedSignOn,
    Organisation,
    SignOn,
    SignOnCall,
    SignOnToken,
    SignOnVersion,
    VersionReplacement,
)
from apps.coalitions.services.calls import sign_on_call_open
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.evidence_files import Source
from apps.coalitions.services.moderation import sign_on_accept
from apps.coalitions.services.sign_on_entry import sign_on_enter
from apps.coalitions.services.signer_mails import REPEAT_WITHIN
from apps.coalitions.services.submission import sign_on_submit
from apps.coalitions.services.version_replacements import version_replacement_agree, version_replacement_propose
from apps.core.encryption import lookup_hashes
from apps.letters.models import LetterVersion
from apps.postbox.models import Message
from apps.postbox.services.composing import ContentGone, message_compose

_numbers = count(1)


def make_call(
    version: LetterVersion, cast: Any, *, days: float = 9, moderated: bool = True, **extra: Any
) -> SignOnCall:
    """An open call, of which every signature is checked unless `moderated=False` says otherwise. A later version is
    opened as if the earlier one had left."""
    closes_at = timezone.now() + timedelta(days=days)
    moderation = "all" if moderated else "none"
    values: dict[str, Any] = {"opens_at": None, "closes_at": closes_at, "moderation": moderation, **extra}
    with patch("apps.coalitions.services.calls.call_to_replace", return_value=None):
        return sign_on_call_open(version=version, actor=cast.coordinator, **values)


def organisation(name: str = "Kisumu Data Rights Forum", **extra: Any) -> SignOn:
    values: dict[str, Any] = {
        "kind": "organisation", "visibility": "public", "country": "KE", "email": "o.were@kdrf.example",
        "person_name": "Otieno Were", "person_post": "Secretary", "org_name": name, "org_kind": "digital_rights",
        "org_website": "https://www.kdrf.example/", "authorised": True,
    }  # fmt: skip
    return SignOn(**{**values, **extra})


def person(name: str = "Afi Mensah", **extra: Any) -> SignOn:
    values: dict[str, Any] = {
        "kind": "person", "visibility": "public", "country": "TG", "email": "afi.mensah@post.example",
        "person_name": name,
    }  # fmt: skip
    return SignOn(**{**values, **extra})


def paper(**extra: Any) -> Source:
    """What shows a signature that came on paper."""
    values: dict[str, Any] = {"came_by": "paper", "given_on": date(2017, 11, 3), "note": "Sheet in the office."}
    return Source(**{**values, **extra})


def on_paper(
    call: SignOnCall, typed: SignOn, *, by: Any, version: LetterVersion | None = None, **extra: Any
) -> CollectedSignOn:
    """Entered by that member of the team, not confirmed yet."""
    return sign_on_enter(call=call, typed=typed, source=paper(**extra), actor=by, version=version).collected.get()


def submit(call: SignOnCall, typed: SignOn) -> Any:
    return sign_on_submit(call=call, typed=typed)


def signed(call: SignOnCall, typed: SignOn, *, accepted_by: Any = None) -> SignOn:
    """Submitted and confirmed; accepted too, where a moderator is given."""
    done = sign_on_confirm(token=submit(call, typed).token).sign_on
    return sign_on_accept(sign_on=done, actor=accepted_by) if accepted_by else done


def some_time_passes() -> None:
    """So much that what is asked for again is not the same press of a button."""
    SignOnToken.objects.update(created_at=timezone.now() - REPEAT_WITHIN)
    SignOn.objects.update(created_at=timezone.now() - REPEAT_WITHIN)


def mails() -> list[Message]:
    """Confirmation mails in the postbox, oldest first, as they would leave now. Those about what is gone are empty."""
    found = list(Message.objects.filter(kind="confirmation").order_by("created_at"))
    for message in found:
        if message.composer_values:
            with suppress(ContentGone):
                message_compose(message=message)
    return found


def link_in(message: Message) -> str:
    """The path of the one link in a mail."""
    [link] = re.findall(r"https?://[^/\s]+(/[\w-]+/sign/\S+)", message.text_body)
    return link


#: what a browser sends for a filled-in form
ORGANISATION_FORM = {
    "org_name": "Coopérative des maraîchères de la Lama", "org_name_english": "Lama Market Gardeners’ Cooperative",
    "org_acronym": "", "org_kind": "farmers", "country": "TG", "org_website": "maraicheres-lama.example",
    "org_members": "120", "person_name": "Afi Mensah", "person_post": "Coordinator",
    "email": "afi.mensah@maraicheres-lama.example", "authorised": "on", "visibility": "public", "leave_empty": "",
}  # fmt: skip
PERSON_FORM = {
    "person_name": "Afi Mensah", "country": "TG", "email": "afi.mensah@post.example", "visibility": "public",
    "leave_empty": "",
}  # fmt: skip


def make_sign_on(
    call: SignOnCall, name: str, *, visibility: str = "public", country: str = "KE", english: str = "", **extra: Any
) -> SignOn:
    """A confirmed signature of an organisation."""
    [sign_on] = make_sign_ons(call, [name], visibility=visibility, country=country, english=english, **extra)
    return sign_on


def make_sign_ons(
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


def token_of(text: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text)
    assert found
    return found[1]


def propose(call: SignOnCall, cast: Any, kind: str = "correction", **extra: Any) -> VersionReplacement:
    """The newest version in place of the call's, as a coordinator proposes it."""
    newest = call.letter.versions.order_by("-number")[0]
    values: dict[str, Any] = {
        "kind": kind, "reasons": {"en": "The year was wrong."}, "after": newest.number,
        "answer_until": timezone.now() + timedelta(days=5) if kind == "material" else None, **extra,
    }  # fmt: skip
    return version_replacement_propose(call=call, actor=cast.coordinator, **values)


def replace_version(call: SignOnCall, cast: Any, kind: str = "correction", **extra: Any) -> VersionReplacement:
    """Proposed, and agreed to by a reviewer. `call` is as it is then."""
    done = version_replacement_agree(replacement=propose(call, cast, kind, **extra), actor=cast.reviewer)
    call.refresh_from_db()
    return done
