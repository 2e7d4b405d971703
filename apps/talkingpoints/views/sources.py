"""All sources; one source with the facts and letters that cite it; adding, correcting and checking sources."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.forms import submit
from apps.core.text import joined_clauses
from apps.core.types import JsonObject
from apps.sources.citation.formatter import citation_text, citation_url
from apps.sources.forms import SourceForm
from apps.sources.models import Source
from apps.sources.selectors import FOLDED_TITLE, campaign_document, campaign_sources
from apps.sources.services import source_check, source_fingerprint, source_save

from ..models import Fact
from ..pages.fact_history import source_uses
from ..pages.facts import fact_lines
from ..selectors import facts_of
from ..services.source_corrections import source_correct

PER_PAGE = 50
NEVER = "never"


@staff_page(Permission.READ)
def sources(request: StaffRequest) -> HttpResponse:
    """By title; with `checked=never`, those that nobody has opened yet, the most cited first."""
    found = campaign_sources(request.campaign)
    counts = found.order_by().aggregate(all=Count("pk"), never=Count("pk", filter=Q(checked_on=None)))
    never = request.GET.get("checked") == NEVER
    rows = found.annotate(fact_count=Count("facts", filter=Q(facts__retired_at__isnull=True)))
    if never:
        rows = rows.filter(checked_on=None).order_by("-fact_count", FOLDED_TITLE, "pk")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [(source, citation_url(source)) for source in page],
        "counts": counts,
        "never": never,
        "writes": request.team_member.may(Permission.DRAFT),
    }
    return render(request, "talkingpoints/sources.html", context)


@staff_page(Permission.READ)
def source(request: StaffRequest, key: str) -> HttpResponse:
    shown = _source_or_404(request, key)
    document = campaign_document(request.campaign)
    facts = list(_facts_on(shown))
    context = {
        "source": shown,
        "citation": citation_text(shown, document=document),
        "link": citation_url(shown),
        "lines": fact_lines(facts, document),
        "uses": source_uses(facts),
        "writes": request.team_member.may(Permission.DRAFT),
        "today": timezone.localdate(),
    }
    return render(request, "talkingpoints/source.html", context)


@staff_page(Permission.DRAFT)
@require_POST
def source_checked(request: StaffRequest, key: str) -> HttpResponse:
    """Records that somebody opened the source today; leads back to the page of the button."""
    shown = _source_or_404(request, key)
    if source_check(source=shown, actor=request.user, on=timezone.localdate()):
        messages.success(request, _("Recorded as checked today: “%(title)s”.") % {"title": shown.title})
    else:
        messages.success(request, _("That was noted today already: “%(title)s”.") % {"title": shown.title})
    if request.POST.get("list") == NEVER:
        return redirect(f"{reverse('evidence:sources', args=[request.campaign.slug])}?checked={NEVER}")
    return redirect("evidence:source", request.campaign.slug, shown.key)


@staff_page(Permission.DRAFT)
def source_edit(request: StaffRequest, key: str) -> HttpResponse:
    """GET shows what cites the source; POST corrects it and marks the drafts as changed."""
    source = _source_or_404(request, key)
    facts = list(_facts_on(source))
    uses = source_uses(facts)

    def save(values: JsonObject) -> tuple[Source, str]:
        seen = request.POST.get("seen", "")
        saved, marked = source_correct(source=source, actor=request.user, seen=seen, **values)
        return saved, _corrected(marked, [use.citation.title for use in uses if not use.citation.frozen])

    context = {"source": source, "seen": source_fingerprint(source), "facts": len(facts), "uses": uses}
    return _edit(request, SourceForm(request.POST if request.method == "POST" else None, source=source), context, save)


@staff_page(Permission.DRAFT)
def source_new(request: StaffRequest) -> HttpResponse:
    def save(values: JsonObject) -> tuple[Source, str]:
        return source_save(campaign=request.campaign, actor=request.user, **values), _("Saved.")

    return _edit(request, SourceForm(request.POST if request.method == "POST" else None), {}, save)


def _edit(
    request: StaffRequest,
    form: SourceForm,
    context: dict[str, object],
    save: Callable[[JsonObject], tuple[Source, str]],
) -> HttpResponse:
    saved, status = submit(form, lambda: save(form.values()))
    if saved:
        source, message = saved
        messages.success(request, message)
        return redirect("evidence:source", request.campaign.slug, source.key)
    return render(request, "talkingpoints/source_edit.html", {**context, "form": form}, status=status)


def _source_or_404(request: StaffRequest, key: str) -> Source:
    return get_object_or_404(Source, campaign=request.campaign, key=key)


def _facts_on(source: Source) -> QuerySet[Fact]:
    return facts_of(source.campaign).filter(Q(source=source) | Q(additional_sources=source)).distinct()


def _corrected(marked: int, drafts: list[str]) -> str:
    """`marked`: the number of facts with a changed footnote."""
    if not marked:
        return _("Saved. No footnote has changed.")
    facts = ngettext("%(count)d fact has a new revision.", "%(count)d facts have a new revision.", marked)
    words = _("Saved. %(facts)s") % {"facts": facts % {"count": marked}}
    if drafts:
        words = f"{words} " + _("Marked as changed in: %(drafts)s.") % {"drafts": joined_clauses(drafts)}
    return words
