"""The states of letters and texts: who may write, what is approved."""

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from apps.accounts.models import User
from apps.campaigns.roles import Permission
from apps.campaigns.selectors import active_membership
from apps.core.types import JsonObject
from apps.talkingpoints.models import Fact
from apps.talkingpoints.selectors import facts_by_key

from ..document.traversal import facts_used
from ..models import Approval, Letter, LetterText, LetterVersion, TextRevision
from .adaptations import adapted_facts, adapters_since_approval
from .letters import drafter_limits, is_within, named_addressees

#: states of a letter and of its texts; a letter has no CHANGED
DRAFTING, CHANGED, IN_REVIEW, APPROVED, FROZEN = "drafting", "changed", "in_review", "approved", "frozen"


def original_text(letter: Letter) -> LetterText:
    """The text with which the letter began. The others are compared with it."""
    return letter.texts.select_related("letter__campaign").earliest("pk")


def texts_with_state() -> QuerySet[LetterText]:
    approvals = Approval.objects.filter(text=OuterRef("pk"))
    annotations = {
        "approved": Exists(
            approvals.filter(sha256=OuterRef("sha256"), adaptations_sha256=OuterRef("adaptations_sha256"))
        ),
        "ever_approved": Exists(approvals),
    }
    return LetterText.objects.annotate(**annotations).select_related("saved_by").order_by("language")


def letters_with_state(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """Letters with what `letter_state` needs: `texts`, without their bodies, and `versions` (newest first)."""
    newest = LetterVersion.objects.order_by("-number").defer("evidence")
    letters = letters.select_related("template", "made_by").defer("template__body")
    return letters.prefetch_related(
        Prefetch("texts", texts_with_state().defer("body")), Prefetch("versions", newest), "to_groups", "to_members"
    )


def text_stage(text: LetterText, newest: LetterVersion | None) -> str:
    """drafting, changed (since an approval), in_review, approved, or frozen (in the newest version, as it stands), of a
    text from `texts_with_state`."""
    if text.approved:
        frozen = newest and text.language in newest.subjects and text.changed_at <= newest.frozen_at
        return FROZEN if frozen else APPROVED
    if text.review_asked_at:
        return IN_REVIEW
    return CHANGED if text.ever_approved else DRAFTING


def letter_state(letter: Letter) -> str:
    """drafting, in_review, approved or frozen, of a letter from `letters_with_state`. Drafts that the newest version
    left out do not make a frozen letter a draft."""
    newest = next(iter(letter.versions.all()), None)
    stages = {text: text_stage(text, newest) for text in letter.texts.all()}
    waiting = [text for text, stage in stages.items() if stage != FROZEN]
    if newest and not any(text.language in newest.subjects or stages[text] == APPROVED for text in waiting):
        return FROZEN
    if waiting and all(stages[text] == APPROVED for text in waiting):
        return APPROVED
    return IN_REVIEW if IN_REVIEW in stages.values() else DRAFTING


def is_open(letter: Letter) -> bool:
    """Whether the letter may change: neither closed nor archived."""
    return letter.closed_at is None and letter.archived_at is None


def may_draft(user: User, letter: Letter) -> bool:
    """Whether all addressees are within the drafter's limits."""
    limits = drafter_limits(user, letter.campaign)
    return limits is None or is_within(limits, named_addressees([letter.pk])[letter.pk])


def may_edit(user: User, letter: Letter) -> bool:
    """Whether the person is on the team, drafts, and does so for all addressees."""
    membership = active_membership(user, letter.campaign.slug)
    return membership is not None and membership.may(Permission.DRAFT) and may_draft(user, letter)


def authors_since_approval(text: LetterText) -> set[int]:
    """Ids of those who wrote in the text or a passage for one government since it was last approved: none of them
    approves it."""
    approved = Approval.objects.filter(text=text).values("sha256")
    last = text.revisions.filter(sha256__in=approved).order_by("-revision").values("revision", "sequence").first()
    revision, sequence = (last["revision"], last["sequence"]) if last else (0, 0)
    saved = text.revisions.filter(revision__gt=revision).order_by().values_list("saved_by_id", flat=True)
    sent = text.updates.filter(sequence__gt=sequence).order_by().values_list("actor_id", flat=True).distinct()
    return {pk for pk in [*saved, *sent] if pk is not None} | adapters_since_approval(text)


def has_unapproved_edits_by(text: LetterText, user: User) -> bool:
    return user.pk in authors_since_approval(text)


def text_facts(text: LetterText, body: JsonObject | None = None) -> dict[str, Fact]:
    """{key: fact} of all facts that the text, or an unsaved `body`, and its adaptations cite, retired ones included."""
    cited = facts_used(text.body if body is None else body)
    return facts_by_key(text.letter.campaign, [*cited, *adapted_facts([text]).get(text.pk, ())])


def last_approved(text: LetterText) -> TextRevision | None:
    approved = Approval.objects.filter(text=text).values("sha256")
    return text.revisions.filter(sha256__in=approved).order_by("-revision").first()
