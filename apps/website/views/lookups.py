"""What a public address names; Http404 where it is not public or not there."""

from django.http import Http404
from django.shortcuts import get_object_or_404

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.coalitions.selectors import public_call


def campaign_or_404(slug: str) -> Campaign:
    """A published campaign."""
    return get_object_or_404(Campaign.objects.public(), slug=slug)


def call_or_404(campaign: Campaign, number: int) -> SignOnCall:
    """The newest call of the campaign's letter of that number."""
    call = public_call(campaign, number)
    if call is None:
        raise Http404
    return call
