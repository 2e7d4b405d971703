"""How long answers to programs are kept."""

from django.utils.translation import gettext_lazy as _

from apps.core.registries import RetentionRule
from apps.core.retention import days_in_words, retention_due

from ..models import IdempotencyKey
from ..services.idempotency_keys import KEPT

RULES = {
    "api_answers": RetentionRule(
        _("Answers to programs, which may ask for them again"),
        lambda _campaign: days_in_words(KEPT),
        lambda campaign: retention_due(
            IdempotencyKey.objects.filter(token__membership__campaign=campaign), "created_at", KEPT
        ),
    )
}
