"""The letter with its form in a frame on other sites, which the coordinators name, and the script that places it."""

from functools import cache
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.csp import CSP, build_policy
from django.utils.translation import get_language
from django.views.decorators.cache import cache_control
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_safe

from apps.campaigns.access import public
from apps.coalitions.forms.sign_on import FORMS
from apps.coalitions.models import SignOnCall
from apps.coalitions.selectors.signatory_lists import latest_signatories
from apps.core.forms import is_untouched_switch, submit

from ..pages.letters import letter_page
from .letters import other_kind, signing_kind, submit_signature
from .public_page import CampaignRequest, call_or_404, page_context, public_form, public_page

#: of the script; seconds
SCRIPT_AGE = 3600


@xframe_options_exempt  # the header knows no list of sites; the content security policy does
@csrf_exempt  # as the form on the letter's page: there is no cookie, which in a frame would be a third party's
@public_form
def embed(request: CampaignRequest, number: int) -> HttpResponse:
    """POST answers as the letter's page does."""
    call = call_or_404(request.campaign, number)
    kind = signing_kind(request, call)
    form = FORMS[kind](request.POST if request.method == "POST" else None, unasked=call.unasked_fields)
    if is_untouched_switch(form):
        return redirect(request.get_full_path())
    submitted, status = submit(form, lambda: submit_signature(request, call, form))
    if submitted:
        return redirect("website:embed_check_mail", request.campaign.slug, number)
    requested = request.GET.get("language", "")
    page = letter_page(call, requested or get_language() or "en")
    context = {
        "call": call, "letter": call.letter, "page": page, "counts": page.counts, "latest": latest_signatories(call),
        "is_open": call.is_open(), "changes": [], "form": form, "kind": kind, "other_kind": other_kind(kind),
        "both": call.who == SignOnCall.Who.BOTH,
        "text_query": f"&language={requested}" if requested in call.offered_languages else "",
    }  # fmt: skip
    response = render(request, "website/embed.html", page_context(request) | context, status=status)
    return _framed(response, call)


@xframe_options_exempt
@public_page
def embed_check_mail(request: CampaignRequest, number: int) -> HttpResponse:
    call = call_or_404(request.campaign, number)
    return _framed(render(request, "website/embed_check_mail.html", page_context(request) | {"call": call}), call)


def _framed(response: HttpResponse, call: SignOnCall) -> HttpResponse:
    """Which the call's sites may show in a frame, and we, as a preview. The header is kept with the page."""
    usual = cast("dict[str, list[str]]", settings.SECURE_CSP)
    policy = {**usual, "frame-ancestors": [CSP.SELF, *call.embed_origins]}
    response.headers[str(CSP.HEADER_ENFORCE)] = build_policy(policy)
    return response


@public
@require_safe
@cache_control(public=True, max_age=SCRIPT_AGE)
def script(request: HttpRequest) -> HttpResponse:
    """Under an address that stays: sites paste it once."""
    return HttpResponse(_script(), content_type="text/javascript; charset=utf-8")


@cache
def _script() -> bytes:
    return (settings.BASE_DIR / "static" / "js" / "embed.js").read_bytes()
