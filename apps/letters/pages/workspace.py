"""The data of the editor: of its page, and of every save."""

from django.utils.translation import get_language

from apps.core.languages import direction
from apps.core.registries import merge_fields
from apps.core.text import name_sort_key
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import recipients_of, reference_day
from apps.sources.selectors import campaign_document
from apps.talkingpoints.models import Fact

from ..document.traversal import facts_used, word_count
from ..edition_content import full_footnotes
from ..merge_fields import labelled_values, present_counts
from ..models import Letter, LetterText
from ..selectors.drafts import text_facts
from ..selectors.letters import first_addressee, letter_addressees, recipient_or_first
from .audiences import audience_choices
from .cited_facts import cited_fact_entries
from .draft_problems import LOST_WORDS, text_problems


def text_state(text: LetterText) -> JsonObject:
    facts = text_facts(text)
    return {
        "revision": text.revision,
        "saved_at": text.saved_at.isoformat(),
        "saved_by": str(text.saved_by or ""),
        **draft_state(text, text.subject, text.body, facts, first_addressee(text.letter)),
    }


def draft_state(
    text: LetterText, subject: str, body: JsonObject, facts: dict[str, Fact], member: Member | None
) -> JsonObject:
    """Words, notes, problems and facts of a text that may be unsaved."""
    document = campaign_document(text.letter.campaign)
    return {
        "words": word_count(body),
        "notes": full_footnotes(facts_used(body), facts, text.language, document),
        "problems": [problem.as_dict() for problem in text_problems(text, body, subject, facts, member)],
        "facts": cited_fact_entries(text, facts, document),
    }


def addressee_choices(letter: Letter) -> list[JsonObject]:
    """[{code, name, recipients: [{id, label}]}]; labels have no names of people."""
    day, language = reference_day(letter.campaign), get_language() or "en"
    addressees = letter_addressees(letter, day)
    recipients: dict[int, list[JsonObject]] = {}
    for recipient in recipients_of(letter.campaign, addressees).prefetch_related(None):
        entry = {"id": recipient.pk, "label": f"{recipient.post}, {recipient.office.name}"}
        recipients.setdefault(recipient.office.member_id, []).append(entry)
    choices = [
        {"code": member.code, "name": member.name_on(day, language), "recipients": recipients.get(member.pk, [])}
        for member in addressees
    ]
    return sorted(choices, key=lambda choice: name_sort_key(choice["name"], language))


def editor_data(text: LetterText, *, names: bool) -> JsonObject:
    """Without URLs and permissions. `names`: whether the reader may see contact data."""
    letter = text.letter
    members = addressee_choices(letter)
    member = first_addressee(letter)
    day = reference_day(letter.campaign)
    recipient = recipient_or_first(letter.campaign, member) if member else None
    context = {"campaign": letter.campaign, "member": member, "day": day, "language": text.language}
    values = labelled_values({**context, "recipient": recipient, "names": names, "counts": present_counts(letter)})
    return {
        "language": text.language,
        "dir": direction(text.language),
        "subject": text.subject,
        "body": text.body,
        "merge_fields": [
            {"key": key, "label": label, "envelope": merge_fields[key].envelope, "value": value}
            for key, (label, value) in values.items()
        ],
        "members": members,
        "member": member.code if member else None,
        "recipient": recipient.pk if recipient else None,
        "audiences": audience_choices(letter.campaign),
        "lost_words": {what: str(words) for what, words in LOST_WORDS.items()},
        **text_state(text),
    }
