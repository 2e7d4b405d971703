"""Pages of an import: the file, its columns, the plan row by row, how far it is, what was written."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.csv_export import csv_file
from apps.core.errors import DomainError
from apps.core.forms import add_error
from apps.core.types import JsonObject
from apps.governments.country_names import unambiguous_name
from apps.governments.models import Member

from .columns import COLUMNS, COLUMNS_BY_KEY
from .forms import ReadingForm, UploadForm
from .messages import KINDS, REASONS, reason_text
from .models import RecipientImport
from .selectors import WRITING, Kind, import_of, imports_of, progress_of, rows_of, sheet_of
from .selectors.imports import opened
from .services import (
    import_accept,
    import_answer,
    import_answer_all,
    import_begin,
    import_check,
    import_discard,
    import_reread,
)

State = RecipientImport.State
PAGE = 25
#: what may be decided for all rows of a kind
FOR_ALL = {"refused": ("skip",), "duplicate": ("skip", "add", "merge"), "repeated": ("skip", "add", "merge")}
_CELL = re.compile(r"^cell-(\d{1,8})-([a-z_]{1,20})$")
_ACT = re.compile(r"^act-(\d{1,8})$")


def own_import(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Hands the view the import of its address. Raises Http404 for one of another campaign."""

    @wraps(view)
    def found(request: StaffRequest, import_id: int) -> HttpResponse:
        batch = import_of(request.campaign, import_id)
        if batch is None:
            raise Http404
        return view(request, batch)

    return found


