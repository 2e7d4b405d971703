"""The history of a fact, and where it is cited."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.core.registries import FactCitation, fact_users
from apps.core.text import joined, joined_clauses
from apps.core.types import JsonObject, Label
from apps.governments.models import Group, Member
from apps.sources.models import Source

from ..models import Fact, FactRevision
from ..services.facts import contents_fingerprint, fact_contents
from .facts import VERIFICATIONS

LABELS = {
    "point": gettext_lazy("Point"),
    "statement": gettext_lazy("Statement"),
    "kind": gettext_lazy("Kind"),
    "figures": gettext_lazy("Figures"),
    "applies_to": gettext_lazy("Whom it concerns"),
    "source": gettext_lazy("Source"),
    "further_sources": gettext_lazy("Further sources"),
    "locator": gettext_lazy("Where in the source"),
    "verification": gettext_lazy("Verification"),
    "caution": gettext_lazy("Caution"),
}
SOURCE_LABELS = {
    "form": gettext_lazy("Form of the source"),
    "authors": gettext_lazy("Authors"),
    "title": gettext_lazy("Title of the source"),
    "publisher": gettext_lazy("Publisher"),
    "date": gettext_lazy("Date"),
    "year": gettext_lazy("Year"),
    "url": gettext_lazy("Link"),
    "other_url": gettext_lazy("Other link"),
    "doi": gettext_lazy("DOI"),
}
#: names of the source's forms, as `_names` gives those of other codes
SOURCE_FORMS = dict(Source.Form.choices)

#: label, before, after
type Difference = tuple[Label, str, str]


@dataclass(frozen=True)
class PastChange:
    """`differences`: (label, before, after)."""

    at: datetime
    by: str
    act: str
    reason: str
    revision: int
    differences: list[Difference]


@dataclass(frozen=True)
class FactUses:
    drafts: list[FactCitation]
    versions: list[FactCitation]
    templates: list[FactCitation]

    @property
    def any(self) -> bool:
        return bool(self.drafts or self.versions or self.templates)


@dataclass
class SourceUse:
    """A draft or version that cites facts of a source, the facts' numbers, and whether one has changed since."""

    citation: FactCitation
    numbers: list[str]
    stale: bool


def fact_uses(fact: Fact) -> FactUses:
    citations = _citations([fact])[fact.pk]
    letters = [citation for citation in citations if not citation.template]
    return FactUses(
        drafts=[citation for citation in letters if not citation.frozen],
        versions=[citation for citation in letters if citation.frozen],
        templates=[citation for citation in citations if citation.template],
    )


def source_uses(facts: Iterable[Fact]) -> list[SourceUse]:
    """The drafts, then the frozen versions, that cite one of the facts of a source. One query for all facts."""
    facts = list(facts)
    citations = _citations(facts)
    found: dict[str, SourceUse] = {}
    for fact in facts:
        for citation in citations[fact.pk]:
            if not citation.template:
                use = found.setdefault(citation.url, SourceUse(citation, [], stale=False))
                use.numbers.append(fact.number)
                use.stale = use.stale or citation.stale
    return sorted(found.values(), key=lambda use: use.citation.frozen)


def acts_since(uses: dict[int, int]) -> dict[int, set[str]]:
    """{id of a fact: acts since} of the facts that changed, for {id: revision at which it is cited}."""
    found: dict[int, set[str]] = {}
    for pk, revision, act in FactRevision.objects.filter(fact__in=uses).values_list("fact", "revision", "act"):
        if revision >= uses[pk]:
            found.setdefault(pk, set()).add(act)
    return found


@dataclass(frozen=True)
class ChangeSince:
    """What became of a fact: its statement as it was, what differs now, why (the latest first)."""

    statement: str
    differences: list[Difference]
    reasons: list[str]


