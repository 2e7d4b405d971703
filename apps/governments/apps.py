from django.apps import AppConfig


class GovernmentsConfig(AppConfig):
    name = "apps.governments"
    label = "governments"
