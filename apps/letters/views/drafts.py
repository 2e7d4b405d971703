"""Letters, a new letter, the workspace, previews of drafts."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.core.downloads import inline_response
from apps.core.forms import submit
from apps.core.types import JsonObject

from ..forms import LetterForm
from ..models import LetterText
from ..pages.draft_preview import preview_edition
from ..pages.draft_problems import LOST_WORDS
from ..pages.letter_list import FILTERS, letter_rows
from ..pages.live import live_data, live_path
from ..pages.original_pane import original_pane
from ..pages.workspace import editor_data
from ..rendering import campaign_letterhead, render_html, render_pdf, render_text
from ..selectors.drafts import has_unapproved_edits_by, is_open, letter_state, may_draft, text_facts
from ..selectors.letters import campaign_templates
from ..selectors.reviews import standing_refusal
from ..services.drafts import letter_create
from .lookups import addressee_param, envelope_for, letter_or_404, number_param, text_or_404


@staff_page(Permission.READ)
def index(request: StaffRequest) -> HttpResponse:
    """?show= is a state, or "archived"."""
    rows = letter_rows(request.user, request.campaign)
    shown = request.GET.get("show", "")
    context = {
        "any": bool(rows),
        "rows": [row for row in rows if row.is_in(shown)],
        "shown": shown,
        "filters": [(key, label, sum(row.is_in(key) for row in rows)) for key, label in FILTERS.items()],
        "templates": campaign_templates(request.campaign).filter(archived=False),
    }
    return render(request, "letters/index.html", context)


@staff_page(Permission.DRAFT)
def create(request: StaffRequest) -> HttpResponse:
    campaign = request.campaign
    form = LetterForm(
        request.POST if request.method == "POST" else None,
        campaign=campaign,
        user=request.user,
        initial=_initial(request),
    )
    letter, status = submit(form, lambda: letter_create(campaign=campaign, actor=request.user, **form.values()))
    if letter:
        return redirect("letters:workspace", campaign.slug, letter.number)
    context = {"form": form, "lost_words": {what: str(words) for what, words in LOST_WORDS.items()}}
    return render(request, "letters/create.html", context, status=status)


def _initial(request: StaffRequest) -> JsonObject:
    initial = {"template": number_param(request, "template"), "members": request.GET.get("member", "")[:100]}
    return {name: value for name, value in initial.items() if value}


@staff_page(Permission.READ)
def workspace(request: StaffRequest, letter_number: int) -> HttpResponse:
    text = text_or_404(request, letter_number, request.GET.get("language", ""))
    letter = letter_or_404(request, text.letter.number)
    membership = request.team_member
    drafts = membership.may(Permission.DRAFT)
    within_limits = not drafts or may_draft(request.user, letter)
    writes = drafts and within_limits and is_open(letter)
    approves = membership.may(Permission.REVIEW) and not has_unapproved_edits_by(text, request.user)
    data = editor_data(text, names=membership.may(Permission.SEE_CONTACTS))
    may_comment = membership.may(Permission.COMMENT) and is_open(letter)
    data |= {"urls": _api_urls(text), "can_edit": writes, "can_comment": may_comment, **live_data(text, request.user)}
    pane = original_pane(text) if request.GET.get("beside") else None
    shown, envelope = shown_edition(request, text)
    data["notes"] += shown["notes"]  # as they are printed
    context = {
        "letter": letter,
        "text": text,
        "texts": sorted(letter.texts.all(), key=lambda one: one.pk),
        "state": letter_state(letter),
        "editor_data": data,
        "preview_html": render_html(shown, envelope, gaps=True),
        "versions": list(letter.versions.all()),
        "refusal": standing_refusal(text),
        "approvals": text.approvals.select_related("reviewer").order_by("-at"),
        "can_edit": writes,
        "beyond_limits": not within_limits,
        "can_approve": approves,
        "can_ask_review": writes and not text.approved,
        "can_freeze": membership.may(Permission.REVIEW) and is_open(letter),
        "original_pane": pane,
    }
    return render(request, "letters/workspace.html", context)


def _api_urls(text: LetterText) -> dict[str, str]:
    args = [text.letter.campaign.slug, text.letter.number, text.language]
    names = {"pdf": "preview_pdf", "plain": "preview_text", "docx": "preview_docx"}
    urls = {
        key: reverse(f"letters:{names.get(key, key)}", args=args)
        for key in (
            "text",
            "updates",
            "comments",
            "preview",
            "evidence",
            "pdf",
            "plain",
            "docx",
            "word_text",
            "citation_update",
            "ask_review",
            "review",
        )
    }
    return {**urls, "live": live_path(text)}


@staff_page(Permission.READ)
def preview_pdf(request: StaffRequest, letter_number: int, language: str) -> HttpResponse:
    text = text_or_404(request, letter_number, language)
    body, envelope = shown_edition(request, text)
    content = render_pdf(body, envelope, None, campaign_letterhead(text.letter.campaign), gaps=True)
    return inline_response(f"letter-{letter_number}-draft.pdf", content, "application/pdf")


@staff_page(Permission.READ)
def preview_text(request: StaffRequest, letter_number: int, language: str) -> HttpResponse:
    body, envelope = shown_edition(request, text_or_404(request, letter_number, language))
    content = render_text(body, envelope, gaps=True)
    return inline_response(f"letter-{letter_number}-draft.txt", content.encode(), "text/plain; charset=utf-8")


def shown_edition(request: StaffRequest, text: LetterText) -> tuple[JsonObject, dict[str, str]]:
    """Body and envelope of the saved text for the addressee and recipient in the query string."""
    member = addressee_param(request, text.letter)
    shown = preview_edition(text, member, body=text.body, subject=text.subject, facts=text_facts(text))
    return shown, envelope_for(request, member, text.language, text.letter)
