from django.apps import AppConfig


class PostboxConfig(AppConfig):
    name = "apps.postbox"
    label = "postbox"

    def ready(self) -> None:
        from apps.core.registries import personal_data_holders

        from .services import mails_erase

        personal_data_holders.register("postbox", mails_erase)
