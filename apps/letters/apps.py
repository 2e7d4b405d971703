from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "apps.letters"

    def ready(self) -> None:
        from apps.core.registries import fact_users

        from .merge_fields import register_fields
        from .pages.fact_citations import fact_citations

        register_fields()
        fact_users.register("letters", fact_citations)
