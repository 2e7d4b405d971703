"""Tasks of letters. They may be lost or repeated: the rows are the queue."""

from celery import shared_task

from .services.text_updates import texts_bring_up_to_date


@shared_task(name="letters.texts_bring_up_to_date")
def bring_up_to_date() -> None:
    """Texts whose last words nobody made the body of, as after a process was killed or a page was closed."""
    texts_bring_up_to_date()
