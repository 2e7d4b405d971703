"""Texts that people compare name merge fields, not their keys."""

from django.template import Context, Template
from django.template.loader import render_to_string
from django.utils import translation

from apps.letters.document.differences import changes


def test_a_difference_names_its_fields_in_the_language_of_the_page() -> None:
    new = "Accept, {recipient.salutation}, our \ue100R&D\ue102. {a.b}"
    found = changes(["Accept, {recipient.salutation}, thanks."], [new])
    with translation.override("fr"):
        page = render_to_string("letters/_changes.html", {"changes": found, "language": "fr"})
    assert "<bdi>Salutation</bdi>" not in page
    assert "<b>R&amp;D</b>" in page
    assert "recipient" not in page
    assert "{<bdi>a.b</bdi>}" in page, "what is no field stays as it was written"
    quoting = '{% autoescape off %}{% include "coalitions/email/_difference.txt" %}{% endautoescape %}'
    mail = Template(quoting).render(Context({"quoted": found}))
    assert "+ Accept, {Salutation}, our R&D. {a.b}" in mail
