"""Celery tasks of exports. One may be lost or run twice without harm: the rows say what is due."""

from celery import shared_task

from .services import contact_rows, runs


@shared_task(name="exports.exports_advance")
def exports_advance() -> None:
    """Make the files that are due."""
    runs.exports_advance()


@shared_task(name="exports.exports_forget")
def exports_forget() -> None:
    """Delete the files whose time is over, and which rows of contact data programs read."""
    runs.exports_forget()
    contact_rows.contact_reads_forget()
