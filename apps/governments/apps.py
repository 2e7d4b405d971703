from django.apps import AppConfig


class GovernmentsConfig(AppConfig):
    name = "apps.governments"

    def ready(self) -> None:
        from apps.core.signals import personal_data_erase

        from .services.recipient_corrections import corrections_erase

        personal_data_erase.connect(corrections_erase)
