"""Requests that are carried out once, however often they are sent (draft-ietf-httpapi-idempotency-key-header)."""

from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import ApiToken
from apps.core.errors import Conflict, DomainError
from apps.core.retention import retention_job

from ..models import IdempotencyKey

KEPT = timedelta(hours=24)


class StillAnswered(Conflict):
    default_message = _("A request with this Idempotency-Key is still being answered. Send it again in a moment.")


class KeyUsedForAnother(DomainError):
    default_message = _("This Idempotency-Key was used for another request. Use a new one for each thing to do.")


def key_claim(*, token: ApiToken, key: str, fingerprint: str) -> IdempotencyKey | None:
    """What was kept of the request; None if it is to be carried out now. Raises StillAnswered, KeyUsedForAnother.

    The caller's transaction holds the key until it ends, so that nobody does the same meanwhile; a process that dies
    lets go of it, and has done nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 0))", [f"api {token.pk} {key}"])
        if not cursor.fetchone()[0]:
            raise StillAnswered
    kept = IdempotencyKey.objects.filter(token=token, key=key).first()
    if kept is not None and kept.created_at < timezone.now() - KEPT:
        kept.delete()
        return None
    if kept is not None and kept.fingerprint != fingerprint:
        raise KeyUsedForAnother
    return kept


def key_keep(*, token: ApiToken, key: str, fingerprint: str, status: int, row: str, body: str | None) -> None:
    """Keep what was answered, in the transaction that did it."""
    IdempotencyKey.objects.create(token=token, key=key, fingerprint=fingerprint, status=status, row=row, body=body)


def idempotency_keys_delete_expired() -> int:
    """Delete those whose day is over. Returns how many."""
    with retention_job("api_answers") as job, transaction.atomic():
        late = IdempotencyKey.objects.filter(created_at__lt=timezone.now() - KEPT).order_by("pk")
        found = dict(late.select_for_update(of=("self",)).values_list("pk", "token__membership__campaign"))
        IdempotencyKey.objects.filter(pk__in=found).delete()
        return job.deleted_in(found.values())
