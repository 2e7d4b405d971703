"""Governments and what they have said: who was written to and what came of it, and the positions on record."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.campaigns.models import Campaign
from apps.core.types import Label
from apps.governments.models import Group, Member, Position
from apps.governments.pages.stance_labels import CONFIDENCES, NO_STANCE, STANCES
from apps.governments.selectors import members_of_groups, members_on, reference_day, stances_on
from apps.outreach.selectors.government_contacts import GovernmentContact, government_contacts

from ..models import Purpose
from . import words
from .base import TEAM, Cell, Column, Dataset, Filter, Filters, Type


@dataclass(frozen=True)
class GovernmentRecord:
    member: Member
    groups: tuple[str, ...]
    position: Position | None
    contact: GovernmentContact

    @property
    def stance(self) -> str:
        return self.position.stance if self.position else NO_STANCE


def _members(campaign: Campaign, _purpose: Purpose) -> QuerySet[Member]:
    return members_on(reference_day(campaign))


def _records(campaign: Campaign, members: QuerySet[Any]) -> Iterator[GovernmentRecord]:
    """Three statements and those of `government_contacts`, however many there are."""
    day = reference_day(campaign)
    contacts, stances = government_contacts(campaign), stances_on(campaign, day)
    groups: dict[int, list[str]] = {}
    for group in Group.objects.order_by("label"):
        for pk in members_of_groups([group], day).order_by().values_list("pk", flat=True):
            groups.setdefault(pk, []).append(group.label)
    for member in members:
        yield GovernmentRecord(
            member, tuple(groups.get(member.pk, [])), stances.get(member.pk),
            contacts.get(member.pk, GovernmentContact()),
        )  # fmt: skip


def _groups(campaign: Campaign, _purpose: Purpose, _filters: Filters) -> list[tuple[str, Label]]:
    return [(group.slug, group.label) for group in Group.objects.order_by("label")]


def _in_group(members: QuerySet[Any], slug: str) -> QuerySet[Any]:
    memberships = Group.objects.filter(slug=slug).values("memberships__member")
    return members.filter(pk__in=memberships)


def _column(key: str, label: Label, convert: Any, **rules: Any) -> Column:
    return Column(key=key, label=label, convert=convert, **rules)


def _said(record: GovernmentRecord) -> Cell:
    return record.position.on if record.position else None


GOVERNMENTS = Dataset(
    key="governments",
    label=gettext_lazy("Governments"),
    hint=gettext_lazy("Each government with its position, the letters it got and whether it answered."),
    purposes=(Purpose.INTERNAL,),
    rows=_members,
    records=_records,
    columns=(
        _column("country_code", gettext_lazy("Country code"), lambda row: row.member.code),
        _column("country", gettext_lazy("Country"), lambda row: row.member.code, words=words.countries),
        _column("region", gettext_lazy("Region"), lambda row: row.member.region, usual=False),
        _column("groups", gettext_lazy("Groups"), lambda row: "; ".join(row.groups)),
        _column(
            "position", pgettext_lazy("of a government", "Position"), lambda row: row.stance,
            words=words.labels(STANCES),
        ),
        _column("position_on", gettext_lazy("Said on"), _said, type=Type.DAY),
        _column("letters", gettext_lazy("Letters sent"), lambda row: row.contact.letters, type=Type.NUMBER),
        _column("delivered", gettext_lazy("Letters delivered"), lambda row: row.contact.delivered, type=Type.NUMBER),
        _column("returned", gettext_lazy("Letters that came back"), lambda row: row.contact.returned,
                type=Type.NUMBER),
        _column("other_contacts", gettext_lazy("Other contacts"), lambda row: row.contact.touches, type=Type.NUMBER),
        _column("last_contact_on", gettext_lazy("Last contact"), lambda row: row.contact.last_on, type=Type.DAY),
        _column("answered_on", gettext_lazy("First answer"), lambda row: row.contact.answered_on, type=Type.DAY),
    ),
    filters={"group": Filter(label=gettext_lazy("Group"), options=_groups, apply=_in_group)},
)  # fmt: skip

POSITIONS = Dataset(
    key="positions",
    label=gettext_lazy("Positions"),
    hint=gettext_lazy("What each government has said and when, with the source."),
    purposes=(Purpose.PUBLIC, Purpose.INTERNAL),
    rows=lambda campaign, _purpose: Position.objects.standing()
    .filter(campaign=campaign)
    .order_by("member__sort_en", "-on", "-id"),
    columns=(
        Column(key="country_code", label=gettext_lazy("Country code"), source="member__code"),
        Column(key="country", label=gettext_lazy("Country"), source="member__code", words=words.countries),
        Column(
            key="position", label=pgettext_lazy("of a government", "Position"), source="stance",
            words=words.labels(STANCES),
        ),
        Column(key="said_on", label=gettext_lazy("Said on"), source="on", type=Type.DAY),
        Column(key="statement", label=gettext_lazy("Statement joined"), source="statement"),
        Column(key="source", label=gettext_lazy("Source"), source="source__title"),
        Column(key="source_url", label=gettext_lazy("Address of the source"), source="source__url"),
        Column(
            key="confidence", label=gettext_lazy("Confidence"), source="confidence",
            words=words.labels(CONFIDENCES),
        ),
        Column(key="note", label=gettext_lazy("Note"), source="note", purposes=TEAM),
        Column(
            key="recorded_at_utc", label=gettext_lazy("Recorded (UTC)"), source=F("created_at"), type=Type.MOMENT,
            purposes=TEAM, usual=False,
        ),
    ),
    filters={
        "position": Filter(
            label=pgettext_lazy("of a government", "Position"), every=pgettext_lazy("positions", "All"),
            options=lambda _campaign, _purpose, _filters: [
                (stance, label) for stance, label in STANCES.items() if stance != NO_STANCE
            ],
            apply=lambda found, stance: found.filter(stance=stance),
        ),
    },
)  # fmt: skip
