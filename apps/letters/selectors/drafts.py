"""The state of drafts: who may write, what is approved, what a text lacks."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, Max, OuterRef, Prefetch, QuerySet
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.campaigns.models import Campaign
from apps.governments.models import Member
from apps.governments.selectors import reference_day
from apps.sources.citation import Footnotes, citation_text, citation_url
from apps.sources.models import Source
from apps.sources.selectors import document_of
from apps.talkingpoints.models import Fact, FactRevision
from apps.talkingpoints.pages.history import acts_since
from apps.talkingpoints.selectors import facts_by_key

from ..document import facts_used, walk_nodes
from ..merge import labelled_values
from ..models import Approval, Letter, LetterText, LetterVersion
from ..rendering.glyphs import uncovered
from .letters import drafter_limits

#: states of a letter, in the order of its way
DRAFTING, IN_REVIEW, APPROVED, FROZEN = "drafting", "in_review", "approved", "frozen"


@dataclass(frozen=True)
class Problem:
    """Something to mend. `tone` is "bad" (blocks freezing or sending) or "warn"; `block` the id of the block, or ""."""

    kind: str
    tone: str
    text: str
    block: str = ""

    def as_dict(self) -> dict[str, str]:
        return {"kind": self.kind, "tone": self.tone, "text": self.text, "block": self.block}


def texts_with_state() -> QuerySet[LetterText]:
    """Texts with `approved`: whether a reviewer approved exactly what stands there now."""
    same = Approval.objects.filter(text=OuterRef("pk"), sha256=OuterRef("sha256"))
    return LetterText.objects.annotate(approved=Exists(same)).select_related("saved_by").order_by("language")


def letters_with_state(letters: QuerySet[Letter]) -> QuerySet[Letter]:
    """Letters with what `state_of` needs, in two further queries: `texts` and `versions` (newest first)."""
    newest = LetterVersion.objects.order_by("-number").defer("evidence")
    return letters.select_related("template", "made_by").prefetch_related(
        Prefetch("texts", texts_with_state()), Prefetch("versions", newest), "to_groups", "to_members"
    )


def state_of(letter: Letter) -> str:
    """Where the letter stands: drafting, in_review, approved or frozen. The letter comes from `letters_with_state`."""
    texts, versions = list(letter.texts.all()), list(letter.versions.all())
    if versions and all(text.saved_at <= versions[0].frozen_at for text in texts):
        return FROZEN
    if texts and all(text.approved for text in texts):  # type: ignore[attr-defined]  # annotated
        return APPROVED
    if any(text.review_asked_at for text in texts):
        return IN_REVIEW
    return DRAFTING


def may_draft(user: User, letter: Letter) -> bool:
    """Whether the letter stays within the countries this drafter is limited to."""
    limits = drafter_limits(user, letter.campaign)
    if limits is None:
        return True
    if letter.to_all or letter.to_groups.exists():
        return False
    return set(letter.to_members.values_list("pk", flat=True)) <= limits


def own_work_of(text: LetterText, user: Any) -> bool:
    """Whether this person saved a revision of the text since it was last approved (or ever, where it never was)."""
    approved = Approval.objects.filter(text=text).values("sha256")
    last = text.revisions.filter(sha256__in=approved).aggregate(last=Max("revision"))["last"] or 0
    return text.revisions.filter(revision__gt=last, saved_by_id=user.pk).exists()


def text_facts(text: LetterText, body: dict[str, Any] | None = None) -> dict[str, Fact]:
    """{key: fact} of every fact that the text cites, retired ones included; `body` stands in for what is saved."""
    return facts_by_key(text.letter.campaign, facts_used(text.body if body is None else body))


def notes_of(campaign: Campaign, keys: Iterable[str], facts: dict[str, Fact], language: str) -> list[dict[str, Any]]:
    """[{n, fact, text, url}] as a letter prints them, numbered in the given order of keys: a source is cited in full
    once, a later note on it leads back to that one. Facts that are not there leave a gap."""
    return notes_written(keys, facts, language, document_of(campaign))


def notes_written(
    keys: Iterable[str], facts: dict[str, Fact], language: str, document: Source | None
) -> list[dict[str, Any]]:
    """The notes of `notes_of`, for whoever has the campaign's own document at hand."""
    footnotes = Footnotes(language, document)
    notes = []
    for number, key in enumerate(keys, start=1):
        if key in facts:
            footnote = footnotes.add(number, facts[key].source, facts[key].locator)
            notes.append({"n": number, "fact": key, "text": _with_stop(footnote.citation.text), "url": footnote.url})
    return notes


