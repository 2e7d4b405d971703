"""The page "Signatures" of the team: letters open for signature, and signatures, narrowed."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.cache import cache
from django.core.paginator import Page
from django.db.models import Count, QuerySet

from apps.campaigns.models import Campaign, TeamMember
from apps.core.optimistic_locking import fingerprint
from apps.core.pagination import counted_page
from apps.core.types import Label

from ..models import SignOn, SignOnCall
from ..models.sign_ons import moderation_state
from ..selectors.calls import COUNTED_ANEW, MANY, campaign_calls, listed_state_counts
from ..selectors.returned_mail import sign_ons_with_returned_mail
from ..selectors.sign_on_filters import filter_sign_ons
from ..selectors.sign_ons import campaign_sign_ons, names_visible_to
from .sign_on_labels import RETURNED, STATES

PER_PAGE = 50
#: the states that wait for a moderator
QUEUED = ("waiting", SignOn.State.HELD, SignOn.State.SUSPECT)


@dataclass(frozen=True)
class CallRow:
    call: SignOnCall
    #: {moderation state: number}
    numbers: dict[str, int]

    @property
    def to_check(self) -> int:
        return sum(self.numbers.get(state, 0) for state in QUEUED)

    @property
    def total(self) -> int:
        return sum(self.numbers.get(state, 0) for state in STATES)


@dataclass(frozen=True)
class SignOnList:
    page: Page[SignOn]
    #: {id: name, or what stands for it}
    names: dict[int, str]
    #: (state, number, label) of those that occur or are chosen
    states: list[tuple[str, int, Label]]
    all: int
    #: to whose address the last mail came back
    returned: int


def call_rows(campaign: Campaign) -> list[CallRow]:
    """What is open, or will be, comes first."""
    counts = listed_state_counts(campaign)
    calls = sorted(campaign_calls(campaign), key=lambda call: call.ended_at is not None)
    return [CallRow(call, counts.get(call.pk, {})) for call in calls]


def is_long(calls: list[CallRow]) -> bool:
    """Whether the page does not read all signatures to offer only filters that occur."""
    return sum(row.total for row in calls) > MANY


def sign_on_list(
    membership: TeamMember, calls: list[CallRow], *, state: str, call_id: int | None, values: Mapping[str, str],
    only: int | None, number: int,
) -> SignOnList:  # fmt: skip
    """`state`: a moderation state, RETURNED or ""; `values`: by the names of SIGN_ON_FILTERS; `only`: the id of the one
    signature to show; `number`: of the page."""
    campaign = membership.campaign
    found = filter_sign_ons(campaign_sign_ons(campaign, call_id=call_id), values)
    counts: Counter[str] = Counter()
    for row in calls:
        counts.update(row.numbers if call_id in (None, row.call.pk) else {})
    if values:
        key = f"sign-on-states-{campaign.pk}-{call_id}-{fingerprint(values)}" if is_long(calls) else ""
        counts = _state_counts(found, key)
    returned = found.filter(pk__in=sign_ons_with_returned_mail(campaign))
    every = sum(counts[key] for key in STATES)
    came_back = returned.count()
    if only:
        shown, total = campaign_sign_ons(campaign).filter(pk=only), 1
    elif state == RETURNED:
        shown, total = returned, came_back
    else:
        shown, total = (found.in_moderation_state(state), counts[state]) if state else (found, every)
    page = counted_page(shown, PER_PAGE, total, number)
    return SignOnList(
        page=page,
        names=names_visible_to(membership, page.object_list),
        states=[(key, counts[key], STATES[key][2]) for key in STATES if counts[key] or key == state],
        all=every,
        returned=came_back,
    )


def _state_counts(found: QuerySet[SignOn], key: str) -> Counter[str]:
    """With a key, for long lists, as of at most COUNTED_ANEW seconds ago: it reads all signatures of the campaign."""
    counts: Counter[str] | None = cache.get(key) if key else None
    if counts is None:
        counts = Counter()
        pairs = found.order_by().values_list("state", "moderation").annotate(n=Count("*"))
        for state, moderation, number in pairs:
            counts[moderation_state(state, moderation)] += number
        if key:
            cache.set(key, counts, COUNTED_ANEW)
    return counts
