"""Pages of an import: the file, its columns, the plan, progress and result."""

import re
from collections.abc import Callable
from functools import partial, wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.csv_export import csv_file
from apps.core.errors import DomainError
from apps.core.forms import submit
from apps.core.messages import try_and_tell

from .columns import COLUMNS
from .forms import ReadingForm, UploadForm
from .models import RecipientImport
from .pages.plan import kind_counts, plan_page
from .pages.plan_labels import KINDS, reason_text
from .planning.plan import Kind
from .selectors import decrypted, imports_of, progress_of, rows_of, sheet_of
from .services.transitions import (
    import_accept,
    import_answer,
    import_answer_all,
    import_begin,
    import_check,
    import_discard,
    import_reread,
)
from .spreadsheets.parser_runner import UnreadableFile

State = RecipientImport.State
#: what may be decided for all rows of a kind
FOR_ALL = {"refused": ("skip",), "duplicate": ("skip", "add", "merge"), "repeated": ("skip", "add", "merge")}
_CELL = re.compile(r"^cell-(\d{1,8})-([a-z_]{1,20})$")
_ACT = re.compile(r"^act-(\d{1,8})$")


def import_required(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Pass the view the import that its URL names, or show why its file cannot be read. Raises Http404."""

    @wraps(view)
    def with_import(request: StaffRequest, import_id: int) -> HttpResponse:
        batch = get_object_or_404(imports_of(request.campaign), pk=import_id)
        try:
            return view(request, batch)
        except UnreadableFile as error:
            context = {"batch": batch, "error": error}
            return render(request, "recipient_imports/unreadable.html", context, status=error.status)

    return with_import


@staff_page(Permission.SEE_CONTACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: StaffRequest) -> HttpResponse:
    """Choose a file; list earlier imports."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        file, begin = form.cleaned_data["file"], partial(import_begin, campaign=request.campaign, actor=request.user)
        try:
            return _to(begin(file_name=file.name, content=file.read()))
        except DomainError as error:
            form.add_error("file", str(error))
    history = Paginator(imports_of(request.campaign), 20).get_page(request.GET.get("page"))
    context = {"form": form, "history": history, "fields": COLUMNS}
    return render(request, "recipient_imports/index.html", context, status=400 if form.errors else 200)


@staff_page(Permission.SEE_CONTACTS)
@require_safe
@import_required
def show(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """The current step. ?columns=1 goes back to the columns; ?kind= and ?page= choose rows."""
    if batch.state == State.COLUMNS or (batch.state == State.CHECKED and request.GET.get("columns")):
        return _columns_page(request, batch)
    if batch.state == State.CHECKED:
        context = plan_page(batch, request.GET.get("kind", ""), request.GET.get("page"))
        return render(request, "recipient_imports/plan.html", context)
    context = {"batch": batch, "kinds": kind_counts(batch)}
    if batch.state in (State.CHECKING, State.WRITING):
        done = progress_of(batch)
        context |= {"done": done, "width": round(300 * done / max(batch.total, 1))}
    return render(request, "recipient_imports/state.html", context)


@staff_page(Permission.SEE_CONTACTS)
@require_POST
@import_required
def columns(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """Save what each column means and make the plan."""
    mapping = [request.POST.get(f"column-{index}", "") for index in range(len(batch.mapping))]
    try:
        import_check(batch=batch, mapping=mapping)
    except DomainError as error:
        return _columns_page(request, batch, mapping=mapping, error=str(error), status=error.status)
    return _to(batch)


@staff_page(Permission.SEE_CONTACTS)
@require_POST
@import_required
def reading(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """Read the file with other options."""
    if batch.state not in (State.COLUMNS, State.CHECKED):
        return _to(batch)
    row_chosen = "heading_row" in batch.options
    form = ReadingForm(request.POST, sheet=sheet_of(batch, preview=True), row_chosen=row_chosen)
    read, status = submit(form, lambda: import_reread(batch=batch, options=form.options()))
    return _to(read) if read else _columns_page(request, batch, form=form, status=status)


@staff_page(Permission.SEE_CONTACTS)
@require_POST
@import_required
def rows(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """Save corrections and decisions for the rows of one page."""
    cells: dict[str, dict[str, str]] = {}
    decisions: dict[str, str] = {}
    for name, value in request.POST.items():
        if found := _CELL.match(name):
            cells.setdefault(found[1], {})[found[2]] = str(value)
        elif (found := _ACT.match(name)) and value:
            decisions[found[1]] = str(value)
    return _try(request, batch, lambda: import_answer(batch=batch, cells=cells, decisions=decisions), kind=True)


@staff_page(Permission.SEE_CONTACTS)
@require_POST
@import_required
def answer_all(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """One decision for all rows of a kind."""
    kind, _colon, act = request.POST.get("all", "").partition(":")
    if act not in FOR_ALL.get(kind, ()):
        return _to(batch)

    def decide() -> None:
        if left := import_answer_all(batch=batch, kind=kind, act=act):
            message = ngettext(
                "%(left)s row was not merged: its address is that of a recipient of another government. "
                "Under “%(kind)s”, add it anyway or leave it out.",
                "%(left)s rows were not merged: their addresses are those of recipients of other governments. "
                "Under “%(kind)s”, add them anyway or leave them out.",
                left,
            )
            messages.warning(request, message % {"left": left, "kind": KINDS[kind]})

    return _try(request, batch, decide)


@staff_page(Permission.SEE_CONTACTS)
@require_safe
@import_required
def refused(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """The refused rows of the file with a column of reasons."""
    if batch.state != State.CHECKED:
        raise Http404
    sheet = sheet_of(batch)
    reasons = {row.number: " ".join(map(reason_text, decrypted(row).reasons)) for row in rows_of(batch, Kind.REFUSED)}
    lines = ([*row.cells, reasons[row.number]] for row in sheet.rows if row.number in reasons)
    content, _count = csv_file([*sheet.headings, _("Reasons")], lines)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.campaign.slug}-import-{batch.pk}-refused.csv"'
    return response


@staff_page(Permission.SEE_CONTACTS)
@require_POST
@import_required
def accept(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """Write the plan that the page showed."""
    mark = request.POST.get("plan", "")
    return _try(request, batch, lambda: import_accept(batch=batch, actor=request.user, mark=mark))


@staff_page(Permission.SEE_CONTACTS)
@require_POST
@import_required
def discard(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """Discard the import."""
    return _try(request, batch, lambda: import_discard(batch=batch))


def _try(
    request: StaffRequest, batch: RecipientImport, act: Callable[[], object], *, kind: bool = False
) -> HttpResponse:
    try_and_tell(request, act)
    answer = _to(batch)
    shown = request.POST.get("kind", "")
    if kind and shown in KINDS:
        answer["Location"] += f"?kind={shown}"
    return answer


def _to(batch: RecipientImport) -> HttpResponse:
    return redirect("imports:show", batch.campaign.slug, batch.pk)


def _columns_page(
    request: StaffRequest, batch: RecipientImport, *, form: ReadingForm | None = None, mapping: list[str] | None = None,
    error: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    if batch.state not in (State.COLUMNS, State.CHECKED):
        return _to(batch)
    sheet = sheet_of(batch, preview=True)
    chosen = mapping if mapping is not None else batch.mapping
    context = {
        "batch": batch,
        "sheet": sheet,
        "form": form or ReadingForm(sheet=sheet),
        "fields": COLUMNS,
        "error": error,
        "columns": [
            {"index": index, "heading": heading, "samples": sheet.samples(index), "key": chosen[index]}
            for index, heading in enumerate(sheet.headings)
        ],
    }
    return render(request, "recipient_imports/columns.html", context, status=status)
