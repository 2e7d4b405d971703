"""Addresses of the evidence."""

from django.urls import URLPattern, URLResolver, path

from . import views

app_name = "evidence"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.index, name="index"),
    path("context/", views.context, name="context"),
    path("points/new/", views.point_new, name="point_new"),
    path("<int:number>/", views.point, name="point"),
    path("<int:number>/edit/", views.point_edit, name="point_edit"),
    path("<int:number>/<slug:language>/", views.translation, name="translation"),
    path("<int:number>/<slug:language>/written/", views.translation_written, name="translation_written"),
    path("<int:number>/<slug:language>/reviewed/", views.translation_reviewed, name="translation_reviewed"),
    path("facts/new/", views.fact_new, name="fact_new"),
    path("facts/<str:key>/", views.fact, name="fact"),
    path("facts/<str:key>/correct/", views.fact_correct, name="fact_correct"),
    path("facts/<str:key>/retire/", views.fact_retire, name="fact_retire"),
    path("facts/<str:key>/restore/", views.fact_restore, name="fact_restore"),
    path("sources/", views.sources, name="sources"),
    path("sources/new/", views.source_new, name="source_new"),
    path("sources/<str:key>/", views.source, name="source"),
    path("sources/<str:key>/edit/", views.source_edit, name="source_edit"),
    path("sources/<str:key>/checked/", views.source_checked, name="source_checked"),
]
