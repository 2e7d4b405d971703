from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "apps.outreach"

    def ready(self) -> None:
        from apps.core.registries import letter_departures, timeline_sources
        from apps.core.signals import mail_event, personal_data_erase

        from .pages.timeline_entries import timeline
        from .selectors.dispatches import letter_departure
        from .services.deliveries import deliveries_erase
        from .services.mail_outcomes import mail_heard

        letter_departures.register("outreach", letter_departure)
        mail_event.connect(mail_heard)
        personal_data_erase.connect(deliveries_erase)
        timeline_sources.register("outreach", timeline)
