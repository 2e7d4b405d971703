"""Reads about sources."""

from apps.campaigns.models import Campaign

from .models import Source


def document_of(campaign: Campaign | int) -> Source | None:
    """The own document of a campaign (or of its id), of which locators speak; None where it has none."""
    return Source.objects.filter(campaign=campaign, kind="document").first()
