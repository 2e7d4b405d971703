"""What a page of letters is asked about: campaign, letter, text, member; each as far as its reader may see it."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from apps.campaigns.models import Campaign, TeamMember
from apps.governments.models import Member
from apps.governments.selectors import reference_day

from ..models import Letter, LetterText
from ..selectors import first_addressee, letter_addressees, letters_visible_to, letters_with_state, texts_with_state


def campaign_of(request: HttpRequest) -> Campaign:
    """The page's campaign, as the access decorator set it."""
    return request.campaign  # type: ignore[attr-defined,no-any-return]  # set by staff_page


def place_of(request: HttpRequest) -> TeamMember:
    """The person's place in it."""
    return request.team_member  # type: ignore[attr-defined,no-any-return]  # set by staff_page


def letter_or_404(request: HttpRequest, number: int) -> Letter:
    """One of the campaign's letters, with its texts and versions."""
    visible = letters_with_state(letters_visible_to(request.user, campaign_of(request)))  # type: ignore[arg-type]
    return get_object_or_404(visible.select_related("campaign"), number=number)


def text_or_404(request: HttpRequest, number: int, language: str = "") -> LetterText:
    """The letter's text in this language; without one, the first that was begun."""
    visible = letters_visible_to(request.user, campaign_of(request))  # type: ignore[arg-type]
    letter = get_object_or_404(visible, number=number)
    texts = texts_with_state().filter(letter=letter).select_related("letter__campaign", "saved_by", "review_asked_by")
    held = [text for text in texts.order_by("pk") if language in ("", text.language)]
    if not held:
        raise Http404
    return held[0]


def member_asked(request: HttpRequest, letter: Letter) -> Member | None:
    """The addressee that ?member= names, the first one without it. Raises Http404 for a stranger."""
    code = request.GET.get("member", "")
    if not code:
        return first_addressee(letter)
    found = letter_addressees(letter, reference_day(letter.campaign))
    member = next((member for member in found if member.code == code), None)
    if member is None:
        raise Http404
    return member


def number_asked(request: HttpRequest, name: str) -> int | None:
    """A number from the address, or None."""
    value = request.GET.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 19 else None
