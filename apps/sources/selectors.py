"""Queries for sources."""

from django.db.models import F, Func, QuerySet, TextField

from apps.campaigns.models import Campaign

from .models import Source

#: the database would sort capitals before all small letters
FOLDED_TITLE = Func(F("title"), function="evidence_fold", output_field=TextField())


def campaign_document(campaign: Campaign | int) -> Source | None:
    """The campaign's own document, to which locators refer, or None."""
    return Source.objects.filter(campaign=campaign, kind="document").first()


def campaign_sources(campaign: Campaign) -> QuerySet[Source]:
    """By title."""
    return Source.objects.filter(campaign=campaign).order_by(FOLDED_TITLE, "pk")
