"""The worker's heartbeat."""

from celery import shared_task

from .health import record_heartbeat


@shared_task(name="core.heartbeat")
def heartbeat() -> None:
    """Record that a worker takes tasks, for /healthz."""
    record_heartbeat("worker")
