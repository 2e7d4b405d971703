"""Emails to signers, the tokens in their links, and the limits per address."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from apps.core.encryption import LookupHash, lookup_hashes
from apps.core.interface_languages import interface_language
from apps.core.prepared_statements import Placeholder, PreparedQuery, row_insert, server_cursor
from apps.core.site_url import site_url
from apps.core.tokens import token_hash
from apps.core.types import JsonObject
from apps.letters.selectors.version_differences import version_difference
from apps.postbox.models import Message, MessageState
from apps.postbox.services.queue import message_queue_composed, messages_cancel
from apps.postbox.transports.email_addresses import address_header

from ..models import MAIL_ORIGIN, AddressMail, SignOn, SignOnToken, VersionReplacement
from ..selectors.calls import letter_departure
from ..selectors.signature_log import mailed_head
from ..selectors.version_replacements import reason_for

#: emails to one address, over all campaigns and whoever causes them; the hour holds for what anybody can cause
MAILS_PER_HOUR, MAILS_PER_DAY = 3, 10
#: template → page to which its link leads; others lead to the private page
LINKED = {
    "confirm": "confirm", "confirm_reminder": "confirm", "collected": "confirm", "petition": "confirm",
    "question": "answer", "email_change": "email_confirm", "text_corrected": "new_text", "text_changed": "new_text",
}  # fmt: skip
#: a form sent again within this time counts as the same: a double click, a reload
REPEAT_WITHIN = timedelta(minutes=2)
#: how long a row of AddressMail is needed
MAIL_MEMORY = timedelta(days=1)
#: mails to an address, by one of its hashes
SENT = PreparedQuery(lambda: AddressMail.objects.filter(email_hash=Placeholder("digest"), at__gt=Placeholder("since")))


def address_lock(hashes: list[LookupHash]) -> None:
    """Serialise submissions for one address until the transaction ends, so that limits and duplicates are exact."""
    addresses_lock([hashes[0].digest])


def addresses_lock(digests: Iterable[str]) -> None:
    """The same for several addresses, by the first hash of each, in one order for everybody (`lock_order`)."""
    statement = "SELECT pg_advisory_xact_lock(hashtextextended(digest, 0)) FROM unnest($1::text[]) AS digest"
    with server_cursor() as cursor:
        cursor.execute(statement, [sorted(set(digests))])


def address_may_get_mail(hashes: list[LookupHash], *, from_moderator: bool = False) -> bool:
    """Whether another email to this address is within the limits: exact under `address_lock`. Those from moderators
    count for the day only."""
    now = timezone.now()
    rows = [row for one in hashes for row in SENT.rows(digest=one.digest, since=now - MAIL_MEMORY)]
    last_hour = [row for row in rows if row.at > now - timedelta(hours=1) and not row.from_moderator]
    return (from_moderator or len(last_hour) < MAILS_PER_HOUR) and len(rows) < MAILS_PER_DAY


def token_issue(*, sign_on: SignOn, purpose: str, expires_at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    row_insert(SignOnToken(sign_on=sign_on, purpose=purpose, token_hash=token_hash(token), expires_at=expires_at))
    return token


def manage_token_issue(*, sign_on: SignOn) -> str:
    """A token for the private page."""
    expires_at = manage_token_expiry(sign_on=sign_on)
    return token_issue(sign_on=sign_on, purpose=SignOnToken.Purpose.MANAGE, expires_at=expires_at)


def manage_tokens_issue(*, sign_ons: Iterable[SignOn]) -> dict[int, str]:
    """{id of a signature: a token for its private page}, in one statement. `call` and `campaign` should be loaded."""
    tokens, rows = {}, []
    for sign_on in sign_ons:
        tokens[sign_on.pk] = token = secrets.token_urlsafe(32)
        rows.append(
            SignOnToken(
                sign_on=sign_on, purpose=SignOnToken.Purpose.MANAGE, token_hash=token_hash(token),
                expires_at=manage_token_expiry(sign_on=sign_on),
            )
        )  # fmt: skip
    SignOnToken.objects.bulk_create(rows)
    return tokens


def manage_token_expiry(*, sign_on: SignOn) -> datetime:
    """When the campaign deletes personal data."""
    call = sign_on.call
    last = max(call.closes_at, timezone.now())
    if call.deliver_on is not None:
        last = max(last, datetime.combine(call.deliver_on, datetime.max.time(), last.tzinfo))
    return last + timedelta(days=sign_on.campaign.retention_days)


@transaction.atomic
def private_link_send(*, sign_on: SignOn, typed: str) -> str:
    """Send the private link again. `typed` is the address as its signer gave it now, which has the hash of the
    signature's. Returns its token; "" if one was sent just now or the address is over its limit."""
    hashes = lookup_hashes(sign_on.email or typed)
    address_lock(hashes)
    return private_link_send_within_limit(sign_on=sign_on, typed=typed) if address_may_get_mail(hashes) else ""


