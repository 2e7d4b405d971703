"""Periodic tasks."""

from celery import shared_task

from .services.notices import notices_send


@shared_task(name="campaigns.notices_send")
def notices() -> None:
    notices_send()
