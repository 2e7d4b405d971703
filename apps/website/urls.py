"""Public pages, each under the prefix of its language."""

from django.urls import path

from .views import (
    campaign,
    developers,
    embed,
    evidence,
    frozen_text,
    invited,
    letters,
    open_data,
    pass_on,
    propose_recipient_correction,
    sharing,
    signature_log,
)

app_name = "website"
urlpatterns = [
    path("", campaign.start, name="start"),
    path("v/<slug:code>/", frozen_text.frozen_text, name="frozen_text"),
    path("developers/", developers.developers, name="developers"),
    path("c/<slug:campaign_slug>/", campaign.home, name="home"),
    path("c/<slug:campaign_slug>/letters/<int:number>/", letters.letter, name="letter"),
    path("c/<slug:campaign_slug>/letters/<int:number>/check-your-mail/", letters.check_mail, name="check_mail"),
    path(
        "c/<slug:campaign_slug>/letters/<int:number>/check-your-mail/<str:sealed>/",
        letters.check_mail,
        name="mail_sent",
    ),
    path("c/<slug:campaign_slug>/letters/<int:number>/changes/", letters.text_changes, name="text_changes"),
    path("c/<slug:campaign_slug>/letters/<int:number>/pass-on/", pass_on.pass_on, name="pass_on"),
    path("c/<slug:campaign_slug>/letters/<int:number>/filled-in/<str:sealed>/", pass_on.filled_in, name="filled_in"),
    path("c/<slug:campaign_slug>/letters/<int:number>/invited/<str:token>/", invited.invited, name="invited"),
    path("c/<slug:campaign_slug>/letters/<int:number>/embed/", embed.embed, name="embed"),
    path(
        "c/<slug:campaign_slug>/letters/<int:number>/embed/check-your-mail/",
        embed.embed_check_mail,
        name="embed_check_mail",
    ),
    path("c/<slug:campaign_slug>/letters/<int:number>/mastodon/", sharing.share_mastodon, name="share_mastodon"),
    path("c/<slug:campaign_slug>/reasons/", evidence.points, name="points"),
    path("c/<slug:campaign_slug>/reasons/<int:number>/", evidence.point, name="point"),
    path("c/<slug:campaign_slug>/sources/", evidence.bibliography, name="bibliography"),
    path("c/<slug:campaign_slug>/glossary/", evidence.glossary, name="glossary"),
    path("c/<slug:campaign_slug>/timeline/", evidence.timeline, name="timeline"),
    path("c/<slug:campaign_slug>/signatories/", campaign.signatories, name="signatories"),
    path("c/<slug:campaign_slug>/signatures/log/", signature_log.signature_log, name="signature_log"),
    path("c/<slug:campaign_slug>/corrections/", propose_recipient_correction.corrections, name="corrections"),
    path(
        "c/<slug:campaign_slug>/corrections/sent/", propose_recipient_correction.correction_sent, name="correction_sent"
    ),
    path("c/<slug:campaign_slug>/open-data/", open_data.open_data, name="open_data"),
    path("c/<slug:campaign_slug>/privacy/", campaign.privacy, name="privacy"),
]
