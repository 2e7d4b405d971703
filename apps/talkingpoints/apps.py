from django.apps import AppConfig


class TalkingpointsConfig(AppConfig):
    name = "apps.talkingpoints"
