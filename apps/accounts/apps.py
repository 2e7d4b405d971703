from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"
    label = "accounts"

    def ready(self) -> None:
        from apps.core.registries import demo_conditions

        from . import checks  # noqa: F401  (registers the system check)
        from .selectors import demo_marked
        from .signals import connect

        connect()
        demo_conditions.register("marked", demo_marked)
