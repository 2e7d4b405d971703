"""The alarm clock of imports: it carries nothing and may be lost or ring twice."""

from celery import shared_task

from .importing.services import imports_advance


@shared_task(name="governments.imports_advance")
def advance() -> None:
    """Do the work that is due on imports of recipients."""
    imports_advance()
