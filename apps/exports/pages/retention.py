"""How long the files of exports are kept."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from apps.core.registries import RetentionRule
from apps.core.retention import days_in_words, retention_due

from ..models import Export
from ..services.files import KEPT_HOURS

RULES = {
    "exports": RetentionRule(
        _("Files of exports"),
        lambda _campaign: days_in_words(timedelta(hours=KEPT_HOURS)),
        lambda campaign: retention_due(
            Export.objects.filter(campaign=campaign, state=Export.State.READY), "expires_at"
        ),
    )
}
