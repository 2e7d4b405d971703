from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "apps.outreach"
    label = "outreach"

    def ready(self) -> None:
        from apps.core.registries import letter_departures, mail_listeners, personal_data_holders, timeline_sources

        from .pages.timeline import timeline
        from .selectors.departures import letter_departure
        from .services import deliveries_erase, mail_heard

        letter_departures.register("outreach", letter_departure)
        mail_listeners.register("outreach", mail_heard)
        personal_data_holders.register("outreach", deliveries_erase)
        timeline_sources.register("outreach", timeline)
