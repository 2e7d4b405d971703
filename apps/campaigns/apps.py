from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "apps.campaigns"

    def ready(self) -> None:
        from apps.core.registries import mail_composers

        from .services.notices import COMPOSER, notice_compose

        mail_composers.register(COMPOSER, notice_compose)
