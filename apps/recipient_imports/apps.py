from django.apps import AppConfig


class RecipientImportsConfig(AppConfig):
    name = "apps.recipient_imports"
