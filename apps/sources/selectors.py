"""Reads about sources."""

from django.db.models import F, Func, QuerySet, TextField

from apps.campaigns.models import Campaign

from .models import Source

#: whatever its case and accents: the database sorts capitals before all small letters
FOLDED_TITLE = Func(F("title"), function="evidence_fold", output_field=TextField())


def campaign_document(campaign: Campaign | int) -> Source | None:
    """The own document of a campaign (or of its id), of which locators speak; None where it has none."""
    return Source.objects.filter(campaign=campaign, kind="document").first()


def campaign_sources(campaign: Campaign) -> QuerySet[Source]:
    """The campaign's sources by title, as people look for them."""
    return Source.objects.filter(campaign=campaign).order_by(FOLDED_TITLE, "pk")
