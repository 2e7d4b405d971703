from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "apps.letters"
    label = "letters"

    def ready(self) -> None:
        from apps.core.registries import fact_users

        from .merge_fields import register_fields
        from .pages import fact_places

        register_fields()
        fact_users.register("letters", fact_places)
