"""Periodic tasks."""

from celery import shared_task

from .services.erasure import expired_sweep


@shared_task(name="coalitions.pending_expire")
def pending_expire() -> None:
    expired_sweep()
