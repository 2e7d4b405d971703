"""Celery tasks of governments."""

from celery import shared_task

from .services.recipient_corrections import corrections_delete_expired


@shared_task(name="governments.delete_expired")
def delete_expired() -> None:
    """Delete what was typed into corrections that have expired."""
    corrections_delete_expired()
