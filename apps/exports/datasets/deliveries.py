"""What became of the letters: for the coalition what is public of it, for the team with recipients and answers."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, QuerySet, StringAgg, Subquery, Value
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.campaigns.models import Campaign
from apps.core.types import Label
from apps.letters.models import Letter
from apps.outreach.models import AnswerSummary, Delivery, Reply
from apps.outreach.selectors.departures import deliveries_left
from apps.postbox.models import MessageState

from ..models import Purpose
from . import words
from .base import TEAM, Column, Dataset, Filter, Filters, Type

STATES: dict[str, Label] = {
    MessageState.QUEUED: pgettext_lazy("letters", "Queued"),
    MessageState.CLAIMED: pgettext_lazy("letters", "Being sent"),
    MessageState.FINAL: pgettext_lazy("letters", "Being sent"),
    MessageState.ACCEPTED: pgettext_lazy("letters", "Accepted by the mail server"),
    MessageState.DELIVERED: pgettext_lazy("letters", "Delivered"),
    MessageState.BOUNCED: pgettext_lazy("letters", "Came back"),
    MessageState.REFUSED: pgettext_lazy("letters", "Refused by the mail server"),
    MessageState.IN_DOUBT: pgettext_lazy("letters", "In doubt"),
    MessageState.CANCELLED: pgettext_lazy("letters", "Cancelled"),
    MessageState.EXPIRED: pgettext_lazy("letters", "Expired"),
    MessageState.SUPPRESSED: pgettext_lazy("letters", "Address blocked"),
}
ANSWERS = Reply.objects.filter(delivery=OuterRef("pk"), kind=Reply.Kind.REPLY).order_by("received_at")


def _rows(campaign: Campaign, purpose: Purpose) -> QuerySet[Any]:
    found = Delivery.objects.filter(dispatch__campaign=campaign)
    if purpose != Purpose.INTERNAL:
        found = found.filter(pk__in=deliveries_left().values("pk"), dispatch__addendum=None)
    return found.order_by("member__sort_en", "pk")


def _summaries() -> Subquery:
    """What was published of the answers, which says no more than the public page."""
    of_letter = AnswerSummary.objects.filter(reply__delivery=OuterRef("pk"), reply__kind=Reply.Kind.REPLY)
    joined = of_letter.order_by().values("reply__delivery").annotate(
        texts=StringAgg("text", Value("\n"), order_by="reply__received_at")
    )  # fmt: skip
    return Subquery(joined.values("texts"))


def _joined(texts: list[str | None]) -> str | None:
    return "\n\n".join(text for text in texts if text) or None


def _letters(campaign: Campaign, _purpose: Purpose, _filters: Filters) -> list[tuple[str, Label]]:
    found = Letter.objects.filter(campaign=campaign, dispatches__isnull=False).distinct().order_by("-number")
    return [(str(letter.number), words.numbered_letter(letter.number, letter.title)) for letter in found]


def _states(campaign: Campaign, purpose: Purpose, _filters: Filters) -> list[tuple[str, Label]]:
    present = set(_rows(campaign, purpose).order_by().values_list("message__state", flat=True).distinct())
    return [(state, label) for state, label in STATES.items() if state in present]


DELIVERIES = Dataset(
    key="deliveries",
    label=gettext_lazy("Letters sent"),
    hint=gettext_lazy("A report for the coalition: who was written to, what came back and what they answered."),
    purposes=(Purpose.PUBLIC, Purpose.INTERNAL),
    rows=_rows,
    columns=(
        Column(key="country_code", label=gettext_lazy("Country code"), source="member__code"),
        Column(key="country", label=gettext_lazy("Country"), source="member__code", words=words.countries),
        Column(
            key="letter", label=gettext_lazy("Letter"), source="dispatch__letter__number", type=Type.NUMBER
        ),
        Column(
            key="version", label=gettext_lazy("Version"), source="dispatch__version__number", type=Type.NUMBER
        ),
        Column(key="office", label=gettext_lazy("Office"), source="recipient__office__name", purposes=TEAM),
        Column(key="post", label=gettext_lazy("Post"), source="recipient__post", purposes=TEAM),
        Column(key="language", label=gettext_lazy("Language"), source="language", words=words.languages),
        Column(
            key="state", label=gettext_lazy("State"), source="message__state", words=words.labels(STATES)
        ),
        Column(
            key="sent_at_utc", label=gettext_lazy("Sent (UTC)"), source="message__accepted_at", type=Type.MOMENT
        ),
        Column(
            key="delivered_at_utc", label=gettext_lazy("Delivered (UTC)"), source="message__delivered_at",
            type=Type.MOMENT,
        ),
        Column(
            key="bounced_at_utc", label=gettext_lazy("Came back (UTC)"), source="message__bounced_at",
            type=Type.MOMENT,
        ),
        Column(
            key="answered_at_utc", label=gettext_lazy("Answered (UTC)"), type=Type.MOMENT,
            source=Subquery(ANSWERS.values("received_at")[:1]),
        ),
        Column(key="answer_summary", label=gettext_lazy("Answer, as published"), source=_summaries()),
        Column(
            key="server_reply", label=gettext_lazy("What the mail server said"), source=F("message__last_reply"),
            purposes=TEAM, usual=False,
        ),
        Column(
            key="recipient", label=gettext_lazy("Name of the recipient"), source="recipient__name", encrypted=True,
            contact=True, purposes=TEAM, usual=False,
        ),
        Column(
            key="address", label=gettext_lazy("Email address"), source="address__address", encrypted=True,
            contact=True, purposes=TEAM, usual=False,
        ),
        Column(
            key="answer", label=gettext_lazy("Answers, whole"), encrypted=True, contact=True,
            source=ArraySubquery(ANSWERS.values("mail__text")), convert=_joined, purposes=TEAM, usual=False,
        ),
    ),
    filters={
        "letter": Filter(
            label=gettext_lazy("Letter"), options=_letters, every=pgettext_lazy("letters", "All"), inward=True,
            apply=lambda found, number: found.filter(dispatch__letter__number=number),
        ),
        "state": Filter(
            label=gettext_lazy("State"), options=_states, apply=lambda found, state: found.filter(message__state=state)
        ),
    },
)  # fmt: skip
