from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    name = "apps.webhooks"

    def ready(self) -> None:
        from apps.core.registries import action_sources, health_checks

        from . import checks  # noqa: F401  (registers the checks)
        from .pages.action_items import SOURCES
        from .selectors import overdue_problem

        action_sources.register_all(SOURCES)
        health_checks.register("webhooks", overdue_problem)
