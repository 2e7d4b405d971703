"""Tasks of outreach. They may be lost or repeated."""

from celery import shared_task

from apps.core.wakeups import wake

from .services.deliveries import dispatches_advance


@shared_task(name="outreach.dispatches_advance")
def advance() -> None:
    """One bounded round; if letters are left, wake up again."""
    if dispatches_advance():
        wake("outreach")
