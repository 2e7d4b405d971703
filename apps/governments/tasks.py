"""Celery tasks of governments."""

from celery import shared_task

from .services.recipient_corrections import corrections_forget as forget


@shared_task(name="governments.corrections_forget")
def corrections_forget() -> None:
    """Delete what was typed into corrections that have expired."""
    forget()
