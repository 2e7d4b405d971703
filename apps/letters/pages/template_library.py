"""The library of templates: an entry for a template in all its languages, and one as a government gets it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import get_language

from apps.campaigns.models import Campaign
from apps.core.types import JsonObject
from apps.governments.models import Group, Member
from apps.governments.selectors import members_of_groups, members_on, reference_day
from apps.talkingpoints.selectors import facts_by_key

from ..document.traversal import facts_used, with_block_ids, word_count
from ..models import Letter, LetterTemplate, LetterText
from ..selectors.letters import campaign_templates
from ..selectors.templates import letters_by_template_key
from .draft_preview import preview_edition
from .fact_citations import templates_withdrawn


@dataclass(frozen=True)
class TemplateEntry:
    """`first`: the template in the language that comes first. `withdrawn`: numbers of retired facts that it cites."""

    first: LetterTemplate
    texts: list[LetterTemplate]
    group: str
    letters: int
    withdrawn: list[str]


def template_entries(campaign: Campaign, *, archived: bool) -> list[TemplateEntry]:
    """Those for all governments first."""
    by_key: dict[str, list[LetterTemplate]] = {}
    for template in campaign_templates(campaign).filter(archived=archived).select_related("from_letter"):
        by_key.setdefault(template.key, []).append(template)
    groups = dict(Group.objects.values_list("slug", "label"))
    letters = letters_by_template_key(campaign)
    withdrawn = templates_withdrawn(campaign)
    return [
        TemplateEntry(
            first=texts[0],
            texts=texts,
            group=groups.get(texts[0].group_slug, texts[0].group_slug),
            letters=letters.get(key, 0),
            withdrawn=sorted({fact for text in texts for fact in withdrawn.get(text.pk, [])}),
        )
        for key, texts in by_key.items()
    ]


@dataclass(frozen=True)
class ShownTemplate:
    """A template as `member` would get it; `body` is that of an edition. `members` may be chosen instead."""

    body: JsonObject
    words: int
    member: Member | None
    members: list[tuple[str, str]]


def shown_template(template: LetterTemplate, code: str | None = None) -> ShownTemplate:
    """As the government with this code gets it, by default the first of its group; "" is the general letter."""
    campaign = template.campaign
    day, language = reference_day(campaign), get_language() or "en"
    group = Group.objects.filter(slug=template.group_slug).first()
    present = members_of_groups([group], day) if group else members_on(day)
    members = list(present.by_name_on(day, language))
    member = _chosen(members, code)
    text = LetterText(letter=Letter(campaign=campaign), language=template.language)
    document = with_block_ids(template.body)
    facts = facts_by_key(campaign, facts_used(document))
    body = preview_edition(text, member, body=document, subject=template.subject, facts=facts)
    words = word_count({"type": "doc", "content": body["blocks"]})
    return ShownTemplate(body, words, member, [(one.code, one.name_on(day, language)) for one in members])


def _chosen(members: Iterable[Member], code: str | None) -> Member | None:
    if code == "":
        return None
    found = list(members)
    return next((one for one in found if one.code == code), found[0] if found else None)
