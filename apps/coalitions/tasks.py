"""What time asks of signatures."""

from celery import shared_task

from .services.erasure import expired_sweep


@shared_task(name="coalitions.pending_expire")
def pending_expire() -> None:
    """Delete what was typed and never confirmed, and personal data whose time is over."""
    expired_sweep()
