"""A table of collected signatures: begin, look at what each row will do, enter them."""

from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.csv_export import csv_file
from apps.core.errors import DomainError
from apps.core.forms import submit
from apps.core.messages import try_and_tell
from apps.recipient_imports.spreadsheets.parser_runner import UnreadableFile

from ..forms.collected_rows import checked_rows, rows_to_enter, typed_cells
from ..forms.collected_sign_ons import PetitionTextForm, TableForm
from ..models import SignOnImport
from ..pages.sign_on_imports import LEFT_OUT, import_page, left_out_reason
from ..selectors.collected_sign_ons import import_of
from ..services.sign_on_entry import needs_second_person, sign_ons_enter
from ..services.sign_on_imports import (
    import_sheet,
    sign_on_import_begin,
    sign_on_import_correct,
    sign_on_import_discard,
    sign_on_import_map,
    sign_on_import_text,
)
from .collected_sign_ons import collection_call

PER_PAGE = 100
#: rows with a field for each cell
MOST_CORRECTED = 25
TEXT_SAID = {True: "same", False: "other", None: ""}


def import_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass the view the import that its URL names, while it has not ended. Raises Http404."""

    @wraps(view)
    def with_import(request: StaffRequest, import_id: int) -> HttpResponse:
        batch = import_of(request.campaign, import_id)
        if batch is None:
            raise Http404
        if batch.state != SignOnImport.State.CHECKING:
            return redirect("sign_on:collected", request.campaign.slug)
        try:
            return view(request, batch)
        except UnreadableFile as error:
            messages.error(request, str(error))
            return redirect("sign_on:collected", request.campaign.slug)

    return with_import


@staff_page(Permission.MODERATE)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: StaffRequest, call_id: int) -> HttpResponse:
    call = collection_call(request, call_id)
    data, files = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = TableForm(data, files, call=call, initial={"language": get_language(), "came_by": "spreadsheet"})

    def save() -> SignOnImport:
        name, content = form.table()
        chosen = {key: form.cleaned_data[key] for key in ("kind", "language", "visibility", "authorised")}
        try:
            return sign_on_import_begin(
                call=call,
                actor=request.user,
                source=form.source(),
                file_name=name,
                content=content,
                version=form.version_chosen(),
                **chosen,
            )
        except UnreadableFile as error:
            raise DomainError(str(error), field="file" if form.cleaned_data["file"] else "pasted") from None

    batch, status = submit(form, save)
    if batch is not None:
        return redirect("sign_on:import", request.campaign.slug, batch.pk)
    return render(request, "coalitions/import_begin.html", {"form": form, "call": call}, status=status)


@staff_page(Permission.MODERATE)
@require_safe
@import_required
def show(request: StaffRequest, batch: SignOnImport) -> HttpResponse:
    """What each row will do. ?state= narrows to the rows of a state."""
    return _page(request, batch)


@staff_page(Permission.MODERATE)
@require_POST
@import_required
def columns(request: StaffRequest, batch: SignOnImport) -> HttpResponse:
    """Save what each column means."""
    mapping = [request.POST.get(f"column-{index}", "") for index in range(len(batch.mapping))]
    try:
        sign_on_import_map(batch=batch, mapping=mapping)
    except DomainError as error:
        return _page(request, batch, error)
    return redirect("sign_on:import", request.campaign.slug, batch.pk)


@staff_page(Permission.MODERATE)
@require_POST
@import_required
def correct(request: StaffRequest, batch: SignOnImport) -> HttpResponse:
    """Keep what was typed in place of cells, and check the rows again."""
    before = _wrong(batch)
    try:
        sign_on_import_correct(batch=batch, corrections=typed_cells(request.POST))
    except DomainError as error:
        return _page(request, batch, error)
    batch.refresh_from_db(fields=["corrections"])
    left = _wrong(batch)
    number = before - left
    if number > 0:
        messages.success(request, ngettext("%(n)d row corrected.", "%(n)d rows corrected.", number) % {"n": number})
    address = reverse("sign_on:import", args=[request.campaign.slug, batch.pk])
    return redirect(f"{address}?state=error#rows" if left else address)


def _wrong(batch: SignOnImport) -> int:
    return sum(row.state == "error" for row in checked_rows(batch, import_sheet(batch)))


@staff_page(Permission.MODERATE)
@require_safe
@import_required
def left_out(request: StaffRequest, batch: SignOnImport) -> HttpResponse:
    """The rows that will not be entered, with the reasons, to correct them and import them again."""
    sheet = import_sheet(batch)
    rows = [row for row in checked_rows(batch, sheet) if row.state in LEFT_OUT]
    lines = ([*row.cells, left_out_reason(row)] for row in rows)
    content, _count = csv_file([*sheet.headings, _("Reasons")], lines)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="signatures-{batch.pk}-left-out.csv"'
    return response


@staff_page(Permission.MODERATE)
@require_POST
@import_required
def enter(request: StaffRequest, batch: SignOnImport) -> HttpResponse:
    rows = rows_to_enter(checked_rows(batch, import_sheet(batch)))
    if str(len(rows)) != request.POST.get("number"):
        return _page(request, batch, DomainError(_("The rows have changed since. Check the numbers, then enter them.")))
    try:
        done = sign_ons_enter(batch=batch, rows=rows, actor=request.user)
    except DomainError as error:
        return _page(request, batch, error)
    number = len(done.sign_ons)
    said = ngettext("%(n)d signature entered.", "%(n)d signatures entered.", number)
    messages.success(request, said % {"n": number})
    return redirect("sign_on:collected", request.campaign.slug)


@staff_page(Permission.MODERATE)
@require_POST
@import_required
def text(request: StaffRequest, batch: SignOnImport) -> HttpResponse:
    """Note which text those in a petition's file signed."""
    form = PetitionTextForm(request.POST)
    if not form.is_valid():
        return _page(request, batch, form=form)
    try_and_tell(request, lambda: sign_on_import_text(batch=batch, is_same=form.is_same()))
    return redirect("sign_on:import", request.campaign.slug, batch.pk)


@staff_page(Permission.MODERATE)
@require_POST
@import_required
def discard(request: StaffRequest, batch: SignOnImport) -> HttpResponse:
    try_and_tell(request, lambda: sign_on_import_discard(batch=batch))
    return redirect("sign_on:collected", request.campaign.slug)


def _page(
    request: StaffRequest, batch: SignOnImport, error: DomainError | None = None, form: PetitionTextForm | None = None
) -> HttpResponse:
    sheet = import_sheet(batch)
    rows = checked_rows(batch, sheet)
    state = request.GET.get("state", "")
    chosen = [row for row in rows if row.state == state] or rows
    per_page = MOST_CORRECTED if state == "error" else PER_PAGE
    page = Paginator(chosen, per_page).get_page(request.GET.get("page"))
    shown = import_page(batch, sheet, rows, list(page.object_list))
    context = {
        "batch": batch, "shown": shown, "page": page, "state": state, "error": error,
        "needs_another": needs_second_person(batch, request.user, shown.mails),
        "text_form": form or PetitionTextForm(initial={"text": TEXT_SAID[batch.text_is_same]}),
    }  # fmt: skip
    status = error.status if error else 400 if form else 200
    return render(request, "coalitions/import.html", context, status=status)
