"""Texts that people compare name merge fields, not their keys."""

from django.template.loader import render_to_string
from django.utils import translation

from apps.letters.document.differences import changes


def test_a_difference_names_its_fields_in_the_language_of_the_page() -> None:
    found = changes(["Accept, {recipient.salutation}, thanks."], ["Accept, {recipient.salutation}, our thanks. {a.b}"])
    with translation.override("fr"):
        page = render_to_string("letters/_changes.html", {"changes": found, "language": "fr"})
    assert "{Salutation}" not in page
    assert "recipient" not in page
    assert "{a.b}" in page, "what is no field stays as it was written"
