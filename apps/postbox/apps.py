from django.apps import AppConfig


class PostboxConfig(AppConfig):
    name = "apps.postbox"
    label = "postbox"
