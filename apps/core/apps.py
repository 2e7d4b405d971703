from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "apps.core"

    def ready(self) -> None:
        from . import checks  # noqa: F401  (registers the system checks)
        from .forms import empty_fields_say_what_to_do

        empty_fields_say_what_to_do()
