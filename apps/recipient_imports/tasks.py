"""Celery tasks of recipient imports. A task may be lost or run twice without harm: the due rows say what to do."""

from celery import shared_task

from .services.transitions import imports_advance as advance


@shared_task(name="recipient_imports.imports_advance")
def imports_advance() -> None:
    """Do the work that is due on imports of recipients."""
    advance()
