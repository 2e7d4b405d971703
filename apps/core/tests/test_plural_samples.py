"""The forms handed to scripts are those of the page's language, under the names of Intl.PluralRules."""

import pytest
from django.template import Context, Template
from django.utils import translation

from apps.core.templatetags.plural_samples import plural_samples

WORDS = Template(
    "{% load i18n plural_samples %}{% plural_samples as samples %}{% for form, n in samples %}{{ form }}: "
    "{% blocktranslate count n=n %}{n} word{% plural %}{n} words{% endblocktranslate %}; {% endfor %}"
)


def test_english_has_two_forms() -> None:
    with translation.override("en"):
        assert WORDS.render(Context()) == "one: {n} word; other: {n} words; "


@pytest.mark.parametrize(
    ("language", "forms"),
    [
        ("fr", ["one", "other"]),
        ("es", ["one", "other"]),
        ("ar", ["zero", "one", "two", "few", "many", "other"]),
        ("ru", ["zero", "one", "two", "few", "many", "other"]),
    ],
)
def test_a_language_has_each_of_its_forms(language: str, forms: list[str]) -> None:
    with translation.override(language):
        assert [form for form, _n in plural_samples()] == forms
