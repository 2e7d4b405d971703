"""Sent letters and answers in a government's timeline."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.campaigns.models import Campaign
from apps.core.logs import ADDRESS
from apps.core.registries import TimelineEntry
from apps.core.text import clean_line
from apps.governments.models import Member
from apps.postbox.inbound.quoted_text import without_quotes
from apps.postbox.models import InboundMail, MessageEvent

from ..models import Delivery, Reply
from ..selectors.dispatches import campaign_replies

QUOTED_LINES, QUOTED_SIGNS = 4, 400
DIGITS = re.compile(r"[+(]?\d[\d\s().\-/\u2010-\u2015]{5,}\d")
#: long numbers that are not telephone numbers
DATES = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{4}|(?:19|20)\d\d\W+(?:19|20)\d\d")
#: event → (glyph, tone, title)
NEWS = {
    "accepted": ("sent", "ok", gettext_lazy("Sent, %(office)s")),
    "delivered": ("ok", "ok", gettext_lazy("Delivered, %(office)s")),
    "bounced": ("bounce", "bad", gettext_lazy("Bounced, %(office)s")),
    "refused": ("bounce", "bad", gettext_lazy("Bounced, %(office)s")),
    "in_doubt": ("doubt", "bad", gettext_lazy("In doubt, %(office)s")),
    "delayed": ("clock", "warn", gettext_lazy("Delayed, %(office)s")),
    "forwarding_failed": ("bounce", "warn", gettext_lazy("Perhaps not delivered, %(office)s")),
    "complained": ("bad", "bad", gettext_lazy("Reported as spam, %(office)s")),
    "allowed": ("ok", "", gettext_lazy("Email allowed again, %(office)s")),
    "too_large": ("bad", "bad", gettext_lazy("An email was too large to receive, %(office)s")),
}
#: that a letter left, or may have: a server's further report is no contact
CONTACTS = {"accepted", "delivered", "in_doubt"}
#: why a letter bounced
REASONS = {
    "address": gettext_lazy("The address does not exist."),
    "full": gettext_lazy("The mailbox is full. The address itself works."),
    "policy": gettext_lazy("Their server refused it by a rule. The address itself may work."),
    "too_large": gettext_lazy("The letter is larger than their server takes. The address itself works."),
}
NOTES = {
    "delayed": gettext_lazy("The letter has not arrived yet. Their server keeps trying."),
    "forwarding_failed": gettext_lazy(
        "Their server took the letter, but could not forward it to another address. The address itself works."
    ),
    "too_large": gettext_lazy("Its sender was told. Ask for it in parts, or for a link. The limit is 50 MB."),
    "complained": gettext_lazy("Nothing more is sent to this address until it is allowed on the recipient’s page."),
}
#: shown only on the letter's own page
MORE_NEWS = {
    "queued": ("clock", "", pgettext_lazy("letter", "Queued")),
    "deferred": ("clock", "warn", gettext_lazy("The server asked to wait")),
    "replied": ("reply", "ink", pgettext_lazy("letter", "Answered")),
    "auto_replied": ("talk", "", gettext_lazy("Automatic reply")),
    "unreadable": ("doubt", "warn", gettext_lazy("A mail server sent an unclear report")),
    "corrected": ("ring", "", gettext_lazy("A person corrected what an email says")),
    "expired": ("bad", "bad", pgettext_lazy("letter", "Expired")),
    "cancelled": ("bad", "", pgettext_lazy("letter", "Cancelled")),
    "suppressed": ("bad", "bad", gettext_lazy("Not sent: it reported our email as spam")),
}

#: a reply code (RFC 5321), an enhanced one (RFC 3463), and the words
ANSWER = re.compile(r"(?:([245]\d\d)\b[ -]?)?(?:([245]\.\d{1,3}\.\d{1,3})\b ?)?(.*)", re.DOTALL)


@dataclass(frozen=True)
class EventLine:
    at: datetime
    glyph: str
    tone: str
    words: str
    code: str
    detail: str
    mail_id: int | None


def delivery_events(delivery: Delivery) -> list[EventLine]:
    """The history of a letter's mail, oldest first."""
    if delivery.message is None:
        return []
    mails = dict(delivery.message.answers.values_list("sha256", "pk"))
    events = delivery.message.events.order_by("occurred_at", "pk")
    return [_event_line(delivery, event, mails.get(event.mail_sha256)) for event in events]


def _event_line(delivery: Delivery, event: MessageEvent, mail_id: int | None) -> EventLine:
    glyph, tone, words = {**NEWS, **MORE_NEWS}.get(event.kind, ("ring", "", event.kind.replace("_", " ").capitalize()))
    title = str(words) % {"office": delivery.recipient.office.name} if event.kind in NEWS else str(words)
    code, detail = code_and_words(event)
    detail = _sentences(detail, str(REASONS.get(event.bounce_reason, "")), str(NOTES.get(event.kind, "")))
    return EventLine(event.occurred_at, glyph, tone, title, code, detail, mail_id)


