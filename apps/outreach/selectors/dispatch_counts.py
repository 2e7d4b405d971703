"""What mailings give, in numbers: letters by language, and who is left out, by reason."""

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Count

from ..models import Delivery, Dispatch, Exclusion
from .dispatch_plan import Plan


@dataclass
class DispatchCounts:
    """`governments` get a letter. `languages` and `left_out` are {code: number}, the largest first."""

    governments: int = 0
    copies: int = 0
    languages: dict[str, int] = field(default_factory=dict)
    left_out: dict[str, int] = field(default_factory=dict)


def dispatch_counts(dispatches: Collection[Dispatch]) -> dict[int, DispatchCounts]:
    """{id of a mailing: its numbers}, in three statements however many there are."""
    found: dict[int, DispatchCounts] = defaultdict(DispatchCounts)
    deliveries = Delivery.objects.filter(dispatch__in=dispatches).order_by().values_list("dispatch")
    for pk, governments in deliveries.annotate(n=Count("member", distinct=True)):
        found[pk].governments = governments
    for pk, language, is_copy, n in deliveries.values_list("dispatch", "language", "is_copy").annotate(n=Count("pk")):
        found[pk].languages[language] = found[pk].languages.get(language, 0) + n
        found[pk].copies += n if is_copy else 0
    reasons = Exclusion.objects.filter(dispatch__in=dispatches).order_by().values_list("dispatch", "reason")
    for pk, reason, n in reasons.annotate(n=Count("pk")):
        found[pk].left_out[reason] = n
    for counts in found.values():
        counts.languages, counts.left_out = _largest_first(counts.languages), _largest_first(counts.left_out)
    return found


def plan_counts(plan: Plan) -> DispatchCounts:
    """The same of a plan that is not stored."""
    return DispatchCounts(
        governments=len({planned.member.pk for planned in plan.deliveries}),
        copies=sum(planned.copy_of is not None for planned in plan.deliveries),
        languages=_largest_first(Counter(planned.language for planned in plan.deliveries)),
        left_out=_largest_first(Counter(left.reason for left in plan.exclusions)),
    )


def _largest_first(numbers: dict[str, int]) -> dict[str, int]:
    return dict(sorted(numbers.items(), key=lambda entry: (-entry[1], entry[0])))
