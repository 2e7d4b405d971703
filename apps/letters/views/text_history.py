"""The history of a text: what changed when and by whom, names for states, and bringing one back."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError

from ..models import LetterText
from ..pages.text_history import state_changes, text_history, text_state
from ..selectors.drafts import is_open, may_draft
from ..services.text_history import text_state_name, text_state_restore
from .lookups import number_param, text_or_404


@staff_page(Permission.READ)
@require_safe
def history(request: StaffRequest, letter_number: int, language: str) -> HttpResponse:
    """?older= and ?newer= are the numbers of the states to compare, ?before= is where the page ends."""
    return _history(request, text_or_404(request, letter_number, language))


def _history(
    request: StaffRequest, text: LetterText, *, error: str = "", typed: str = "", typed_for: int = 0, status: int = 200
) -> HttpResponse:
    """`typed` is a name that was refused for the state `typed_for`."""
    older, newer, before = (number_param(request, name) for name in ("older", "newer", "before"))
    shown = text_history(text, older, newer, before)
    writes = request.team_member.may(Permission.DRAFT) and is_open(text.letter) and may_draft(request.user, text.letter)
    context = {
        "letter": text.letter, "text": text, "history": shown, "can_edit": writes, "error": error, "typed": typed,
        "typed_for": typed_for, "newest": text.sequence, "before": before,
    }  # fmt: skip
    return render(request, "letters/text_history.html", context, status=status)


@staff_page(Permission.DRAFT)
@require_POST
def state_name(request: StaffRequest, letter_number: int, language: str, sequence: int) -> HttpResponse:
    text = text_or_404(request, letter_number, language)
    try:
        named = text_state_name(text=text, actor=request.user, name=request.POST.get("name", ""), sequence=sequence)
    except DomainError as error:
        typed = request.POST.get("name", "")[:200]
        return _history(request, text, error=str(error), typed=typed, typed_for=sequence, status=error.status)
    messages.success(request, _("The revision is called “%(name)s”.") % {"name": named.name})
    before = number_param(request, "before")
    return redirect(f"{_page(text)}?newer={sequence}{f'&before={before}' if before else ''}")


@staff_page(Permission.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def state_restore(request: StaffRequest, letter_number: int, language: str, sequence: int) -> HttpResponse:
    """GET shows what would change, POST brings the state back."""
    text = text_or_404(request, letter_number, language)
    state = text_state(text, sequence)
    if state is None:
        raise Http404
    error, status = "", 200
    if request.method == "POST":
        try:
            text_state_restore(text=text, actor=request.user, sequence=sequence)
        except DomainError as refused:
            error, status = str(refused), refused.status
        else:
            messages.success(request, _("The text is as it was then. What was taken out stays in the history."))
            return redirect(
                f"{reverse('letters:workspace', args=[request.campaign.slug, letter_number])}?language={language}"
            )
    context = {
        "letter": text.letter, "text": text, "state": state, "error": error,
        "changes": state_changes(text, text.sequence, sequence),
    }  # fmt: skip
    return render(request, "letters/text_restore.html", context, status=status)


def _page(text: LetterText) -> str:
    return reverse("letters:history", args=[text.letter.campaign.slug, text.letter.number, text.language])
