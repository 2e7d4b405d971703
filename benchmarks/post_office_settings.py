"""django-post-office in this installation, for benchmarks/outreach.py only."""

import os

from ecomcampaign.settings.test import *
from ecomcampaign.settings.test import INSTALLED_APPS, LOGGING

INSTALLED_APPS = [*INSTALLED_APPS, "post_office"]
MAILERS: dict[str, dict[str, object]] = {
    "default": {"BACKEND": "post_office.EmailBackend"},
    "smtp": {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": int(os.environ.get("SMTP_PORT", "25"))},
    },
}
MEDIA_ROOT = os.environ.get("POST_OFFICE_FILES", "")
POST_OFFICE = {
    "DEFAULT_MAILER": "smtp",
    "BATCH_SIZE": int(os.environ.get("POST_OFFICE_BATCH", "100")),
    "THREADS_PER_PROCESS": 8,
}
#: otherwise it prints each batch
LOGGING["handlers"]["nowhere"] = {"class": "logging.NullHandler"}
LOGGING["loggers"]["post_office"] = {"handlers": ["nowhere"], "propagate": False}
