"""How long tables of recipients are kept that nobody accepts."""

from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.registries import RetentionDue, RetentionRule
from apps.core.retention import days_in_words, retention_due

from ..models import RecipientImport
from ..services.transitions import FORGOTTEN, RETENTION


def _due(campaign: Campaign) -> RetentionDue:
    rows = RecipientImport.objects.filter(campaign=campaign, state__in=FORGOTTEN)
    return retention_due(rows, "updated_at", RETENTION)


RULES = {
    "recipient_tables": RetentionRule(
        _("Tables of recipients that nobody has accepted"), lambda _campaign: days_in_words(RETENTION), _due
    )
}
