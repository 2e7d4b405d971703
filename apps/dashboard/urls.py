"""Staff pages that span apps, under /work/."""

from django.urls import URLPattern, URLResolver, path

from . import views
from .views import positions

app_name = "dashboard"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.campaigns, name="campaigns"),
    path("<slug:campaign_slug>/", views.overview, name="overview"),
    path("<slug:campaign_slug>/governments/", views.governments, name="governments"),
    path("<slug:campaign_slug>/map/", views.governments_map, name="governments_map"),
    path("<slug:campaign_slug>/positions/", positions.governments_positions, name="governments_positions"),
    path(
        "<slug:campaign_slug>/positions/<int:position_id>/",
        positions.government_position_correct,
        name="government_position_correct",
    ),
    path(
        "<slug:campaign_slug>/positions/<int:position_id>/withdraw/",
        positions.government_position_withdraw,
        name="government_position_withdraw",
    ),
    path(
        "<slug:campaign_slug>/governments/<slug:code>/position/",
        positions.government_position,
        name="government_position",
    ),
    path("<slug:campaign_slug>/governments/<slug:code>/", views.government, name="government"),
    path("<slug:campaign_slug>/recipients/stale/", views.stale, name="stale"),
    path("<slug:campaign_slug>/record/", views.audit, name="audit"),
]
