"""Change what is around a letter's text: its title, who gets it, whether it is put aside."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import add_error, submit

from ..addressee_forms import AddresseesForm, addressees_now
from ..forms import TitleForm
from ..models import Letter
from ..pages.addressee_change import addressee_change
from ..selectors.drafts import is_open, letter_state, may_draft
from ..selectors.letters import drafter_limits
from ..services.letters import (
    AddresseesChanged,
    addressees_key,
    letter_addressees_change,
    letter_archive,
    letter_bring_back,
    letter_duplicate,
    letter_rename,
)
from .lookups import letter_or_404


@staff_page(Permission.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: StaffRequest, letter_number: int) -> HttpResponse:
    """Rename; and the ways to everything else that can be done with a letter."""
    letter = letter_or_404(request, letter_number)
    form = TitleForm(request.POST if request.method == "POST" else None, initial={"title": letter.title})
    renamed, status = submit(form, lambda: letter_rename(letter=letter, actor=request.user, **form.cleaned_data))
    if renamed:
        messages.success(request, _("Renamed."))
        return redirect("letters:settings", request.campaign.slug, letter_number)
    return _settings(request, letter, form=form, status=status)


def _settings(
    request: StaffRequest, letter: Letter, *, form: TitleForm, error: str = "", status: int = 200
) -> HttpResponse:
    within_limits = may_draft(request.user, letter)
    context = {
        "letter": letter,
        "state": letter_state(letter),
        "form": form,
        "beyond_limits": not within_limits,
        "writes": within_limits and not letter.closed_at,
        "makes_templates": drafter_limits(request.user, request.campaign) is None,
        "frozen": bool(letter.versions.all()),
        "error": error,
    }
    return render(request, "letters/settings.html", context, status=status)


@staff_page(Permission.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: StaffRequest, letter_number: int) -> HttpResponse:
    letter = letter_or_404(request, letter_number)
    title = _("Copy of %(title)s") % {"title": letter.title}
    form = TitleForm(request.POST if request.method == "POST" else None, initial={"title": title[:200]})
    copy, status = submit(form, lambda: letter_duplicate(letter=letter, actor=request.user, **form.cleaned_data))
    if copy:
        messages.success(request, _("This is the copy. What you change here changes nothing in the other letter."))
        return redirect("letters:workspace", request.campaign.slug, copy.number)
    return render(request, "letters/duplicate.html", {"letter": letter, "form": form}, status=status)


@staff_page(Permission.DRAFT)
@require_POST
def archive(request: StaffRequest, letter_number: int) -> HttpResponse:
    """POST back=1 brings it back."""
    letter = letter_or_404(request, letter_number)
    act = letter_bring_back if request.POST.get("back") else letter_archive
    try:
        act(letter=letter, actor=request.user)
    except DomainError as error:
        form = TitleForm(None, initial={"title": letter.title})
        return _settings(request, letter, form=form, error=str(error), status=error.status)
    done = _("Letter %(n)s is back.") if request.POST.get("back") else _("Letter %(n)s is archived.")
    messages.success(request, done % {"n": letter.number})
    return redirect("letters:index", request.campaign.slug)


@staff_page(Permission.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def addressees(request: StaffRequest, letter_number: int) -> HttpResponse:
    """Choose; then see what the choice changes, and confirm it."""
    letter = letter_or_404(request, letter_number)
    data = request.POST if request.method == "POST" else None
    form = AddresseesForm(data, campaign=request.campaign, user=request.user, initial=addressees_now(letter))
    change, status = None, 200
    if data is not None:
        status = 400
        if form.is_valid():
            change, status = addressee_change(letter, **form.values()), 200
    if change and data and data.get("do") == "change":
        try:
            letter_addressees_change(letter=letter, actor=request.user, seen=data.get("seen", ""), **form.values())
        except DomainError as error:
            add_error(form, error)
            status = error.status
            if isinstance(error, AddresseesChanged):
                change = addressee_change(letter, **form.values())
        else:
            messages.success(request, _("Changed who gets the letter."))
            return redirect("letters:workspace", request.campaign.slug, letter_number)
    context = {
        "letter": letter,
        "form": form,
        "change": change,
        "seen": addressees_key(letter),
        "frozen": bool(letter.versions.all()),
        "writes": may_draft(request.user, letter) and is_open(letter),
    }
    return render(request, "letters/addressees.html", context, status=status)
