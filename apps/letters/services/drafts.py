"""Start a letter, save its text."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.languages import LANGUAGES, primary_language
from apps.core.text import joined
from apps.core.times import reader_time
from apps.core.types import JsonObject
from apps.governments.models import Group, Member
from apps.talkingpoints.models import Fact

from ..document.cleaning import clean_document, clean_subject
from ..document.schema import validate_document, validate_subject
from ..document.traversal import document_hash, facts_used, with_block_ids
from ..document.yjs.edits import replace_text
from ..models import Letter, LetterTemplate, LetterText
from ..selectors.drafts import may_draft
from ..selectors.letters import drafter_limits
from ..transports.live_messages import updates_tell
from .text_bodies import fact_uses_keep, revision_keep, text_body_refresh
from .text_sequences import document_begun, update_append


class StaleText(Conflict):
    """The text has been saved elsewhere. The attributes are those of the present revision."""

    def __init__(self, *, revision: int, saved_by: str, saved_at: datetime) -> None:
        who = saved_by or _("Somebody")
        super().__init__(
            _("%(who)s saved this text on %(time)s, after you opened it. Copy what you wrote, then load that text.")
            % {"who": who, "time": reader_time(saved_at)}
        )
        self.revision = revision
        self.saved_by = saved_by
        self.saved_at = saved_at


class TextRemoved(Conflict):
    default_message = gettext_lazy("This text was removed from the letter. Add its language again to continue it.")


class UnresolvedMarks(DomainError):
    """`count` marks say that something of a pasted text could not be kept, or that words are to be translated, and
    nobody has looked."""

    def __init__(self, count: int) -> None:
        message = ngettext(
            "%(n)s mark in the text says what is left out or not translated. Look at it, then remove the mark.",
            "%(n)s marks in the text say what is left out or not translated. Look at each, then remove the marks.",
            count,
        )
        super().__init__(message % {"n": count})
        self.count = count


class LetterClosed(Conflict):
    default_message = gettext_lazy("This letter is closed. Begin a new one.")


class LetterArchived(Conflict):
    default_message = gettext_lazy("This letter is archived. Bring it back, then go on.")


@dataclass(frozen=True)
class FirstText:
    """What a letter begins with that begins from no template."""

    language: str
    subject: str
    body: Any


@transaction.atomic
def letter_create(
    *,
    campaign: Campaign,
    actor: User,
    title: str,
    template: LetterTemplate | None = None,
    first: FirstText | None = None,
    to_all: bool = False,
    groups: Iterable[Group] = (),
    members: Iterable[Member] = (),
) -> Letter:
    """A new letter with the template's text, or with the `first` one. Raises DomainError, beyond_limit,
    DocumentInvalid."""
    groups, members = list(groups), list(members)
    begun = first or _template_text(campaign, template)
    if primary_language(begun.language) not in LANGUAGES:
        raise DomainError(gettext_lazy("Letters cannot be written in this language."), field="language")
    if not (to_all or groups or members):
        raise DomainError(gettext_lazy("Choose whom the letter goes to: all, groups, or single governments."))
    check_limits(actor, campaign, to_all or bool(groups), members)
    letter = Letter.objects.create(
        campaign=campaign,
        number=next_number(campaign),
        title=title.strip(),
        template=None if first else template,
        template_text=None if first else asdict(begun),
        to_all=to_all,
        made_by=actor,
    )
    if not to_all:
        letter.to_groups.set(groups)
        letter.to_members.set(members)
    text_begin(LetterText(letter=letter, language=begun.language), begun.subject, begun.body, actor)
    audit_record(
        verb="letter.create",
        subject=letter,
        actor=actor,
        number=letter.number,
        template=letter.template.key if letter.template else "",
        to_all=to_all,
        groups=[group.slug for group in groups],
        members=[member.code for member in members],
    )
    return letter


def _template_text(campaign: Campaign, template: LetterTemplate | None) -> FirstText:
    if template is None or template.campaign_id != campaign.pk:
        raise DomainError(gettext_lazy("This template belongs to another campaign."), field="template")
    if template.archived:
        raise DomainError(gettext_lazy("This template is archived. Choose another one."), field="template")
    return FirstText(template.language, template.subject, template.body)


def next_number(campaign: Campaign) -> int:
    """The number of the next letter, without gaps or doubles: the campaign is locked until it is stored."""
    Campaign.objects.locked(campaign.pk)
    return (Letter.objects.filter(campaign=campaign).aggregate(last=Max("number"))["last"] or 0) + 1


def check_limits(actor: User, campaign: Campaign, many: bool, members: list[Member]) -> None:
    """`many`: the letter goes to all or to groups. Raises NotAllowed beyond the drafter's governments."""
    limits = drafter_limits(actor, campaign)
    if limits is None or (not many and all(member.pk in limits for member in members)):
        return
    names = joined(Member.objects.filter(pk__in=limits).values_list("name", flat=True))
    raise NotAllowed(_("You draft letters to these governments only: %(names)s.") % {"names": names}, field="members")


