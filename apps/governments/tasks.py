"""The alarm clock of imports and corrections: it carries nothing, and may be lost or ring twice."""

from celery import shared_task

from .importing.services import imports_advance as work_on_imports
from .services import corrections_forget as forget


@shared_task(name="governments.imports_advance")
def imports_advance() -> None:
    """Do the work that is due on imports of recipients."""
    work_on_imports()


@shared_task(name="governments.corrections_forget")
def corrections_forget() -> None:
    """Delete what was typed into corrections whose time is over."""
    forget()
