"""The decorator of public pages, and what their addresses name."""

from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import cast
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.utils.cache import patch_cache_control
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from apps.campaigns.access import find_membership, public
from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOnCall
from apps.coalitions.selectors.calls import embargoed_call, main_letter, public_call, public_call_at
from apps.core.page_cache import kept_page, near_value
from apps.core.prepared_statements import Placeholder, PreparedQuery

from ..pages.content_languages import ContentLanguage, content_language

#: whoever brings one gets pages made for them
PERSONAL_COOKIES = {settings.SESSION_COOKIE_NAME, "messages"}
type View = Callable[..., HttpResponse]
PUBLISHED = PreparedQuery(lambda: Campaign.objects.public().filter(slug=Placeholder("slug")))
#: seconds in the caches of others, on top of the age of a kept page (apps.core.page_cache)
PAGE_AGE = 4
#: parameters of public pages; others, as those that networks add to links, change nothing and are dropped
PARAMETERS = frozenset({"after", "bom", "country", "for", "head", "language", "letter", "on", "q", "server"})


class CampaignRequest(HttpRequest):
    """What `public_page` passes to a view. `content` is the language of the campaign's texts on this page."""

    campaign: Campaign
    content: ContentLanguage


class CallRequest(CampaignRequest):
    """What `public_call_form` passes to a view."""

    call: SignOnCall


def cache_page_publicly(view: View) -> View:
    """We keep the page for visitors without a session, and any other cache may if they sent no cookie and get none."""

    @wraps(view)
    def cached(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method in {"GET", "HEAD"} and not {*request.COOKIES} & PERSONAL_COOKIES:
            drop_unknown_parameters(request)
            key = f"{get_language()} {request.get_full_path()}"
            response = kept_page(request, key, lambda: view(request, *args, **kwargs))
        else:
            response = view(request, *args, **kwargs)
        if response.has_header("Cache-Control"):
            return response
        cookies = {*request.COOKIES} - {settings.LANGUAGE_COOKIE_NAME}  # the address has the language
        is_personal = bool(cookies or request.META.get("CSRF_COOKIE_NEEDS_UPDATE"))
        if response.status_code in {200, 304} and not is_personal:
            patch_cache_control(response, public=True, max_age=0, s_maxage=PAGE_AGE)  # a signer looks at once
        else:
            patch_cache_control(response, private=True, max_age=0)
        return response

    return cached


def drop_unknown_parameters(request: HttpRequest) -> None:
    """Keep those of PARAMETERS, once each and in order, so that a page depends on nothing else."""
    known = QueryDict(mutable=True)
    for name in sorted(PARAMETERS & request.GET.keys()):
        known[name] = request.GET[name]
    request.GET, request.META["QUERY_STRING"] = known, known.urlencode()  # type: ignore[assignment]


def public_page(view: View, methods: tuple[str, ...] = ("GET", "HEAD")) -> View:
    """A cached page of a published campaign: the view gets a `CampaignRequest` instead of `campaign_slug`."""

    @wraps(view)
    def with_campaign(request: CampaignRequest, campaign_slug: str, *args: object, **kwargs: object) -> HttpResponse:
        _campaign_set(request, campaign_or_404(campaign_slug))
        return view(request, *args, **kwargs)

    return public(require_http_methods(methods)(cache_page_publicly(with_campaign)))


def _campaign_set(request: CampaignRequest, campaign: Campaign) -> None:
    requested, interface = request.GET.get("language", ""), get_language() or "en"
    request.campaign = campaign
    request.content = cast(ContentLanguage, SimpleLazyObject(lambda: content_language(campaign, requested, interface)))


def public_form(view: View) -> View:
    return public_page(view, ("GET", "HEAD", "POST"))


def public_call_form(view: View) -> View:
    """The same for a page of a letter's call, which is `request.call`."""

    @wraps(view)
    def with_call(request: CallRequest, campaign_slug: str, number: int) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            _campaign_set(request, campaign_or_404(campaign_slug))
            request.call = call_seen_by(request, number)
        else:
            find = _form_call if request.method == "POST" else _call
            request.call = find(campaign_slug, number)
            _campaign_set(request, request.call.campaign)
        return view(request, number)

    return public(require_http_methods(("GET", "HEAD", "POST"))(cache_page_publicly(with_call)))


def is_from_another_site(request: HttpRequest) -> bool:
    """Whether the browser says that a form of another site was sent here. Whoever sends forms without a browser could
    say anything, and gains nothing: these forms use no cookie."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc != request.get_host()


def page_context(request: CampaignRequest) -> dict[str, object]:
    return {"campaign": request.campaign, "main_letter": main_letter(request.campaign)}


def content_context(request: CampaignRequest) -> dict[str, object]:
    """The same for a page with texts of the campaign, whose links keep their language."""
    return page_context(request) | {"content": request.content, "original": request.content.original}


def campaign_or_404(slug: str) -> Campaign:
    campaign = PUBLISHED.row(slug=slug)
    if campaign is None:
        raise Http404
    return campaign


def call_seen_by(request: CampaignRequest, number: int) -> SignOnCall:
    """The call that the letter's page shows to this reader: the team sees one before its embargo ends."""
    campaign = request.campaign
    if settings.SESSION_COOKIE_NAME in request.COOKIES:  # who has none may get a kept page, which no session varies
        embargoed = embargoed_call(campaign, number)
        if embargoed is not None and find_membership(request, campaign.slug):
            return embargoed
    return call_or_404(campaign, number)


def call_or_404(campaign: Campaign, number: int) -> SignOnCall:
    return _found(public_call(campaign, number))


def _call(campaign_slug: str, number: int) -> SignOnCall:
    """With its campaign, by one question."""
    return _found(public_call_at(campaign_slug, number))


def _form_call(campaign_slug: str, number: int) -> SignOnCall:
    """The same for a form that was sent, perhaps of a moment ago: what decides whether it is taken, the service asks
    again under its lock."""
    return copy(near_value(f"call {campaign_slug} {number}", lambda: _call(campaign_slug, number)))


def _found(call: SignOnCall | None) -> SignOnCall:
    if call is None:
        raise Http404
    return call