def check_may_draft(actor: User, letter: Letter) -> None:
    if not may_draft(actor, letter):
        raise NotAllowed(gettext_lazy("This letter goes to governments that you do not draft for."))


def check_open(letter: Letter) -> None:
    """Raises LetterClosed, LetterArchived."""
    if letter.closed_at:
        raise LetterClosed
    if letter.archived_at:
        raise LetterArchived


def text_begin(text: LetterText, subject: Any, body: Any, actor: User) -> LetterText:
    """Store the first revision of a text, or the first after it was removed. Raises DocumentInvalid."""
    text.subject, text.body = _checked(text.letter.campaign, subject, body)
    text.sha256 = document_hash(text.subject, text.body)
    text.revision = text.revision + 1 if text.pk else 1
    text.saved_by, text.saved_at = actor, timezone.now()
    text.body_sequence, text.first_sequence = text.sequence, text.sequence + 1
    text.save()
    revision_keep(text)
    fact_uses_keep(text)
    return text


def text_locked(text: LetterText) -> LetterText:
    """The row, up to date and locked until the transaction ends. Raises TextRemoved, letter_closed."""
    return text_body_refresh(text_row_locked(text))


def text_row_locked(text: LetterText) -> LetterText:
    """As `text_locked`, with subject and body that may be some seconds old."""
    rows = LetterText.with_removed.select_for_update(of=("self",)).select_related("letter__campaign", "saved_by")
    row = rows.get(pk=text.pk)
    if row.removed_at:
        raise TextRemoved
    check_open(row.letter)
    return row


def _checked(campaign: Campaign, subject: Any, body: Any) -> tuple[str, JsonObject]:
    """As stored: cleaned, valid, every block with an id. Raises DocumentInvalid."""
    subject = clean_subject(subject)
    validate_subject(subject)
    cleaned = clean_document(body)
    validate_document(cleaned)
    cited = facts_used(cleaned)
    if cited:
        known = set(Fact.objects.filter(campaign=campaign, key__in=cited).values_list("key", flat=True))
        validate_document(cleaned, fact_keys=known)
    return subject, with_block_ids(cleaned)


@transaction.atomic
def letter_text_save(*, text: LetterText, actor: User, revision: int, subject: str, body: Any) -> LetterText:
    """Save on top of `revision`, as the next one; an unchanged text makes no revision. Returns the saved text. Who has
    it open sees what changed, with their own changes in place. What one person saves within MERGED_WITHIN is on record
    once, and kept as it was at the beginning and the end. Raises StaleText if another save came first, DocumentInvalid,
    TextRemoved, letter_closed, beyond_limit."""
    subject, stored = _checked(text.letter.campaign, subject, body)
    sha256 = document_hash(subject, stored)
    locked = text_locked(text)
    check_may_draft(actor, locked.letter)
    if sha256 == locked.sha256:
        return locked
    if revision != locked.revision:
        raise StaleText(revision=locked.revision, saved_by=str(locked.saved_by or ""), saved_at=locked.saved_at)
    return text_edit(locked, subject, stored, actor)


def text_edit(row: LetterText, subject: str, body: JsonObject, actor: User) -> LetterText:
    """Change a text that is locked and up to date, as somebody who writes in it."""
    doc = document_begun(row)
    before = doc.get_state()
    replace_text(doc, subject, body)
    change = doc.get_update(before)
    number = update_append(row, doc, change, client=doc.client_id, actor_id=actor.pk)
    updates_tell(row.pk, change, first=number, last=number)
    text_body_refresh(row, doc, (subject, body))
    return row
