"""What the API keeps: which requests it has carried out."""

from django.db import models

from apps.campaigns.models import ApiToken
from apps.core.encrypted_fields import EncryptedTextField


class IdempotencyKey(models.Model):
    """A request that was carried out, as its client named it. Kept for a day.

    Of an answer that is a row only its id is kept, not what it said: nothing personal that would have to be erased.
    """

    token = models.ForeignKey(ApiToken, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64, help_text="keyed hash of method, path and body")
    status = models.PositiveSmallIntegerField()
    row = models.CharField(max_length=40, blank=True, help_text="id of the row that was answered")
    body = EncryptedTextField(null=True, help_text="the answer, where it is no row")
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["token", "key"], name="api_idempotency_key_once")]

    def __str__(self) -> str:
        return f"key of token {self.token_id}: {self.status}"
