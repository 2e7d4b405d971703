from django.apps import AppConfig


class PostboxConfig(AppConfig):
    name = "apps.postbox"

    def ready(self) -> None:
        from apps.core.registries import health_checks
        from apps.core.signals import personal_data_erase

        from .selectors.mailboxes import mailbox_problem
        from .selectors.messages import overdue_problem
        from .services.queue import mails_erase

        personal_data_erase.connect(mails_erase)
        health_checks.register("postbox", overdue_problem)
        health_checks.register("mailboxes", mailbox_problem)
