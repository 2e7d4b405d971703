"""The page of exports, and the files."""

from functools import partial
from itertools import islice

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import submit
from apps.letters.models import Letter

from .forms import SignatoriesForm
from .selectors import exports_of, letters_to_export, recipients_to_export, signatory_rows, totals_of
from .services import Export, recipients_export, signatories_export

PREVIEWED = 9


@staff_page(Permission.EXPORT)
@require_safe
def index(request: StaffRequest) -> HttpResponse:
    """The signatories of one letter (`?letter=`) per audience, and all exports so far."""
    return _page(request)


@staff_page(Permission.EXPORT)
@require_POST
def signatories(request: StaffRequest) -> HttpResponse:
    form = SignatoriesForm(request.POST, campaign=request.campaign)
    act = partial(signatories_export, campaign=request.campaign, actor=request.user)
    export, status = submit(form, lambda: act(**form.cleaned_data))
    return _file(export) if export else _page(request, form=form, status=status)


@staff_page(Permission.EXPORT)
@require_POST
def recipients(request: StaffRequest) -> HttpResponse:
    try:
        export = recipients_export(campaign=request.campaign, format=request.POST.get("format", ""), actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return _page(request, status=400)
    return _file(export)


def _file(export: Export) -> HttpResponse:
    response = HttpResponse(export.content, content_type=export.content_type)
    response["Content-Disposition"] = f'attachment; filename="{export.filename}"'
    return response


def _page(request: StaffRequest, *, form: SignatoriesForm | None = None, status: int = 200) -> HttpResponse:
    letters = list(letters_to_export(request.campaign))
    letter = _chosen(request, letters)
    totals = totals_of(letter) if letter else None
    context: dict[str, object] = {
        "letters": letters,
        "letter": letter,
        "totals": totals,
        "preview": list(islice(signatory_rows(letter, "public"), PREVIEWED)) if letter else [],
        "history": Paginator(exports_of(request.campaign), 50).get_page(request.GET.get("page")),
        "form": form,
        "recipients": recipients_to_export(request.campaign).count(),
        "moment": timezone.now(),
    }
    return render(request, "exports/index.html", context, status=status)


def _chosen(request: StaffRequest, letters: list[Letter]) -> Letter | None:
    wanted = request.POST.get("letter") or request.GET.get("letter", "")
    return next((letter for letter in letters if str(letter.number) == wanted), letters[0] if letters else None)
