"""Staff pages that span apps, under /work/."""

from django.urls import URLPattern, URLResolver, path

from .views import governments, overview, processing, record_positions, search

app_name = "dashboard"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", overview.campaigns, name="campaigns"),
    path("<slug:campaign_slug>/", overview.overview, name="overview"),
    path("<slug:campaign_slug>/governments/", governments.governments, name="governments"),
    path("<slug:campaign_slug>/map/", governments.governments_map, name="governments_map"),
    path("<slug:campaign_slug>/positions/", record_positions.governments_positions, name="governments_positions"),
    path(
        "<slug:campaign_slug>/positions/<int:position_id>/",
        record_positions.government_position_correct,
        name="government_position_correct",
    ),
    path(
        "<slug:campaign_slug>/positions/<int:position_id>/withdraw/",
        record_positions.government_position_withdraw,
        name="government_position_withdraw",
    ),
    path(
        "<slug:campaign_slug>/governments/<slug:code>/position/",
        record_positions.government_position,
        name="government_position",
    ),
    path("<slug:campaign_slug>/governments/<slug:code>/", governments.government, name="government"),
    path("<slug:campaign_slug>/recipients/problems/", governments.recipient_problems, name="recipient_problems"),
    path("<slug:campaign_slug>/record/", overview.audit, name="audit"),
    path("<slug:campaign_slug>/processing/", processing.processing, name="processing"),
    path("<slug:campaign_slug>/processing/edit/", processing.processing_edit, name="processing_edit"),
    path("<slug:campaign_slug>/processing/record.csv", processing.processing_csv, name="processing_csv"),
    path("<slug:campaign_slug>/search/", search.search, name="search"),
    path("<slug:campaign_slug>/search/suggestions/", search.search_suggestions, name="search_suggestions"),
]
