"""Every address of the product: public pages, staff pages under /work/, accounts, health."""

from django.urls import include, path

from apps.core.views import healthz, livez

from .celery import connect_wake_ups

connect_wake_ups()

urlpatterns = [
    path("livez", livez, name="livez"),
    path("healthz", healthz, name="healthz"),
    path("accounts/", include("apps.accounts.urls")),
    path("invitations/", include("apps.campaigns.urls_invitations")),
    path("work/<slug:campaign_slug>/team/", include("apps.campaigns.urls")),
    path("work/<slug:campaign_slug>/evidence/", include("apps.talkingpoints.urls")),
    path("work/<slug:campaign_slug>/letters/", include("apps.letters.urls")),
    path("work/<slug:campaign_slug>/sign-on/", include("apps.coalitions.urls")),
    path("work/<slug:campaign_slug>/outreach/", include("apps.outreach.urls")),
    path("work/<slug:campaign_slug>/exports/", include("apps.exports.urls")),
    path("work/", include("apps.dashboard.urls")),
    path("postbox/", include("apps.postbox.urls")),
    path("sign/", include("apps.coalitions.urls_public")),
    path("", include("apps.website.urls")),
]

handler403 = "apps.website.views.forbidden"
handler404 = "apps.website.views.not_found"
handler500 = "apps.website.views.server_error"
