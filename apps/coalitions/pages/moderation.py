"""The moderation page: the queue, one signature in detail, what was decided last; and the page for many at once."""

from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.campaigns.models import TeamMember
from apps.core.types import Label

from ..email_domains import mail_domain
from ..models import CollectedSignOn, ModerationDecision, PartnerSubmission, SignerQuestion, SignOn, SignOnQuerySet
from ..selectors.collected_sign_ons import collected_rows
from ..selectors.moderation_queue import (
    WAITING,
    QueueFilters,
    campaign_queue,
    queue_countries,
    queue_domains,
    queue_kinds,
    recent_decisions,
)
from ..selectors.sign_ons import names_visible_to, sign_on_fingerprint
from ..services.moderation import decided_values
from .moderation_checks import Check, sign_on_checks

PER_PAGE = 50
#: signatures listed to decide at once
MOST_AT_ONCE = 300
#: labels of the filter
KINDS: dict[str, Label] = {
    "waiting": pgettext_lazy("signature", "Confirmed"),
    "held": pgettext_lazy("signature", "Signed twice"),
    "suspect": _("Suspected spam"),
    "asked": pgettext_lazy("signature", "Asked"),
    "set_aside": pgettext_lazy("signature", "Set aside"),
}
DONE: dict[str, Label] = {
    "accept": pgettext_lazy("signature", "Accepted"),
    "ask": pgettext_lazy("signature", "Asked"),
    "reject": pgettext_lazy("signature", "Rejected"),
    "set_aside": pgettext_lazy("signature", "Set aside"),
    "settle": pgettext_lazy("signature", "Left uncounted"),
    "verify": _("Authority to sign verified"),
    "let_through": pgettext_lazy("signature", "Let through"),
}


@dataclass(frozen=True)
class ModerationRow:
    sign_on: SignOn
    name: str
    checks: list[Check]

    @property
    def fingerprint(self) -> str:
        return sign_on_fingerprint(self.sign_on)

    @property
    def domain(self) -> str:
        return mail_domain(self.sign_on.email) if self.sign_on.email else ""

    @property
    def is_duplicate(self) -> bool:
        return any(check.other for check in self.checks)

    @property
    def mail_returned(self) -> bool:
        return any(check.returned for check in self.checks)

    @property
    def like(self) -> int | None:
        """The organisation with which this one may be merged."""
        return next((check.like for check in self.checks if check.like), None) if self.sign_on.organisation_id else None


@dataclass(frozen=True)
class DecidedRow:
    decision: ModerationDecision
    name: str
    label: Label

    @property
    def can_be_undone(self) -> bool:
        """Nobody has taken it back, decided anew or changed the signature since."""
        return self.decision.undone_at is None and decided_values(self.decision.sign_on) == self.decision.after


@dataclass(frozen=True)
class ModerationPage:
    page: Page[SignOn]
    rows: list[ModerationRow]
    chosen: ModerationRow | None
    narrowed: QueueFilters
    #: signatures that wait for a decision, however the queue is narrowed
    total: int
    oldest: SignOn | None
    #: "53 confirmed", "3 signed twice"
    sums: list[str]
    #: (value, number, label) of each filter, only those that occur
    kinds: list[tuple[str, int, Label]]
    countries: list[tuple[str, int]]
    domains: list[tuple[str, int]]
    decided: list[DecidedRow]
    questions: list[SignerQuestion] = field(default_factory=list)
    #: how the chosen one came, where the team entered it
    collected: list[CollectedSignOn] = field(default_factory=list)
    #: through which partner's form the chosen one came
    partner: PartnerSubmission | None = None
    #: the last decision on the chosen signature, unless it was taken back
    latest: DecidedRow | None = None


