from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "apps.accounts"

    def ready(self) -> None:
        from . import checks, signals  # noqa: F401  (registers the system check and the receivers)
