"""What gunicorn reads by itself when it is started here; how many processes and threads stands on the command line."""

import os
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecomcampaign.settings.production")
logger_class = "apps.core.gunicorn_log.ServerLog"


def on_starting(server: Any) -> None:
    """Settings that cannot be read end it here with one line; each worker would else end by them, and be replaced."""
    from django.conf import settings

    settings.INSTALLED_APPS  # noqa: B018  (looking is reading: they are lazy)
