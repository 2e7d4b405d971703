"""Passing a letter on: our page for Mastodon, whose servers are many, and the picture for link previews."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.campaigns.access import public
from apps.coalitions.pages.sharing import letter_sharing
from apps.core.page_cache import kept_page

from ..forms import MastodonServerForm
from ..pages.preview_picture import preview_picture
from .letters import text_or_404
from .public_page import CampaignRequest, call_or_404, page_context, public_page

#: seconds for which others may show a picture: its count says as of which day it is
PICTURE_AGE = 3600


@public_page
def share_mastodon(request: CampaignRequest, number: int) -> HttpResponse:
    """?server= is the reader's. We show a link to it and do not redirect: nobody can use this page to hide where a link
    leads."""
    sharing = letter_sharing(call_or_404(request.campaign, number), request.GET.get("language", ""))
    if sharing is None:
        raise Http404
    form = MastodonServerForm(request.GET if "server" in request.GET else None)
    server = form.cleaned_data["server"] if form.is_valid() else ""
    context = {
        "section": "letter", "sharing": sharing, "form": form, "server": server,
        "link": sharing.on_mastodon(server) if server else "",
    }  # fmt: skip
    return render(request, "website/share_mastodon.html", page_context(request) | context)


@public
@require_safe
def picture(request: HttpRequest, campaign_slug: str, number: int, version: int, language: str) -> HttpResponse:
    """The picture for link previews of a published version."""

    def make() -> HttpResponse:
        made = preview_picture(*text_or_404(campaign_slug, number, version, language))
        return HttpResponse(made, content_type="image/png")

    response = kept_page(request, request.path, make)
    response["Cache-Control"] = f"public, max-age={PICTURE_AGE}"
    return response
