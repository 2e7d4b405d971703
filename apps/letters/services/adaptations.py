"""Passages for single governments: write, compare, move, remove and bring back."""

from typing import Any

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.core.audit import audit_record
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.times import reader_time
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.governments.selectors import reference_day
from apps.talkingpoints.selectors import facts_by_key

from ..document.adaptation import AFTER, LEAVE_OUT, NOTHING, REPLACEABLE, passage_document
from ..document.schema import validate_document
from ..document.traversal import block_hash, block_with_id, facts_used
from ..models import Adaptation, AdaptationRevision, LetterText
from ..selectors.adaptations import may_adapt, present_adaptations_hash, standing_adaptation
from ..selectors.letters import letter_addressees
from .drafts import text_locked
from .text_bodies import fact_uses_keep


class StaleAdaptation(Conflict):
    """Somebody else saved the passage. `revision` is the present one."""

    def __init__(self, adaptation: Adaptation) -> None:
        who = str(adaptation.saved_by or _("Somebody"))
        super().__init__(
            _("%(who)s saved this passage on %(time)s, after you opened it. Copy what you wrote, then reload the page.")
            % {"who": who, "time": reader_time(adaptation.saved_at)}
        )
        self.revision = adaptation.revision


class BaseChanged(Conflict):
    """The block of the text changed since the page showed it. `base_sha256` is the present one's."""

    default_message = gettext_lazy(
        "The text that everybody gets was changed here while you wrote. Yours is still in the window: "
        "save again to keep it, or read the new text first."
    )

    def __init__(self, base_sha256: str) -> None:
        super().__init__()
        self.base_sha256 = base_sha256


class BlockGone(Conflict):
    default_message = gettext_lazy(
        "This passage was removed from the text that everybody gets. Choose another one; copy what you wrote first."
    )


@transaction.atomic
def adaptation_save(
    *,
    text: LetterText,
    member: Member,
    actor: User,
    kind: str,
    block: str,
    content: Any = None,
    revision: int = 0,
    base_sha256: str = "",
) -> Adaptation:
    """The government's passage at that block of the text, a new one or on top of `revision`. `base_sha256`: the hash
    of the block that the person saw, "" for the present one. Raises StaleAdaptation, BaseChanged, BlockGone,
    DocumentInvalid, TextRemoved, letter_closed, NotAllowed."""
    row = _locked_text(text, member, actor)
    there = standing_adaptation(row, member, block, kind)
    if there and revision != there.revision:
        raise StaleAdaptation(there)
    if revision and not there:
        raise StaleAdaptation(_gone(row, member, block, revision))
    base = _base(row, there, block, kind)
    if base_sha256 and base_sha256 != block_hash(base):
        raise BaseChanged(block_hash(base))
    stored = _content(row, member, kind, block, content)
    unchanged = there and (there.kind, there.content) == (kind, stored)
    found = there or Adaptation(text=row, member=member, block=block, revision=0)
    found.kind, found.content, found.base, found.base_sha256 = kind, stored, base, block_hash(base)
    if unchanged:
        found.save(update_fields=["base", "base_sha256", "updated_at"])
        return found
    _keep(found, row, actor)
    _audit("adaptation.save", found, row, actor)
    return found


@transaction.atomic
def adaptation_keep(*, adaptation: Adaptation, actor: User, base_sha256: str) -> Adaptation:
    """The passage stays as it is beside the changed block, whose hash the person saw. Raises BaseChanged, BlockGone."""
    found, row = _locked(adaptation, actor)
    block = block_with_id(row.body, found.block)
    if block is None:
        raise BlockGone
    if block_hash(block) != base_sha256:
        raise BaseChanged(block_hash(block))
    found.base, found.base_sha256 = block, base_sha256
    found.save(update_fields=["base", "base_sha256", "updated_at"])
    _audit("adaptation.keep", found, row, actor)
    return found


@transaction.atomic
def adaptation_move(*, adaptation: Adaptation, actor: User, block: str) -> Adaptation:
    """The passage stands after this block of the text. Raises BlockGone, and Conflict where there is one already."""
    found, row = _locked(adaptation, actor)
    base = block_with_id(row.body, block)
    if base is None:
        raise BlockGone
    if found.kind == LEAVE_OUT:
        raise DomainError(_("There is nothing to move: it leaves a passage out. Remove it."))
    _check_free(row, found, block, AFTER)
    found.kind, found.block, found.base, found.base_sha256 = AFTER, block, base, block_hash(base)
    _keep(found, row, actor)
    _audit("adaptation.move", found, row, actor)
    return found


@transaction.atomic
def adaptation_remove(*, adaptation: Adaptation, actor: User) -> Adaptation:
    """The government gets what everybody gets. The passage is kept and can be brought back."""
    found, row = _locked(adaptation, actor)
    if found.removed_at:
        return found
    found.removed_at = timezone.now()
    _keep(found, row, actor)
    _audit("adaptation.remove", found, row, actor)
    return found


