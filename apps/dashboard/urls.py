"""Staff pages that span apps, under /work/."""

from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "dashboard"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.campaigns, name="campaigns"),
    path("<slug:campaign_slug>/", views.overview, name="overview"),
    path("<slug:campaign_slug>/governments/", views.governments, name="governments"),
    path("<slug:campaign_slug>/governments/<slug:code>/", views.government, name="government"),
    path("<slug:campaign_slug>/recipients/stale/", views.stale, name="stale"),
    path("<slug:campaign_slug>/record/", views.audit, name="audit"),
]
