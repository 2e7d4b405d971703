"""Reviewing, approving, freezing."""

from contextlib import suppress

from django.contrib import messages
from django.forms import BaseForm, Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError
from apps.core.forms import submit

from ..forms import ChangeForm, CommentForm, SendBackForm
from ..merge_fields import envelope_values
from ..models import LetterText
from ..pages.country_letters import passages_to_review
from ..pages.freeze import freeze_preview
from ..pages.review import changes_since_approval, review_entries, whole_draft
from ..pages.workspace import text_state
from ..rendering import render_draft_html
from ..selectors.drafts import has_unapproved_edits_by, is_open, last_approved, original_text, texts_with_state
from ..selectors.reviews import standing_refusal
from ..services.approvals import AlreadyApproved, letter_text_approve
from ..services.versions import letter_version_freeze
from .lookups import addressee_param, letter_or_404, text_or_404


@staff_page(Permission.READ)
def review(request: StaffRequest, letter_number: int, language: str) -> HttpResponse:
    return review_response(request, text_or_404(request, letter_number, language))


def review_response(
    request: StaffRequest, text: LetterText, *, error: str = "", status: int = 200, **forms: BaseForm
) -> HttpResponse:
    """The page; `forms` are `back` and `said`, as they were filled in."""
    member = addressee_param(request, text.letter)
    draft = whole_draft(text, member)
    envelope = envelope_values(request.campaign, member, language=text.language)
    own = has_unapproved_edits_by(text, request.user)
    may = is_open(text.letter) and request.team_member.may(Permission.REVIEW)
    original = original_text(text.letter)
    context: dict[str, object] = {
        "letter": text.letter,
        "text": text,
        "member": member,
        "html": render_draft_html(draft.body, envelope, draft.audiences),
        "changes": changes_since_approval(text),
        "passages": passages_to_review(text),
        "before": last_approved(text),
        "entries": review_entries(text),
        "own": own,
        "refusal": standing_refusal(text),
        "back": SendBackForm(),
        "said": CommentForm(),
        "can_answer": "said" in forms or _may_answer(request, text),
        "original": original if original.pk != text.pk else None,
        "can_approve": may and not own and not text.approved and not standing_refusal(text),
        "may_review": may,
        "error": error,
        "notes": draft.body["notes"],
        **{key: value for key, value in text_state(text).items() if key in {"problems", "words"}},
        **forms,
    }
    return render(request, "letters/review.html", context, status=status)


def _may_answer(request: StaffRequest, text: LetterText) -> bool:
    asked = text.review_requests.exists()
    return asked and is_open(text.letter) and request.team_member.may(Permission.COMMENT)


@staff_page(Permission.REVIEW)
@require_POST
def approve(request: StaffRequest, letter_number: int, language: str) -> HttpResponse:
    text = text_or_404(request, letter_number, language)
    try:
        with suppress(AlreadyApproved):  # pressed twice, as one does on a slow line
            letter_text_approve(text=text, actor=request.user, sha256=request.POST.get("sha256", ""))
    except DomainError as error:
        fresh = text_or_404(request, letter_number, language)
        return review_response(request, fresh, error=str(error), status=error.status)
    message = _("Approved. You can freeze the letter now.")
    if not all(each.approved for each in texts_with_state().filter(letter=text.letter)):
        message = _("Approved. You can freeze the letter once its other languages are approved.")
    messages.success(request, message)
    return redirect("letters:freeze", request.campaign.slug, letter_number)


@staff_page(Permission.REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def freeze(request: StaffRequest, letter_number: int) -> HttpResponse:
    letter = letter_or_404(request, letter_number)
    posted = request.method == "POST"
    without = set(request.POST.getlist("without"))
    outlook = freeze_preview(letter)
    same = outlook.same and outlook.ready and not without
    # the first version changes nothing, and one that is there already is not asked about
    form = ChangeForm(request.POST if posted else None) if outlook.last and not same else Form({} if posted else None)
    made, status = submit(
        form, lambda: letter_version_freeze(letter=letter, actor=request.user, without=without, **form.cleaned_data)
    )
    if made:
        return redirect("letters:version", request.campaign.slug, letter_number, made.number)
    context = {"letter": letter, "outlook": outlook, "same": same, "without": without, "form": form}
    return render(request, "letters/freeze.html", context, status=status)
