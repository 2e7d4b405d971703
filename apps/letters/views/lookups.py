"""Objects and parameters of URLs."""

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from rest_framework.request import Request

from apps.accounts.models import User
from apps.campaigns.access import StaffRequest
from apps.campaigns.models import Campaign, TeamMember
from apps.campaigns.roles import Permission
from apps.core.text import whole_number
from apps.governments.models import Member
from apps.governments.selectors import reference_day

from ..merge_fields import envelope_values, present_counts
from ..models import Letter, LetterText
from ..selectors.drafts import letters_with_state, texts_with_state
from ..selectors.letters import first_addressee, letter_addressees, letters_visible_to, recipient_or_first
from ..services.text_updates import text_refresh


class StaffApiRequest(Request):
    """A StaffRequest, wrapped by DRF."""

    user: User
    campaign: Campaign
    team_member: TeamMember


def letter_or_404(request: StaffRequest, number: int) -> Letter:
    visible = letters_with_state(letters_visible_to(request.user, request.campaign))
    return get_object_or_404(visible.select_related("campaign"), number=number)


def text_or_404(request: StaffRequest | StaffApiRequest, number: int, language: str = "") -> LetterText:
    """With the last word that somebody wrote in the editor. Raises Http404."""
    text = stored_text_or_404(request, number, language)
    if text.body_sequence == text.sequence:
        return text
    text_refresh(text=text)
    return stored_text_or_404(request, number, language)


def stored_text_or_404(request: StaffRequest | StaffApiRequest, number: int, language: str) -> LetterText:
    """For whoever does not read its words: the body may be seconds behind the editor. Raises Http404."""
    letter = get_object_or_404(letters_visible_to(request.user, request.campaign), number=number)
    texts = texts_with_state().filter(letter=letter).select_related("letter__campaign", "saved_by", "review_asked_by")
    # compared here, since a query string may hold what PostgreSQL refuses
    text = next((text for text in texts.order_by("pk") if language in ("", text.language)), None)
    if text is None:
        raise Http404
    return text


def addressee_or_404(letter: Letter, code: str | None) -> Member | None:
    """None without a code. Raises Http404 for a government that does not get the letter."""
    if not code:
        return None
    addressees = letter_addressees(letter, reference_day(letter.campaign))
    member = next((member for member in addressees if member.code == code), None)
    if member is None:
        raise Http404
    return member


def addressee_param(request: StaffRequest, letter: Letter) -> Member | None:
    """?member=, by default the first. Raises Http404."""
    return addressee_or_404(letter, request.GET.get("member")) or first_addressee(letter)


def envelope_for(
    request: StaffRequest, member: Member | None, language: str, letter: Letter | None = None
) -> dict[str, str]:
    """For ?recipient=, by default the member's first, with the numbers of those who have signed the letter by now."""
    recipient = recipient_or_first(request.campaign, member, number_param(request, "recipient")) if member else None
    names = request.team_member.may(Permission.SEE_CONTACTS)
    counts = present_counts(letter) if letter else None
    return envelope_values(request.campaign, member, recipient, counts, language=language, names=names)


def number_param(request: HttpRequest, name: str) -> int | None:
    return whole_number(request.GET.get(name, ""), 18)
