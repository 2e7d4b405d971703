"""Plural forms for scripts, which choose one by the number's category (Intl.PluralRules)."""

from django import template
from django.utils.translation import get_language

from apps.core.languages import primary_language

register = template.Library()

#: a number of each category: gettext's form for it is that of the category. For Slavic languages and Arabic alike
SAMPLES = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}
#: languages whose numbers below a million have two forms
TWO_FORMS = frozenset({"de", "en", "es", "fr", "it", "nl", "pt"})


@register.simple_tag
def plural_samples() -> list[tuple[str, int]]:
    """(category, a number of it) of the page's language: [("one", 1), ("other", 100)]."""
    short = primary_language(get_language() or "en")
    return [(form, n) for form, n in SAMPLES.items() if short not in TWO_FORMS or form in {"one", "other"}]
