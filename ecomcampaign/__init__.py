"""Composition root: settings, URLs, the Celery app. Importing it makes the Celery app known to tasks."""

from .celery import app as celery_app

__all__ = ["celery_app"]
