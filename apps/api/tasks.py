"""Celery tasks of the API. One may be lost or run twice without harm."""

from celery import shared_task

from .services.idempotency_keys import idempotency_keys_delete_expired


@shared_task(name="api.delete_expired")
def delete_expired() -> None:
    """Delete what was kept of requests that were carried out more than a day ago."""
    idempotency_keys_delete_expired()