@staff_page(Permission.SEE_CONTACTS)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: StaffRequest) -> HttpResponse:
    """Choose a file; the imports so far."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            batch = import_begin(
                campaign=request.campaign, actor=request.user, file_name=file.name, content=file.read()
            )
        except DomainError as error:
            form.add_error("file", str(error))
        else:
            return _to(batch)
    history = Paginator(imports_of(request.campaign), 20).get_page(request.GET.get("page"))
    status = 400 if form.errors else 200
    return render(
        request, "recipient_imports/index.html", {"form": form, "history": history, "fields": COLUMNS}, status=status
    )


@staff_page(Permission.SEE_CONTACTS)
@require_GET
@own_import
def show(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """The page of the step that the import is at. ?columns=1 goes back to the columns, ?kind= some rows, ?page=."""
    if batch.state == State.COLUMNS or (batch.state == State.CHECKED and request.GET.get("columns")):
        return _columns_page(request, batch)
    if batch.state == State.CHECKED:
        return _plan_page(request, batch)
    context: dict[str, object] = {"batch": batch, "kinds": _counted(batch)}
    if batch.state in (State.CHECKING, State.WRITING):
        done = progress_of(batch)
        context |= {"done": done, "width": round(300 * done / max(batch.total, 1))}
    return render(request, "recipient_imports/state.html", context)


@staff_page(Permission.SEE_CONTACTS)
@require_POST
@own_import
def columns(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """What each column means; then the plan is made."""
    mapping = [request.POST.get(f"column-{place}", "") for place in range(len(batch.mapping))]
    try:
        import_check(batch=batch, mapping=mapping)
    except DomainError as error:
        return _columns_page(request, batch, mapping=mapping, error=str(error))
    return _to(batch)


@staff_page(Permission.SEE_CONTACTS)
@require_POST
@own_import
def reading(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """Read the file otherwise."""
    if batch.state not in (State.COLUMNS, State.CHECKED):
        return _to(batch)
    form = ReadingForm(request.POST, sheet=sheet_of(batch, preview=True))
    if form.is_valid():
        try:
            import_reread(batch=batch, options=form.options())
        except DomainError as error:
            add_error(form, error)
        else:
            return _to(batch)
    return _columns_page(request, batch, form=form)


@staff_page(Permission.SEE_CONTACTS)
@require_POST
@own_import
def rows(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """What was typed and decided for the rows of one page."""
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
@own_import
def answer_all(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """One decision for all refused rows, all that are perhaps known, or all that are like a row before."""
    kind, _colon, act = request.POST.get("all", "").partition(":")
    if act not in FOR_ALL.get(kind, ()):
        return _to(batch)

    def decide() -> None:
        if left := import_answer_all(batch=batch, kind=kind, act=act):
            said = ngettext(
                "%(left)s row was not merged: its address is that of a recipient of another government. "
                "Under “%(kind)s”, add it anyway or leave it out.",
                "%(left)s rows were not merged: their addresses are those of recipients of other governments. "
                "Under “%(kind)s”, add them anyway or leave them out.",
                left,
            )
            messages.warning(request, said % {"left": left, "kind": KINDS[kind]})

    return _try(request, batch, decide)


@staff_page(Permission.SEE_CONTACTS)
@require_GET
@own_import
def refused(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """The refused rows as they stood in the file, with a column of reasons."""
    if batch.state != State.CHECKED:
        raise Http404
    sheet = sheet_of(batch)
    wrong = {row.number: opened(row) for row in rows_of(batch, Kind.REFUSED)}
    lines = (
        [*row.cells, " ".join(map(reason_text, wrong[row.number].reasons))] for row in sheet.rows if row.number in wrong
    )
    content, _count = csv_file([*sheet.headings, _("Reasons")], lines)
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{request.campaign.slug}-import-{batch.pk}-refused.csv"'
    return response


@staff_page(Permission.SEE_CONTACTS)
@require_POST
@own_import
def accept(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """Write the plan that was shown."""
    mark = request.POST.get("plan", "")
    return _try(request, batch, lambda: import_accept(batch=batch, actor=request.user, mark=mark))


@staff_page(Permission.SEE_CONTACTS)
@require_POST
@own_import
def discard(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    """Give it up."""
    return _try(request, batch, lambda: import_discard(batch=batch))


def _try(
    request: StaffRequest, batch: RecipientImport, act: Callable[[], object], *, kind: bool = False
) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error))
    answer = _to(batch)
    shown = request.POST.get("kind", "")
    if kind and shown in KINDS:
        answer["Location"] += f"?kind={shown}"
    return answer


def _to(batch: RecipientImport) -> HttpResponse:
    return redirect("imports:show", batch.campaign.slug, batch.pk)


def _columns_page(
    request: StaffRequest, batch: RecipientImport, *, form: ReadingForm | None = None, mapping: list[str] | None = None,
    error: str = "",
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
            {"place": place, "heading": heading, "samples": sheet.samples(place), "key": chosen[place]}
            for place, heading in enumerate(sheet.headings)
        ],
    }
    return render(
        request, "recipient_imports/columns.html", context, status=400 if error or (form and form.errors) else 200
    )


def _plan_page(request: StaffRequest, batch: RecipientImport) -> HttpResponse:
    counted = _counted(batch)
    kind = request.GET.get("kind", "")
    if kind not in KINDS or not batch.counts.get(kind):
        kind = next((line["kind"] for line in counted if line["count"]), "unchanged")
    page = Paginator(rows_of(batch, kind), PAGE).get_page(request.GET.get("page"))
    lines = [_shown(opened(row)) for row in page]
    first = {line["row"].beside for line in lines} if kind == Kind.REPEATED else set()
    before = {row.number: _shown(opened(row)) for row in rows_of(batch).filter(number__in=first)} if first else {}
    for line in lines:
        line["before"] = before.get(line["row"].beside)
    context = {
        "batch": batch,
        "kinds": counted,
        "kind": kind,
        "page": page,
        "rows": lines,
        "asks": kind in (Kind.REFUSED, Kind.DUPLICATE, Kind.REPEATED, Kind.SKIPPED)
        or any(line["row"].decided for line in lines),
        "countries": [unambiguous_name(member) for member in Member.objects.all()] if kind == Kind.REFUSED else [],
        "writes": sum(batch.counts.get(kind, 0) for kind in WRITING),
    }
    return render(request, "recipient_imports/plan.html", context)


def _counted(batch: RecipientImport) -> list[JsonObject]:
    return [{"kind": kind, "words": words, "count": batch.counts.get(kind, 0)} for kind, words in KINDS.items()]


def _shown(row: Any) -> JsonObject:
    """A row with what can be mended in it: the fields that its reasons name."""
    keys = list(dict.fromkeys(field for code, field, _params in row.reasons if field and code in REASONS))
    if any(code == "twice" for code, _field, _params in row.reasons):
        keys = ["office", "post", "name"]
    wrong = {field for _code, field, _params in row.reasons}
    mend = [
        {"key": key, "label": COLUMNS_BY_KEY[key].label, "value": row.cells.get(key, ""), "wrong": key in wrong}
        for key in keys
    ]
    told = ("name", "post", "office", "country")
    return {
        "row": row,
        "mend": mend,
        "told": [row.cells[key].strip() for key in told if row.cells.get(key, "").strip()],
    }
