"""Celery tasks of the API. One may be lost or run twice without harm."""

from celery import shared_task

from .services.idempotency_keys import idempotency_keys_forget


@shared_task(name="api.idempotency_keys_forget")
def forget() -> None:
    """Delete what was kept of requests that were carried out more than a day ago."""
    idempotency_keys_forget()
