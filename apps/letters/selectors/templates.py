"""Templates of a campaign: their letters, and what a template changed since a letter began from it."""

from collections.abc import Callable

from django.db.models import Count, QuerySet

from apps.campaigns.models import Campaign
from apps.core.types import JsonObject

from ..document.differences import Change, changes
from ..models import Letter, LetterTemplate


def letters_by_template_key(campaign: Campaign) -> dict[str, int]:
    """{key: number of letters that began from the template, in any language}"""
    letters = Letter.objects.filter(campaign=campaign, template__isnull=False).order_by()
    return dict(letters.values_list("template__key").annotate(n=Count("pk")))


def template_texts(template: LetterTemplate) -> QuerySet[LetterTemplate]:
    """The same template in every language."""
    return LetterTemplate.objects.filter(campaign=template.campaign_id, key=template.key).defer("body")


def template_changes(letter: Letter, lines: Callable[[str, JsonObject], list[str]]) -> list[Change]:
    """What the template says otherwise than when the letter began from it, by paragraphs; nothing where it is gone.
    `lines`: those of a subject and a body."""
    began, template = letter.template_text, letter.template
    if not began or template is None or template.language != began["language"]:
        return []
    texts = (began["subject"], began["body"]), (template.subject, template.body)
    return changes(*([line for line in lines(*text) if line.strip()] for text in texts))
