"""What became of a letter, as everybody may know it: which governments got it, when, and what they answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max, Min, QuerySet

from apps.governments.models import Member
from apps.letters.models import Letter

from ..models import AnswerSummary, Delivery, Reply
from .departures import deliveries_left
from .mail_conditions import came_back


@dataclass(frozen=True)
class GovernmentOutcome:
    """Of one government, over all posts there. `state`: "answered", "delivered" (a server said so), "sent" (its server
    took the letter) or "returned" (from every post)."""

    member: Member
    version: int
    sent_at: datetime
    state: str
    answered_at: datetime | None
    summaries: list[AnswerSummary]


def letters_sent(letter: Letter) -> QuerySet[Delivery]:
    """The letters that left, those that came back included."""
    return deliveries_left().filter(dispatch__letter=letter, dispatch__addendum=None)


def answers_to(letter: Letter) -> QuerySet[Reply]:
    """Without automatic replies."""
    return Reply.objects.filter(delivery__dispatch__letter=letter, kind=Reply.Kind.REPLY)


def letter_outcomes(letter: Letter, day: date, language: str) -> list[GovernmentOutcome]:
    """One for each government that was sent the letter, in the order of its name on that day. Four statements."""
    sent = letters_sent(letter).order_by().values("member").annotate(
        sent_at=Min("message__accepted_at"), version=Max("dispatch__version__number"),
        delivered_at=Min("message__delivered_at"), kept=Count("pk", filter=~came_back()),
    )  # fmt: skip
    rows = {row["member"]: row for row in sent}
    if not rows:
        return []
    members = Member.objects.filter(pk__in=rows.keys()).by_name_on(day, language)
    answered = dict(answers_to(letter).order_by().values_list("member").annotate(Min("received_at")))
    summaries: dict[int, list[AnswerSummary]] = {}
    released = AnswerSummary.objects.filter(reply__in=answers_to(letter)).select_related("reply")
    for summary in released.order_by("reply__received_at"):
        summaries.setdefault(summary.reply.member_id, []).append(summary)
    return [
        GovernmentOutcome(
            member=member, version=rows[member.pk]["version"], sent_at=rows[member.pk]["sent_at"],
            state=_state(rows[member.pk], member.pk in answered), answered_at=answered.get(member.pk),
            summaries=summaries.get(member.pk, []),
        )
        for member in members
    ]  # fmt: skip


def _state(row: Mapping[str, object], answered: bool) -> str:
    if answered:
        return "answered"
    if row["delivered_at"]:
        return "delivered"
    return "sent" if row["kept"] else "returned"


def letter_figures(letter: Letter) -> dict[str, int]:
    """How many governments were sent the letter, how many of these it reached, and how many answered."""
    sent = letters_sent(letter).aggregate(
        governments=Count("member", distinct=True), reached=Count("member", distinct=True, filter=~came_back())
    )
    return {**sent, "answered": answers_to(letter).aggregate(n=Count("member", distinct=True))["n"]}
