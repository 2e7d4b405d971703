from django.apps import AppConfig


class CampaignsConfig(AppConfig):
    name = "apps.campaigns"

    def ready(self) -> None:
        from apps.core.registries import mail_composers, mail_sources

        from .services.notices import COMPOSER, notice_compose, notices_send

        mail_composers.register(COMPOSER, notice_compose)
        mail_sources.register("campaigns.notices", notices_send)
