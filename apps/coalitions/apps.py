from django.apps import AppConfig


class CoalitionsConfig(AppConfig):
    name = "apps.coalitions"

    def ready(self) -> None:
        from apps.campaigns.roles import Permission
        from apps.core.registries import WaitingCount, mail_composers, version_signings, waiting_counts
        from apps.core.signals import personal_data_erase

        from .models import INVITATION_ORIGIN
        from .pages.version_signing import version_signing
        from .selectors.moderation_queue import waiting_count
        from .services.erasure import sign_ons_erase_by_address
        from .services.invitation_mails import invitation_mail_compose
        from .services.signer_mails import MAIL_ORIGIN, signer_mail_compose

        waiting_counts.register("sign_on", WaitingCount(Permission.MODERATE, waiting_count))
        mail_composers.register(MAIL_ORIGIN, signer_mail_compose)
        mail_composers.register(INVITATION_ORIGIN, invitation_mail_compose)
        personal_data_erase.connect(sign_ons_erase_by_address)
        version_signings.register("coalitions", version_signing)
