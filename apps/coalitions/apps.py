from django.apps import AppConfig


class CoalitionsConfig(AppConfig):
    name = "apps.coalitions"
    label = "coalitions"
