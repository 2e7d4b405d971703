"""What an ASGI server (uvicorn) serves: sockets only."""

import os

import django
from django.utils.module_loading import import_string

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecomcampaign.settings.production")
django.setup()
application = import_string("ecomcampaign.live.application")  # which needs the settings
