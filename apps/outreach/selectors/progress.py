"""Where a dispatch stands: what is left to do, what became of each letter, in numbers and in words."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from apps.coalitions.selectors import annex_outdated
from apps.governments.models import RecipientAddress
from apps.governments.selectors import merged_ids
from apps.postbox.models import DEAD_STATES, Message, MessageState
from apps.postbox.selectors import waiting_explanation

from ..models import Delivery, Dispatch, Exclusion
from .planning import once_key

State = MessageState
#: the letter is, or may be, with the recipient's server
LEFT = [State.FINAL, State.ACCEPTED, State.DELIVERED, State.BOUNCED, State.IN_DOUBT]
#: a worker, or a person, still has to do something
OPEN = [State.QUEUED, State.CLAIMED, State.FINAL, State.IN_DOUBT]
#: a letter that is not ready after this long is shown as one that needs a person
SLOW = timedelta(minutes=15)


@dataclass(frozen=True)
class DeliveryLine:
    """One letter in a list. `rank` sorts problems first; `bucket` is its part of the bar."""

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
    """Letters of a dispatch by what became of them; the parts add up to `total`."""

    accepted: int
    waiting: int
    bounced: int
    doubt: int
    queued: int
    ended: int

    @property
    def total(self) -> int:
        return self.accepted + self.waiting + self.bounced + self.doubt + self.queued + self.ended

    @property
    def done(self) -> int:
        return self.accepted + self.bounced + self.ended

    @property
    def to_go(self) -> int:
        return self.total - self.done

    @property
    def bars(self) -> list[tuple[str, str, str]]:
        """(class, x, width) of each part of the bar, which is 300 wide: the scale of the patterns."""
        parts = [("s-ok", self.accepted), ("s-warn", self.waiting), ("s-bad", self.bounced), ("s-ink", self.doubt)]
        bars, x = [], 0
        for css, letters in parts:
            if letters:
                bars.append((css, f"{300 * x / self.total:.2f}", f"{300 * letters / self.total:.2f}"))
            x += letters
        return bars


def dispatches_of(campaign: Any) -> QuerySet[Dispatch]:
    """The campaign's dispatches, newest first, with what lists show of them."""
    return (
        Dispatch.objects.filter(campaign=campaign)
        .select_related("letter", "version", "prepared_by", "authorised_by", "annex", "campaign")
        .order_by("-id")
    )


def deliveries_waiting(limit: int) -> list[Delivery]:
    """Letters of authorised dispatches that have no message yet; those tried last come last."""
    waiting = Delivery.objects.filter(message=None, dispatch__state=Dispatch.State.AUTHORISED)
    return list(_with_everything(waiting).order_by("updated_at", "pk")[:limit])


def deliveries_of(dispatch: Dispatch) -> QuerySet[Delivery]:
    """The letters of a dispatch by government, with what lists show of them."""
    return _with_everything(dispatch.deliveries.all()).order_by("member__sort_en", "pk")


def _with_everything(rows: QuerySet[Delivery]) -> QuerySet[Delivery]:
    return rows.select_related(
        "dispatch__campaign", "dispatch__letter", "dispatch__version", "dispatch__annex",
        "member", "recipient__office", "address", "edition", "message",
    )  # fmt: skip


def has_begun(dispatch: Dispatch) -> bool:
    """Whether a letter has left, or may have."""
    return Delivery.objects.filter(dispatch=dispatch, message__state__in=LEFT).exists()


def has_ended(dispatch: Dispatch) -> bool:
    """Whether every letter has a message and every message a fate."""
    return not Delivery.objects.filter(Q(message=None) | Q(message__state__in=OPEN), dispatch=dispatch).exists()


def annex_changes(dispatch: Dispatch) -> str:
    """Why an authorised dispatch must wait for a new list of signatories; "" where it need not, or has begun."""
    if dispatch.annex is None or has_begun(dispatch) or not annex_outdated(dispatch.annex):
        return ""
    return _(
        "Somebody on the list of signatories has withdrawn, or may no longer be named. No letter had left, so all of "
        "them wait for a new list."
    )


