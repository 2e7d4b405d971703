from django.apps import AppConfig


class GovernmentsConfig(AppConfig):
    name = "apps.governments"

    def ready(self) -> None:
        from apps.core.registries import action_sources, retention_rules
        from apps.core.signals import personal_data_erase

        from .pages.action_items import SOURCES
        from .pages.retention import RULES
        from .services.recipient_corrections import corrections_erase

        action_sources.register_all(SOURCES)
        retention_rules.register_all(RULES)
        personal_data_erase.connect(corrections_erase)
