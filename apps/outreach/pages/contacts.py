"""Which governments were written to, reached and answered: numbers, the list behind each, and a chart over time."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.campaigns.models import Campaign
from apps.core.text import name_sort_key
from apps.core.types import Label
from apps.governments.models import Group, GroupMembership, Member
from apps.governments.selectors import members_on

from ..models import FollowUp
from ..selectors.government_contacts import GovernmentContact, government_contacts
from ..selectors.tracking import campaign_today

#: width and height of the chart, and its most steps
WIDTH, HEIGHT, STEPS = 600, 150, 12
#: key → (words, whether a government belongs to it), in the order of the page
NUMBERS: dict[str, tuple[Label, Callable[[GovernmentContact], bool]]] = {
    "written": (gettext_lazy("Written to"), lambda one: one.letters > 0),
    "delivered": (pgettext_lazy("governments", "A letter arrived"), lambda one: one.delivered > 0),
    "bounced": (pgettext_lazy("governments", "Every letter came back"), lambda one: one.bounced),
    "touched": (gettext_lazy("Contacted in other ways"), lambda one: one.touches > 0),
    "answered": (pgettext_lazy("governments", "Answered"), lambda one: one.answered_on is not None),
    "unanswered": (
        gettext_lazy("Reached, no answer"), lambda one: one.reached and one.answered_on is None
    ),
    "changed": (gettext_lazy("Position changed since"), lambda one: one.changed),
    "untouched": (gettext_lazy("Not contacted"), lambda one: one.contacts == 0 and one.answered_on is None),
}  # fmt: skip


@dataclass(frozen=True)
class ContactRow:
    member: Member
    name: str
    contact: GovernmentContact
    groups: list[Group]
    next_on: date | None


@dataclass(frozen=True)
class ChartStep:
    """Governments contacted and answered up to and including that day."""

    day: date
    contacted: int
    answered: int


@dataclass(frozen=True)
class ContactsPage:
    rows: list[ContactRow]
    numbers: list[tuple[str, Label, int]]
    steps: list[ChartStep]
    contacted_line: str
    answered_line: str


def contacts_page(campaign: Campaign, day: date, *, show: str, group: str = "", language: str = "en") -> ContactsPage:
    """Members of the day and whoever was contacted; in that group, if any. The same number of statements for all."""
    found = government_contacts(campaign)
    groups: dict[int, list[Group]] = {}
    for held in GroupMembership.objects.on(day).select_related("group").order_by("group__label"):
        groups.setdefault(held.member_id, []).append(held.group)
    members = {member.pk: member for member in members_on(day)}
    members |= {member.pk: member for member in Member.objects.filter(pk__in=found.keys() - members.keys())}
    due = _next_steps(campaign)
    rows = [
        ContactRow(
            member, member.name_on(day, language), found.get(pk, GovernmentContact()), groups.get(pk, []), due.get(pk)
        )
        for pk, member in members.items()
        if not group or any(each.slug == group for each in groups.get(pk, []))
    ]
    numbers = [(key, words, sum(fits(row.contact) for row in rows)) for key, (words, fits) in NUMBERS.items()]
    steps = chart_steps([row.contact for row in rows], campaign_today(campaign))
    listed = [row for row in rows if NUMBERS[show][1](row.contact)]
    most = max((step.contacted for step in steps), default=0)
    return ContactsPage(
        rows=sorted(listed, key=lambda row: (row.contact.last_on or date.min, name_sort_key(row.name, language))),
        numbers=numbers, steps=steps, contacted_line=chart_line([step.contacted for step in steps], most),
        answered_line=chart_line([step.answered for step in steps], most),
    )  # fmt: skip


def contact_figures(campaign: Campaign) -> dict[str, int]:
    """How many governments belong to each of NUMBERS but "untouched"."""
    found = government_contacts(campaign).values()
    return {key: sum(fits(one) for one in found) for key, (_words, fits) in NUMBERS.items() if key != "untouched"}


def _next_steps(campaign: Campaign) -> dict[int, date]:
    open_steps = FollowUp.objects.filter(campaign=campaign, done_at=None).order_by("-due_on")
    return dict(open_steps.values_list("member", "due_on"))


def chart_steps(contacts: list[GovernmentContact], today: date) -> list[ChartStep]:
    """At most STEPS + 1 days of equal distance, from the first contact to today; none before the first contact."""
    begun = sorted(each.first_on for each in contacts if each.first_on)
    heard = sorted(each.answered_on for each in contacts if each.answered_on)
    if not begun:
        return []
    first, last = begun[0], max(today, *begun, *heard)
    width = max(1, -(-(last - first).days // STEPS))
    days = [last - timedelta(days=width * number) for number in range(STEPS + 1)]
    days = sorted(day for day in days if day >= first)
    if days[0] != first:
        days.insert(0, first)
    return [ChartStep(day, sum(each <= day for each in begun), sum(each <= day for each in heard)) for day in days]


def chart_line(values: list[int], most: int) -> str:
    """The points of an SVG polyline, WIDTH by HEIGHT."""
    if not most:
        return ""
    wide = max(len(values) - 1, 1)
    points = [(round(WIDTH * number / wide), round(HEIGHT * (1 - value / most))) for number, value in enumerate(values)]
    if len(points) == 1:
        points.append((WIDTH, points[0][1]))
    return " ".join(f"{x},{y}" for x, y in points)
