"""What waits for moderators, narrowed by kind, country and domain, and what they decided."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet
from django.utils.translation import npgettext_lazy

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.types import Label

from ..email_domains import mail_domain
from ..models import ModerationDecision, SignerQuestion, SignOn, SignOnQuerySet

#: moderation states of what waits for a decision
WAITING: dict[str, Label] = {
    "waiting": npgettext_lazy("signatures", "%(n)d confirmed", "%(n)d confirmed", "n"),
    "held": npgettext_lazy("signatures", "%(n)d signed twice", "%(n)d signed twice", "n"),
    "suspect": npgettext_lazy("signatures", "%(n)d suspected spam", "%(n)d suspected spam", "n"),
}
#: of what waits for somebody else, or for better evidence
ASIDE = ("asked", "set_aside")
#: rows of a queue whose addresses are decrypted to find their domains
MOST_DOMAINS = 1000


@dataclass(frozen=True)
class QueueFilters:
    """A queue narrowed to a moderation state, a country and a mail domain; "" is no limit."""

    kind: str = ""
    country: str = ""
    domain: str = ""

    def __bool__(self) -> bool:
        return bool(self.kind or self.country or self.domain)


def campaign_queue(campaign: Campaign, narrowed: QueueFilters = QueueFilters()) -> SignOnQuerySet:
    """The oldest first."""
    rows = SignOn.objects.filter(campaign=campaign)
    rows = rows.in_moderation_state(narrowed.kind) if narrowed.kind else rows.to_moderate()
    rows = rows.filter(country=narrowed.country) if narrowed.country else rows
    if narrowed.domain:
        rows = rows.filter(pk__in=_domains(rows).get(narrowed.domain, []))
    rows = rows.select_related("campaign", "call", "letter", "version", "organisation").defer("version__evidence")
    return rows.order_by("created_at", "id")


def queue_kinds(campaign: Campaign) -> dict[str, int]:
    """{moderation state: number}, of those that occur."""
    rows = SignOn.objects.filter(campaign=campaign)
    aside = Q(state__in=["confirmed", "held"], moderation="asked") | Q(state="held", moderation="suspect")
    found: Counter[str] = Counter()
    for source in (rows.to_moderate(), rows.filter(aside)):
        for state, moderation, number in source.order_by().values_list("state", "moderation").annotate(n=Count("id")):
            found[SignOn(state=state, moderation=moderation).moderation_state] += number
    return {kind: found[kind] for kind in (*WAITING, *ASIDE) if found[kind]}


def queue_countries(campaign: Campaign, kind: str) -> list[tuple[str, int]]:
    rows = campaign_queue(campaign, QueueFilters(kind=kind)).order_by("country").values_list("country")
    return list(rows.annotate(n=Count("id")))


def queue_domains(campaign: Campaign, kind: str, country: str) -> list[tuple[str, int]]:
    """(domain of the addresses, number), the most frequent first, of the oldest MOST_DOMAINS rows."""
    found = _domains(campaign_queue(campaign, QueueFilters(kind, country)))
    return sorted(((domain, len(ids)) for domain, ids in found.items()), key=lambda pair: (-pair[1], pair[0]))


def _domains(rows: QuerySet[SignOn]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for pk, email in rows.order_by("created_at", "id").values_list("pk", "email")[:MOST_DOMAINS]:
        if email:
            found.setdefault(mail_domain(email), []).append(pk)
    return found


def answered_by_signer(sign_ons: Iterable[SignOn]) -> set[int]:
    """The ids of those whose signer answered the last question on its page."""
    asked = SignerQuestion.objects.filter(sign_on__in=[sign_on.pk for sign_on in sign_ons])
    newest = asked.order_by("sign_on_id", "-id").distinct("sign_on_id").values_list("sign_on_id", "from_signer")
    return {sign_on_id for sign_on_id, from_signer in newest if from_signer}


def recent_decisions(campaign: Campaign, person: User, most: int = 5) -> list[ModerationDecision]:
    """The person's last decisions, taken back or not, the newest first."""
    rows = ModerationDecision.objects.filter(campaign=campaign, actor=person).select_related("sign_on")
    return list(rows[:most])
