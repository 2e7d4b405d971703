"""The reasons of a campaign with their facts and sources: what the public pages of the evidence show."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from apps.campaigns.models import Campaign
from apps.core.languages import citation_language
from apps.core.site_url import site_url
from apps.sources.citation.formatter import point_text
from apps.sources.selectors import campaign_document
from apps.talkingpoints.models import Fact
from apps.talkingpoints.selectors import facts_of, points_of

from ..bibliography import bibliography_page
from ..content_languages import original_language
from ..point import anchor
from ..points import shown_points
from .datasets import (
    ADDRESS,
    DAY_OR_NULL,
    NUMBER,
    NUMBER_OR_NULL,
    NUMBERS,
    TEXT,
    TEXTS,
    Asked,
    Column,
    OpenDataset,
)


def public_address(name: str, campaign: Campaign, *parts: int) -> str:
    """The page's address without a language: it leads each reader to their own."""
    address = reverse(f"website:{name}", args=[campaign.slug, *parts])
    return site_url(reverse("language:campaign", args=[address.split("/c/", 1)[1]]))


def _points(asked: Asked) -> list[tuple[Any, ...]]:
    groups = {point.number: point.related_groups for point in points_of(asked.campaign).prefetch_related(None)}
    return [
        (
            point.number, point.title, point.language, point.claim, point.claim_language, groups[point.number],
            point.fact_count, public_address("point", asked.campaign, point.number),
        )
        for point in shown_points(asked.campaign, asked.language)
    ]  # fmt: skip


def _facts(asked: Asked) -> list[tuple[Any, ...]]:
    """Those in use under a reason; others are on no page."""
    campaign, cited_in = asked.campaign, citation_language(asked.language)
    document, original = campaign_document(campaign), original_language(campaign)
    found = facts_of(campaign).filter(point__isnull=False).order_by("point__number", "position", "pk")
    return [
        (
            fact.key, fact.stored_number, fact.point.number, fact.kind, fact.statement, original, fact.figures,
            fact.applies_to, fact.verification, fact.caution, fact.source.key,
            [source.key for source in fact.additional_sources.all()], point_text(fact.locator, document, cited_in),
            f"{public_address('point', campaign, fact.point.number)}#{anchor('fact', fact.key)}",
        )
        for fact in found
        if fact.point
    ]  # fmt: skip


def _sources(asked: Asked) -> list[tuple[Any, ...]]:
    page = public_address("bibliography", asked.campaign)
    return [
        (
            source.key, listed.entry.text, source.form, source.authors, source.title, source.publisher, source.year,
            source.date, listed.entry.url, source.archived_url, source.doi,
            source.checked_on.isoformat() if source.checked_on else None, listed.reasons, f"{page}#{listed.anchor}",
        )
        for listed in bibliography_page(asked.campaign, asked.language)
        for source in [listed.entry.source]
    ]  # fmt: skip


POINTS = OpenDataset(
    key="points",
    label=_("Reasons"),
    hint=_("The arguments of the campaign, in the language asked for where they are translated."),
    in_languages=True,
    rows=_points,
    columns=(
        Column("number", NUMBER, _("Number of the reason")),
        Column("title", TEXT, _("Title")),
        Column("title_language", TEXT, _("Language of the title")),
        Column("claim", TEXT, _("What it says")),
        Column("claim_language", TEXT, _("Language of what it says")),
        Column("groups", TEXTS, _("Groups of governments that it concerns above all")),
        Column("facts", NUMBER, _("Number of facts")),
        Column("page", ADDRESS, _("Address of its page")),
    ),
)
FACTS = OpenDataset(
    key="facts",
    label=_("Facts"),
    hint=_("Each fact under a reason, with its figures, how far it was checked, and its sources."),
    in_languages=True,
    rows=_facts,
    columns=(
        Column("key", TEXT, _("Key, which stays the same")),
        Column("number", TEXT, _("Number on the pages, which can change")),
        Column("point", NUMBER, _("Number of the reason")),
        Column("kind", {"enum": [kind.value for kind in Fact.Kind]}, _("Kind of statement")),
        Column("statement", TEXT, _("Statement")),
        Column("statement_language", TEXT, _("Language of the statement")),
        Column("figures", {"type": "array", "items": {"type": "object"}}, _("Figures: value, unit, year")),
        Column("applies_to", TEXTS, _("Whom it concerns: codes of governments, keys of groups, or global")),
        Column(
            "verification", {"enum": [state.value for state in Fact.Verification]}, _("How far it was checked")
        ),
        Column("caution", TEXT, _("Why to be careful with it")),
        Column("source", TEXT, _("Key of its source")),
        Column("additional_sources", TEXTS, _("Keys of further sources")),
        Column("locator", TEXT, _("Where its source says so")),
        Column("page", ADDRESS, _("Address of its page")),
    ),
)  # fmt: skip
SOURCES = OpenDataset(
    key="sources",
    label=_("Sources"),
    hint=_("The sources of the facts and of the timeline, with the citation as the pages show it."),
    in_languages=True,
    rows=_sources,
    columns=(
        Column("key", TEXT, _("Key, which stays the same")),
        Column("citation", TEXT, _("Citation in the language asked for")),
        Column("form", TEXT, _("work, article, or described, where there is no title")),
        Column("authors", TEXTS, _("Authors")),
        Column("title", TEXT, _("Title")),
        Column("publisher", TEXT, _("Publisher")),
        Column("year", NUMBER_OR_NULL, _("Year")),
        Column("date", TEXT, _("Date, as far as it is known")),
        Column("url", TEXT, _("Address of the source")),
        Column("archived_url", TEXT, _("Address of a copy in an archive")),
        Column("doi", TEXT, _("DOI")),
        Column("checked_on", DAY_OR_NULL, _("Day on which it was last looked up")),
        Column("points", NUMBERS, _("Numbers of the reasons that cite it")),
        Column("page", ADDRESS, _("Address of its page")),
    ),
)