@transaction.atomic
def adaptation_restore(*, adaptation: Adaptation, actor: User) -> Adaptation:
    """Raises Conflict where another passage stands in its place by now."""
    found, row = _locked(adaptation, actor)
    if not found.removed_at:
        return found
    _check_free(row, found, found.block, found.kind)
    found.removed_at = None
    _keep(found, row, actor)
    _audit("adaptation.restore", found, row, actor)
    return found


def _locked_text(text: LetterText, member: Member, actor: User) -> LetterText:
    row = text_locked(text)
    if not may_adapt(actor, row.letter, member):
        raise NotAllowed(_("You do not draft for this government."))
    if member not in letter_addressees(row.letter, reference_day(row.letter.campaign)):
        raise DomainError(_("This government does not get the letter."))
    return row


def _locked(adaptation: Adaptation, actor: User) -> tuple[Adaptation, LetterText]:
    row = text_locked(adaptation.text)
    if not may_adapt(actor, row.letter, adaptation.member):
        raise NotAllowed(_("You do not draft for this government."))
    found = Adaptation.objects.select_for_update(of=("self",)).select_related("member").get(pk=adaptation.pk)
    return found, row


def _gone(text: LetterText, member: Member, block: str, revision: int) -> Adaptation:
    """The passage that stood there in this revision, and was removed or moved. Raises BlockGone where none did."""
    rows = Adaptation.objects.filter(text=text, member=member, revisions__block=block, revisions__revision=revision)
    rows = rows.filter(Q(removed_at__isnull=False) | ~Q(block=block))
    found = rows.select_related("saved_by").order_by("-saved_at").first()
    if found is None:
        raise BlockGone
    return found


def _check_free(text: LetterText, adaptation: Adaptation, block: str, kind: str) -> None:
    there = standing_adaptation(text, adaptation.member, block, kind)
    if there and there.pk != adaptation.pk:
        raise Conflict(_("Another passage for this government stands there. Move or remove that one first."))


def _base(text: LetterText, there: Adaptation | None, block: str, kind: str) -> JsonObject:
    """The block as it is; as it was for a passage whose block is gone."""
    base = block_with_id(text.body, block)
    if base is None and there:
        return dict(there.base)
    if base is None or base["type"] in {"audience", "point"}:
        raise BlockGone
    if kind != AFTER and base["type"] not in REPLACEABLE:
        raise DomainError(_("The line of signatures stays in every letter. Add a passage after it instead."))
    return base


def _content(text: LetterText, member: Member, kind: str, block: str, content: Any) -> JsonObject:
    if kind not in Adaptation.Kind.values:
        raise DomainError(_("A passage replaces one of the text, follows it, or leaves it out."), field="kind")
    stored = passage_document(kind, content, f"{block} {kind} {member.code}")
    if cited := facts_used(stored):
        validate_document(stored, fact_keys=facts_by_key(text.letter.campaign, cited))
    return stored or NOTHING


def adaptations_copy(text: LetterText, copy: LetterText, actor: User) -> None:
    """The passages of single governments into the copy of a text, whose blocks have the same ids."""
    for one in text.adaptations.filter(removed_at=None):
        values = {name: getattr(one, name) for name in ("member_id", "kind", "block", "content", "base", "base_sha256")}
        _keep(Adaptation(text=copy, revision=0, **values), copy, actor)


def _keep(found: Adaptation, text: LetterText, actor: User) -> None:
    """As the next revision; the text's approval falls."""
    found.revision = _next_revision(text, found.member_id)
    found.saved_by, found.saved_at = actor, timezone.now()
    found.save()
    AdaptationRevision.objects.create(
        adaptation=found, revision=found.revision, kind=found.kind, block=found.block, content=found.content,
        removed=found.removed_at is not None, saved_by_id=actor.pk, saved_at=found.saved_at,
    )  # fmt: skip
    text.adaptations_sha256, text.adapted_at = present_adaptations_hash(text), found.saved_at
    text.save(update_fields=["adaptations_sha256", "adapted_at", "updated_at"])
    fact_uses_keep(text)


def _next_revision(text: LetterText, member_id: int) -> int:
    """Of all the passages that the government has or had in the text, which is locked: one that is written anew where
    another stood never has the number on which somebody still writes."""
    rows = AdaptationRevision.objects.filter(adaptation__text=text, adaptation__member=member_id)
    return (rows.aggregate(last=Max("revision"))["last"] or 0) + 1


def _audit(verb: str, adaptation: Adaptation, text: LetterText, actor: User) -> None:
    audit_record(
        verb=verb, subject=adaptation, actor=actor, campaign_id=text.letter.campaign_id, letter=text.letter.number,
        language=text.language, member=adaptation.member.code, kind=adaptation.kind, revision=adaptation.revision,
        sha256=text.fingerprint,
    )  # fmt: skip
