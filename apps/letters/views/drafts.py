"""The list of letters, a new one, the workspace, previews of what is not frozen yet."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.campaigns.access import staff_page
from apps.campaigns.roles import Permission
from apps.core.errors import DomainError

from ..forms import LetterForm
from ..models import LetterText
from ..rendering import render_html, render_pdf, render_text
from ..selectors import (
    editor_data,
    envelope_preview,
    letterhead_of,
    letters_visible_to,
    letters_with_state,
    may_draft,
    own_work_of,
    recipient_shown,
    shown_to,
    state_of,
    templates_of,
    text_facts,
)
from ..services import letter_create, letter_text_ask_review
from .answers import pdf_response, text_response
from .asked import campaign_of, letter_or_404, member_asked, number_asked, place_of, text_or_404


@staff_page(Permission.READ)
def index(request: HttpRequest) -> HttpResponse:
    campaign = campaign_of(request)
    letters = letters_with_state(letters_visible_to(request.user, campaign))  # type: ignore[arg-type]
    rows = [{"letter": letter, "state": state_of(letter)} for letter in letters]
    return render(request, "letters/index.html", {"rows": rows, "templates": templates_of(campaign)})


@staff_page(Permission.DRAFT)
def create(request: HttpRequest) -> HttpResponse:
    campaign = campaign_of(request)
    form = LetterForm(request.POST or None, campaign=campaign, user=request.user, initial=_initial(request))
    status = 200
    if request.method == "POST":
        if form.is_valid():
            try:
                letter = letter_create(
                    campaign=campaign,
                    actor=request.user,  # type: ignore[arg-type]  # signed in
                    template=form.cleaned_data["template"],
                    title=form.cleaned_data["title"],
                    **form.addressees(),
                )
            except DomainError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error))
            else:
                return redirect("letters:workspace", campaign.slug, letter.number)
        status = 400
    return render(request, "letters/create.html", {"form": form, "templates": templates_of(campaign)}, status=status)


def _initial(request: HttpRequest) -> dict[str, Any]:
    """?template=3&member=KE from a link elsewhere."""
    asked = {"template": number_asked(request, "template"), "members": request.GET.get("member", "")[:100]}
    return {name: value for name, value in asked.items() if value}


@staff_page(Permission.READ)
def workspace(request: HttpRequest, letter_number: int) -> HttpResponse:
    text = text_or_404(request, letter_number, request.GET.get("language", ""))
    return _workspace(request, text)


def _workspace(request: HttpRequest, text: LetterText, *, error: str = "", status: int = 200) -> HttpResponse:
    letter = letter_or_404(request, text.letter.number)
    place = place_of(request)
    writes = place.may(Permission.DRAFT) and not letter.closed_at and may_draft(request.user, letter)  # type: ignore[arg-type]
    approves = place.may(Permission.REVIEW) and not own_work_of(text, request.user)
    data = editor_data(text, names=place.may(Permission.SEE_CONTACTS))
    data |= {"urls": _api_urls(text), "can_edit": writes, "can_approve": approves}
    context = {
        "letter": letter,
        "text": text,
        "texts": list(letter.texts.all()),
        "state": state_of(letter),
        "editor_data": data,
        "problems": data["problems"],
        "preview_html": _preview_html(request, text),
        "versions": list(letter.versions.all()),
        "approvals": text.approvals.select_related("reviewer").order_by("-at"),
        "can_edit": writes,
        "can_approve": approves,
        "can_ask_review": writes and not text.approved,  # type: ignore[attr-defined]  # annotated
        "can_freeze": place.may(Permission.REVIEW) and not letter.closed_at,
        "error": error,
    }
    return render(request, "letters/workspace.html", context, status=status)


def _api_urls(text: LetterText) -> dict[str, str]:
    args = [text.letter.campaign.slug, text.letter.number, text.language]
    names = {"pdf": "preview_pdf", "plain": "preview_text"}
    return {
        key: reverse(f"letters:{names.get(key, key)}", args=args)
        for key in ("text", "preview", "evidence", "pdf", "plain", "ask_review", "review")
    }


@staff_page(Permission.DRAFT)
@require_POST
def ask_review(request: HttpRequest, letter_number: int, language: str) -> HttpResponse:
    text = text_or_404(request, letter_number, language)
    try:
        letter_text_ask_review(text=text, actor=request.user)  # type: ignore[arg-type]  # signed in
    except DomainError as error:
        return _workspace(request, text, error=str(error), status=400)
    return redirect("letters:workspace", campaign_of(request).slug, letter_number)


@staff_page(Permission.READ)
def preview_pdf(request: HttpRequest, letter_number: int, language: str) -> HttpResponse:
    text = text_or_404(request, letter_number, language)
    body, envelope = _shown(request, text)
    content = render_pdf(body, envelope, None, letterhead_of(text.letter.campaign), gaps=True)
    return pdf_response(content, f"letter-{letter_number}-draft.pdf")


@staff_page(Permission.READ)
def preview_text(request: HttpRequest, letter_number: int, language: str) -> HttpResponse:
    body, envelope = _shown(request, text_or_404(request, letter_number, language))
    return text_response(render_text(body, envelope, gaps=True), f"letter-{letter_number}-draft.txt")


def _preview_html(request: HttpRequest, text: LetterText) -> str:
    body, envelope = _shown(request, text)
    return render_html(body, envelope, gaps=True)


def _shown(request: HttpRequest, text: LetterText) -> tuple[dict[str, Any], dict[str, str]]:
    """The saved text as the asked addressee (and recipient) would get it: body and envelope."""
    campaign = text.letter.campaign
    member = member_asked(request, text.letter)
    recipient = recipient_shown(campaign, member, number_asked(request, "recipient")) if member else None
    names = place_of(request).may(Permission.SEE_CONTACTS)
    envelope = envelope_preview(campaign, member, recipient, language=text.language, names=names)
    shown = shown_to(
        campaign=campaign,
        body=text.body,
        subject=text.subject,
        language=text.language,
        member=member,
        facts=text_facts(text),
    )
    return shown.body, envelope