def full_notes_of(
    campaign: Campaign, keys: Iterable[str], facts: dict[str, Fact], language: str
) -> list[dict[str, Any]]:
    """The same with every source in full: for the editor, where the order changes as one writes, and for the evidence,
    where each fact stands alone."""
    document = document_of(campaign)
    return [
        {
            "n": number,
            "fact": key,
            "text": _with_stop(citation_text(facts[key].source, facts[key].locator, language, document)),
            "url": citation_url(facts[key].source),
        }
        for number, key in enumerate(keys, start=1)
        if key in facts
    ]


def _with_stop(text: str) -> str:
    return text if text.endswith((".", "?", "!", "…")) else f"{text}."


def text_problems(
    text: LetterText, body: dict[str, Any], subject: str, facts: dict[str, Fact], member: Member | None = None
) -> list[Problem]:
    """What stands in the way of freezing this text or should be looked at first; `body` may be unsaved.

    With `member`, also what is missing for that government.
    """
    found = [] if subject.strip() else [Problem("subject", "bad", _("The letter has no subject yet."))]
    found += _fact_problems(text, body, facts)
    found += _value_problems(text, body, member)
    if missing := uncovered(subject + "".join(_typed(body))):
        signs = " ".join(sorted(missing)[:10])
        found.append(Problem("glyph", "warn", _("The PDF has no letters for: %(signs)s") % {"signs": signs}))
    return found


def _typed(body: dict[str, Any]) -> Iterable[str]:
    return (node["text"] for node in walk_nodes(body) if node["type"] == "text")


def _fact_problems(text: LetterText, body: dict[str, Any], facts: dict[str, Fact]) -> list[Problem]:
    used = {use.fact_id: use.fact_revision for use in text.fact_uses.all()}
    stale = {fact.pk: used[fact.pk] for fact in facts.values() if used.get(fact.pk, fact.revision) < fact.revision}
    acts = acts_since(stale) if stale else {}
    found = []
    for key, block in _first_places(body, "citation", "fact").items():
        fact = facts.get(key)
        if fact is None:
            found.append(Problem("fact_unknown", "bad", _("There is no fact %(key)s any more.") % {"key": key}, block))
            continue
        named = {"fact": fact.name}
        if fact.retired_at:
            found.append(Problem("fact_retired", "bad", _("%(fact)s was withdrawn.") % named, block))
        elif fact.pk in stale:
            found.append(Problem("fact_changed", "warn", _changed_words(acts.get(fact.pk, set())) % named, block))
        if fact.verification == Fact.Verification.CAUTION:
            caution = fact.caution or _("Its source says otherwise.")
            message = _("%(fact)s is under caution: %(caution)s") % {**named, "caution": caution}
            found.append(Problem("fact_caution", "warn", message, block))
    return found


def _changed_words(acts: set[str]) -> str:
    """What changed under a citation: the fact, or only the source behind it."""
    if FactRevision.Act.SOURCE in acts and acts.isdisjoint({FactRevision.Act.CORRECT, FactRevision.Act.LOAD}):
        return _("%(fact)s: its source was corrected since.")
    return _("%(fact)s has changed since.")


def _value_problems(text: LetterText, body: dict[str, Any], member: Member | None) -> list[Problem]:
    if member is None:
        return []
    campaign = text.letter.campaign
    context = {"campaign": campaign, "member": member, "day": reference_day(campaign), "language": text.language}
    values = labelled_values(context)
    found = []
    for node, block in _places(body, "mergeField"):
        label, value = values.get(node["attrs"]["key"], (node["attrs"]["key"], ""))
        if not value and not node["attrs"].get("fallback"):
            words = {"field": label, "member": member.name}
            found.append(
                Problem("field", "bad", _("“%(field)s” has no value for %(member)s and no fallback.") % words, block)
            )
    return list(dict.fromkeys(found))


def _places(body: dict[str, Any], kind: str) -> Iterable[tuple[dict[str, Any], str]]:
    """(node, id of the nearest block around it)."""
    return _places_in(body, kind, "")


def _places_in(node: dict[str, Any], kind: str, block: str) -> Iterable[tuple[dict[str, Any], str]]:
    here = node.get("attrs", {}).get("id", block)
    for child in node.get("content", ()):
        if child["type"] == kind:
            yield child, here
        yield from _places_in(child, kind, here)


def _first_places(body: dict[str, Any], kind: str, attr: str) -> dict[str, str]:
    places: dict[str, str] = {}
    for node, block in _places(body, kind):
        places.setdefault(node["attrs"][attr], block)
    return places
