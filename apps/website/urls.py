"""Public addresses."""

from django.urls import path

from . import views

app_name = "website"
urlpatterns = [
    path("", views.start, name="start"),
    path("c/<slug:campaign_slug>/", views.home, name="home"),
    path("c/<slug:campaign_slug>/letters/<int:number>/", views.letter, name="letter"),
    path("c/<slug:campaign_slug>/letters/<int:number>/check-your-mail/", views.check_mail, name="check_mail"),
    path("c/<slug:campaign_slug>/letters/<int:number>/v<int:version>.json", views.letter_json, name="letter_json"),
    path(
        "c/<slug:campaign_slug>/letters/<int:number>/v<int:version>.<slug:edition>.json",
        views.edition_json,
        name="edition_json",
    ),
    path("c/<slug:campaign_slug>/reasons/", views.points, name="points"),
    path("c/<slug:campaign_slug>/reasons/<int:number>/", views.point, name="point"),
    path("c/<slug:campaign_slug>/sources/", views.bibliography, name="bibliography"),
    path("c/<slug:campaign_slug>/glossary/", views.glossary, name="glossary"),
    path("c/<slug:campaign_slug>/timeline/", views.timeline, name="timeline"),
    path("c/<slug:campaign_slug>/signatories/", views.signatories, name="signatories"),
    path("c/<slug:campaign_slug>/corrections/", views.corrections, name="corrections"),
    path("c/<slug:campaign_slug>/corrections/sent/", views.correction_sent, name="correction_sent"),
    path("c/<slug:campaign_slug>/privacy/", views.privacy, name="privacy"),
]
