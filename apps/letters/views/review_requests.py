"""Asking for a review, sending back, commenting, naming a reviewer."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.forms import submit

from ..forms import CommentForm, ReviewerForm, ReviewForm, SendBackForm
from ..models import LetterText
from ..services.approvals import letter_text_ask_review
from ..services.reviews import letter_text_send_back, review_comment_add, text_reviewer_set
from .lookups import text_or_404
from .review import review_response


@staff_page(Permission.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: StaffRequest, letter_number: int, language: str) -> HttpResponse:
    """Whom to ask, and what to tell them. POST asks."""
    text = text_or_404(request, letter_number, language)
    form = ReviewForm(request.POST if request.method == "POST" else None, text=text)
    asked, status = submit(form, lambda: letter_text_ask_review(text=text, actor=request.user, **form.values()))
    if asked:
        return _to_review(request, text)
    context = {"letter": text.letter, "text": text, "form": form}
    return render(request, "letters/ask_review.html", context, status=status)


@staff_page(Permission.REVIEW)
@require_POST
def send_back(request: StaffRequest, letter_number: int, language: str) -> HttpResponse:
    text = text_or_404(request, letter_number, language)
    form = SendBackForm(request.POST)
    done, status = submit(
        form, lambda: letter_text_send_back(text=text, actor=request.user, reason=form.cleaned_data["reason"])
    )
    if not done:
        return review_response(request, text_or_404(request, letter_number, language), status=status, back=form)
    messages.success(request, _("Sent back. Whoever wrote the text gets an email."))
    return _to_review(request, text)


@staff_page(Permission.COMMENT)
@require_POST
def comment(request: StaffRequest, letter_number: int, language: str) -> HttpResponse:
    text = text_or_404(request, letter_number, language)
    form = CommentForm(request.POST)
    done, status = submit(
        form, lambda: review_comment_add(text=text, actor=request.user, words=form.cleaned_data["comment"])
    )
    return _to_review(request, text) if done else review_response(request, text, status=status, said=form)


@staff_page(Permission.DRAFT)
@require_http_methods(["GET", "HEAD", "POST"])
def reviewer(request: StaffRequest, letter_number: int, language: str) -> HttpResponse:
    """Who is proposed when the review of this text is asked for."""
    text = text_or_404(request, letter_number, language)
    form = ReviewerForm(request.POST if request.method == "POST" else None, text=text)
    done, status = submit(
        form, lambda: text_reviewer_set(text=text, actor=request.user, reviewer=form.cleaned_data["reviewer"])
    )
    if done:
        return redirect("letters:languages", request.campaign.slug, letter_number)
    context = {"letter": text.letter, "text": text, "form": form}
    return render(request, "letters/reviewer.html", context, status=status)


def _to_review(request: StaffRequest, text: LetterText) -> HttpResponse:
    return redirect("letters:review", request.campaign.slug, text.letter.number, text.language)
