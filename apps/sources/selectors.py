"""Reads about sources."""

from apps.campaigns.models import Campaign

from .models import Source


def document_of(campaign: Campaign) -> Source | None:
    """The campaign's own document, of which locators speak; None where it has none."""
    return Source.objects.filter(campaign=campaign, kind="document").first()
