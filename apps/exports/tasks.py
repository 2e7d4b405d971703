"""Celery tasks of exports. One may be lost or run twice without harm: the rows say what is due."""

from celery import shared_task

from .services import contact_rows, runs


@shared_task(name="exports.exports_advance")
def exports_advance() -> None:
    """Make the files that are due."""
    runs.exports_advance()


@shared_task(name="exports.delete_expired")
def delete_expired() -> None:
    """Delete the files whose time is over, and which rows of contact data programs read."""
    runs.exports_delete_expired()
    contact_rows.contact_reads_delete_expired()
