"""Where a fact is cited: in drafts, by its rows of use; in frozen versions, by their snapshot of the evidence."""

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.core.registries import FactPlace
from apps.talkingpoints.models import Fact

from ..models import FactUse, LetterVersion


def fact_places(fact: Fact) -> list[FactPlace]:
    """Drafts of letters that are not closed, then frozen versions; each by the letter's number, newest first."""
    slug = fact.campaign.slug
    uses = FactUse.objects.filter(fact=fact, text__letter__closed_at__isnull=True).select_related("text__letter")
    drafts = [
        FactPlace(
            title=_("%(letter)s (%(language)s)") % {"letter": use.text.letter, "language": use.text.language},
            url=f"{reverse('letters:workspace', args=[slug, use.text.letter.number])}?language={use.text.language}",
            frozen=False,
            stale=fact.retired_at is not None or use.fact_revision < fact.revision,
        )
        for use in uses.order_by("-text__letter__number", "text__language")
    ]
    found = LetterVersion.objects.filter(letter__campaign=fact.campaign_id, evidence__contains=[{"fact": fact.key}])
    return drafts + [
        _version(version, fact, slug)
        for version in found.select_related("letter").order_by("-letter__number", "-number")
    ]


def _version(version: LetterVersion, fact: Fact, slug: str) -> FactPlace:
    entry = next(entry for entry in version.evidence if entry["fact"] == fact.key)
    return FactPlace(
        title=str(version),
        url=reverse("letters:version", args=[slug, version.letter.number, version.number]),
        frozen=True,
        stale=fact.retired_at is not None or entry["revision"] < fact.revision,
        kept=entry["statement"],
    )
