"""The worker's pulse."""

from celery import shared_task

from .health import record_heartbeat


@shared_task(name="core.heartbeat")
def heartbeat() -> None:
    """Say that a worker takes tasks; /healthz reads it."""
    record_heartbeat("worker")
