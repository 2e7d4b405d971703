"""The decorator of public pages, and what their addresses name."""

from collections.abc import Callable
from functools import wraps
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from apps.campaigns.access import public
from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.coalitions.selectors.calls import main_letter, public_call

from ..pages.content_languages import ContentLanguage, content_language

type View = Callable[..., HttpResponse]
#: seconds; the figures on a page are up to a minute old anyway
PAGE_AGE = 60


class CampaignRequest(HttpRequest):
    """What `public_page` passes to a view. `content` is the language of the campaign's texts on this page."""

    campaign: Campaign
    content: ContentLanguage


def cache_page_publicly(view: View) -> View:
    """Any cache may keep the answer for a minute if the visitor sent no cookie and gets none."""

    @wraps(view)
    def cached(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code == 200 and not request.COOKIES and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE"):
            patch_cache_control(response, public=True, max_age=PAGE_AGE)
        else:
            patch_cache_control(response, private=True, max_age=0)
        return response

    return cached


def public_page(view: View, methods: tuple[str, ...] = ("GET", "HEAD")) -> View:
    """A cached page of a published campaign: the view gets a `CampaignRequest` instead of `campaign_slug`."""

    @wraps(view)
    def with_campaign(request: CampaignRequest, campaign_slug: str, *args: object, **kwargs: object) -> HttpResponse:
        request.campaign = campaign_or_404(campaign_slug)
        requested, interface = request.GET.get("language", ""), get_language() or "en"
        request.content = cast(
            ContentLanguage, SimpleLazyObject(lambda: content_language(request.campaign, requested, interface))
        )
        return view(request, *args, **kwargs)

    return public(require_http_methods(methods)(cache_page_publicly(with_campaign)))


def public_form(view: View) -> View:
    return public_page(view, ("GET", "HEAD", "POST"))


def page_context(request: CampaignRequest) -> dict[str, object]:
    return {"campaign": request.campaign, "main_letter": main_letter(request.campaign)}


def content_context(request: CampaignRequest) -> dict[str, object]:
    """The same for a page with texts of the campaign, whose links keep their language."""
    return page_context(request) | {"content": request.content, "original": request.content.original}


def campaign_or_404(slug: str) -> Campaign:
    return get_object_or_404(Campaign.objects.public(), slug=slug)


def call_or_404(campaign: Campaign, number: int) -> SignOnCall:
    call = public_call(campaign, number)
    if call is None:
        raise Http404
    return call
