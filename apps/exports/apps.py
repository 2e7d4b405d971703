from django.apps import AppConfig


class ExportsConfig(AppConfig):
    name = "apps.exports"

    def ready(self) -> None:
        from apps.core.registries import action_sources, retention_rules
        from apps.core.signals import names_hidden, personal_data_erase, signatures_erased

        from .pages.action_items import SOURCES
        from .pages.retention import RULES
        from .services.erased_names import exports_of_contacts_remake, exports_of_letter_remake

        action_sources.register_all(SOURCES)
        retention_rules.register_all(RULES)
        names_hidden.connect(exports_of_letter_remake)
        signatures_erased.connect(exports_of_letter_remake)
        personal_data_erase.connect(exports_of_contacts_remake)
