"""Answers, mailings and single letters for the search of the team. What mails say is encrypted, so no index has it."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Permission
from apps.core.search_query import Rank, SearchQuery, best_first

from ..models import Delivery, Dispatch, Reply, SentAnswer

#: the newest answers, whose words are read one by one; the newest mailings
MOST_READ, MOST_DISPATCHES = 300, 200
#: of an answer; other fields are encrypted
SHOWN = (
    "kind", "received_at", "campaign_id", "mail__kind", "mail__subject", "mail__triage__closed_at",
    "member__code", "member__name", "delivery__dispatch__letter__number", "delivery__dispatch__letter__title",
)  # fmt: skip


def replies_matching(
    membership: TeamMember, query: SearchQuery, members: Collection[int], most: int
) -> list[tuple[Rank, Reply]]:
    """Answers of these governments, that with the number, and for people who may see contact data those of the newest
    MOST_READ whose sender, subject or text has the words. Newest first, in four statements."""
    rows = Reply.objects.filter(campaign=membership.campaign).order_by("-received_at", "-pk")
    ranks: dict[int, Rank] = {}
    if membership.may(Permission.SEE_CONTACTS):
        for pk, *texts in rows.values_list("pk", "mail__sender", "mail__subject", "mail__text")[:MOST_READ]:
            if (rank := query.rank(*texts)) is not None:
                ranks[pk] = max(rank, Rank.WORDS)
    if members:
        ranks |= dict.fromkeys(rows.filter(member__in=members).values_list("pk", flat=True)[:most], Rank.WORDS)
    if query.number is not None:
        ranks |= dict.fromkeys(rows.filter(mail=query.number).values_list("pk", flat=True), Rank.EXACT)
    shown = rows.filter(pk__in=ranks).select_related("mail__triage", "member", "delivery__dispatch__letter")
    answered = Exists(SentAnswer.objects.filter(mail=OuterRef("mail")))
    found: list[Reply] = list(shown.only(*SHOWN).annotate(was_answered=answered)) if ranks else []
    return best_first((ranks[row.pk], row) for row in found)[:most]


def dispatches_matching(membership: TeamMember, query: SearchQuery, most: int) -> list[tuple[Rank, Dispatch]]:
    """By number, and by the letter that they send."""
    rows = Dispatch.objects.filter(campaign=membership.campaign).select_related("letter", "version")
    rows = rows.defer("version__evidence").order_by("-id")[:MOST_DISPATCHES]
    return best_first((_dispatch_rank(row, query), row) for row in rows)[:most]


def _dispatch_rank(row: Dispatch, query: SearchQuery) -> Rank | None:
    if query.number == row.pk:
        return Rank.EXACT
    return query.rank(row.letter.title, f"mailing {row.pk}", similar=True)


def deliveries_matching(membership: TeamMember, query: SearchQuery) -> list[Delivery]:
    """Letters of mailings with this number, this id of their message, or its Message-ID."""
    wanted = Q()
    if query.number is not None:
        wanted |= Q(pk=query.number)
    if query.uuid is not None:
        wanted |= Q(message=query.uuid)
    if query.message_id:
        wanted |= Q(message__message_id=query.message_id)
    if not wanted:
        return []
    rows = Delivery.objects.filter(wanted, dispatch__campaign=membership.campaign)
    return list(rows.select_related("dispatch__letter", "member", "recipient", "message").defer("envelope")[:5])
