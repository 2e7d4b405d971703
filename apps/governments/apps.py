from django.apps import AppConfig


class GovernmentsConfig(AppConfig):
    name = "apps.governments"
    label = "governments"

    def ready(self) -> None:
        from apps.core.registries import personal_data_holders

        from .services import corrections_erase

        personal_data_holders.register("governments", corrections_erase)
