"""Where facts are cited: in drafts, by their rows of use; in frozen versions, by their snapshot of the evidence; in
templates, by their text."""

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

from ..document import facts_used
from ..models import FactUse, LetterTemplate, LetterVersion


def fact_citations(facts: Iterable[Fact]) -> dict[int, list[FactCitation]]:
    """{fact: drafts of letters that are not closed, then frozen versions, each by the letter's number, newest first;
    then templates}.

    The facts are of one campaign, which each of them has at hand.
    """
    held = {fact.pk: fact for fact in facts}
    places: dict[int, list[FactCitation]] = {pk: [] for pk in held}
    if not held:
        return places
    slug = next(iter(held.values())).campaign.slug
    uses = FactUse.objects.filter(fact__in=held, text__letter__closed_at__isnull=True).select_related("text__letter")
    for use in uses.order_by("-text__letter__number", "text__language"):
        places[use.fact_id].append(_draft(use, held[use.fact_id], slug))
    for version in _versions(list(held.values())):
        entries = {entry["fact"]: entry for entry in version.evidence}
        for pk, fact in held.items():
            if fact.key in entries:
                places[pk].append(_version(version, entries[fact.key], fact, slug))
    campaign = next(iter(held.values())).campaign_id
    for template, cited in templates_citing(campaign, {fact.key for fact in held.values()}):
        for pk, fact in held.items():
            if fact.key in cited:
                places[pk].append(_template(template, fact, slug))
    return places


def templates_citing(campaign_id: int, keys: Set[str]) -> list[tuple[LetterTemplate, Set[str]]]:
    """The campaign's templates that cite one of the facts, each with the keys of those."""
    found = []
    for template in LetterTemplate.objects.filter(campaign=campaign_id) if keys else ():
        if cited := keys & set(facts_used(template.body)):
            found.append((template, cited))
    return found


def templates_withdrawn(campaign: Campaign) -> dict[int, list[str]]:
    """{template: numbers of the retired facts that it cites}."""
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
