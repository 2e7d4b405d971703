from django.apps import AppConfig


class CoalitionsConfig(AppConfig):
    name = "apps.coalitions"

    def ready(self) -> None:
        from apps.core.registries import (
            action_sources,
            letter_counts,
            mail_composers,
            mail_sources,
            retention_rules,
            version_signings,
        )
        from apps.core.signals import personal_data_erase

        from .models import INVITATION_ORIGIN
        from .pages.action_items import SOURCES
        from .pages.retention import RULES
        from .pages.version_signing import version_signing
        from .selectors.signatory_counts import signatory_counts
        from .services.collected_mails import collected_mails_send
        from .services.confirmation_reminders import confirmations_remind
        from .services.erasure import sign_ons_erase_by_address
        from .services.invitation_mails import invitation_mail_compose, invitation_mails_send
        from .services.signer_mails import MAIL_ORIGIN, signer_mail_compose
        from .services.signer_notices import notices_send

        action_sources.register_all(SOURCES)
        mail_composers.register(MAIL_ORIGIN, signer_mail_compose)
        mail_composers.register(INVITATION_ORIGIN, invitation_mail_compose)
        mail_sources.register("coalitions.collected", collected_mails_send)
        mail_sources.register("coalitions.reminders", confirmations_remind)
        mail_sources.register("coalitions.invitations", invitation_mails_send)
        mail_sources.register("coalitions.notices", notices_send)
        personal_data_erase.connect(sign_ons_erase_by_address)
        version_signings.register("coalitions", version_signing)
        retention_rules.register_all(RULES)
        letter_counts.register("coalitions", signatory_counts)
