"""Periodic tasks."""

from celery import shared_task

from .services.erasure import expired_sweep
from .services.signature_log import log_entries_number


@shared_task(name="coalitions.sweep")
def sweep() -> None:
    expired_sweep()


@shared_task(name="coalitions.number_log_entries")
def number_log_entries() -> None:
    log_entries_number()