def private_link_send_within_limit(*, sign_on: SignOn, typed: str) -> str:
    """The same where `address_lock` is held and the limit was asked, in the caller's transaction."""
    recent = sign_on.tokens.filter(purpose=SignOnToken.Purpose.MANAGE, created_at__gt=timezone.now() - REPEAT_WITHIN)
    if recent.exists():
        return ""
    token = manage_token_issue(sign_on=sign_on)
    mail_send(template="already", sign_on=sign_on, token=token, to=sign_on.email or typed)
    return token


def mail_send(
    *, template: str, sign_on: SignOn, token: str = "", delay: timedelta = timedelta(), to: str = "", **values: str
) -> Message:
    """Queue the email `coalitions/email/<template>` to the signer, or to another address of theirs. It is written when
    it leaves, in their language; the token becomes `link`. It counts towards the limits of the address; a delayed one
    comes from a moderator."""
    campaign = sign_on.campaign
    message = message_queue_composed(
        kind="confirmation",
        composer=MAIL_ORIGIN,
        values={"template": template, "token": token, **values},
        from_header=address_header(campaign.sender_name, campaign.sender_address),
        to_address=to or sign_on.email,
        reply_to=campaign.contact_address,
        origin=MAIL_ORIGIN,
        origin_id=sign_on.pk,
        delay=delay,
    )
    row_insert(
        AddressMail(email_hash=message.to_hash, at=timezone.now(), mail_id=message.pk, from_moderator=bool(delay))
    )
    return message


def mails_call_back(*, ids: Iterable[UUID], reason: str) -> list[UUID]:
    """Cancel those that have not left; they do not count towards the limits. Returns their ids."""
    waiting = Message.objects.without_contents().filter(pk__in=list(ids), state=MessageState.QUEUED)
    cancelled = messages_cancel(messages=waiting, reason=reason, actor=None)
    AddressMail.objects.filter(mail_id__in=cancelled).delete()
    return cancelled


def signer_mail_compose(origin_id: str, values: JsonObject) -> tuple[str, str] | None:
    """Subject and text of a mail that `mail_send` queued, as of now. None where the signature was deleted or erased, or
    a reminder is out of date."""
    related = ("campaign", "call__version", "letter", "version", "organisation")
    sign_on = SignOn.objects.filter(pk=origin_id).select_related(*related).first()
    is_known_by_hash = sign_on is not None and ":" not in sign_on.email_hash  # who wanted no mail, and now asked for it
    if sign_on is None or not (sign_on.email or is_known_by_hash):
        return None
    template, version = values["template"], sign_on.current_version
    if template == "confirm_reminder" and (sign_on.state != SignOn.State.PENDING or not sign_on.call.is_open()):
        return None
    context = {
        **values, "sign_on": sign_on, "campaign": sign_on.campaign, "call": sign_on.call, "letter": sign_on.letter,
        "version": version, "sent": letter_departure(version),
        "log_head": partial(mailed_head, sign_on.campaign_id),
    }  # fmt: skip
    if "replacement" in values:
        about_change = _text_change_context(sign_on, values["replacement"])
        if about_change is None:
            return None
        context |= about_change
    with translation.override(interface_language(sign_on.language)):
        context["link"] = _link(template, values["token"])
        context["log_url"] = site_url(reverse("website:signature_log", args=[sign_on.campaign.slug]))
        subject = render_to_string(f"coalitions/email/{template}_subject.txt", context)
        text = render_to_string(f"coalitions/email/{template}.txt", context)
    return " ".join(subject.split()), text.strip() + "\n"


#: changed paragraphs that a mail quotes; the page has all
MOST_QUOTED = 6


def _link(template: str, token: str) -> str:
    return site_url(reverse(f"signing:{LINKED.get(template, 'manage')}", args=[token])) if token else ""


def _text_change_context(sign_on: SignOn, replacement_id: str) -> JsonObject | None:
    """What a mail about a new version says besides; None where it is no news any more: the signature was withdrawn, the
    signer answered, or yet another version came."""
    replacement = VersionReplacement.objects.select_related("after", "call__version").get(pk=replacement_id)
    after = replacement.call.version
    current = replacement.after_id == after.pk or (
        not replacement.is_correction and replacement.after_id in replacement.call.corrected_versions
    )
    answered = sign_on.notices.filter(replacement=replacement).exclude(answer="").exists()
    if not sign_on.stands or not current or answered or sign_on.version_id == after.pk:
        return None
    text = version_difference(sign_on.version, after).text_for(sign_on.language)
    changes = [change for change in text.changes if change.kind in {"added", "removed", "changed"}]
    return {
        "replacement": replacement, "before": sign_on.version, "version": after, "text": text,
        "reason": reason_for(replacement, sign_on.language)[0],
        "quoted": changes[:MOST_QUOTED], "more": len(changes) - MOST_QUOTED,
    }  # fmt: skip
