"""Names in any script come through the forms; what deceives is refused with a reason."""

import pytest

from apps.coalitions import email_domains
from apps.coalitions.email_domains import email_matches_website, website_normalise
from apps.coalitions.forms.sign_on import CorrectionForm, OrganisationForm, PersonForm
from apps.coalitions.models import SignOnCall
from apps.core.text import clean_line
from tests.factories.signing import ORGANISATION_FORM, PERSON_FORM

GOOD = [
    "Coopérative des maraîchères de la Lama", "किसान डेटा मंच", "منتدى الحقوق الرقمية", "ক্ষেত",
    "Hội Nông dân Sông Hồng",
    "می‌خواهم", "ශ්‍රී ලංකා", "O’Neill & Søn A/S", "Fundacja Łączność i Prawo",
    "350.org", "ཨོཾ་མ་ཎི", "ⵣ ⴰⵎⴰⵣⵉⵖ", "東京労働組合",
]  # fmt: skip
BAD = [
    "\u3164\u3164", "\u115f\u1160", "\uffa0", "\u02bc\u02bc\u02bc", "\u0640\u0640", "visit evil.example/free",
    "a\ue000b", "!!!", "Z" + "\u0301" * 40, "Buy at https://spam.example", "see spam.example/now",
    "F\ufffdd\ufffdration syndicale", "\ufffc Ligue", "A" + "\u20dd" * 9,
]  # fmt: skip


@pytest.mark.parametrize("name", GOOD)
def test_names_of_the_world_are_kept_as_typed(name: str) -> None:
    form = PersonForm({**PERSON_FORM, "person_name": f"  {name}\t"})
    assert form.is_valid(), form.errors
    assert form.typed().person_name == clean_line(name)


@pytest.mark.parametrize("name", BAD)
def test_names_that_deceive_are_refused_with_a_sentence(name: str) -> None:
    form = OrganisationForm({**ORGANISATION_FORM, "org_name": name})
    assert not form.is_valid()
    [message] = form.errors["org_name"]
    assert len(message) > 10
    assert list(form.errors) == ["org_name"]


@pytest.mark.parametrize("english", ["", "𒀂"])
def test_an_organisation_whose_script_has_no_font_is_asked_for_an_english_name(english: str) -> None:
    typed = {**ORGANISATION_FORM, "org_name": "ꡀꡁ ꡂ", "org_name_english": english}
    form = OrganisationForm(typed)
    message = "The list for governments cannot show Phags-pa script. Add the name in Latin letters."
    assert form.errors == {"org_name_english": [message]}
    sign_on = form.typed()
    sign_on.call = SignOnCall()
    assert CorrectionForm(sign_on, typed).errors["org_name_english"] == [message]
    assert OrganisationForm({**typed, "org_name_english": "Union of Scribes"}).is_valid()
    assert OrganisationForm({**typed, "visibility": "counted"}).is_valid(), "its name is not on the list"


@pytest.mark.parametrize("name", ["किसान डेटा मंच", "Union 𒀀", "350", "ߒߞߏ ߕߐ߲", "𝐔𝐧𝐢𝐨𝐧"])
def test_other_names_need_no_english_one(name: str) -> None:
    assert OrganisationForm({**ORGANISATION_FORM, "org_name": name, "org_name_english": ""}).is_valid()
    assert PersonForm({**PERSON_FORM, "person_name": "ꡀꡁ ꡂ"}).is_valid(), "people have no English name"


def test_ten_thousand_characters_are_explained_not_cut() -> None:
    form = OrganisationForm({**ORGANISATION_FORM, "org_name": "x" * 10_000, "email": "a" * 10_000 + "@x.example"})
    assert not form.is_valid()
    assert "10000" in form.errors["org_name"][0]
    assert form["org_name"].value() == "x" * 10_000, "what was typed is kept"


