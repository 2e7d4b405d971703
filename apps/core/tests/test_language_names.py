"""Names of languages: inside a sentence, and by themselves."""

import pytest
from django.utils import translation

from apps.core.language_names import language_label, language_name


@pytest.mark.parametrize(
    ("page", "code", "name", "label"),
    [
        ("en", "fr", "French", "French"),
        ("fr", "en", "anglais", "Anglais"),
        ("fr", "pt", "portugais", "Portugais"),
        ("es", "fr", "francés", "Francés"),
        ("ar", "fr", "الفرنسية", "الفرنسية"),
        ("fr", "ZZ", "ZZ", "ZZ"),
    ],
)
def test_a_language_has_a_capital_where_the_reader_expects_one(page: str, code: str, name: str, label: str) -> None:
    with translation.override(page):
        assert (language_name(code), language_label(code)) == (name, label)
