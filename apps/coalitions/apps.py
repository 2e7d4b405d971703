from django.apps import AppConfig


class CoalitionsConfig(AppConfig):
    name = "apps.coalitions"
    label = "coalitions"

    def ready(self) -> None:
        from apps.core.registries import personal_data_holders

        from .services import sign_ons_erase_by_address

        personal_data_holders.register("coalitions", sign_ons_erase_by_address)