def unusable(delivery: Delivery) -> str:
    """Why a planned letter can no longer go (its address broke since, the recipient left); "" while it can."""
    if delivery.address.health == RecipientAddress.Health.BOUNCED:
        return Exclusion.Reason.BOUNCED
    if delivery.address.health == RecipientAddress.Health.RETIRED:
        return Exclusion.Reason.NO_ADDRESS
    if not delivery.recipient.active:
        return Exclusion.Reason.NO_RECIPIENT
    return Exclusion.Reason.ALREADY_SENT if _merged_row_has_it(delivery) else ""


def _merged_row_has_it(delivery: Delivery) -> bool:
    """Whether the letter went, or goes, to a row that was merged into this recipient since it was planned."""
    merged = merged_ids([delivery.recipient]).get(delivery.recipient_id, ())
    keys = [once_key(delivery.dispatch.letter_id, pk) for pk in merged]
    return bool(keys) and Message.objects.filter(once_key__in=keys).exclude(state__in=DEAD_STATES).exists()


def progress_of(lines: Iterable[DeliveryLine]) -> Progress:
    """The numbers of the bar."""
    found = Counter(line.bucket for line in lines)
    return Progress(**{name: found[name] for name in Progress.__dataclass_fields__})


def delivery_lines(dispatch: Dispatch) -> list[DeliveryLine]:
    """What became of each letter, problems first, then by government."""
    lines = [line_of(delivery) for delivery in deliveries_of(dispatch)]
    return sorted(lines, key=lambda line: line.rank)


def line_of(delivery: Delivery) -> DeliveryLine:
    """What became of one letter, in words."""
    message = delivery.message
    if message is None:
        return _unready(delivery)
    if message.replied_at:
        return DeliveryLine(delivery, "ok", "reply", _("Answered"), _clock(message.replied_at), "accepted", 6)
    return DeliveryLine(delivery, *_message_words(message))


def _message_words(message: Message) -> tuple[str, str, str, str, str, int]:
    """(tone, glyph, words, last word, bucket, rank)."""
    said = message.last_reply
    match message.state:
        case State.IN_DOUBT:
            return "bad", "doubt", _("In doubt"), message.explanation, "doubt", 0
        case State.BOUNCED | State.REFUSED:
            return "bad", "bounce", _("Bounced"), said or message.explanation, "bounced", 1
        case State.SUPPRESSED | State.EXPIRED:
            words = _("Expired") if message.state == State.EXPIRED else _("Suppressed")
            return "bad", "bad", words, message.explanation, "ended", 2
        case State.QUEUED if message.attempt:
            words = _("Again at %(time)s UTC") % {"time": message.next_at.strftime("%H:%M")}
            return "warn", "clock", words, said or message.explanation, "waiting", 3
        case State.CLAIMED | State.FINAL:
            return "ink", "sent", _("Being handed over"), "", "queued", 4
        case State.QUEUED:
            return "idle", "clock", _("Queued"), waiting_explanation(message), "queued", 5
        case State.CANCELLED:
            return "idle", "bad", _("Cancelled"), message.explanation, "ended", 7
        case State.DELIVERED:
            return "ok", "ok", _("Delivered"), _clock(message.delivered_at), "accepted", 7
    return "ok", "ok", _("Accepted"), _clock(message.accepted_at), "accepted", 7


def _unready(delivery: Delivery) -> DeliveryLine:
    dispatch = delivery.dispatch
    if dispatch.state == Dispatch.State.AUTHORISED:
        if dispatch.authorised_at and timezone.now() - dispatch.authorised_at > SLOW:
            last = _("Not made since it was authorised; an operator finds the reason in the log.")
            return DeliveryLine(delivery, "bad", "warn", _("Not ready"), last, "queued", 2)
        return DeliveryLine(delivery, "idle", "clock", _("Being made"), _("The PDF comes next."), "queued", 5)
    words = _("Not sent") if dispatch.ended_at else _("Planned")
    return DeliveryLine(delivery, "idle", "ring", words, "", "ended" if dispatch.ended_at else "queued", 7)


def _clock(moment: datetime | None) -> str:
    return _("%(when)s UTC") % {"when": date_format(moment, "j M, H:i")} if moment else ""
