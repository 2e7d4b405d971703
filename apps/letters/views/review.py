"""Reading as a reviewer, approving, freezing."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from apps.campaigns.access import staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import Conflict, DomainError

from ..models import LetterText
from ..rendering import render_draft_html
from ..selectors import (
    changes_since_approval,
    envelope_preview,
    freeze_outlook,
    last_approved,
    own_work_of,
    text_state,
    whole_draft,
)
from ..services import letter_text_approve, letter_version_freeze, letter_version_is_new
from .asked import campaign_of, letter_or_404, member_asked, place_of, text_or_404


@staff_page(Permission.READ)
def review(request: HttpRequest, letter_number: int, language: str) -> HttpResponse:
    return _review(request, text_or_404(request, letter_number, language))


def _review(request: HttpRequest, text: LetterText, *, error: str = "", status: int = 200) -> HttpResponse:
    member = member_asked(request, text.letter)
    draft = whole_draft(text, member)
    envelope = envelope_preview(campaign_of(request), member, language=text.language)
    own = own_work_of(text, request.user)
    may = place_of(request).may(Permission.REVIEW)
    context: dict[str, Any] = {
        "letter": text.letter,
        "text": text,
        "member": member,
        "html": render_draft_html(draft.body, envelope, draft.audiences),
        "changes": changes_since_approval(text),
        "before": last_approved(text),
        "approvals": text.approvals.select_related("reviewer").order_by("-at"),
        "own": own,
        "can_approve": may and not own and not text.approved,  # type: ignore[attr-defined]  # annotated
        "may_review": may,
        "error": error,
        **{key: value for key, value in text_state(text).items() if key in {"problems", "words", "notes"}},
    }
    return render(request, "letters/review.html", context, status=status)


@staff_page(Permission.REVIEW)
@require_POST
def approve(request: HttpRequest, letter_number: int, language: str) -> HttpResponse:
    text = text_or_404(request, letter_number, language)
    try:
        letter_text_approve(text=text, actor=request.user, sha256=request.POST.get("sha256", ""))  # type: ignore[arg-type]
    except DomainError as error:
        fresh = text_or_404(request, letter_number, language)
        return _review(request, fresh, error=str(error), status=409 if isinstance(error, Conflict) else 400)
    messages.success(request, _("Approved. The letter can be frozen once every language is approved."))
    return redirect("letters:freeze", campaign_of(request).slug, letter_number)


@staff_page(Permission.REVIEW)
def freeze(request: HttpRequest, letter_number: int) -> HttpResponse:
    """GET says what would happen, to how many; POST does it."""
    letter = letter_or_404(request, letter_number)
    error, status = "", 200
    if request.method == "POST":
        try:
            made = letter_version_freeze(letter=letter, actor=request.user)  # type: ignore[arg-type]  # signed in
        except DomainError as refused:
            error, status = str(refused), 409 if isinstance(refused, Conflict) else 400
        else:
            return redirect("letters:version", campaign_of(request).slug, letter_number, made.number)
    outlook = freeze_outlook(letter)
    same = outlook.ready and outlook.last is not None and not letter_version_is_new(letter=letter)
    context = {"letter": letter, "outlook": outlook, "same": same, "error": error}
    return render(request, "letters/freeze.html", context, status=status)
