"""The passages that single governments get in a letter."""

from collections.abc import Iterable

from django.db.models import Max, Q, QuerySet

from apps.accounts.models import User
from apps.core.types import JsonObject
from apps.governments.models import Member
from apps.talkingpoints.models import Fact
from apps.talkingpoints.selectors import facts_by_key

from ..document.adaptation import AFTER, Passage, adaptations_hash
from ..document.traversal import block_hash, block_with_id, facts_used
from ..models import Adaptation, AdaptationRevision, Approval, Letter, LetterText
from .letters import may_write_to

#: states of an adaptation beside the text: as it was, changed since, its block gone
SAME, CHANGED, GONE = "same", "changed", "gone"


def standing_adaptations(texts: Iterable[LetterText]) -> QuerySet[Adaptation]:
    """Those that are part of the texts, in the order in which they were made."""
    rows = Adaptation.objects.filter(text__in=list(texts), removed_at=None)
    return rows.select_related("member", "saved_by", "text__letter__campaign").order_by("pk")


def passages_by_text(texts: Iterable[LetterText]) -> dict[int, dict[int, list[Passage]]]:
    """{id of a text: {id of a government: its passages}}, by one statement."""
    bodies = {text.pk: text.body for text in texts}
    found: dict[int, dict[int, list[Passage]]] = {}
    for row in Adaptation.objects.filter(text__in=bodies, removed_at=None).order_by("pk"):
        stale = adaptation_state(row, bodies[row.text_id]) == CHANGED
        passage = Passage(row.pk, row.kind, row.block, row.content.get("content", []), stale)
        found.setdefault(row.text_id, {}).setdefault(row.member_id, []).append(passage)
    return found


def passages_of(text: LetterText, member: Member | None) -> list[Passage]:
    return passages_by_text([text]).get(text.pk, {}).get(member.pk, []) if member else []


def adapted_facts(texts: Iterable[LetterText]) -> dict[int, list[str]]:
    """{id of a text: keys of the facts that its adaptations cite}."""
    found: dict[int, list[str]] = {}
    for text, content in Adaptation.objects.filter(text__in=list(texts), removed_at=None).values_list(
        "text_id", "content"
    ):
        found.setdefault(text, []).extend(facts_used(content))
    return found


def cited_keys(text: LetterText) -> list[str]:
    """Of the text, then of its adaptations."""
    return list(dict.fromkeys([*facts_used(text.body), *adapted_facts([text]).get(text.pk, ())]))


def cited_facts(text: LetterText) -> dict[str, Fact]:
    return facts_by_key(text.letter.campaign, cited_keys(text))


def adaptation_state(adaptation: Adaptation, body: JsonObject) -> str:
    """Beside the present body of its text."""
    block = block_with_id(body, adaptation.block)
    if block is None:
        return GONE
    return SAME if block_hash(block) == adaptation.base_sha256 else CHANGED


def standing_adaptation(text: LetterText, member: Member, block: str, kind: str) -> Adaptation | None:
    """The one in that place: what replaces a block or leaves it out, or what follows it."""
    rows = Adaptation.objects.select_related("saved_by").filter(text=text, member=member, block=block, removed_at=None)
    return (rows.filter(kind=AFTER) if kind == AFTER else rows.exclude(kind=AFTER)).first()


def present_adaptations_hash(text: LetterText) -> str:
    rows = Adaptation.objects.filter(text=text, removed_at=None)
    names = ("member__code", "kind", "block", "content")
    return adaptations_hash(dict(zip(("member", *names[1:]), row, strict=True)) for row in rows.values_list(*names))


def may_adapt(user: User, letter: Letter, member: Member) -> bool:
    """Whether a drafter's limits, if any, contain the government."""
    return may_write_to(user, letter.campaign, member)


def adapters_since_approval(text: LetterText) -> set[int]:
    """Ids of those who changed an adaptation since the text was last approved."""
    rows = AdaptationRevision.objects.filter(adaptation__text=text, saved_by_id__isnull=False)
    last = Approval.objects.filter(text=text).aggregate(at=Max("at"))["at"]
    recent = rows.filter(Q(saved_at__gt=last) if last else Q()).order_by()
    return {pk for pk in recent.values_list("saved_by_id", flat=True) if pk is not None}
