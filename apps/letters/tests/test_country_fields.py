"""The fields with the government's country, in each language, and what stands for it in the general letter."""

from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from apps.core.languages import LANGUAGES, language_for
from apps.core.languages.base import IN, OF, TO
from apps.core.registries import letter_counts, merge_fields
from apps.governments.models import Member
from apps.letters.merge_fields import MEMBER_FIELDS, field_values
from apps.letters.models import LetterText
from tests.factories import make_member

DAY = date(2017, 12, 1)


@pytest.mark.parametrize(
    ("language", "code", "name", "of", "to", "in_"),
    [
        ("en", "KE", "Kenya", "of Kenya", "to Kenya", "in Kenya"),
        ("en", "PH", "Philippines", "of the Philippines", "to the Philippines", "in the Philippines"),
        ("fr", "KE", "Kenya", "du Kenya", "au Kenya", "au Kenya"),
        ("fr", "FR", "France", "de la France", "à la France", "en France"),
        ("fr", "AO", "Angola", "de l’Angola", "à l’Angola", "en Angola"),
        ("fr", "PH", "Philippines", "des Philippines", "aux Philippines", "aux Philippines"),
        ("fr", "CU", "Cuba", "de Cuba", "à Cuba", "à Cuba"),
        ("fr", "HT", "Haïti", "d’Haïti", "à Haïti", "à Haïti"),
        ("fr", "OM", "Oman", "d’Oman", "à Oman", "à Oman"),
        ("fr", "EU", "Union européenne", "de l’Union européenne", "à l’Union européenne", "dans l’Union européenne"),
        ("es", "KE", "Kenia", "de Kenia", "a Kenia", "en Kenia"),
        ("es", "GB", "Reino Unido", "del Reino Unido", "al Reino Unido", "en el Reino Unido"),
        ("es", "IN", "India", "de la India", "a la India", "en la India"),
        ("es", "SV", "El Salvador", "de El Salvador", "a El Salvador", "en El Salvador"),
        ("ar", "KE", "كينيا", "كينيا", "إلى كينيا", "في كينيا"),
    ],
)
def test_prepositions_and_articles(language: str, code: str, name: str, of: str, to: str, in_: str) -> None:
    after = language_for(language).after_preposition
    assert [after(code, name, preposition) for preposition in (OF, TO, IN)] == [of, to, in_]


@pytest.mark.parametrize("language", ["en", "fr", "es", "ar"])
def test_every_field_has_a_value_in_every_language(world: SimpleNamespace, language: str) -> None:
    assert language in LANGUAGES
    make_member("CI", "Côte d’Ivoire", name_fr="Côte d’Ivoire", name_es="Côte d’Ivoire", capital="Yamoussoukro")
    for member in [None, *Member.objects.all()]:
        context = {"campaign": world.campaign, "member": member, "day": DAY, "language": language}
        values = field_values(context, envelope=False) | field_values(context, envelope=True)
        assert values.keys() >= MEMBER_FIELDS
        assert [key for key, value in values.items() if not value.strip()] == []


def test_a_delegation_is_named_after_its_country(world: SimpleNamespace) -> None:
    world.kenya.name_fr, world.kenya.name_es = "Kenya", "Kenia"
    context = {"campaign": world.campaign, "member": world.kenya, "day": DAY}
    named = {code: str(merge_fields["member.delegation"].value({**context, "language": code})) for code in ("fr", "es")}
    assert named == {"fr": "la délégation du Kenya", "es": "la delegación de Kenia"}


def test_fields_are_previewed_with_the_numbers_of_those_who_signed(
    text: LetterText, cast: SimpleNamespace, signed_in: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = SimpleNamespace(organisations=287, people=12, countries=60, by_country={"KE": 11})
    monkeypatch.setitem(letter_counts, "coalitions", lambda _letter: counts)
    page = signed_in(cast.drafter).get(reverse("letters:workspace", args=["mc11", 1]))
    values = {field["key"]: field["value"] for field in page.context["editor_data"]["merge_fields"]}
    assert {key: value for key, value in values.items() if key.startswith("signatories.")} == {
        "signatories.total": "299",
        "signatories.counted": "287 organisations and 12 people",
        "signatories.organisations": "287",
        "signatories.people": "12",
        "signatories.countries": "60",
        "signatories.from_member": "11",
        "signatories.from_member_counted": "11 signatories",
    }
    assert values["member.of"] == "of Kenya"


@pytest.mark.parametrize(
    ("language", "one", "none", "general"),
    [
        ("en", "1 organisation, 1 signatory", "0 signatories, 0 signatories", "some signatories"),
        ("fr", "1 organisation, 1 signataire", "0 signataire, 0 signataire", "plusieurs signataires"),
        ("es", "1 organización, 1 firmante", "0 firmantes, 0 firmantes", "varias firmantes"),
        ("ar", "منظمات: 1, موقعون: 1", "موقعون: 0, موقعون: 0", "موقعون: بعض"),
    ],
)
def test_signatories_are_counted_with_the_right_word(
    world: SimpleNamespace, language: str, one: str, none: str, general: str
) -> None:
    context = {"campaign": world.campaign, "member": world.kenya, "day": DAY, "language": language}
    counted = [merge_fields["signatories.counted"], merge_fields["signatories.from_member_counted"]]
    counts = SimpleNamespace(organisations=1, people=0, countries=1, by_country={"KE": 1})
    for given, said in ((counts, one), (None, none)):
        assert ", ".join(field.value({**context, "counts": given}) for field in counted) == said
    assert counted[1].value({**context, "member": None, "counts": counts}) == general