def moderation_page(
    membership: TeamMember,
    *,
    narrowed: QueueFilters,
    chosen: SignOn | None = None,
    after: SignOn | None = None,
    number: int | None = None,
) -> ModerationPage:
    """Page `number` of the queue, by default that of the chosen signature: `chosen`, or the one that follows `after` in
    the queue, or the first."""
    campaign = membership.campaign
    queue, kinds = campaign_queue(campaign, narrowed), queue_kinds(campaign)
    if chosen is None and after is not None:
        chosen = _following(queue, after)
    if number is None and chosen is not None:
        number = _before(queue, chosen).count() // PER_PAGE + 1
    page = Paginator(queue, PER_PAGE).get_page(number)
    sign_ons = list(page.object_list)
    on_page = {sign_on.pk for sign_on in sign_ons}
    every = [*sign_ons, *([chosen] if chosen and chosen.pk not in on_page else [])]
    names, checks = names_visible_to(membership, every), sign_on_checks(every)
    rows = {sign_on.pk: ModerationRow(sign_on, names[sign_on.pk], checks[sign_on.pk]) for sign_on in every}
    shown = rows[chosen.pk] if chosen else next(iter(rows.values()), None)
    return ModerationPage(
        page=page,
        rows=[rows[sign_on.pk] for sign_on in sign_ons],
        chosen=shown,
        narrowed=narrowed,
        total=sum(kinds.get(kind, 0) for kind in WAITING),
        oldest=campaign_queue(campaign).first(),
        sums=[str(words % {"n": kinds[kind]}) for kind, words in WAITING.items() if kind in kinds],
        kinds=[(kind, kinds[kind], KINDS[kind]) for kind in kinds],
        countries=queue_countries(campaign, narrowed.kind),
        domains=queue_domains(campaign, narrowed.kind, narrowed.country),
        decided=_decided(membership),
        questions=list(shown.sign_on.questions.select_related("asked_by", "noted_by")) if shown else [],
        collected=list(collected_rows(campaign).filter(sign_on=shown.sign_on)) if shown else [],
        partner=_partner(shown.sign_on) if shown else None,
        latest=_latest(shown) if shown else None,
    )


def bulk_rows(membership: TeamMember, narrowed: QueueFilters, ids: list[int]) -> tuple[list[ModerationRow], int]:
    """The signatures with these ids that wait, or the first MOST_AT_ONCE of the narrowed queue; and how many there
    are."""
    queue = campaign_queue(membership.campaign, narrowed)
    queue = queue.filter(pk__in=ids) if ids else queue
    sign_ons = list(queue[:MOST_AT_ONCE])
    names, checks = names_visible_to(membership, sign_ons), sign_on_checks(sign_ons)
    rows = [ModerationRow(sign_on, names[sign_on.pk], checks[sign_on.pk]) for sign_on in sign_ons]
    return rows, queue.count()


def _following(queue: SignOnQuerySet, after: SignOn) -> SignOn | None:
    later = Q(created_at__gt=after.created_at) | Q(created_at=after.created_at, pk__gt=after.pk)
    return queue.filter(later).first() or queue.first()


def _before(queue: SignOnQuerySet, chosen: SignOn) -> SignOnQuerySet:
    return queue.filter(Q(created_at__lt=chosen.created_at) | Q(created_at=chosen.created_at, pk__lt=chosen.pk))


def _partner(sign_on: SignOn) -> PartnerSubmission | None:
    return PartnerSubmission.objects.select_related("token__membership__user").filter(sign_on=sign_on).first()


def _latest(row: ModerationRow) -> DecidedRow | None:
    decision = row.sign_on.decisions.select_related("actor").first()
    if decision is None or decision.undone_at is not None:
        return None
    return DecidedRow(decision, row.name, DONE[decision.verb])


def _decided(membership: TeamMember) -> list[DecidedRow]:
    decisions = recent_decisions(membership.campaign, membership.user)
    names = names_visible_to(membership, [decision.sign_on for decision in decisions])
    return [DecidedRow(each, names[each.sign_on_id], DONE[each.verb]) for each in decisions]
