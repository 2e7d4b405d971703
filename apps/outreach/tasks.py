"""Tasks of outreach. They may be lost or repeated."""

from celery import shared_task

from apps.core.wakeups import wake

from .services.deliveries import dispatches_advance
from .services.report_sending import reports_advance
from .services.touches import tracking_delete_expired


@shared_task(name="outreach.dispatches_advance")
def advance() -> None:
    """One bounded round; if letters or reports are left, wake up again."""
    letters_left, reports_left = dispatches_advance(), reports_advance()
    if letters_left or reports_left:
        wake("outreach")


@shared_task(name="outreach.delete_expired")
def delete_expired() -> None:
    """Delete the text of contacts and next steps whose time is over."""
    tracking_delete_expired()
