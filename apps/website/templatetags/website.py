"""Text in the language of its content, and the languages of a page."""

import json
from dataclasses import dataclass
from functools import cache
from urllib.parse import quote

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, to_locale

from apps.core.interface_languages import address_in_language, choice_address, split_language
from apps.core.text import script_tag
from apps.core.types import JsonObject

from ..pages.content_languages import ContentLanguage

register = template.Library()
#: a language for tests, which search engines do not know
PSEUDO_LANGUAGE = "ar-xb"
#: what could end a script element
ESCAPED_IN_SCRIPT = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@dataclass(frozen=True)
class LanguageLink:
    code: str
    address: str
    is_current: bool


@register.simple_tag
@cache
def icon_in_page() -> str:
    """The address that is the icon itself."""
    drawing = (settings.BASE_DIR / "static" / "img" / "icon.svg").read_text()
    return "data:image/svg+xml," + quote(drawing.replace('"', "'"), safe="/:='. ")


@register.simple_tag(takes_context=True)
def language_switch(context: template.Context) -> list[LanguageLink]:
    """The languages of the interface, in each of which this page can be read; none where there is only one, or where
    the account decides. `switch_address` in the context is another page that the form belongs to."""
    request = context.get("request")
    codes = [code for code, _name in settings.LANGUAGES if code != PSEUDO_LANGUAGE]
    if request is None or len(codes) < 2:
        return []
    if not split_language(request.path)[0] and settings.SESSION_COOKIE_NAME in request.COOKIES:
        return []
    here, address = get_language(), context.get("switch_address") or request.get_full_path()
    return [LanguageLink(code, choice_address(address, code), code == here) for code in codes]


@register.simple_tag(takes_context=True)
def text_address(context: template.Context, code: str) -> str:
    """This page with the campaign's texts in that language, all of it where the interface has the language too."""
    request: HttpRequest = context["request"]
    query = request.GET.copy()
    query.pop("language", None)
    if code in dict(settings.LANGUAGES):
        return choice_address(request.path, code) + (f"?{query.urlencode()}" if query else "")
    query["language"] = code
    return f"{request.path}?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def alternate_addresses(context: template.Context) -> dict[str, str]:
    """{language: path of this page in it, "x-default": the one that leads to the visitor's}, for search engines. Texts
    in a language that the interface does not have stand in a page in English."""
    request: HttpRequest = context["request"]
    content: ContentLanguage | None = context.get("content")
    addresses = {
        code: address_in_language(request.path, code) for code, _name in settings.LANGUAGES if code != PSEUDO_LANGUAGE
    }
    if content is not None and context.get("in_languages"):
        original = address_in_language(request.path, settings.LANGUAGE_CODE)
        for code in content.available:
            addresses.setdefault(code, f"{original}?language={code}")
    return {**addresses, "x-default": split_language(request.path)[1]} if len(addresses) > 1 else addresses


@register.simple_tag(takes_context=True)
def canonical_address(context: template.Context) -> str:
    """The one address of this page under which search engines list it."""
    content: ContentLanguage | None = context.get("content")
    addresses = alternate_addresses(context)
    chosen = content.language if content is not None and context.get("in_languages") and content.query else ""
    return addresses.get(chosen) or address_in_language(context["request"].path, get_language() or "en")


@register.filter
def social_locale(code: str) -> str:
    """As Open Graph writes it, with a territory: networks do not know "fr"."""
    return {"en": "en_GB"}.get(code) or (to_locale(code) if "-" in code else f"{code}_{code.upper()}")


@register.filter
def in_language(text: str, language: str) -> SafeString:
    """The text with its direction and `language`, or the language of its script if that is not Latin."""
    return format_html('<bdi lang="{}">{}</bdi>', script_tag(text) or language, text)


@register.simple_tag
def data_for_search_engines(data: JsonObject) -> SafeString:
    """JSON-LD in the page: not a script, so that the content security policy lets it be."""
    text = json.dumps(data, ensure_ascii=False).translate(ESCAPED_IN_SCRIPT)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(text))  # noqa: S308  # escaped
