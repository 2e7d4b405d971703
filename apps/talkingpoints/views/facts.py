"""One fact with its history and its uses; retiring and restoring it."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import add_error
from apps.sources.selectors import campaign_document

from ..forms.facts import ReasonForm
from ..models import Fact
from ..pages.fact_history import fact_history, fact_uses
from ..pages.facts import fact_lines
from ..services import fact_restore as restore
from ..services import fact_retire as retire
from ..snapshots import fact_seen


def fact_or_404(request: StaffRequest, key: str) -> Fact:
    facts = Fact.objects.select_related("campaign", "point", "source").prefetch_related("additional_sources")
    return get_object_or_404(facts, campaign=request.campaign, key=key)


@staff_page(Permission.READ)
def fact(request: StaffRequest, key: str) -> HttpResponse:
    shown = fact_or_404(request, key)
    context = {
        "fact": shown,
        "lines": fact_lines([shown], campaign_document(request.campaign)),
        "uses": fact_uses(shown),
        "history": fact_history(shown),
        "writes": request.team_member.may(Permission.DRAFT),
    }
    return render(request, "talkingpoints/fact.html", context)


@staff_page(Permission.DRAFT)
def fact_retire(request: StaffRequest, key: str) -> HttpResponse:
    return _decide(request, key, retire, _("Retired. No letter can be frozen with this fact any more."))


@staff_page(Permission.DRAFT)
def fact_restore(request: StaffRequest, key: str) -> HttpResponse:
    return _decide(request, key, restore, _("Restored. Letters can cite this fact again."))


def _decide(request: StaffRequest, key: str, service: Any, done: str) -> HttpResponse:
    """GET says what will happen, to how many drafts; POST does it, with a reason."""
    shown = fact_or_404(request, key)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            reason, seen = form.cleaned_data["reason"], request.POST.get("seen", "")
            try:
                service(fact=shown, actor=request.user, seen=seen, reason=reason)
            except DomainError as error:
                status = error.status
                add_error(form, error)
            else:
                messages.success(request, done)
                return redirect("evidence:fact", request.campaign.slug, key)
    context = {
        "fact": shown,
        "form": form,
        "uses": fact_uses(shown),
        "seen": fact_seen(shown),
        "retires": service is retire,
        "idle": bool(shown.retired_at) is (service is retire),
    }
    return render(request, "talkingpoints/fact_decide.html", context, status=status)
