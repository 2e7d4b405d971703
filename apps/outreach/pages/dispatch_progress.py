"""The progress of a mailing: what became of each letter, in numbers and words."""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from apps.campaigns.models import Campaign
from apps.core.times import reader_time
from apps.postbox.models import SEALED, Message, MessageState
from apps.postbox.selectors.messages import waiting_explanation
from apps.postbox.services.claims import QUIET

from ..models import Delivery, Dispatch
from ..selectors.dispatches import CALLED_BACK, dispatch_deliveries

State = MessageState
#: report about an accepted letter → (tone, glyph, words, rank)
REPORTED = {
    "complained": ("bad", "bad", pgettext_lazy("letter", "Reported as spam"), 2),
    "forwarding_failed": ("warn", "bounce", pgettext_lazy("letter", "Perhaps not delivered"), 2),
    "delayed": ("warn", "clock", pgettext_lazy("letter", "Delayed"), 3),
}
#: over which the rate is measured
LATELY = timedelta(minutes=5)
#: then an unready letter needs a person
SLOW = timedelta(minutes=15)


@dataclass(frozen=True)
class DeliveryLine:
    """One letter in a list. `rank` sorts problems first; `bucket` is its part of the progress bar."""

    delivery: Delivery
    tone: str
    glyph: str
    words: str
    last: str
    bucket: str
    rank: int

    @property
    def needs_person(self) -> bool:
        return self.rank < 3


@dataclass(frozen=True)
class Progress:
    accepted: int
    waiting: int
    bounced: int
    doubt: int
    queued: int
    ended: int

    @property
    def total(self) -> int:
        return sum(vars(self).values())

    @property
    def done(self) -> int:
        return self.accepted + self.bounced + self.ended

    @property
    def to_go(self) -> int:
        return self.total - self.done

    @property
    def bars(self) -> list[tuple[str, str, str]]:
        """(class, x, width) of each part of the bar, which is 300 wide."""
        parts = {"bar-ok": self.accepted, "bar-warn": self.waiting, "bar-bad": self.bounced, "bar-ink": self.doubt}
        bars, x = [], 0
        for css, letters in parts.items():
            if letters:
                bars.append((css, f"{300 * x / self.total:.2f}", f"{300 * letters / self.total:.2f}"))
            x += letters
        return bars


def dispatch_progress(lines: Iterable[DeliveryLine]) -> Progress:
    found = Counter(line.bucket for line in lines)
    return Progress(**{name: found[name] for name in Progress.__dataclass_fields__})


@dataclass(frozen=True)
class RegionLine:
    """The progress in one region, and in each of its governments."""

    name: str
    progress: Progress
    governments: list[tuple[str, Progress]]


def region_lines(lines: Iterable[DeliveryLine]) -> list[RegionLine]:
    found: dict[str, dict[str, list[DeliveryLine]]] = {}
    for line in sorted(lines, key=lambda line: line.delivery.member.sort_en):
        member = line.delivery.member
        found.setdefault(member.region.partition("/")[0], {}).setdefault(member.name, []).append(line)
    return [
        RegionLine(
            name or _("No region"),
            dispatch_progress(line for rows in members.values() for line in rows),
            [(member, dispatch_progress(rows)) for member, rows in members.items()],
        )
        for name, members in sorted(found.items())
    ]


@dataclass(frozen=True)
class Rate:
    """Letters accepted per minute lately, and in how many minutes those that wait would be at that rate."""

    per_minute: float
    minutes_left: int


def sending_rate(lines: Iterable[DeliveryLine]) -> Rate | None:
    """None while nothing was accepted lately, or nothing waits."""
    rows = list(lines)
    now, progress = timezone.now(), dispatch_progress(rows)
    lately = [moment for moment in _accepted(rows) if moment > now - LATELY]
    waiting = progress.waiting + progress.queued
    if not lately or not waiting:
        return None
    per_minute = 60 * len(lately) / max((now - min(lately)).total_seconds(), 10)
    return Rate(round(per_minute, 0 if per_minute >= 10 else 1), math.ceil(waiting / per_minute))


@dataclass(frozen=True)
class QuietHours:
    """How many letters wait for the end of quiet hours, and when the first of them may leave."""

    letters: int
    next_at: datetime


def quiet_hours(lines: Iterable[DeliveryLine]) -> QuietHours | None:
    """None unless that is all that waits: a headline is for what holds up the whole mailing."""
    queued = [line.delivery.message for line in lines if line.bucket in {"queued", "waiting"}]
    now = timezone.now()
    moments = [each.next_at for each in queued if each and each.explanation == QUIET and each.next_at > now]
    return QuietHours(len(moments), min(moments)) if moments and len(moments) == len(queued) else None


def sending_time(lines: Iterable[DeliveryLine]) -> tuple[datetime, datetime] | None:
    """When the first and the last letter were accepted."""
    moments = _accepted(lines)
    return (min(moments), max(moments)) if moments else None


