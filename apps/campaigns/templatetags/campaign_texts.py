"""Titles and names of a campaign in the reader's language. Built in: templates need not load them."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from apps.core.languages import direction

from ..models import Campaign

register = template.Library()


@register.filter
def text_in(campaign: Campaign, field: str) -> str:
    """`{{ campaign|text_in:"name" }}`: for sentences and attributes."""
    return campaign.text_in(field, get_language() or "en")


@register.simple_tag
def campaign_text(campaign: Campaign, field: str, language: str = "") -> SafeString | str:
    """`{% campaign_text campaign "title" %}`: the same with its own language, where that is another than the page's."""
    reader = get_language() or "en"
    wanted = language or reader
    words, own = campaign.text_in(field, wanted), campaign.text_language(field, wanted)
    if own == reader:
        return words
    return format_html('<bdi lang="{}" dir="{}">{}</bdi>', own, direction(own), words)
