"""How long notes about contacts with governments are kept."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.campaigns.models import Campaign
from apps.core.registries import RetentionDue, RetentionRule

from ..models import FollowUp, Touch


def _kept(campaign: Campaign) -> str:
    days = campaign.retention_days
    words = ngettext("%(days)s day after the conference", "%(days)s days after the conference", days)
    return words % {"days": days}


def _due(campaign: Campaign) -> RetentionDue:
    """What was written down after the conference stays as long after that day."""
    kept = timedelta(days=campaign.retention_days)
    begun = list(Touch.objects.filter(campaign=campaign, erased_at=None).values_list("created_at", flat=True))
    begun += [step.created_at for step in FollowUp.objects.filter(campaign=campaign) if step.what]  # it is encrypted
    over = campaign.ends_on + kept + timedelta(days=1)
    return RetentionDue(len(begun), max(over, (min(begun) + kept).date()) if begun else None)


RULES = {"contacts": RetentionRule(_("Notes and files about contacts, and next steps"), _kept, _due)}
