from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "apps.outreach"
    label = "outreach"

    def ready(self) -> None:
        from apps.core.registries import mail_listeners, timeline_sources

        from .selectors import timeline
        from .services import mail_heard

        mail_listeners.register("outreach", mail_heard)
        timeline_sources.register("outreach", timeline)
