from django.apps import AppConfig


class RecipientImportsConfig(AppConfig):
    name = "apps.recipient_imports"

    def ready(self) -> None:
        from apps.core.registries import retention_rules

        from .pages.retention import RULES

        retention_rules.register_all(RULES)
