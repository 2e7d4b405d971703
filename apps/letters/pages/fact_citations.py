"""Where facts are cited: in drafts, frozen versions and templates."""

from collections.abc import Iterable, Set
from functools import reduce
from operator import or_

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.campaigns.models import Campaign
from apps.core.registries import FactCitation
from apps.core.types import JsonObject
from apps.talkingpoints.models import Fact

from ..document.traversal import facts_used
from ..models import FactUse, LetterTemplate, LetterVersion


def fact_citations(facts: Iterable[Fact]) -> dict[int, list[FactCitation]]:
    """{id of a fact: drafts of open letters, frozen versions, templates}. The facts are of one campaign."""
    by_id = {fact.pk: fact for fact in facts}
    citations: dict[int, list[FactCitation]] = {pk: [] for pk in by_id}
    if not by_id:
        return citations
    slug = next(iter(by_id.values())).campaign.slug
    uses = FactUse.objects.filter(fact__in=by_id, text__letter__closed_at__isnull=True).select_related("text__letter")
    for use in uses.order_by("-text__letter__number", "text__language"):
        citations[use.fact_id].append(_draft(use, by_id[use.fact_id], slug))
    for version in _versions(list(by_id.values())):
        entries = {entry["fact"]: entry for entry in version.evidence}
        for pk, fact in by_id.items():
            if fact.key in entries:
                citations[pk].append(_version(version, entries[fact.key], fact, slug))
    campaign = next(iter(by_id.values())).campaign_id
    for template, cited in templates_citing(campaign, {fact.key for fact in by_id.values()}):
        for pk, fact in by_id.items():
            if fact.key in cited:
                citations[pk].append(_template(template, fact, slug))
    return citations


def templates_citing(campaign_id: int, keys: Set[str]) -> list[tuple[LetterTemplate, Set[str]]]:
    templates = LetterTemplate.objects.filter(campaign=campaign_id) if keys else ()
    return [(template, cited) for template in templates if (cited := keys & set(facts_used(template.body)))]


def templates_withdrawn(campaign: Campaign) -> dict[int, list[str]]:
    """{id of a template: numbers of the retired facts it cites}."""
    retired = Fact.objects.filter(campaign=campaign, retired_at__isnull=False).select_related("point")
    numbers = {fact.key: fact.number for fact in retired}
    citing = templates_citing(campaign.pk, numbers.keys())
    return {template.pk: sorted(numbers[key] for key in cited) for template, cited in citing}


def _template(template: LetterTemplate, fact: Fact, slug: str) -> FactCitation:
    return FactCitation(
        title=_("%(letter)s (%(language)s)") % {"letter": template.title, "language": template.language},
        url=f"{reverse('letters:create', args=[slug])}?template={template.pk}",
        frozen=False,
        stale=fact.retired_at is not None,
        template=True,
    )


def _versions(facts: list[Fact]) -> list[LetterVersion]:
    citing = reduce(or_, (Q(evidence__contains=[{"fact": fact.key}]) for fact in facts))
    found = LetterVersion.objects.filter(citing, letter__campaign=facts[0].campaign_id)
    return list(found.select_related("letter").order_by("-letter__number", "-number"))


def _draft(use: FactUse, fact: Fact, slug: str) -> FactCitation:
    return FactCitation(
        title=_("%(letter)s (%(language)s)") % {"letter": use.text.letter, "language": use.text.language},
        url=f"{reverse('letters:workspace', args=[slug, use.text.letter.number])}?language={use.text.language}",
        frozen=False,
        stale=fact.retired_at is not None or use.fact_revision < fact.revision,
    )


def _version(version: LetterVersion, entry: JsonObject, fact: Fact, slug: str) -> FactCitation:
    return FactCitation(
        title=str(version),
        url=reverse("letters:version", args=[slug, version.letter.number, version.number]),
        frozen=True,
        stale=fact.retired_at is not None or entry["revision"] < fact.revision,
        kept=entry["statement"],
    )
