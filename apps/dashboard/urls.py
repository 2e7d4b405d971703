"""Staff pages that span apps, under /work/."""

from django.urls import URLPattern, URLResolver, path

from .views import governments, overview, positions

app_name = "dashboard"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.campaigns, name="campaigns"),
    path("<slug:campaign_slug>/", overview.overview, name="overview"),
    path("<slug:campaign_slug>/governments/", governments.governments, name="governments"),
    path("<slug:campaign_slug>/map/", governments.governments_map, name="governments_map"),
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
    path("<slug:campaign_slug>/governments/<slug:code>/", governments.government, name="government"),
    path("<slug:campaign_slug>/recipients/problems/", governments.recipient_problems, name="recipient_problems"),
    path("<slug:campaign_slug>/record/", overview.audit, name="audit"),
]
