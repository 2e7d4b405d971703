"""Recipients with missing or outdated data. Those that an open letter is addressed to come first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Case, Count, Exists, F, Func, OuterRef, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Coalesce, Trim
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from apps.campaigns.models import Campaign
from apps.core.types import Label
from apps.governments.models import Group, Recipient, RecipientAddress, name_sort_on
from apps.governments.selectors import members_of_groups, members_on, recipient_fingerprint
from apps.letters.models import Letter

#: months until a verification is outdated: the default and the maximum
MONTHS, MOST_MONTHS = 6, 60
#: kind → (label of the filter, label in the row, tone, glyph), the worst first
KINDS: dict[str, tuple[Label, Label, str, str]] = {
    "dead": (gettext_lazy("No address that works"), gettext_lazy("No address that works"), "bad", "bounce"),
    "unsaluted": (gettext_lazy("No salutation"), gettext_lazy("No salutation in its language"), "bad", "bad"),
    "unverified": (
        pgettext_lazy("recipients", "Not verified"),
        pgettext_lazy("recipients", "Not verified recently"),
        "warn",
        "clock",
    ),
    "unposted": (gettext_lazy("No postal address"), gettext_lazy("No postal address of the office"), "idle", "ring"),
}


@dataclass(frozen=True)
class ProblemLine:
    """A recipient with (tone, glyph, label) of each problem."""

    recipient: Recipient
    government: str
    matters: list[tuple[str, str, Label]]
    seen: str


@dataclass(frozen=True)
class RecipientProblems:
    """The recipients, each with its kinds and `urgent` annotated."""

    found: QuerySet[Recipient]
    day: date

    def rows(self, show: str = "") -> QuerySet[Recipient]:
        """Those of one kind, by default all, the most urgent first."""
        name = name_sort_on(self.day, get_language() or "en", "office__member__")
        rows = self.found.filter(**{show: True}) if show in (*KINDS, "urgent") else self.found
        return rows.order_by(  # type: ignore[misc]  # annotated
            "-urgent", "-dead", "-unsaluted", F("verified_on").asc(nulls_first=True), name, "pk"
        )

    def filters(self) -> list[tuple[str, Label, int]]:
        """(kind, label, number) of each filter."""
        kinds = (*KINDS, "urgent")
        numbers = self.found.order_by().aggregate(
            all=Count("pk"), **{f"n_{kind}": Count("pk", filter=Q(**{kind: True})) for kind in kinds}
        )
        words = {kind: KINDS[kind][0] for kind in KINDS} | {"urgent": gettext_lazy("Letter open for signature")}
        return [
            ("", pgettext_lazy("recipients", "All"), numbers["all"]),
            *((kind, words[kind], numbers[f"n_{kind}"]) for kind in kinds),
        ]

    def lines(self, rows: Iterable[Recipient]) -> list[ProblemLine]:
        language = get_language() or "en"
        return [
            ProblemLine(
                row,
                row.office.member.name_on(self.day, language),
                [(tone, glyph, words) for kind, (_f, words, tone, glyph) in KINDS.items() if getattr(row, kind)],
                recipient_fingerprint(row),
            )
            for row in rows
        ]


def months_param(text: str) -> int:
    return min(max(int(text), 1), MOST_MONTHS) if text.isascii() and text.isdigit() and len(text) < 4 else MONTHS


def find_recipient_problems(campaign: Campaign, day: date, *, months: int = MONTHS) -> RecipientProblems:
    """Active recipients with a problem. `day` is that of members and their names; verification is as of today."""
    today = timezone.localdate(timezone=ZoneInfo(campaign.time_zone))
    working = RecipientAddress.objects.usable().filter(recipient=OuterRef("pk"))
    said = Func(
        F("salutation"), F("language"), template="(%(expressions)s)", arg_joiner=" ->> ", output_field=TextField()
    )
    rows = Recipient.objects.filter(campaign=campaign, active=True).annotate(
        said=Trim(Coalesce(said, Value(""), output_field=TextField())),
        dead=~Exists(working),
        unsaluted=_whether(Q(said="")),
        unverified=_whether(Q(verified_on=None) | Q(verified_on__lt=months_before(today, months))),
        unposted=_whether(Q(office__postal_address="")),
        urgent=_whether(Q(office__member__in=_written_to(campaign, day))),
    )
    found = rows.filter(Q(dead=True) | Q(unsaluted=True) | Q(unverified=True) | Q(unposted=True))
    return RecipientProblems(found.select_related("office__member"), day)


def _whether(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _written_to(campaign: Campaign, day: date) -> set[int]:
    letters = Letter.objects.filter(campaign=campaign, closed_at__isnull=True)
    if letters.filter(to_all=True).exists():
        return set(members_on(day).values_list("pk", flat=True))
    groups = Group.objects.filter(pk__in=letters.values("to_groups"))
    singly = members_on(day).filter(pk__in=letters.values("to_members"))
    return {member.pk for members in (members_of_groups(groups, day), singly) for member in members}


def months_before(day: date, months: int) -> date:
    """The same day that many months earlier, at most the 28th."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, min(day.day, 28))
