from django.apps import AppConfig


class CampaignFilesConfig(AppConfig):
    name = "apps.campaign_files"