def code_and_words(event: MessageEvent) -> tuple[str, str]:
    """Splits a server's answer: ("550 5.1.1", "no such mailbox")."""
    found = ANSWER.match(event.detail.strip())
    code, enhanced, words = found.groups("") if found else ("", "", "")
    return " ".join(dict.fromkeys(part for part in (code or event.code, enhanced) if part)), words


def timeline(campaign: Campaign, member: Member) -> Iterator[TimelineEntry]:
    """Timeline source: letters that left, servers' reports, answers; without addresses."""
    deliveries = (
        Delivery.objects.filter(dispatch__campaign=campaign, member=member, message__isnull=False)
        .select_related("dispatch__letter", "dispatch__version", "recipient__office", "message")
        .prefetch_related("message__events")
    )
    mails = dict(InboundMail.objects.filter(message__delivery__in=deliveries).values_list("sha256", "pk"))
    for delivery in deliveries:
        for event in delivery.message.events.all() if delivery.message else ():
            if event.kind in NEWS and not event.corrected:
                yield _event_entry(campaign, delivery, event, mails.get(event.mail_sha256))
    for reply in campaign_replies(campaign).filter(member=member):
        yield _reply_entry(campaign, reply)


def _event_entry(campaign: Campaign, delivery: Delivery, event: MessageEvent, mail_id: int | None) -> TimelineEntry:
    glyph, tone, title = NEWS[event.kind]
    code, said = ("", "") if event.kind == "accepted" else code_and_words(event)
    why = str(REASONS.get(event.bounce_reason, ""))
    detail = _sentences(said, why, str(NOTES.get(event.kind, "")), _letter_words(delivery))
    args = [campaign.slug, delivery.dispatch_id, delivery.pk]
    links = [(_("The letter"), reverse("outreach:delivery", args=args))]
    if mail_id:
        links.append((_("Whole email"), reverse("outreach:mail", args=[campaign.slug, mail_id])))
    return TimelineEntry(
        at=event.occurred_at,
        glyph=glyph,
        tone=tone,
        title=title % {"office": delivery.recipient.office.name},
        detail=detail,
        code=code,
        links=links,
        kind="bounce" if glyph == "bounce" else "letter" if event.kind in CONTACTS else "other",
    )


def _sentences(*parts: str) -> str:
    ended = [part if part.endswith((".", "!", "?")) else f"{part}." for part in parts if part]
    return " ".join(f"{part[0].upper()}{part[1:]}" for part in ended)


def _reply_entry(campaign: Campaign, reply: Reply) -> TimelineEntry:
    office = {"office": reply.delivery.recipient.office.name}
    link = [(_("Whole email"), reverse("outreach:reply", args=[campaign.slug, reply.pk]))]
    if reply.kind == Reply.Kind.AUTO_REPLY:
        quote, detail = "", _("“%(words)s” Not counted as an answer.") % {"words": reply_beginning(reply, 1)}
        title = _("Automatic reply, %(office)s") % office
        return TimelineEntry(reply.received_at, "talk", "", title, detail, links=link, kind="auto_reply")
    quote, detail = reply_beginning(reply), _("To letter %(n)d.") % {"n": reply.delivery.dispatch.letter.number}
    title = _("Reply, %(office)s") % office
    return TimelineEntry(reply.received_at, "reply", "ink", title, detail, quote, links=link, kind="answer")


def _letter_words(delivery: Delivery) -> str:
    version = delivery.dispatch.version
    if delivery.dispatch.addendum_id is not None:
        return _("Addendum to letter %(letter)d, to: %(post)s.") % {
            "letter": delivery.dispatch.letter.number,
            "post": delivery.recipient.post,
        }
    return _("Letter %(letter)d, version %(version)d, to: %(post)s.") % {
        "letter": delivery.dispatch.letter.number,
        "version": version.number,
        "post": delivery.recipient.post,
    }


def first_lines(text: str, lines: int = QUOTED_LINES, *, original: str = "") -> str:
    """The first `lines` lines of an answer, without what it quotes of `original`. Email addresses and telephone numbers
    are masked, since everybody with read access sees it."""
    own = without_quotes(text, original)
    words = without_contacts(" ".join(own[:lines]))
    cut = len(own) > lines or len(words) > QUOTED_SIGNS
    return words[:QUOTED_SIGNS].rstrip() + ("…" if cut and words else "")


def reply_beginning(reply: Reply, lines: int = QUOTED_LINES) -> str:
    message = reply.delivery.message
    return first_lines(reply.mail.text, lines, original=message.text_body if message else "")


def without_contacts(words: str) -> str:
    """In one line, email addresses and telephone numbers masked."""
    return DIGITS.sub(_masked, ADDRESS.sub(_("[email address]"), clean_line(words)))


def _masked(found: re.Match[str]) -> str:
    text = found[0]
    few = sum(sign.isdigit() for sign in text) < 7
    return text if few or DATES.fullmatch(text) else _("[telephone number]")
