"""One fact with its history and where it is cited; adding, correcting, retiring and restoring facts."""

from collections.abc import Callable

from django.contrib import messages
from django.forms import BaseFormSet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.forms import submit
from apps.core.text import joined_clauses, whole_number
from apps.core.types import JsonObject
from apps.sources.models import Source
from apps.sources.selectors import campaign_document

from ..forms.facts import FactForm, NewFactForm, ReasonForm
from ..forms.figures import FigureForm, FigureFormSet
from ..models import Fact, TalkingPoint
from ..pages.fact_history import differences_since, fact_history, fact_uses
from ..pages.facts import fact_lines
from ..services import facts as services


def _fact_or_404(request: StaffRequest, key: str) -> Fact:
    facts = Fact.objects.select_related("campaign", "point", "source").prefetch_related("additional_sources")
    return get_object_or_404(facts, campaign=request.campaign, key=key)


@staff_page(Permission.READ)
def fact(request: StaffRequest, key: str) -> HttpResponse:
    fact = _fact_or_404(request, key)
    context = {
        "fact": fact,
        "lines": fact_lines([fact], campaign_document(request.campaign)),
        "uses": fact_uses(fact),
        "history": fact_history(fact),
        "writes": request.team_member.may(Permission.DRAFT),
    }
    return render(request, "talkingpoints/fact.html", context)


@staff_page(Permission.DRAFT)
def fact_new(request: StaffRequest) -> HttpResponse:
    """`point` and `source` in the query string are initial values."""
    campaign, data = request.campaign, request.POST if request.method == "POST" else None
    point, source = _point_param(request), request.GET.get("source", "").replace("\x00", "")
    initial = {
        "point": point.pk if point else None,
        "source": Source.objects.filter(campaign=campaign, key=source).values_list("pk", flat=True).first(),
    }
    form = NewFactForm(data, campaign=campaign, initial=initial)
    figures = FigureFormSet(data, prefix="figures")
    made, status = submit(
        form, lambda: services.fact_add(campaign=campaign, actor=request.user, **_values(form, figures)), figures
    )
    if made:
        messages.success(request, _("Added. Its number is %(number)s.") % {"number": made.number})
        if "more" not in request.POST:
            return redirect("evidence:fact", campaign.slug, made.key)
        again = reverse("evidence:fact_new", args=[campaign.slug])
        return redirect(f"{again}?point={made.point.number}" if made.point else again)
    context = {"form": form, "figures": figures, "point": point}
    return render(request, "talkingpoints/fact_new.html", context, status=status)


@staff_page(Permission.DRAFT)
def fact_correct(request: StaffRequest, key: str) -> HttpResponse:
    """On a conflict, shows what the other person changed."""
    fact = _fact_or_404(request, key)
    if fact.retired_at:
        return redirect("evidence:fact", request.campaign.slug, key)
    data = request.POST if request.method == "POST" else None
    form = FactForm(data, fact=fact)
    figures = FigureFormSet(data, initial=fact.figures, prefix="figures")
    seen = request.POST.get("seen", "")
    corrected, status = submit(
        form, lambda: services.fact_correct(fact=fact, actor=request.user, seen=seen, **_values(form, figures)), figures
    )
    if corrected:
        drafts = joined_clauses(draft.title for draft in fact_uses(corrected).drafts if draft.stale)
        marked = _("Corrected. It is marked as changed in: %(drafts)s.") % {"drafts": drafts}
        messages.success(request, marked if drafts else pgettext("fact", "Corrected."))
        return redirect("evidence:fact", request.campaign.slug, key)
    context = {
        "fact": fact,
        "form": form,
        "figures": figures,
        "uses": fact_uses(fact),
        "seen": services.fact_fingerprint(fact),
        "newer": differences_since(fact, seen) if status == 409 else [],
    }
    return render(request, "talkingpoints/fact_correct.html", context, status=status)


def _values(form: NewFactForm, figures: "BaseFormSet[FigureForm]") -> JsonObject:
    return {**form.values(), "figures": [figure for row in figures if (figure := row.figure())]}


def _point_param(request: StaffRequest) -> TalkingPoint | None:
    number = whole_number(request.GET.get("point", ""), 4)
    return TalkingPoint.objects.filter(campaign=request.campaign, number=number).first() if number else None


@staff_page(Permission.DRAFT)
def fact_retire(request: StaffRequest, key: str) -> HttpResponse:
    done = _("Retired. No letter can be frozen with this fact any more.")
    return _retire_or_restore(request, key, services.fact_retire, done)


@staff_page(Permission.DRAFT)
def fact_restore(request: StaffRequest, key: str) -> HttpResponse:
    return _retire_or_restore(request, key, services.fact_restore, _("Restored. Letters can cite this fact again."))


def _retire_or_restore(request: StaffRequest, key: str, service: Callable[..., Fact], done: str) -> HttpResponse:
    """GET shows which drafts are affected; POST needs a reason."""
    fact = _fact_or_404(request, key)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    seen = request.POST.get("seen", "")
    saved, status = submit(form, lambda: service(fact=fact, actor=request.user, seen=seen, **form.cleaned_data))
    if saved:
        messages.success(request, done)
        return redirect("evidence:fact", request.campaign.slug, key)
    retires = service is services.fact_retire
    context = {
        "fact": fact,
        "form": form,
        "uses": fact_uses(fact),
        "seen": services.fact_fingerprint(fact),
        "retires": retires,
        "idle": bool(fact.retired_at) is retires,
    }
    return render(request, "talkingpoints/fact_decide.html", context, status=status)
