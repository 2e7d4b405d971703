"""How long mail is kept that matches no letter."""

from django.utils.translation import gettext_lazy as _

from apps.core.registries import RetentionRule
from apps.core.retention import days_in_words, retention_due

from ..models import InboundMail
from ..services.send_worker import UNMATCHED_KEPT

RULES = {
    "unmatched_mail": RetentionRule(
        _("Incoming email that matches no letter"),
        lambda _campaign: days_in_words(UNMATCHED_KEPT),
        lambda _campaign: retention_due(InboundMail.objects.filter(message=None), "received_at", UNMATCHED_KEPT),
        shared=True,
    )
}
