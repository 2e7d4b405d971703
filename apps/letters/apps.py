from django.apps import AppConfig


class LettersConfig(AppConfig):
    name = "apps.letters"
    label = "letters"

    def ready(self) -> None:
        from .merge import register_fields

        register_fields()
