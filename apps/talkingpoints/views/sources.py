"""All sources, one source with the facts that rest on it, correcting it."""

from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import Conflict, DomainError
from apps.sources.citation import citation_text, citation_url
from apps.sources.forms import SourceForm
from apps.sources.models import Source
from apps.sources.selectors import document_of
from apps.sources.services import source_save, source_seen

from ..presentation import fact_lines
from ..selectors import facts_of


@staff_page(Permission.READ)
def sources(request: StaffRequest) -> HttpResponse:
    """Every source, by title, with the number of facts that rest on it."""
    found = Source.objects.filter(campaign=request.campaign).order_by("title")
    rows = found.annotate(fact_count=Count("facts", filter=Q(facts__retired_at__isnull=True)))
    context = {"rows": rows, "writes": request.team_member.may(Permission.DRAFT)}
    return render(request, "talkingpoints/sources.html", context)


@staff_page(Permission.READ)
def source(request: StaffRequest, key: str) -> HttpResponse:
    """One source: full bibliographic data, links, when it was checked, and the facts that rest on it."""
    shown = get_object_or_404(Source, campaign=request.campaign, key=key)
    document = document_of(request.campaign)
    facts = facts_of(request.campaign).filter(Q(source=shown) | Q(additional_sources=shown)).distinct()
    context = {
        "source": shown,
        "citation": citation_text(shown, document=document),
        "link": citation_url(shown),
        "lines": fact_lines(facts, document),
        "writes": request.team_member.may(Permission.DRAFT),
    }
    return render(request, "talkingpoints/source.html", context)


@staff_page(Permission.DRAFT)
def source_edit(request: StaffRequest, key: str) -> HttpResponse:
    return _edit(request, get_object_or_404(Source, campaign=request.campaign, key=key))


@staff_page(Permission.DRAFT)
def source_new(request: StaffRequest) -> HttpResponse:
    return _edit(request, None)


def _edit(request: StaffRequest, held: Source | None) -> HttpResponse:
    form = SourceForm(request.POST if request.method == "POST" else None, source=held)
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            seen = request.POST.get("seen", "")
            try:
                saved = source_save(
                    campaign=request.campaign, actor=request.user, source=held, seen=seen, **form.values()
                )
            except DomainError as error:
                status = 409 if isinstance(error, Conflict) else 400
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                messages.success(request, _("Saved. Drafts show the source like this from now on."))
                return redirect("evidence:source", request.campaign.slug, saved.key)
    facts = facts_of(request.campaign).filter(source=held).count() if held else 0
    context = {"source": held, "form": form, "seen": source_seen(held) if held else "", "facts": facts}
    return render(request, "talkingpoints/source_edit.html", context, status=status)
