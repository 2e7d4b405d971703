"""Whom a draft can be shown for: a government, or one of its recipients."""

from dataclasses import dataclass

from django.utils.translation import get_language

from apps.core.text import fold
from apps.governments.selectors import recipients_of, reference_day

from ..models import Letter
from ..selectors.letters import letter_addressees


@dataclass(frozen=True)
class PreviewChoice:
    """`recipient` is None for the government alone."""

    label: str
    code: str
    recipient: int | None = None


def preview_choices(letter: Letter, *, names: bool) -> list[PreviewChoice]:
    """Governments, each followed by its recipients. `names`: whether the reader may see the names of people."""
    day, language = reference_day(letter.campaign), get_language() or "en"
    addressees = letter_addressees(letter, day)
    by_member: dict[int, list[PreviewChoice]] = {}
    called = {member.pk: member.name_on(day, language) for member in addressees}
    for recipient in recipients_of(letter.campaign, addressees).prefetch_related(None).order_by("pk"):
        member = recipient.office.member
        who = [recipient.name if names else "", recipient.post, recipient.office.name]
        label = f"{called[member.pk]}: {', '.join(part for part in who if part)}"
        by_member.setdefault(member.pk, []).append(PreviewChoice(label, member.code, recipient.pk))
    return [
        choice
        for member in addressees
        for choice in (PreviewChoice(called[member.pk], member.code), *by_member.get(member.pk, ()))
    ]


def choices_matching(choices: list[PreviewChoice], words: str) -> list[PreviewChoice]:
    """The one with exactly this label or code, else those that have all the words."""
    wanted = fold(words).split()
    if not wanted:
        return []
    whole = " ".join(wanted)
    exact = [
        choice
        for choice in choices
        if " ".join(fold(choice.label).split()) == whole or (not choice.recipient and fold(choice.code) == whole)
    ]
    if exact:
        return exact[:1]
    return [choice for choice in choices if all(word in fold(choice.label) for word in wanted)]
