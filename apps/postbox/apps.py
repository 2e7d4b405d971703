from django.apps import AppConfig


class PostboxConfig(AppConfig):
    name = "apps.postbox"

    def ready(self) -> None:
        from apps.core.registries import action_sources, health_checks, retention_rules
        from apps.core.signals import personal_data_erase

        from . import checks  # noqa: F401 – registers them
        from .pages.action_items import SOURCES
        from .pages.retention import RULES
        from .selectors.mailboxes import mailbox_problem
        from .selectors.messages import overdue_problem
        from .services.queue import mails_erase

        action_sources.register_all(SOURCES)
        retention_rules.register_all(RULES)
        personal_data_erase.connect(mails_erase)
        health_checks.register("postbox", overdue_problem)
        health_checks.register("mailboxes", mailbox_problem)
