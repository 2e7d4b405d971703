from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "apps.exports"

    def ready(self) -> None:
        from apps.core.registries import action_sources

        from .pages.action_items import SOURCES

        action_sources.register_all(SOURCES)
