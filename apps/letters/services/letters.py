"""Rename, duplicate and archive a letter, and change who gets it."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError
from apps.governments.models import Group, Member

from ..models import Letter, LetterText, TranslatedBlock
from .adaptations import adaptations_copy
from .drafts import LetterClosed, check_limits, check_may_draft, check_open, next_number, text_begin
from .text_bodies import text_body_refresh


class AddresseesFrozen(Conflict):
    default_message = _("A version is frozen, so who gets this letter stays. Duplicate it to write to others.")


class AddresseesChanged(Conflict):
    default_message = _("Somebody changed who gets this letter while you chose. Look at the list again.")


def letter_locked(letter: Letter, actor: User) -> Letter:
    """Locked as for freezing, so that a version never misses or has half of what changes. Raises LetterClosed,
    LetterArchived, beyond_limit."""
    row = _row(letter)
    check_open(row)
    check_may_draft(actor, row)
    return row


def _row(letter: Letter) -> Letter:
    return Letter.objects.select_for_update(of=("self",)).select_related("campaign", "template").get(pk=letter.pk)


@transaction.atomic
def letter_rename(*, letter: Letter, actor: User, title: str) -> Letter:
    """Give it another working title. Raises DomainError for none, LetterClosed, LetterArchived, beyond_limit."""
    row = letter_locked(letter, actor)
    row.title = _titled(title)
    row.save(update_fields=["title", "updated_at"])
    audit_record(verb="letter.rename", subject=row, actor=actor, number=row.number)
    return row


def _titled(title: str) -> str:
    if not title.strip():
        raise DomainError(_("Give the letter a title."), field="title")
    return title.strip()


@transaction.atomic
def letter_duplicate(*, letter: Letter, actor: User, title: str) -> Letter:
    """A new letter with the same texts, passages of single governments, template and addressees, as written by
    `actor`; also of a letter that is closed or archived. Raises DomainError, NotAllowed."""
    row = _row(letter)
    members = list(row.to_members.all())
    groups = list(row.to_groups.all())
    check_limits(actor, row.campaign, row.to_all or bool(groups), members)
    copy = Letter.objects.create(
        campaign=row.campaign, number=next_number(row.campaign), title=_titled(title), template=row.template,
        template_text=row.template_text, to_all=row.to_all, made_by=actor,
    )  # fmt: skip
    copy.to_groups.set(groups)
    copy.to_members.set(members)
    texts = row.texts.select_for_update(of=("self",)).select_related("letter__campaign").order_by("pk")
    for text in map(text_body_refresh, texts):
        begun = text_begin(LetterText(letter=copy, language=text.language), text.subject, text.body, actor)
        _copy_translated(text, begun)
        adaptations_copy(text, begun, actor)
    audit_record(verb="letter.duplicate", subject=copy, actor=actor, number=copy.number, letter=row.number)
    return copy


def _copy_translated(text: LetterText, copy: LetterText) -> None:
    names = ("original_block", "own_block", "words", "said_by_id", "said_at")
    TranslatedBlock.objects.bulk_create(
        TranslatedBlock(text=copy, **values) for values in text.translated_blocks.values(*names)
    )


@transaction.atomic
def letter_archive(*, letter: Letter, actor: User) -> Letter:
    """Put it aside: nobody writes in it, and lists leave it out. What is frozen of it, signed and sent, stays. Twice is
    as once. Raises LetterClosed, beyond_limit."""
    return _archived(letter, actor, archived=True)


@transaction.atomic
def letter_bring_back(*, letter: Letter, actor: User) -> Letter:
    """Undo `letter_archive`. Raises LetterClosed, beyond_limit."""
    return _archived(letter, actor, archived=False)


def _archived(letter: Letter, actor: User, *, archived: bool) -> Letter:
    row = _row(letter)
    if row.closed_at:
        raise LetterClosed
    check_may_draft(actor, row)
    if bool(row.archived_at) != archived:
        row.archived_at = timezone.now() if archived else None
        row.save(update_fields=["archived_at", "updated_at"])
        verb = "letter.archive" if archived else "letter.bring_back"
        audit_record(verb=verb, subject=row, actor=actor, number=row.number)
    return row


@transaction.atomic
def letter_addressees_change(
    *,
    letter: Letter,
    actor: User,
    to_all: bool,
    groups: Iterable[Group] = (),
    members: Iterable[Member] = (),
    seen: str | None = None,
) -> Letter:
    """Write to others from now on. `seen`: the `addressees_key` that the person saw. Raises AddresseesFrozen,
    AddresseesChanged, DomainError, LetterClosed, LetterArchived, beyond_limit."""
    row = letter_locked(letter, actor)
    groups, members = list(groups), list(members)
    if row.versions.exists():
        raise AddresseesFrozen
    if seen is not None and seen != addressees_key(row):
        raise AddresseesChanged
    if not (to_all or groups or members):
        raise DomainError(_("Choose whom the letter goes to: all, groups, or single governments."))
    check_limits(actor, row.campaign, to_all or bool(groups), members)
    row.to_all = to_all
    row.save(update_fields=["to_all", "updated_at"])
    row.to_groups.set([] if to_all else groups)
    row.to_members.set([] if to_all else members)
    audit_record(
        verb="letter.change_addressees", subject=row, actor=actor, number=row.number, to_all=to_all,
        groups=[group.slug for group in groups], members=[member.code for member in members],
    )  # fmt: skip
    return row


def addressees_key(letter: Letter) -> str:
    """The same as long as nobody changes who gets the letter."""
    groups = ",".join(sorted(letter.to_groups.values_list("slug", flat=True)))
    members = ",".join(sorted(letter.to_members.values_list("code", flat=True)))
    return f"{'all' if letter.to_all else ''};{groups};{members}"
