"""What time asks of corrections."""

from celery import shared_task

from .services import corrections_forget as forget


@shared_task(name="governments.corrections_forget")
def corrections_forget() -> None:
    """Delete what was typed into corrections whose time is over."""
    forget()
