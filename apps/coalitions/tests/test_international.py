"""Organisations of no single country: they choose “International”, count as signatures and as no country."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.coalitions.forms.collected_rows import checked_rows
from apps.coalitions.forms.sign_on import CorrectionForm, OrganisationForm, PersonForm
from apps.coalitions.models import Organisation, SignOn, SignOnCall
from apps.coalitions.selectors.annexes import annex_data
from apps.coalitions.selectors.signatory_counts import version_counts
from apps.coalitions.services.annexes import annex_freeze
from apps.coalitions.services.exceptions import DuplicateOrganisation
from apps.coalitions.services.sign_on_imports import import_sheet, sign_on_import_begin
from apps.coalitions.services.signatory_counts import signatory_changes_add, signatory_counts_correct
from apps.core.interface_languages import address_in_language
from apps.core.territories import INTERNATIONAL
from apps.letters.rendering.composition import compose
from tests.factories import html_of
from tests.factories.signing import (
    ORGANISATION_FORM,
    PERSON_FORM,
    make_sign_on,
    organisation,
    paper,
    person,
    signed,
)

pytestmark = pytest.mark.django_db
OPTION = '<option value="ZZ">International (no single country)</option>'


@pytest.fixture
def union(call: SignOnCall, cast: SimpleNamespace) -> SignOn:
    return signed(call, organisation("Union of Unions", country=INTERNATIONAL), accepted_by=cast.coordinator)


def test_an_organisation_may_be_international_and_a_person_may_not(call: SignOnCall, client: Client) -> None:
    page = reverse("website:letter", args=[call.campaign.slug, call.letter.number])
    assert f'<option value="">Choose</option>{OPTION}' in html_of(client.get(page))
    assert "International (no single country)" not in html_of(client.get(page, {"for": "person"}))
    assert OrganisationForm({**ORGANISATION_FORM, "country": INTERNATIONAL}).is_valid()
    assert list(PersonForm({**PERSON_FORM, "country": INTERNATIONAL}).errors) == ["country"]

    refused = client.post(f"{page}?for=person", {**PERSON_FORM, "country": INTERNATIONAL})
    assert refused.status_code != 302
    assert not SignOn.objects.exists()
    assert client.post(page, {**ORGANISATION_FORM, "country": INTERNATIONAL}).status_code == 302
    assert SignOn.objects.get().country == INTERNATIONAL


def test_corrections_keep_to_the_same_rule(call: SignOnCall, union: SignOn) -> None:
    form = CorrectionForm(union)
    assert '<option value="ZZ" selected>' in str(form["country"])
    afi = signed(call, person())
    assert 'value="ZZ"' not in str(CorrectionForm(afi)["country"])
    assert "country" in CorrectionForm(afi, {**PERSON_FORM, "country": INTERNATIONAL}).errors
    typed = {**ORGANISATION_FORM, "country": INTERNATIONAL}
    assert "country" not in CorrectionForm(signed(call, organisation("A", email="a@a.example")), typed).errors


@pytest.mark.parametrize(
    ("kind", "headings", "states"),
    [
        ("organisation", "Organisation,Country,Contact person,Position", ["new"] * 6),
        ("person", "Name,Country,Note,Date", ["error"] * 6),
    ],
)
def test_tables_say_it_in_four_languages(
    call: SignOnCall, cast: SimpleNamespace, kind: str, headings: str, states: list[str]
) -> None:
    words = ["international", "INTERNATIONALE", "Internacional", "دولية", "International (no single country)", "ZZ"]
    after = "Ann,Chair" if kind == "organisation" else ","
    rows = [f"Name {letter},{word},{after}" for letter, word in zip("ABCDEF", words, strict=True)]
    content = "\n".join([headings, *rows])
    batch = sign_on_import_begin(
        call=call, actor=cast.coordinator, content=content.encode(), kind=kind, file_name="list.csv", language="en",
        visibility="counted", authorised=True, source=paper(came_by="spreadsheet", note=""),
    )  # fmt: skip
    found = checked_rows(batch, import_sheet(batch))
    assert [row.state for row in found] == states
    assert {row.country for row in found} == ({INTERNATIONAL} if kind == "organisation" else {""})
    if kind == "person":
        assert {error for row in found for _label, error in row.errors} == {
            "Enter the country that the person signs from."
        }


def test_it_adds_a_signature_and_no_country(call: SignOnCall, union: SignOn) -> None:
    make_sign_on(call, "Kenyan Forum")
    for act in (lambda: None, signatory_changes_add, signatory_counts_correct):
        act()
        counts = version_counts(call.version)
        assert (counts.organisations, counts.countries) == (2, 1)
        assert counts.by_country == counts.named == {"KE": 1, INTERNATIONAL: 1}


def test_two_of_one_name_are_one_organisation(call: SignOnCall, union: SignOn) -> None:
    with pytest.raises(DuplicateOrganisation):
        signed(call, organisation("Union of Unions", country=INTERNATIONAL, email="b@other.example"))
    signed(call, organisation("Union of Unions", country="TG", email="c@third.example"))
    assert sorted(Organisation.objects.values_list("country", flat=True)) == ["TG", INTERNATIONAL]


def test_the_frozen_list_has_it_last_under_a_heading_of_the_letters_language(
    call: SignOnCall, cast: SimpleNamespace, union: SignOn
) -> None:
    make_sign_on(call, "Zambian Forum", country="ZM")
    annex = annex_freeze(version=call.version, actor=cast.sender)
    assert (annex.counts["organisations"], annex.counts["countries"]) == (2, 1)
    data = annex_data(annex)
    assert [section.country for section in data.sections] == ["ZM", INTERNATIONAL]
    for language, heading in (("fr", "International"), ("es", "Internacional"), ("ar", "دولية")):
        body: dict[str, Any] = {"language": language, "subject": "S", "blocks": [], "notes": []}
        made = compose(body, {}, data)
        assert [section.country for section in made.annex_sections][-1] == heading


def test_the_public_list_has_it_last_and_counts_no_country(
    call: SignOnCall, union: SignOn, client: Client, cast: SimpleNamespace, signed_in: Any
) -> None:
    page = address_in_language(reverse("website:signatories", args=[call.campaign.slug]), "fr")
    alone = html_of(client.get(page))
    assert "organisation" in alone
    assert "0 pays" not in alone, "nothing is said of countries where there is none"
    signed(call, person(country="KE"))
    SignOn.objects.filter(kind="person").update(country=INTERNATIONAL)
    signatory_counts_correct()
    team = signed_in(cast.coordinator)
    for staff, address in (
        (client, reverse("website:letter", args=[call.campaign.slug, call.letter.number])),
        (client, reverse("website:home", args=[call.campaign.slug])),
        (team, reverse("sign_on:moderate", args=[call.campaign.slug])),
        (team, reverse("dashboard:overview", args=[call.campaign.slug])),
    ):
        text = html_of(staff.get(address))
        assert ("0 countries" in text, "countries they are from" in text) == (False, False), address
    SignOn.objects.filter(kind="person").update(state="withdrawn")
    signatory_counts_correct()

    make_sign_on(call, "Forum zambien", country="ZM")
    text = html_of(client.get(page))
    assert "de 1 pays" in text
    assert text.index("Zambie") < text.index("<h2><span>International</span>")
    for query in ({"country": "zz"}, {"q": "international"}):
        found = html_of(client.get(page, query))
        assert "Union of Unions" in found
        assert "Forum zambien" not in found
    names = reverse("files:signatories", args=[call.campaign.slug, call.letter.number])
    read = client.get(names).json()
    assert (read["total"], read["countries"], read["by_country"]) == (2, 1, {"ZM": 1, INTERNATIONAL: 1})
    assert [name["country"] for name in read["signatories"]] == ["ZM", INTERNATIONAL]
