"""All country letters of a draft, and one of them as its government gets it."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.campaigns.access import StaffRequest, staff_page
from apps.campaigns.roles import Permission
from apps.governments.models import Member

from ..models import LetterText
from ..pages.country_letters import country_letter as country_letter_page
from ..pages.edition_table import ALL
from ..pages.editions import edition_table
from ..pages.preview_choices import PreviewChoice, choices_matching, preview_choices
from ..rendering import render_draft_html
from ..selectors.adaptations import may_adapt
from ..selectors.drafts import is_open, letter_state
from .lookups import addressee_or_404, envelope_for, letter_or_404, number_param, text_or_404

#: matches that are listed
MOST = 12
#: all of one language, however many governments there are
PER_PAGE = 200


@staff_page(Permission.READ)
@require_safe
def editions(request: StaffRequest, letter_number: int) -> HttpResponse:
    letter = letter_or_404(request, letter_number)
    table = edition_table(letter)
    show, language = request.GET.get("show", ALL), request.GET.get("language", "")
    words = request.GET.get("q", "")[:100].strip()
    rows = table.chosen(show, language if language in table.languages else "", words)
    context = {
        "letter": letter,
        "state": letter_state(letter),
        "table": table,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "show": show,
        "language": language,
        "words": words,
    }
    return render(request, "letters/editions.html", context)


@staff_page(Permission.READ)
@require_safe
def country_letter(request: StaffRequest, letter_number: int, language: str, code: str) -> HttpResponse:
    """?who= finds another government or recipient, ?recipient= is one of this government."""
    text = text_or_404(request, letter_number, language)
    member = addressee_or_404(text.letter, code)
    choices = preview_choices(text.letter, names=request.team_member.may(Permission.SEE_CONTACTS))
    who = request.GET.get("who", "")[:200].strip()
    found = choices_matching(choices, who) if who else []
    if len(found) == 1:
        return redirect(_url(text, found[0]))
    assert member
    return _country_letter(
        request,
        text,
        member,
        {"who": who, "found": [(choice.label, _url(text, choice)) for choice in found[:MOST]], "choices": choices},
    )


def _country_letter(
    request: StaffRequest, text: LetterText, member: Member, context: dict[str, object], status: int = 200
) -> HttpResponse:
    letter = letter_or_404(request, text.letter.number)
    shown = country_letter_page(text, member)
    choices: list[PreviewChoice] = context["choices"]  # type: ignore[assignment]
    chosen = number_param(request, "recipient")
    context |= {
        "letter": letter,
        "text": text,
        "texts": sorted(letter.texts.all(), key=lambda one: one.pk),
        "member": member,
        "shown": shown,
        "html": render_draft_html(shown.body, envelope_for(request, member, text.language, letter), shown.marks),
        "now": next(
            (one.label for one in choices if one.code == member.code and one.recipient in {chosen, None}), member.name
        ),
        "can_adapt": request.team_member.may(Permission.DRAFT)
        and is_open(letter)
        and may_adapt(request.user, letter, member),
        "whom": f"?{urlencode({'member': member.code} | ({'recipient': chosen} if chosen else {}))}",
    }
    return render(request, "letters/country_letter.html", context, status=status)


def _url(text: LetterText, choice: PreviewChoice) -> str:
    args = [text.letter.campaign.slug, text.letter.number, text.language, choice.code]
    query = f"?{urlencode({'recipient': choice.recipient})}" if choice.recipient else ""
    return reverse("letters:country_letter", args=args) + query