def _accepted(lines: Iterable[DeliveryLine]) -> list[datetime]:
    found = (line.delivery.message.accepted_at for line in lines if line.delivery.message)
    return [moment for moment in found if moment]


def delivery_lines(dispatch: Dispatch, held: str) -> list[DeliveryLine]:
    """What became of each letter, problems first, then by government. `held` is the hold_reason."""
    letters = dispatch_deliveries(dispatch).defer("edition__body", *(f"message__{name}" for name in SEALED))
    lines = [delivery_line(delivery, held) for delivery in letters]
    return sorted(lines, key=lambda line: line.rank)


def delivery_line(delivery: Delivery, held: str | None = None) -> DeliveryLine:
    """`held` is the hold_reason, if it was read before."""
    message, campaign = delivery.message, delivery.dispatch.campaign
    if message is None:
        return _unready(delivery)
    if message.replied_at:
        return DeliveryLine(
            delivery, "ok", "reply", pgettext("letter", "Answered"), _clock(message.replied_at, campaign), "accepted", 6
        )
    if message.state == State.CANCELLED and message.cancel_reason in CALLED_BACK and not delivery.dispatch.ended_at:
        paused = delivery.dispatch.state == Dispatch.State.PAUSED
        later = pgettext("letter", "Paused") if paused else _("To be made again")
        return DeliveryLine(delivery, "idle", "clock", later, "", "queued", 5)
    report = getattr(delivery, "last_report", None)
    if report in REPORTED and message.state in State.HANDED_OVER:
        tone, glyph, words, rank = REPORTED[report]
        return DeliveryLine(delivery, tone, glyph, str(words), _clock(message.accepted_at, campaign), "accepted", rank)
    return DeliveryLine(delivery, *_message_words(message, campaign, held))


def _message_words(message: Message, campaign: Campaign, held: str | None) -> tuple[str, str, str, str, str, int]:
    """The fields of a DeliveryLine after `delivery`."""
    said = message.last_reply
    match message.state:
        case State.IN_DOUBT:
            return "bad", "doubt", pgettext("letter", "In doubt"), message.explained, "doubt", 0
        case State.BOUNCED | State.REFUSED:
            said = said if message.state == State.REFUSED else ""  # it was accepted first: what came back counts
            return "bad", "bounce", pgettext("letter", "Bounced"), said or message.explained, "bounced", 1
        case State.SUPPRESSED | State.EXPIRED:
            words = pgettext("letter", "Expired") if message.state == State.EXPIRED else pgettext("letter", "Not sent")
            return "bad", "bad", words, message.explained, "ended", 2
        case State.QUEUED if message.attempt:
            words = _("Next try: %(time)s") % {"time": reader_time(message.next_at, campaign)}
            return "warn", "clock", words, said or waiting_explanation(message, held), "waiting", 3
        case State.CLAIMED | State.FINAL:
            return "ink", "sent", pgettext("letter", "Being sent"), "", "queued", 4
        case State.QUEUED:
            return "idle", "clock", pgettext("letter", "Queued"), waiting_explanation(message, held), "queued", 5
        case State.CANCELLED:
            return "idle", "bad", pgettext("letter", "Cancelled"), message.explained, "ended", 7
        case State.DELIVERED:
            return "ok", "ok", pgettext("letter", "Delivered"), _clock(message.delivered_at, campaign), "accepted", 7
    return "ok", "ok", pgettext("letter", "Accepted"), _clock(message.accepted_at, campaign), "accepted", 7


def _unready(delivery: Delivery) -> DeliveryLine:
    dispatch = delivery.dispatch
    if dispatch.state == Dispatch.State.AUTHORISED:
        if dispatch.send_at and dispatch.send_at > timezone.now():
            words = _("To be sent from %(time)s") % {"time": reader_time(dispatch.send_at, dispatch.campaign)}
            return DeliveryLine(delivery, "idle", "clock", pgettext("letter", "Scheduled"), words, "queued", 5)
        if dispatch.authorised_at and dispatch.per_hour is None and timezone.now() - _start(dispatch) > SLOW:
            last = _("It could not be made yet. An operator can find the reason in the log.")
            return DeliveryLine(delivery, "bad", "warn", pgettext("letter", "Not ready"), last, "queued", 2)
        return DeliveryLine(
            delivery, "idle", "clock", pgettext("letter", "Being made"), _("The PDF comes next."), "queued", 5
        )
    if dispatch.state == Dispatch.State.PAUSED:
        return DeliveryLine(delivery, "idle", "clock", pgettext("letter", "Paused"), "", "queued", 5)
    words = pgettext("letter", "Not sent") if dispatch.ended_at else pgettext("letter", "Planned")
    return DeliveryLine(delivery, "idle", "ring", words, "", "ended" if dispatch.ended_at else "queued", 7)


def _start(dispatch: Dispatch) -> datetime:
    moments = (dispatch.authorised_at, dispatch.send_at)
    return max(moment for moment in moments if moment)


def _clock(moment: datetime | None, campaign: Campaign) -> str:
    return reader_time(moment, campaign) if moment else ""