@pytest.mark.parametrize(
    ("address", "website", "speaks"),
    [
        ("a@kdrf.example", "https://www.kdrf.example/about", True),
        ("a@post.kdrf.example", "https://kdrf.example", True),
        ("a@kdrf.example", "https://forum.kdrf.example", True),
        ("a@KDRF.example", "http://Kdrf.Example:8080/", True),
        ("a@notkdrf.example", "https://kdrf.example", False),
        ("a@kdrf.example.evil.example", "https://kdrf.example", False),
        ("a@freemail.example", "https://freemail.example", False),
        ("a@freesites.example", "https://kdrf.freesites.example", False),
        ("a@example", "https://kdrf.example", False),
        ("a@yahoo.com.ar", "https://yahoo.com.ar", False),
        ("a@hotmail.ca", "https://www.hotmail.ca", False),
        ("a@yahoo.kdrf.example", "https://kdrf.example", True),
        ("a@řičany.example", "https://xn--iany-0wa74d.example", False),
        ("a@xn--bcher-kva.example", "https://bücher.example", True),
        ("a@any.org.uk", "https://org.uk", False),
        ("a@org.uk", "https://kdrf.org.uk", False),
        ("a@kdrf.org.uk", "https://www.kdrf.org.uk", True),
        ("a@any.or.ke", "https://or.ke", False),
        ("a@any.co.jp", "https://co.jp", False),
        ("a@someone.wixstudio.com", "https://wixstudio.com", False),
        ("a@any.xn--80au.xn--90a3ac", "https://xn--80au.xn--90a3ac", False),
        ("a@kdrf.example", "", False),
        ("", "https://kdrf.example", False),
        ("a@kdrf.example", "https://[::1", False),
    ],
)
def test_an_address_speaks_for_its_own_website_only(
    address: str, website: str, speaks: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(email_domains, "FREE_MAIL", email_domains.FREE_MAIL | {"freemail.example"})
    monkeypatch.setattr(email_domains, "FREE_SITES", email_domains.FREE_SITES | {"freesites.example"})
    assert email_matches_website(address, website) is speaks


@pytest.mark.parametrize(
    "website", ["javascript:alert(1)", "ftp://x.example", "no site", "http://", "data:text/html,x"]
)
def test_websites_are_web_addresses(website: str) -> None:
    form = OrganisationForm({**ORGANISATION_FORM, "org_website": website})
    assert list(form.errors) == ["org_website"]


def test_a_website_gets_its_scheme() -> None:
    assert website_normalise(" kdrf.example/x ") == "https://kdrf.example/x"
    form = OrganisationForm(ORGANISATION_FORM)
    assert form.is_valid(), form.errors
    assert form.typed().org_website == "https://maraicheres-lama.example"


def test_an_address_without_an_ending_gets_a_suggestion() -> None:
    form = OrganisationForm({**ORGANISATION_FORM, "email": "afi.mensah@maraicheres-lama"})
    assert form.errors["email"] == ["The part after @ is incomplete. Is it maraicheres-lama.example?"]
    form = OrganisationForm({**ORGANISATION_FORM, "email": "afi.mensah@elsewhere"})
    assert form.errors["email"] == ["The part after @ is incomplete."]


@pytest.mark.parametrize(
    "email",
    ["", "no", "a@b@c.example", "a b@c.example", "a@c.example\nBcc: x@y.example", "<a@c.example>", "a@.example"],
)
def test_addresses_that_are_none(email: str) -> None:
    assert "email" in PersonForm({**PERSON_FORM, "email": email}).errors


def test_visibility_is_said() -> None:
    form = OrganisationForm(ORGANISATION_FORM)
    assert form.is_valid()
    typed = form.typed()
    assert (typed.visibility, typed.state) == ("public", "pending")
    assert "visibility" in OrganisationForm({**ORGANISATION_FORM, "visibility": "all"}).errors
    assert "country" in OrganisationForm({**ORGANISATION_FORM, "country": "XX"}).errors
    assert "authorised" in OrganisationForm({**ORGANISATION_FORM, "authorised": ""}).errors
    for typed, said in (("9" * 30, "a smaller number"), ("0", "Write 1 or a larger number"), ("1e9", "in digits")):
        assert said in str(OrganisationForm({**ORGANISATION_FORM, "org_members": typed}).errors["org_members"])
    assert OrganisationForm({**ORGANISATION_FORM, "leave_empty": "x"}).is_valid()


@pytest.mark.parametrize(
    ("typed", "number"),
    [("1 250", 1250), ("1\u202f250", 1250), ("1.250.000", 1_250_000), ("1,250", 1250), ("١٬٢٥٠", 1250), ("12", 12)],
)
def test_members_are_counted_as_people_write_numbers(typed: str, number: int) -> None:
    form = OrganisationForm({**ORGANISATION_FORM, "org_members": typed})
    assert form.is_valid(), form.errors
    assert form.typed().org_members == number


@pytest.mark.parametrize("typed", ["1.25", "1 25", "1,250.000", "12 5000"])
def test_what_is_no_whole_number_of_members(typed: str) -> None:
    assert "org_members" in OrganisationForm({**ORGANISATION_FORM, "org_members": typed}).errors
