"""One point with its facts, adding and correcting points, and the facts outside the points."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.forms import submit
from apps.sources.selectors import campaign_document

from ..forms.points import NewPointForm, PointForm
from ..models import Fact, TalkingPoint
from ..pages.facts import fact_lines
from ..pages.point_languages import PointLanguage, further_languages, point_languages
from ..selectors import facts_of, points_of
from ..services.points import next_number, point_add, point_correct, point_fingerprint
from ..translation_status import Status


@staff_page(Permission.READ)
def point(request: StaffRequest, number: int) -> HttpResponse:
    campaign = request.campaign
    points = list(points_of(campaign))
    index = next((index for index, point in enumerate(points) if point.number == number), None)
    if index is None:
        raise Http404
    point, writes = points[index], request.team_member.may(Permission.DRAFT)
    context = {
        "point": point,
        "languages": point_languages(campaign, point),
        "further": further_languages(campaign, point) if writes else [],
        "lines": fact_lines(point.facts.all(), campaign_document(campaign)),
        "retired": Fact.objects.filter(point=point, retired_at__isnull=False),
        "asks": campaign.asks.filter(supports__contains=[number]),
        "writes": writes,
        "previous": points[index - 1] if index else None,
        "next": points[index + 1] if index + 1 < len(points) else None,
    }
    return render(request, "talkingpoints/point.html", context)


@staff_page(Permission.READ)
def context(request: StaffRequest) -> HttpResponse:
    """Facts outside the numbered points."""
    lines = fact_lines(facts_of(request.campaign).filter(point=None), campaign_document(request.campaign))
    writes = request.team_member.may(Permission.DRAFT)
    return render(request, "talkingpoints/context.html", {"lines": lines, "writes": writes})


@staff_page(Permission.DRAFT)
def point_new(request: StaffRequest) -> HttpResponse:
    campaign = request.campaign
    form = NewPointForm(
        request.POST if request.method == "POST" else None, campaign=campaign, initial={"number": next_number(campaign)}
    )
    made, status = submit(form, lambda: point_add(campaign=campaign, actor=request.user, **form.values()))
    if made:
        messages.success(request, _("Point %(number)s is added.") % {"number": made.number})
        return redirect("evidence:point", campaign.slug, made.number)
    return render(request, "talkingpoints/point_edit.html", {"form": form}, status=status)


@staff_page(Permission.DRAFT)
def point_edit(request: StaffRequest, number: int) -> HttpResponse:
    """GET shows which translations have to follow."""
    point = get_object_or_404(
        TalkingPoint.objects.prefetch_related("translations"), campaign=request.campaign, number=number
    )
    form = PointForm(request.POST if request.method == "POST" else None, campaign=request.campaign, point=point)
    seen = request.POST.get("seen", "")
    saved, status = submit(form, lambda: point_correct(point=point, actor=request.user, seen=seen, **form.values()))
    if saved:
        messages.success(request, _saved(_translated(request, saved)))
        return redirect("evidence:point", request.campaign.slug, number)
    translated = [language.name for language in _translated(request, point)]
    context = {"point": point, "form": form, "seen": point_fingerprint(point), "translated": translated}
    return render(request, "talkingpoints/point_edit.html", context, status=status)


def _translated(request: StaffRequest, point: TalkingPoint) -> list[PointLanguage]:
    return [one for one in point_languages(request.campaign, point) if one.status != Status.MISSING]


def _saved(languages: list[PointLanguage]) -> str:
    stale = sum(language.status == Status.STALE for language in languages)
    if not stale:
        return _("Saved.")
    return ngettext(
        "Saved. %(count)d translation has to be updated.", "Saved. %(count)d translations have to be updated.", stale
    ) % {"count": stale}
