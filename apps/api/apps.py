from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "apps.api"
    verbose_name = "API"

    def ready(self) -> None:
        from apps.core.registries import retention_rules

        from .pages.retention import RULES

        retention_rules.register_all(RULES)
