"""Pages of exports: what can be exported, the choice with its preview, one export, and its file."""

from typing import cast

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header, urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import submit
from apps.core.messages import try_and_tell

from .datasets import DATASETS, Dataset
from .forms import NameForm, ReasonForm
from .models import Export, Format, Purpose
from .pages.choice import STATE_MARKS, ChoicePage, choice_page, saved_lines
from .selectors import campaign_exports, exports_to_agree, rows_made, saved_choices
from .services.files import file_name, stored_file_portions
from .services.requests import (
    choice_delete,
    choice_save,
    export_agree,
    export_cancel,
    export_request,
    export_taken,
)
from .writers import CONTENT_TYPES


@staff_page(Permission.EXPORT)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    history = Paginator(campaign_exports(request.campaign), 50).get_page(request.GET.get("page"))
    context = {
        "datasets": DATASETS.values(),
        "saved": saved_lines(request.campaign),
        "waiting": exports_to_agree(request.campaign, request.user),
        "history": history,
        "lines": [(row, DATASETS[row.dataset], STATE_MARKS[row.state]) for row in map(_as_shown, history)],
    }
    return render(request, "exports/index.html", context)


@staff_page(Permission.EXPORT)
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: StaffRequest, dataset: str) -> HttpResponse:
    """The choice in the query, with its preview; POST makes that file, or puts it into the queue."""
    page = _choice(request, dataset, request.POST if request.method == "POST" else request.GET)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    made, status = submit(
        form,
        lambda: export_request(
            campaign=request.campaign, wanted=page.wanted, reason=form.cleaned_data["reason"], actor=request.user
        ),
    )
    if made is None:
        return _choice_response(request, page, reason=form, status=status)
    export, file = made
    if file is None:
        return redirect("exports:export", request.campaign.slug, export.pk)
    with file:
        return _file(HttpResponse(file.read()), export)


@staff_page(Permission.EXPORT)
@require_POST
def save(request: StaffRequest, dataset: str) -> HttpResponse:
    page, form = _choice(request, dataset, request.POST), NameForm(request.POST)
    saved, status = submit(
        form,
        lambda: choice_save(
            campaign=request.campaign, wanted=page.wanted, name=form.cleaned_data["name"], actor=request.user
        ),
    )
    if saved is None:
        return _choice_response(request, page, name=form, status=status)
    messages.success(request, _("The choice is kept. You find it on the page of exports."))
    return redirect(f"{reverse('exports:choose', args=[request.campaign.slug, dataset])}?{urlencode(page.typed)}")


@staff_page(Permission.EXPORT)
@require_POST
def saved_delete(request: StaffRequest, saved_id: int) -> HttpResponse:
    saved = get_object_or_404(saved_choices(request.campaign), pk=saved_id)
    choice_delete(saved=saved, actor=request.user)
    messages.success(request, _("The choice is deleted. Files made from it stay on record."))
    return redirect("exports:index", request.campaign.slug)


@staff_page(Permission.MODERATE)
@require_safe
def export(request: StaffRequest, export_id: int) -> HttpResponse:
    """How far it is, and what can be done. It shows no row of the list."""
    found = _as_shown(_export(request, export_id))
    dataset = DATASETS[found.dataset]
    columns = {column.key: column for column in dataset.columns}
    done = rows_made([found]).get(found.pk, 0)
    context = {
        "export": found,
        "dataset": dataset,
        "mark": STATE_MARKS[found.state],
        "filters": dataset.filter_words(request.campaign, Purpose(found.purpose), found.filters),
        "columns": [columns[key].label for key in found.columns if key in columns],
        "contacts": any(columns[key].contact for key in found.columns if key in columns),
        "done": done,
        "width": round(300 * done / found.rows) if found.rows else 0,
        "own": found.asked_by_id == request.user.pk,
        "open": found.state in Export.State.OPEN,
        "may_export": request.team_member.may(Permission.EXPORT),
    }
    return render(request, "exports/export.html", context)


@staff_page(Permission.MODERATE)
@require_POST
def agree(request: StaffRequest, export_id: int) -> HttpResponse:
    found = _export(request, export_id)
    told = _("You agreed. The file is made now, and the person who asked is told.")
    try_and_tell(request, lambda: export_agree(export=found, actor=request.user), told)
    return redirect("exports:export", request.campaign.slug, export_id)


@staff_page(Permission.MODERATE)
@require_POST
def cancel(request: StaffRequest, export_id: int) -> HttpResponse:
    found = _export(request, export_id)
    try_and_tell(request, lambda: export_cancel(export=found, actor=request.user), _("The export is cancelled."))
    return redirect("exports:export", request.campaign.slug, export_id)


@staff_page(Permission.EXPORT)
@require_POST
def download(request: StaffRequest, export_id: int) -> HttpResponse:
    found = _export(request, export_id)
    try:
        found = export_taken(export=found, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("exports:export", request.campaign.slug, export_id)
    response = StreamingHttpResponse(stored_file_portions(found))
    response["Content-Length"] = str(found.size)
    return _file(cast("HttpResponse", response), found)


def _file(response: HttpResponse, export: Export) -> HttpResponse:
    response["Content-Type"] = CONTENT_TYPES[Format(export.format)]
    response["Content-Disposition"] = content_disposition_header(True, file_name(export)) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _export(request: StaffRequest, export_id: int) -> Export:
    return get_object_or_404(campaign_exports(request.campaign), pk=export_id)


def _as_shown(export: Export) -> Export:
    export.state = export.shown_state
    return export


def _dataset(key: str) -> Dataset:
    if key not in DATASETS:
        raise Http404
    return DATASETS[key]


def _choice(request: StaffRequest, dataset: str, query: QueryDict) -> ChoicePage:
    with transaction.atomic():
        return choice_page(request.campaign, _dataset(dataset), query, get_language() or "en", request.user)


def _choice_response(
    request: StaffRequest, page: ChoicePage, *, reason: ReasonForm | None = None, name: NameForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    context = {
        "page": page,
        "reason": reason or ReasonForm(),
        "name": name or NameForm(),
    }
    return render(request, "exports/choose.html", context, status=status)
