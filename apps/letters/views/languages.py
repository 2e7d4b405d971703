"""The texts of a letter: add one in another language, remove one."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import submit
from apps.core.language_names import language_name

from ..forms import StartForm
from ..models import Letter
from ..pages.languages import free_languages, text_rows
from ..selectors.drafts import is_open, letter_state, may_draft
from ..services.languages import TextExists, letter_text_add, letter_text_remove, why_kept
from .lookups import letter_or_404, text_or_404


@staff_page(Permission.READ)
@require_safe
def languages(request: StaffRequest, letter_number: int) -> HttpResponse:
    letter = letter_or_404(request, letter_number)
    writes = request.team_member.may(Permission.DRAFT) and is_open(letter) and may_draft(request.user, letter)
    context = {
        "letter": letter,
        "state": letter_state(letter),
        "rows": text_rows(letter),
        "free": free_languages(letter) if writes else [],
        "can_edit": writes,
    }
    return render(request, "letters/languages.html", context)


@staff_page(Permission.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: StaffRequest, letter_number: int, language: str) -> HttpResponse:
    """Choose what the text begins from. Where there is one by now, its page opens."""
    letter = letter_or_404(request, letter_number)
    if letter.texts.filter(language=language).exists():
        if request.method == "POST":
            messages.warning(request, str(TextExists(language)))
        return redirect(_workspace_url(letter, language))
    if language not in {free.code for free in free_languages(letter)}:
        raise Http404
    form = StartForm(request.POST if request.method == "POST" else None, letter=letter, language=language)
    text, status = submit(form, lambda: letter_text_add(letter=letter, actor=request.user, **form.values()))
    if text:
        return redirect(_workspace_url(letter, language))
    context = {"letter": letter, "language": language, "form": form}
    return render(request, "letters/language_add.html", context, status=status)


def _workspace_url(letter: Letter, language: str) -> str:
    return f"{reverse('letters:workspace', args=[letter.campaign.slug, letter.number])}?language={language}"


@staff_page(Permission.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def remove(request: StaffRequest, letter_number: int, language: str) -> HttpResponse:
    text = text_or_404(request, letter_number, language)
    error, status = why_kept(text), 200
    if request.method == "POST":
        try:
            letter_text_remove(text=text, actor=request.user)
        except DomainError as refused:
            error, status = str(refused), refused.status
        else:
            done = _("The %(language)s text is removed. Add the language again to bring it back.")
            messages.success(request, done % {"language": language_name(language)})
            return redirect("letters:languages", request.campaign.slug, letter_number)
    context = {"letter": text.letter, "text": text, "error": error}
    return render(request, "letters/language_remove.html", context, status=status)
