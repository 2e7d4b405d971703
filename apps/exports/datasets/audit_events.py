"""The record of who did what. It has ids, numbers and states, and names of nobody but the team."""

from datetime import timedelta
from typing import Any

from django.db.models import F, OuterRef, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext_lazy, pgettext_lazy

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.models import AuditEvent

from ..models import Purpose
from .base import Column, Dataset, Filter, Type, day_start


def _rows(campaign: Campaign, _purpose: Purpose) -> QuerySet[Any]:
    return AuditEvent.objects.filter(campaign_id=campaign.pk).order_by("id")


def _actor_name() -> Subquery:
    """Events have no foreign keys: of people with an account, `actor_id` is the id as text."""
    people = User.objects.annotate(key=Cast("pk", TextField()))
    return Subquery(people.filter(key=OuterRef("actor_id")).values("name")[:1])


AUDIT_EVENTS = Dataset(
    key="audit",
    label=gettext_lazy("Activity log"),
    hint=gettext_lazy("Who did what and when, as in the activity log."),
    purposes=(Purpose.INTERNAL,),
    rows=_rows,
    columns=(
        Column(key="id", label=gettext_lazy("Number"), source="id", type=Type.NUMBER),
        Column(key="at_utc", label=gettext_lazy("Time (UTC)"), source="at", type=Type.MOMENT),
        Column(key="action", label=gettext_lazy("Action"), source="verb"),
        Column(key="actor_type", label=gettext_lazy("Kind of actor"), source="actor_type"),
        Column(key="actor", label=pgettext_lazy("person", "By"), source=_actor_name()),
        Column(key="subject_type", label=gettext_lazy("Kind of subject"), source="subject_type"),
        Column(key="subject", label=gettext_lazy("Number of the subject"), source="subject_id"),
        Column(key="details", label=gettext_lazy("Details"), source=Cast(F("data"), TextField())),
    ),
    filters={
        "from": Filter(label=gettext_lazy("From"), apply=lambda found, day: found.filter(at__gte=day_start(day))),
        "until": Filter(
            label=gettext_lazy("Until"),
            apply=lambda found, day: found.filter(at__lt=day_start(day) + timedelta(days=1)),
        ),
    },
)
