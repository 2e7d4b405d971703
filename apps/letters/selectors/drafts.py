"""The states of letters and texts: who may write, what is approved."""

from django.db.models import Exists, Max, OuterRef, Prefetch, QuerySet

from apps.accounts.models import User
from apps.core.types import JsonObject
from apps.talkingpoints.models import Fact
from apps.talkingpoints.selectors import facts_by_key

from ..document.traversal import facts_used
from ..models import Approval, Letter, LetterText, LetterVersion, TextRevision
from .letters import drafter_limits

#: states of a letter, in order
DRAFTING, IN_REVIEW, APPROVED, FROZEN = "drafting", "in_review", "approved", "frozen"


def texts_with_state() -> QuerySet[LetterText]:
    same = Approval.objects.filter(text=OuterRef("pk"), sha256=OuterRef("sha256"))
    annotations = {"approved": Exists(same)}
    return LetterText.objects.annotate(**annotations).select_related("saved_by").order_by("language")


def letters_with_state(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """Letters with what `letter_state` needs: `texts`, without their bodies, and `versions` (newest first)."""
    newest = LetterVersion.objects.order_by("-number").defer("evidence")
    letters = letters.select_related("template", "made_by").defer("template__body")
    return letters.prefetch_related(
        Prefetch("texts", texts_with_state().defer("body")), Prefetch("versions", newest), "to_groups", "to_members"
    )


def letter_state(letter: Letter) -> str:
    """drafting, in_review, approved or frozen, of a letter from `letters_with_state`."""
    texts, versions = list(letter.texts.all()), list(letter.versions.all())
    if versions and all(text.saved_at <= versions[0].frozen_at for text in texts):
        return FROZEN
    if texts and all(text.approved for text in texts):
        return APPROVED
    if any(text.review_asked_at for text in texts):
        return IN_REVIEW
    return DRAFTING


def may_draft(user: User, letter: Letter) -> bool:
    """Whether all addressees are within the drafter's limits."""
    limits = drafter_limits(user, letter.campaign)
    if limits is None:
        return True
    if letter.to_all or letter.to_groups.exists():
        return False
    return set(letter.to_members.values_list("pk", flat=True)) <= limits


def has_unapproved_edits_by(text: LetterText, user: User) -> bool:
    """Whether this person saved the text since it was last approved."""
    approved = Approval.objects.filter(text=text).values("sha256")
    last = text.revisions.filter(sha256__in=approved).aggregate(last=Max("revision"))["last"] or 0
    return text.revisions.filter(revision__gt=last, saved_by_id=user.pk).exists()


def text_facts(text: LetterText, body: JsonObject | None = None) -> dict[str, Fact]:
    """{key: fact} of all facts that the text, or an unsaved `body`, cites, retired ones included."""
    return facts_by_key(text.letter.campaign, facts_used(text.body if body is None else body))


def last_approved(text: LetterText) -> TextRevision | None:
    approved = Approval.objects.filter(text=text).values("sha256")
    return text.revisions.filter(sha256__in=approved).order_by("-revision").first()
