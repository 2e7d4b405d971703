"""Recipients to look at again: a list to work through, those that an open letter is addressed to first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Case, Count, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, Trim
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy

from apps.campaigns.models import Campaign
from apps.governments.models import Recipient, RecipientAddress
from apps.letters.models import Letter
from apps.letters.selectors import letter_addressees

Health = RecipientAddress.Health
#: months after which somebody should look again, and the most that may be asked for
MONTHS, MOST_MONTHS = 6, 60
#: kind → (what the filter calls it, what the row says, tone, glyph), the worst first
KINDS: dict[str, tuple[Any, Any, str, str]] = {
    "dead": (gettext_lazy("No address that works"), gettext_lazy("No address that works"), "bad", "bounce"),
    "unsaluted": (gettext_lazy("No salutation"), gettext_lazy("No salutation in its language"), "bad", "bad"),
    "unverified": (gettext_lazy("Not verified"), gettext_lazy("Not verified lately"), "warn", "clock"),
    "unposted": (gettext_lazy("No postal address"), gettext_lazy("No postal address of the office"), "idle", "ring"),
}


@dataclass(frozen=True)
class ProblemLine:
    """A recipient, the name of its government, and (tone, glyph, words) of each thing that is the matter."""

    recipient: Any
    government: str
    matters: list[tuple[str, str, Any]]


@dataclass(frozen=True)
class RecipientProblems:
    """The stale recipients of a campaign, each with its kinds and `urgent` annotated."""

    found: QuerySet[Any]
    day: date

    def rows(self, show: str = "") -> QuerySet[Any]:
        """Those of one kind ("" or one that is not known: all), what matters first."""
        rows = self.found.filter(**{show: True}) if show in (*KINDS, "urgent") else self.found
        return rows.order_by(
            "-urgent", "-dead", "-unsaluted", F("verified_on").asc(nulls_first=True), "office__member__sort_en", "pk"
        )

    def filters(self) -> list[tuple[str, Any, int]]:
        """(kind, words, number) for each filter, all of them first."""
        kinds = (*KINDS, "urgent")
        numbers = self.found.order_by().aggregate(
            all=Count("pk"), **{f"n_{kind}": Count("pk", filter=Q(**{kind: True})) for kind in kinds}
        )
        words = {kind: KINDS[kind][0] for kind in KINDS} | {"urgent": gettext_lazy("An open letter goes there")}
        return [
            ("", gettext_lazy("All"), numbers["all"]),
            *((kind, words[kind], numbers[f"n_{kind}"]) for kind in kinds),
        ]

    def lines(self, rows: Iterable[Any]) -> list[ProblemLine]:
        language = get_language() or "en"
        return [
            ProblemLine(
                row,
                row.office.member.name_on(self.day, language),
                [(tone, glyph, words) for kind, (_f, words, tone, glyph) in KINDS.items() if getattr(row, kind)],
            )
            for row in rows
        ]


def months_param(text: str) -> int:
    """The number of months in an address, within reason."""
    return min(max(int(text), 1), MOST_MONTHS) if text.isascii() and text.isdigit() and len(text) < 4 else MONTHS


def find_recipient_problems(campaign: Campaign, day: date, *, months: int = MONTHS) -> RecipientProblems:
    """Active recipients with something the matter. `day` says who is a member and how it is called; how long ago a
    thing was verified is counted from today."""
    today = timezone.localdate(timezone=ZoneInfo(campaign.time_zone))
    working = RecipientAddress.objects.filter(recipient=OuterRef("pk"), health__in=Health.USABLE)
    said = Func(
        F("salutation"), F("language"), template="(%(expressions)s)", arg_joiner=" ->> ", output_field=TextField()
    )
    rows: QuerySet[Any] = Recipient.objects.filter(campaign=campaign, active=True).annotate(
        said=Trim(Coalesce(said, Value(""), output_field=TextField())),
        dead=~Exists(working),
        unsaluted=_whether(Q(said="")),
        unverified=_whether(Q(verified_on=None) | Q(verified_on__lt=months_before(today, months))),
        unposted=_whether(Q(office__postal_address="")),
        urgent=_whether(Q(office__member__in=_written_to(campaign, day))),
    )
    stale = rows.filter(Q(dead=True) | Q(unsaluted=True) | Q(unverified=True) | Q(unposted=True))
    return RecipientProblems(stale.select_related("office__member"), day)


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _written_to(campaign: Campaign, day: date) -> set[int]:
    """Ids of the members that some letter which is not closed is addressed to."""
    found: set[int] = set()
    for letter in Letter.objects.filter(campaign=campaign, closed_at__isnull=True):
        found |= {member.pk for member in letter_addressees(letter, day)}
        if letter.to_all:
            break
    return found


def months_before(day: date, months: int) -> date:
    """The same day so many months earlier; the 28th at the latest, which every month has."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, 28))
