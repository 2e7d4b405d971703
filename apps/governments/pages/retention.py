"""How long proposed corrections of recipients are kept."""

from datetime import timedelta

from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from apps.campaigns.models import Campaign
from apps.core.registries import RetentionDue, RetentionRule
from apps.core.retention import retention_due

from ..models import Correction


def _kept(campaign: Campaign) -> str:
    days = campaign.retention_days
    return ngettext("%(days)s day after a decision", "%(days)s days after a decision", days) % {"days": days}


def _due(campaign: Campaign) -> RetentionDue:
    rows = Correction.objects.filter(campaign=campaign, forgotten_at=None)
    return retention_due(rows, Coalesce("decided_at", "created_at"), timedelta(days=campaign.retention_days))


RULES = {"corrections": RetentionRule(_("Corrections of recipients that somebody proposed"), _kept, _due)}
