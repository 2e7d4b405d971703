"""The log of signatures: its heads, for people and for programs, and proofs that it only grew."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.campaigns.access import public
from apps.campaigns.models import Campaign
from apps.coalitions.forms.signature_log import LogHeadForm
from apps.coalitions.selectors.signature_log import (
    LogDamaged,
    consistency_proof,
    day_heads,
    log_size,
    newest_head,
    root_at,
)
from apps.core.types import JsonObject

from .public_page import PAGE_AGE, CampaignRequest, campaign_or_404, page_context, public_page

#: heads on the page; the file has all
DAYS = 31


@public_page
def signature_log(request: CampaignRequest) -> HttpResponse:
    """?head= checks a head from a mail."""
    form = LogHeadForm(request.GET if "head" in request.GET else None)
    context: dict[str, object] = {"form": form, "days": day_heads(request.campaign)[:DAYS]}
    try:
        context["newest"] = newest_head(request.campaign.pk)
        context["verdict"] = _verdict(request.campaign, form)
    except LogDamaged as error:
        context["error"] = error
    status = 400 if form.errors else 200
    return render(request, "website/signature_log.html", page_context(request) | context, status=status)


def _verdict(campaign: Campaign, form: LogHeadForm) -> str:
    """same, other, or fewer: whether the log begins with the entries of the head; "" without one."""
    if not form.is_valid():
        return ""
    root, size = form.cleaned_data["head"]
    found = root_at(campaign.pk, size)
    return "fewer" if found is None else "same" if found == root else "other"


@public
@require_safe
def signature_log_json(request: HttpRequest, campaign_slug: str) -> HttpResponse:
    def content(campaign: Campaign) -> JsonObject:
        newest = newest_head(campaign.pk)
        return {
            "campaign": campaign.slug,
            "newest": {"size": newest.size, "root": newest.root, "at": newest.at} if newest else None,
            "days": list(day_heads(campaign).values("day", "size", "root", "published_at")),
        }

    return _file(campaign_slug, content)


@public
@require_safe
def signature_log_consistency(request: HttpRequest, campaign_slug: str, first: int, size: int) -> HttpResponse:
    """That the log of `size` entries begins with that of `first` (RFC 9162, 2.1.4)."""

    def content(campaign: Campaign) -> JsonObject:
        if not 0 < first <= size <= log_size(campaign.pk):
            raise Http404
        return {
            "first": {"size": first, "root": root_at(campaign.pk, first)},
            "second": {"size": size, "root": root_at(campaign.pk, size)},
            "path": consistency_proof(campaign.pk, first, size),
        }

    return _file(campaign_slug, content)


def _file(campaign_slug: str, content: Callable[[Campaign], JsonObject]) -> HttpResponse:
    campaign = campaign_or_404(campaign_slug)
    try:
        response = JsonResponse(content(campaign), json_dumps_params={"indent": 2})
    except LogDamaged as error:
        return JsonResponse({"error": str(error)}, status=error.status)
    response["Cache-Control"] = f"public, max-age={PAGE_AGE}"
    response["Access-Control-Allow-Origin"] = "*"  # any page may check it
    return response
