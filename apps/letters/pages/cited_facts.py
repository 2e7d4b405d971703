"""The facts that a text cites, and what became of them since."""

from apps.core.types import JsonObject
from apps.sources.models import Source
from apps.talkingpoints.models import Fact
from apps.talkingpoints.pages.fact_history import ChangeSince, changes_since

from ..models import LetterText
from .evidence import fact_entry


def facts_changed(text: LetterText, facts: dict[str, Fact]) -> dict[int, int]:
    """{id: revision at which it is cited} of the facts that have a later one."""
    cited = _cited(text)
    return {fact.pk: cited[fact.pk] for fact in facts.values() if cited.get(fact.pk, fact.revision) < fact.revision}


def cited_fact_entries(text: LetterText, facts: dict[str, Fact], document: Source | None) -> dict[str, JsonObject]:
    """{key: what the editor knows of the fact}; `since` says what became of one that has changed or is retired."""
    cited, changed = _cited(text), facts_changed(text, facts)
    doubted = [fact for fact in facts.values() if fact.pk in changed or fact.retired_at]
    since = changes_since(doubted, {fact.pk: cited.get(fact.pk, fact.revision) for fact in doubted}) if doubted else {}
    return {
        key: {
            **fact_entry(fact, document),
            "revision": fact.revision,
            "changed": fact.pk in changed,
            "since": _since(since[fact.pk]) if fact.pk in since else None,
        }
        for key, fact in facts.items()
    }


def _cited(text: LetterText) -> dict[int, int]:
    return {use.fact_id: use.fact_revision for use in text.fact_uses.all()}


def _since(change: ChangeSince) -> JsonObject:
    differences = [[str(label), before, after] for label, before, after in change.differences]
    return {"statement": change.statement, "differences": differences, "reasons": change.reasons}
