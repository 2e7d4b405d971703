"""The alarm clock of outreach: it carries nothing and may be lost or ring twice."""

from celery import shared_task

from apps.core.wakeups import wake

from .services import dispatches_advance


@shared_task(name="outreach.dispatches_advance")
def advance() -> None:
    """One bounded round; where letters are left, ring again."""
    if dispatches_advance():
        wake("outreach")
