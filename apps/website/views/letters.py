"""The letter: its text, the form to sign it, the list of names, and the bytes to check it by."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods, require_safe

from apps.campaigns.access import public
from apps.coalitions.forms import FORMS, SignForm
from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.selectors import departure_of, public_roll_cached
from apps.coalitions.services import TooManyForms, sign_on_submit, submission_admit
from apps.core.canonical import canonical_json
from apps.core.errors import DomainError
from apps.core.forms import add_error
from apps.core.site import site_url
from apps.letters.models import LetterVersion
from apps.letters.selectors import version_bytes
from apps.talkingpoints.selectors import facts_of

from ..pages import edition_name, letter_page, public_context, published_editions, published_versions
from .caching import kept_for_a_minute
from .languages import spoken_context
from .lookups import call_or_404, campaign_or_404

#: a frozen text never changes
FROZEN_AGE = 24 * 3600


@public
@require_http_methods(["GET", "HEAD", "POST"])
@kept_for_a_minute
def letter(request: HttpRequest, campaign_slug: str, number: int) -> HttpResponse:
    """The letter and, while it is open, the form. POST submits a signature; it answers the same to every address."""
    campaign = campaign_or_404(campaign_slug)
    call = call_or_404(campaign, number)
    kind = _kind(request, call)
    form = FORMS[kind](request.POST if request.method == "POST" else None)
    status = 200
    if form.is_bound:
        status = _submit(request, call, form)
        if status == 303:
            return redirect("website:check_mail", campaign.slug, number)
    page = letter_page(call, request.GET.get("language", "") or get_language() or "en")
    context = {
        "section": "letter",
        "page": page,
        "call": call,
        "letter": call.letter,
        "version": call.version,
        "counts": page.counts,
        "is_open": call.is_open(),
        "sent": departure_of(call.version),
        "kind": kind,
        "other_kind": "person" if kind == "organisation" else "organisation",
        "both": call.who == SignOnCall.Who.BOTH,
        "form": form,
        "roll": public_roll_cached(call.letter),
        "facts": facts_of(campaign).filter(point__isnull=False).count(),
        "version_url": _address(request, "letter_json", [campaign.slug, number, call.version.number]),
        "edition_url": _address(
            request, "edition_json", [campaign.slug, number, call.version.number, edition_name(page.edition)]
        ),
        "now": timezone.now(),
    }
    everywhere = public_context(campaign) | spoken_context(request, campaign)
    return render(request, "website/letter.html", everywhere | context, status=status)


def _address(request: HttpRequest, name: str, parts: list[object]) -> str:
    return site_url(reverse(f"website:{name}", args=parts))


def _kind(request: HttpRequest, call: SignOnCall) -> str:
    """Whose form is shown: ?for=person or ?for=organisation, as far as the call takes them."""
    asked = request.GET.get("for", SignOn.Kind.ORGANISATION)
    kind = asked if asked in FORMS else SignOn.Kind.ORGANISATION
    if call.takes(kind):
        return str(kind)
    return "person" if kind == SignOn.Kind.ORGANISATION else "organisation"


def _submit(request: HttpRequest, call: SignOnCall, form: SignForm) -> int:
    """Hand the form to the service. 303 where it was taken, else the status of the page that says why not."""
    if not form.is_valid():
        return 400
    try:
        submission_admit(ip=client_address(request))
        sign_on_submit(call=call, typed=form.typed(), base_url=site_url())
    except TooManyForms as error:
        add_error(form, error)
        return 429
    except DomainError as error:
        add_error(form, error)
        return 409
    return 303


def client_address(request: HttpRequest) -> str:
    """The visitor's address: what the outermost proxy of ours saw, else who is connected. What lies before that in
    X-Forwarded-For anybody can write."""
    proxies = settings.ALLAUTH_TRUSTED_PROXY_COUNT
    forwarded = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    if proxies and len(forwarded) >= proxies:
        return forwarded[-proxies]
    return str(request.META.get("REMOTE_ADDR", ""))


@public
@require_safe
@kept_for_a_minute
def check_mail(request: HttpRequest, campaign_slug: str, number: int) -> HttpResponse:
    """What to do next: the same words for everybody."""
    campaign = campaign_or_404(campaign_slug)
    call = call_or_404(campaign, number)
    context: dict[str, Any] = {"section": "letter", "call": call, "sent": departure_of(call.version), "is_open": True}
    return render(request, "website/check_mail.html", public_context(campaign) | context)


@public
@require_safe
def letter_json(request: HttpRequest, campaign_slug: str, number: int, version: int) -> HttpResponse:
    """The version as canonical JSON: the sha256 of these bytes is the version's."""
    return _frozen(version_bytes(_version(campaign_slug, number, version)))


@public
@require_safe
def edition_json(request: HttpRequest, campaign_slug: str, number: int, version: int, edition: str) -> HttpResponse:
    """One edition's text as canonical JSON: the sha256 of these bytes is among the version's editions."""
    found = published_editions(_version(campaign_slug, number, version), edition)
    return _frozen(canonical_json(get_object_or_404(found).body))


def _version(campaign_slug: str, number: int, version: int) -> LetterVersion:
    return get_object_or_404(published_versions(campaign_or_404(campaign_slug), number), number=version)


def _frozen(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="application/json")
    response["Cache-Control"] = f"public, max-age={FROZEN_AGE}"
    response["Access-Control-Allow-Origin"] = "*"  # frozen and public: any page may check it
    return response
