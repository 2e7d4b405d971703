"""Every address of the product: public pages, staff pages under /work/, the read API, accounts, health.

Public pages and those of signers have an address for each language. The others have one: files and programs need no
language, staff pages have that of the person."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from apps.accounts import urls as accounts
from apps.campaigns.views.notices import notices
from apps.campaigns.views.sign_in import accept, demo
from apps.core.views import healthz, livez
from apps.dashboard.views.styleguide import styleguide
from apps.letters.views.guests import letter as guest_letter
from apps.outreach.views.letter_pdf import letter_pdf

from .celery import connect_wake_ups

connect_wake_ups()

# What each person may do, accounts cannot know: these pages are the campaigns', their addresses and names those of
# accounts.
of_person = [*accounts.urlpatterns, path("demo/", demo, name="demo"), path("notices/", notices, name="notices")]
urlpatterns = [
    # first, as they are asked for most
    *i18n_patterns(path("sign/", include("apps.coalitions.urls_signer")), path("", include("apps.website.urls"))),
    path("livez", livez, name="livez"),
    path("healthz", healthz, name="healthz"),
    path("accounts/", include((of_person, accounts.app_name))),
    path("accounts/", include("apps.accounts.urls_allauth")),
    path("", include("apps.demo.urls")),
    path("invitations/", include(([path("<str:token>/", accept, name="accept")], "invitations"))),
    path("work/<slug:campaign_slug>/team/webhooks/", include("apps.webhooks.urls")),
    path("work/<slug:campaign_slug>/team/", include("apps.campaigns.urls")),
    path("work/<slug:campaign_slug>/evidence/", include("apps.talkingpoints.urls")),
    path("work/<slug:campaign_slug>/recipients/", include("apps.governments.urls")),
    path("work/<slug:campaign_slug>/letters/", include("apps.letters.urls")),
    path("work/<slug:campaign_slug>/sign-on/", include("apps.coalitions.urls")),
    path("work/<slug:campaign_slug>/outreach/", include("apps.outreach.urls")),
    path("work/<slug:campaign_slug>/exports/", include("apps.exports.urls")),
    path("work/<slug:campaign_slug>/recipients/import/", include("apps.recipient_imports.urls")),
    path("work/", include("apps.dashboard.urls")),
    path("api/v1/", include("apps.api.urls")),
    path("styleguide/", styleguide, name="styleguide"),
    path("guest/<str:token>/", guest_letter, name="guest_letter"),
    path("letter-pdf/<str:token>/", letter_pdf, name="letter_pdf"),
    path("postbox/", include("apps.postbox.urls")),
    path("hooks/", include("apps.postbox.urls_webhooks")),
    path("", include("apps.website.urls_files")),
    path("", include("apps.website.urls_language")),
]

handler400 = "apps.website.views.errors.bad_request"
handler403 = "apps.website.views.errors.forbidden"
handler404 = "apps.website.views.errors.not_found"
handler500 = "apps.website.views.errors.server_error"
