"""URLs of the evidence."""

from django.urls import URLPattern, URLResolver, path

from .views import facts, points, search, sources, translations

app_name = "evidence"
urlpatterns: list[URLPattern | URLResolver] = [
    path("", search.index, name="index"),
    path("context/", points.context, name="context"),
    path("points/new/", points.point_new, name="point_new"),
    path("<int:number>/", points.point, name="point"),
    path("<int:number>/edit/", points.point_edit, name="point_edit"),
    path("<int:number>/<slug:language>/", translations.translation, name="translation"),
    path("<int:number>/<slug:language>/written/", translations.translation_written, name="translation_written"),
    path("<int:number>/<slug:language>/reviewed/", translations.translation_reviewed, name="translation_reviewed"),
    path("facts/new/", facts.fact_new, name="fact_new"),
    path("facts/<str:key>/", facts.fact, name="fact"),
    path("facts/<str:key>/correct/", facts.fact_correct, name="fact_correct"),
    path("facts/<str:key>/retire/", facts.fact_retire, name="fact_retire"),
    path("facts/<str:key>/restore/", facts.fact_restore, name="fact_restore"),
    path("sources/", sources.sources, name="sources"),
    path("sources/new/", sources.source_new, name="source_new"),
    path("sources/<str:key>/", sources.source, name="source"),
    path("sources/<str:key>/edit/", sources.source_edit, name="source_edit"),
    path("sources/<str:key>/checked/", sources.source_checked, name="source_checked"),
]
