"""Adding and correcting facts: one form with figures, sources that are there and a source that is not there yet."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import Conflict, DomainError
from apps.core.forms import add_error
from apps.core.types import JsonObject
from apps.sources.models import Source

from ..forms import FactForm, FigureFormSet, NewFactForm
from ..models import Fact, TalkingPoint
from ..pages.fact_history import fact_history, fact_uses
from ..services import fact_add
from ..services import fact_correct as correct
from ..snapshots import fact_seen
from .facts import fact_or_404


@staff_page(Permission.DRAFT)
def fact_new(request: StaffRequest) -> HttpResponse:
    """`point` and `source` in the address say what the form begins with; it may say otherwise."""
    begun, source = _point_asked(request), request.GET.get("source", "").replace("\x00", "")
    data = request.POST if request.method == "POST" else None
    initial = {
        "point": begun.pk if begun else None,
        "source": Source.objects.filter(campaign=request.campaign, key=source).values_list("pk", flat=True).first(),
    }
    form = NewFactForm(data, campaign=request.campaign, initial=initial)
    figures = FigureFormSet(data, prefix="figures")
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid() & figures.is_valid():
            try:
                made = fact_add(campaign=request.campaign, actor=request.user, **_values(form, figures))
            except DomainError as error:
                add_error(form, error)
            else:
                messages.success(request, _("Added. Its number is %(number)s.") % {"number": made.number})
                return _after(request, made)
    context = {"form": form, "figures": figures, "point": begun}
    return render(request, "talkingpoints/fact_new.html", context, status=status)


@staff_page(Permission.DRAFT)
def fact_correct(request: StaffRequest, key: str) -> HttpResponse:
    """GET says how many drafts and versions cite the fact; POST corrects it."""
    shown = fact_or_404(request, key)
    if shown.retired_at:
        return redirect("evidence:fact", request.campaign.slug, key)
    data = request.POST if request.method == "POST" else None
    form = FactForm(data, fact=shown)
    figures = FigureFormSet(data, initial=shown.figures, prefix="figures")
    status, conflict = 200, None
    if request.method == "POST":
        status = 400
        if form.is_valid() & figures.is_valid():
            seen = request.POST.get("seen", "")
            try:
                corrected = correct(fact=shown, actor=request.user, seen=seen, **_values(form, figures))
            except Conflict as error:
                status, conflict = 409, str(error)
            except DomainError as error:
                add_error(form, error)
            else:
                messages.success(request, _corrected(corrected))
                return redirect("evidence:fact", request.campaign.slug, key)
    context: dict[str, object] = {"fact": shown, "form": form, "figures": figures, "uses": fact_uses(shown)}
    context |= {"seen": fact_seen(shown), "conflict": conflict}
    if conflict:
        context["now"] = _newer(shown)
    return render(request, "talkingpoints/fact_correct.html", context, status=status)


def _values(form: NewFactForm, figures: Any) -> JsonObject:
    given = [row.figure() for row in figures]
    return {**form.values(), "figures": [figure for figure in given if figure]}


def _after(request: StaffRequest, made: Fact) -> HttpResponse:
    """The fact; or, for whoever goes on writing, an empty form for the same point."""
    if "more" not in request.POST:
        return redirect("evidence:fact", request.campaign.slug, made.key)
    again = reverse("evidence:fact_new", args=[request.campaign.slug])
    return redirect(f"{again}?point={made.point.number}" if made.point else again)


def _point_asked(request: StaffRequest) -> TalkingPoint | None:
    raw = request.GET.get("point", "")
    if not (raw.isascii() and raw.isdigit() and len(raw) < 5):
        return None
    return TalkingPoint.objects.filter(campaign=request.campaign, number=int(raw)).first()


def _corrected(fact: Fact) -> str:
    drafts = [place for place in fact_uses(fact).drafts if place.stale]
    if drafts:
        return _("Corrected. It is marked as changed in: %(drafts)s.") % {
            "drafts": "; ".join(place.title for place in drafts)
        }
    return _("Corrected.")


def _newer(fact: Fact) -> list[tuple[Any, str, str]]:
    """What the change that came in between did."""
    past = fact_history(fact)
    return past[0].differences if past else []
