from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "apps.outreach"

    def ready(self) -> None:
        from apps.core.registries import (
            action_sources,
            addendum_departures,
            letter_departures,
            mail_composers,
            mail_sources,
            recipient_notices,
            retention_rules,
            timeline_sources,
        )
        from apps.core.signals import mail_event, names_hidden, personal_data_erase, retention_over

        from .pages.action_items import SOURCES
        from .pages.alarms import ALARMS
        from .pages.failed_letters import failed_letters
        from .pages.retention import RULES
        from .pages.timeline_entries import timeline
        from .pages.timeline_tracking import tracking_timeline
        from .selectors.departures import addendum_departure, letter_departure
        from .services.deliveries import deliveries_erase, dispatches_advance
        from .services.hidden_names import letters_hold
        from .services.mail_outcomes import mail_event_handle
        from .services.report_mails import COMPOSER, report_mail_compose
        from .services.report_sending import reports_advance
        from .services.sent_names import sent_names_forget
        from .services.touches import touches_erase

        action_sources.register_all(SOURCES)
        action_sources.register_all(ALARMS)
        letter_departures.register("outreach", letter_departure)
        addendum_departures.register("outreach", addendum_departure)
        mail_composers.register(COMPOSER, report_mail_compose)
        mail_sources.register("outreach.letters", dispatches_advance)
        mail_sources.register("outreach.reports", reports_advance)
        mail_event.connect(mail_event_handle)
        names_hidden.connect(letters_hold)
        personal_data_erase.connect(deliveries_erase)
        recipient_notices.register("outreach", failed_letters)
        retention_rules.register_all(RULES)
        personal_data_erase.connect(touches_erase)
        retention_over.connect(sent_names_forget)
        timeline_sources.register("outreach", timeline)
        timeline_sources.register("outreach.tracking", tracking_timeline)
