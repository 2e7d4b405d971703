"""What letters add to a government's timeline."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.campaigns.models import Campaign
from apps.core.logs import ADDRESS
from apps.core.registries import TimelineEntry
from apps.governments.models import Member
from apps.postbox.models import MessageEvent

from ..models import Delivery, Reply

#: lines of an answer that are quoted
QUOTED_LINES, QUOTED_SIGNS = 4, 400
#: where what an answer quotes begins: marks of mail programs, and the head of the mail answered
QUOTES = re.compile(r">|-----|_____|\*?(?:From|De|Von|من) ?:")
#: digits, and what people write between them
DIGITS = re.compile(r"[+(]?\d[\d\s().\-/\u2010-\u2015]{5,}\d")
#: dates and spans of years, the only long numbers that letters about a conference hold and that are no telephone's
DATES = re.compile(r"\d{4}-\d\d-\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{4}|(?:19|20)\d\d\W+(?:19|20)\d\d")
#: event → (glyph, tone, title); others are no news to a government's file
NEWS = {
    "accepted": ("sent", "ok", gettext_lazy("Sent, %(office)s")),
    "delivered": ("ok", "ok", gettext_lazy("Delivered, %(office)s")),
    "bounced": ("bounce", "bad", gettext_lazy("Bounced, %(office)s")),
    "refused": ("bounce", "bad", gettext_lazy("Bounced, %(office)s")),
    "in_doubt": ("doubt", "bad", gettext_lazy("In doubt, %(office)s")),
}
#: what else a letter's own page tells
MORE_NEWS = {
    "queued": ("clock", "", gettext_lazy("Queued")),
    "deferred": ("clock", "warn", gettext_lazy("The server asked to wait")),
    "replied": ("reply", "ink", gettext_lazy("Answered")),
    "auto_replied": ("talk", "", gettext_lazy("Auto-reply")),
    "expired": ("bad", "bad", gettext_lazy("Expired")),
    "cancelled": ("bad", "", gettext_lazy("Cancelled")),
    "suppressed": ("bad", "bad", gettext_lazy("On the suppression list")),
}

#: a reply code (RFC 5321) and an enhanced one (RFC 3463), where they are given, and the words behind them
ANSWER = re.compile(r"(?:([245]\d\d)\b[ -]?)?(?:([245]\.\d{1,3}\.\d{1,3})\b ?)?(.*)", re.DOTALL)


@dataclass(frozen=True)
class EventLine:
    """One thing that happened to a letter's mail."""

    at: datetime
    glyph: str
    tone: str
    words: str
    code: str
    detail: str


def delivery_events(delivery: Delivery) -> list[EventLine]:
    """The history of a letter's mail, oldest first; empty while it has none."""
    if delivery.message is None:
        return []
    return [_event_line(delivery, event) for event in delivery.message.events.order_by("occurred_at", "pk")]


def _event_line(delivery: Delivery, event: MessageEvent) -> EventLine:
    glyph, tone, words = {**NEWS, **MORE_NEWS}.get(event.kind, ("ring", "", event.kind.replace("_", " ").capitalize()))
    title = str(words) % {"office": delivery.recipient.office.name} if event.kind in NEWS else str(words)
    return EventLine(event.occurred_at, glyph, tone, title, *code_and_words(event))


def code_and_words(event: MessageEvent) -> tuple[str, str]:
    """A server's answer in two parts: ("550 5.1.1", "no such mailbox")."""
    code, enhanced, words = ANSWER.fullmatch(event.detail.strip()).groups("")  # type: ignore[union-attr]  # fits any
    return " ".join(dict.fromkeys(part for part in (code or event.code, enhanced) if part)), words


def timeline(campaign: Campaign, member: Member) -> Iterator[TimelineEntry]:
    """Registered as a timeline source: letters that left, what servers said, answers. Addresses are not in it; the
    letter's own page shows them to those who may see contact data."""
    deliveries = (
        Delivery.objects.filter(dispatch__campaign=campaign, member=member, message__isnull=False)
        .select_related("dispatch__letter", "dispatch__version", "recipient__office", "message")
        .prefetch_related("message__events")
    )
    for delivery in deliveries:
        for event in delivery.message.events.all():  # type: ignore[union-attr]  # filtered above
            if event.kind in NEWS:
                yield _event_entry(campaign, delivery, event)
    replies = Reply.objects.filter(campaign=campaign, member=member)
    for reply in replies.select_related("mail", "delivery__recipient__office", "delivery__dispatch__letter"):
        yield _reply_entry(campaign, reply)


def _event_entry(campaign: Campaign, delivery: Delivery, event: MessageEvent) -> TimelineEntry:
    glyph, tone, title = NEWS[event.kind]
    code, said = ("", "") if event.kind == "accepted" else code_and_words(event)
    detail = _letter_words(delivery)
    if said:
        detail = f"{said} {detail}" if said.endswith((".", "!", "?")) else f"{said}. {detail}"
    return TimelineEntry(
        at=event.occurred_at,
        glyph=glyph,
        tone=tone,
        title=title % {"office": delivery.recipient.office.name},
        detail=detail,
        code=code,
        links=[(_("The letter"), _delivery_url(campaign, delivery))],
        kind="bounce" if glyph == "bounce" else "letter",
    )


def _reply_entry(campaign: Campaign, reply: Reply) -> TimelineEntry:
    office = {"office": reply.delivery.recipient.office.name}
    link = [(_("Whole mail"), reverse("outreach:reply", args=[campaign.slug, reply.pk]))]
    if reply.kind == Reply.Kind.AUTO_REPLY:
        quote, detail = "", _("“%(words)s” Not counted as an answer.") % {"words": first_lines(reply.mail.text, 1)}
        title = _("Auto-reply, %(office)s") % office
        return TimelineEntry(reply.received_at, "talk", "", title, detail, links=link, kind="auto_reply")
    quote, detail = first_lines(reply.mail.text), _("To letter %(n)d.") % {"n": reply.delivery.dispatch.letter.number}
    title = _("Reply, %(office)s") % office
    return TimelineEntry(reply.received_at, "reply", "ink", title, detail, quote, links=link, kind="answer")


def _letter_words(delivery: Delivery) -> str:
    version = delivery.dispatch.version
    return _("Letter %(letter)d, version %(version)d, to: %(post)s.") % {
        "letter": delivery.dispatch.letter.number,
        "version": version.number,
        "post": delivery.recipient.post,
    }


def _delivery_url(campaign: Campaign, delivery: Delivery) -> str:
    return reverse("outreach:delivery", args=[campaign.slug, delivery.dispatch_id, delivery.pk])


def first_lines(text: Any, lines: int = QUOTED_LINES) -> str:
    """The beginning of a mail without what it quotes: at most `lines` lines and 400 signs. Mail addresses and telephone
    numbers are masked, for everybody who reads may see it."""
    own = []
    for line in str(text).splitlines():
        if QUOTES.match(line.strip()):
            break
        if line.strip():
            own.append(line.strip())
    words = _without_contacts(" ".join(own[:lines]))
    cut = len(own) > lines or len(words) > QUOTED_SIGNS
    return words[:QUOTED_SIGNS].rstrip() + ("…" if cut and words else "")


def _without_contacts(words: str) -> str:
    return DIGITS.sub(_masked, ADDRESS.sub(_("[mail address]"), words))


def _masked(found: re.Match[str]) -> str:
    text = found[0]
    few = sum(sign.isdigit() for sign in text) < 7
    return text if few or DATES.fullmatch(text) else _("[telephone number]")
