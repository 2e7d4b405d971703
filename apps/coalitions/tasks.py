"""Periodic tasks."""

from celery import shared_task

from .services.erasure import expired_sweep


@shared_task(name="coalitions.sweep")
def sweep() -> None:
    expired_sweep()
