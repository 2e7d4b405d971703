"""Adding a point, and correcting one."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import add_error
from apps.core.types import JsonObject

from ..forms import NewPointForm, PointForm
from ..models import TalkingPoint
from ..services import next_number, point_add, point_correct
from ..snapshots import point_seen
from ..translations import Status, point_languages


@staff_page(Permission.DRAFT)
def point_new(request: StaffRequest) -> HttpResponse:
    """A new point; the next free number is offered."""
    campaign = request.campaign
    data = request.POST if request.method == "POST" else None
    form = NewPointForm(data, campaign=campaign, initial={"number": next_number(campaign.pk)})
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                made = point_add(campaign=campaign, actor=request.user, **form.values())
            except DomainError as error:
                add_error(form, error)
            else:
                messages.success(request, _("Point %(number)s is added.") % {"number": made.number})
                return redirect("evidence:point", campaign.slug, made.number)
    return render(request, "talkingpoints/point_edit.html", {"form": form}, status=status)


@staff_page(Permission.DRAFT)
def point_edit(request: StaffRequest, number: int) -> HttpResponse:
    """GET says which translations follow the point; POST corrects it."""
    points = TalkingPoint.objects.prefetch_related("translations")
    shown = get_object_or_404(points, campaign=request.campaign, number=number)
    form = PointForm(
        request.POST if request.method == "POST" else None, campaign=request.campaign, initial=_initial(shown)
    )
    if not form.is_bound:
        form.initial["concerned"] = form.whom.shown([*shown.related_groups, *shown.related_countries])
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            seen = request.POST.get("seen", "")
            try:
                point_correct(point=shown, actor=request.user, seen=seen, **form.values())
            except DomainError as error:
                status = error.status
                add_error(form, error)
            else:
                messages.success(request, _saved(request, number))
                return redirect("evidence:point", request.campaign.slug, number)
    translated = [one.name for one in _translated(request, shown)]
    context = {"point": shown, "form": form, "seen": point_seen(shown), "translated": translated}
    return render(request, "talkingpoints/point_edit.html", context, status=status)


def _initial(point: TalkingPoint) -> JsonObject:
    labels = point.extra.get("labels", {})
    return {
        "title": point.title,
        "claim": point.claim,
        "topics": "; ".join(labels.get(slug, slug) for slug in point.topics),
    }


def _translated(request: StaffRequest, point: TalkingPoint) -> list[Any]:
    """Its languages in which something is written."""
    return [one for one in point_languages(request.campaign, point) if one.status != Status.MISSING]


def _saved(request: StaffRequest, number: int) -> str:
    point = TalkingPoint.objects.prefetch_related("translations").get(campaign=request.campaign, number=number)
    stale = sum(one.status == Status.STALE for one in _translated(request, point))
    if not stale:
        return _("Saved.")
    return ngettext(
        "Saved. %(count)d translation has to be brought in step.",
        "Saved. %(count)d translations have to be brought in step.",
        stale,
    ) % {"count": stale}
