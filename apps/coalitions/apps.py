from django.apps import AppConfig


class CoalitionsConfig(AppConfig):
    name = "apps.coalitions"

    def ready(self) -> None:
        from apps.core.signals import personal_data_erase

        from .services.erasure import sign_ons_erase_by_address

        personal_data_erase.connect(sign_ons_erase_by_address)
