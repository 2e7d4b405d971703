from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "apps.letters"

    def ready(self) -> None:
        from apps.core.registries import action_sources, fact_users

        from .live.access_changes import watch_access
        from .merge_fields import register_fields
        from .pages.action_items import SOURCES
        from .pages.fact_citations import fact_citations

        register_fields()
        action_sources.register_all(SOURCES)
        fact_users.register("letters", fact_citations)
        watch_access()