def changes_since(facts: Iterable[Fact], cited: Mapping[int, int]) -> dict[int, ChangeSince]:
    """{id of a fact: what became of it since the revision {id: revision} at which it is cited}, of facts of one
    campaign. Facts without a change on record are left out."""
    by_id = {fact.pk: fact for fact in facts if fact.pk in cited}
    rows: dict[int, list[FactRevision]] = {}
    for row in FactRevision.objects.filter(fact__in=by_id).order_by("-id"):
        found, revision = rows.get(row.fact_id, []), cited[row.fact_id]
        if row.revision > revision or (row.revision == revision and (not found or found[-1].revision > revision)):
            rows[row.fact_id] = [*found, row]
    contents = [contents for pk in rows for contents in (rows[pk][-1].said, fact_contents(by_id[pk]))]
    names = _names(by_id[next(iter(rows))].campaign_id, contents) if rows else {}
    return {
        pk: ChangeSince(
            statement=found[-1].said.get("statement", ""),
            differences=_differences(found[-1].said, fact_contents(by_id[pk]), names)
            + [difference for row in found for difference in _source_differences(row.said)],
            reasons=list(dict.fromkeys(row.reason for row in found)),
        )
        for pk, found in rows.items()
    }


def _citations(facts: list[Fact]) -> dict[int, list[FactCitation]]:
    found: dict[int, list[FactCitation]] = {fact.pk: [] for fact in facts}
    for user in fact_users.values():
        for pk, citations in user(facts).items():
            found[pk] += citations
    return found


def fact_history(fact: Fact) -> list[PastChange]:
    """Newest first."""
    after = fact_contents(fact)
    rows = list(fact.history.select_related("made_by"))
    names = _names(fact.campaign_id, [after, *(row.said for row in rows)])
    changes = []
    for row in rows:
        changes.append(_past(row, after, names))
        after = row.said
    return changes


def differences_since(fact: Fact, seen: str) -> list[Difference]:
    """What changed since a person read the fact with the fingerprint `seen`; [] where that is not known."""
    present = fact_contents(fact)
    for row in fact.history.all():
        said = {name: row.said[name] for name in present if name in row.said}
        if contents_fingerprint(row.revision, said) == seen:
            return _differences(said, present, _names(fact.campaign_id, [said, present]))
    return []


def _names(campaign_id: int, contents: list[JsonObject]) -> dict[str, str]:
    """{key of a source, code of a member, slug of a group: its name} of these contents."""
    sources = {key for said in contents for key in [said.get("source", ""), *said.get("further_sources", ())]}
    concerned = {code for said in contents for code in said.get("applies_to") or ()}
    return {
        **dict(Source.objects.filter(campaign=campaign_id, key__in=sources).values_list("key", "title")),
        **dict(Group.objects.filter(slug__in=concerned).values_list("slug", "label")),
        **dict(Member.objects.filter(code__in=concerned).values_list("code", "name")),
    }


def _past(row: FactRevision, after: JsonObject, names: dict[str, str]) -> PastChange:
    return PastChange(
        at=row.made_at,
        by=str(row.made_by or ""),
        act=str(FactRevision.Act(row.act).label),
        reason=row.reason,
        revision=row.revision,
        differences=_differences(row.said, after, names) + _source_differences(row.said),
    )


def _source_differences(said: JsonObject) -> list[Difference]:
    return [
        (SOURCE_LABELS.get(name, name), _shown(name, before, SOURCE_FORMS), _shown(name, after, SOURCE_FORMS))
        for name, before, after in said.get("source_was", [])
    ]


def _differences(before: JsonObject, after: JsonObject, names: dict[str, str]) -> list[Difference]:
    """Between two contents of a fact. Old ones may lack fields, which are left out."""
    return [
        (label, _shown(name, before.get(name), names), _shown(name, after.get(name), names))
        for name, label in LABELS.items()
        if name in before and name in after and before[name] != after[name]
    ]


def _shown(name: str, value: Any, names: Mapping[str, Label]) -> str:
    if name == "figures":
        return joined_clauses(_figure(figure) for figure in value or ())
    if name == "locator":
        return str((value or {}).get("where", ""))
    if name == "point":
        return str(_("Context")) if value is None else str(value)
    if name == "kind":
        return str(Fact.Kind(value).label)
    if name == "verification":
        return str(VERIFICATIONS[Fact.Verification(value)][2])
    if isinstance(value, Iterable) and not isinstance(value, str):
        return joined(str(names.get(one, one)) for one in value)
    return str(names.get(value, value or ""))


def _figure(figure: JsonObject) -> str:
    amount = figure.get("value") if figure.get("value") is not None else figure.get("as_stated", "")
    year = f" ({figure['year']})" if figure.get("year") else ""
    return _("%(amount)s %(unit)s") % {"amount": amount, "unit": figure.get("unit", "")} + year
