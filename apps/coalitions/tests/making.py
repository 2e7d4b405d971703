"""Makers for tests of signing: a frozen letter, an open call, filled-in forms, and the mails that came of them."""

import re
from datetime import timedelta
from itertools import count
from typing import Any

from django.utils import timezone

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn, SignOnCall, SignOnToken
from apps.coalitions.services import sign_on_accept, sign_on_call_open, sign_on_confirm, sign_on_submit
from apps.coalitions.services.mails import REPEAT_WITHIN
from apps.letters.models import Letter, LetterTemplate, LetterVersion
from apps.letters.services import (
    letter_create,
    letter_text_approve,
    letter_text_ask_review,
    letter_text_save,
    letter_version_freeze,
)
from apps.postbox.models import Message

SITE = "https://letters.example/"
_numbers = count(1)


def paragraph(*content: Any) -> dict[str, Any]:
    inline = [{"type": "text", "text": part} if isinstance(part, str) else part for part in content]
    return {"type": "paragraph", "content": inline}


def body(*more: str) -> dict[str, Any]:
    salutation = {"type": "mergeField", "attrs": {"key": "recipient.salutation", "fallback": "Excellencies"}}
    texts = ["From 10 to 13 December you will meet in Buenos Aires. We ask you to refuse a new mandate.", *more]
    return {
        "type": "doc",
        "content": [paragraph(salutation, ","), *(paragraph(text) for text in texts), {"type": "signatories"}],
    }


def make_version(campaign: Campaign, cast: Any, *members: Any) -> LetterVersion:
    """A letter to these members (to all where there are none), written, approved and frozen by three people."""
    template = LetterTemplate.objects.create(
        campaign=campaign, key=f"t{next(_numbers)}", title="Base", language="en",
        subject="No new rules on electronic commerce", body=body(),
    )  # fmt: skip
    letter = letter_create(
        campaign=campaign, actor=cast.drafter, template=template, title="No new rules on electronic commerce",
        to_all=not members, members=members,
    )  # fmt: skip
    return _approved(letter, cast)


def make_next_version(letter: Letter, cast: Any) -> LetterVersion:
    text = letter.texts.get()
    letter_text_save(
        text=text, actor=cast.drafter, revision=text.revision, subject=text.subject, body=body("One thing more.")
    )
    return _approved(letter, cast)


def _approved(letter: Letter, cast: Any) -> LetterVersion:
    text = letter.texts.get()
    letter_text_ask_review(text=text, actor=cast.drafter)
    text.refresh_from_db()
    letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256)
    return letter_version_freeze(letter=letter, actor=cast.coordinator)


def make_call(version: LetterVersion, cast: Any, *, days: float = 9, **extra: Any) -> SignOnCall:
    closes_at = timezone.now() + timedelta(days=days)
    values: dict[str, Any] = {"opens_at": None, "closes_at": closes_at, **extra}
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


def submit(call: SignOnCall, typed: SignOn) -> Any:
    return sign_on_submit(call=call, typed=typed, base_url=SITE)


def signed(call: SignOnCall, typed: SignOn, *, accepted_by: Any = None) -> SignOn:
    """Submitted and confirmed; accepted too, where a moderator is given."""
    done = sign_on_confirm(token=submit(call, typed).token, base_url=SITE).sign_on
    return sign_on_accept(sign_on=done, actor=accepted_by) if accepted_by else done


def some_time_passes() -> None:
    """So much that what is asked for again is not the same press of a button."""
    SignOnToken.objects.update(created_at=timezone.now() - REPEAT_WITHIN)
    SignOn.objects.update(created_at=timezone.now() - REPEAT_WITHIN)


def mails() -> list[Message]:
    """Confirmation mails in the postbox, oldest first."""
    return list(Message.objects.filter(kind="confirmation").order_by("created_at"))


def link_in(message: Message) -> str:
    """The path of the one link in a mail."""
    [link] = re.findall(r"https?://[^/\s]+(/sign/\S+)", message.text_body)
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
