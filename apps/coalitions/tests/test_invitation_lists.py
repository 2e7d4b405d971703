"""Lists of organisations to invite: what lines mean, what is wrong with them, and the pages of the team."""

import io
from types import SimpleNamespace
from typing import Any

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from apps.campaigns.roles import Role
from apps.coalitions.forms.invitations import CheckedLine, checked_lines
from apps.coalitions.models import Invitation, Organisation, SignOnCall
from tests.factories import add_team_member, html_of, make_campaign
from tests.factories.invitations import days_pass, delivered, invited
from tests.factories.letters import make_version
from tests.factories.signing import make_call, organisation, signed

pytestmark = pytest.mark.django_db


def url(name: str, call: SignOnCall) -> str:
    return reverse(f"sign_on:{name}", args=[call.campaign.slug, call.pk])


def row(line: CheckedLine) -> tuple[str, ...]:
    assert line.row, line.errors
    return (line.row.org_name, line.row.email, line.row.language, line.row.country, line.row.org_website)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Union; ann@union.example; fr; Togo", ("Union", "ann@union.example", "fr", "TG", "")),
        ("Union\tann@union.example\tSpanish\tEspaña", ("Union", "ann@union.example", "es", "ES", "")),
        ("Union, ann@union.example", ("Union", "ann@union.example", "en", "", "")),
        ("Union, Kenya and Co, ann@union.example, en", ("Union, Kenya and Co", "ann@union.example", "en", "", "")),
        ('"Union; the great", ann@union.example', None),
        ("ann@union.example; Union; ar", ("Union", "ann@union.example", "ar", "", "")),
        ("Union; ann@union.example; Togo; fr; union.example", (
            "Union", "ann@union.example", "fr", "TG", "https://union.example")),
        ("Union; ann@union.example; Togo", ("Union", "ann@union.example", "en", "TG", "")),
        ("Organisation;Pays;Courriel;Langue\nUnion;Côte d’Ivoire;ann@union.example;français", (
            "Union", "ann@union.example", "fr", "CI", "")),
        ("المنظمة,البلد,البريد الإلكتروني,اللغة\nاتحاد الفلاحين,مصر,mona@f.example,العربية", (
            "اتحاد الفلاحين", "mona@f.example", "ar", "EG", "")),
    ],
)  # fmt: skip
def test_lines_in_any_form(call: SignOnCall, text: str, expected: tuple[str, ...] | None) -> None:
    [line] = checked_lines(call, text, "en")
    if expected is None:
        assert line.state in {"new", "error"}
    else:
        assert row(line) == expected


def test_each_line_says_what_is_wrong(call: SignOnCall, cast: SimpleNamespace) -> None:
    invited(call, cast.coordinator, "known@one.example")
    signed(call, organisation("Signed Union", email="signed@union.example"))
    text = (
        "\nGood; good@one.example; en\n"
        "; no.name@one.example\n"
        "No address; ; fr\n"
        "Bad address; bad@; fr\n"
        "Klingon; k@one.example; tlh\n"
        "Nowhere; n@one.example; en; Atlantis\n"
        "Again; GOOD@one.example; en\n"
        "Known; known@one.example\n"
        "By name; signed union <x>; en\n"
        "Signed Union; other@union.example; en; Kenya\n"
        "Signer; signed@union.example; en; Kenya\n"
        f"{'x' * 300}; long@one.example\n"
    )
    lines = checked_lines(call, text, "en")
    assert [line.state for line in lines] == [
        "new", "error", "error", "error", "error", "error", "repeated", "invited", "error", "signed", "signed", "error",
    ]  # fmt: skip
    assert lines[6].repeats == 2
    assert [str(label) for label, _wrong in lines[4].errors] == ["Language"]


def test_nothing_is_stored_before_the_mails_were_seen(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    ada, page = signed_in(cast.coordinator), url("invite", call)
    text = "Union; ann@union.example; fr; Togo\nFarmers; f@farmers.example; ar; EG\nWrong; no address; en"
    answer = ada.post(page, {"pasted": text, "language": "en", "act": "check"})
    assert "2 organisations can be invited" in html_of(answer)
    assert "1 line is wrong" in html_of(answer)
    assert text in answer.content.decode()
    mails = ada.post(page, {"pasted": text, "language": "en", "act": "mail"}).content.decode()
    assert 'lang="fr"' in mails
    assert 'lang="ar"' in mails
    assert call.campaign.sender_address in mails
    assert "Send 2 invitations" in mails
    assert not Invitation.objects.exists()
    changed = ada.post(page, {"pasted": text, "language": "en", "act": "send", "number": "3"})
    assert changed.status_code == 409
    assert text in changed.content.decode()
    sent = ada.post(page, {"pasted": text, "language": "en", "act": "send", "number": "2"})
    assert Invitation.objects.count() == 2
    assert ">\nWrong; no address; en</textarea>" in sent.content.decode(), "what was wrong is not lost"
    again = ada.post(page, {"pasted": text, "language": "en", "act": "check"})
    assert html_of(again).count("Invited before") == 2


def test_a_workbook_becomes_lines(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    book = io.BytesIO()
    with xlsxwriter.Workbook(book, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Language", "Email"])
        sheet.write_row(1, 0, ["Union", "fr", "ann@union.example"])
        sheet.write_row(2, 0, ["=1+1", "", "no address"])
    ada, page = signed_in(cast.coordinator), url("invite", call)
    file = SimpleUploadedFile("list.xlsx", book.getvalue())
    answer = ada.post(page, {"pasted": "", "file": file, "language": "en", "act": "check"})
    assert "Union\tfr\tann@union.example" in answer.content.decode()
    assert "1 organisation can be invited" in html_of(answer)
    bad = SimpleUploadedFile("list.xlsx", b"PK\x03\x04 no workbook")
    answer = ada.post(page, {"pasted": "Kept; kept@one.example", "file": bad, "language": "en", "act": "check"})
    assert answer.status_code == 400
    assert "Kept; kept@one.example" in answer.content.decode()
    assert ada.post(page, {"pasted": " \n", "language": "en", "act": "check"}).status_code == 400


def test_markup_in_names_is_text(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    ada = signed_in(cast.coordinator)
    text = "<script>alert(1)</script>; ann@union.example\n</textarea><b>x; no address"
    for act in ("check", "mail"):
        answer = ada.post(url("invite", call), {"pasted": text, "language": "en", "act": act}).content.decode()
        assert "<script>alert" not in answer
        assert "</textarea><b>x" not in answer


def test_states_are_counted_searched_and_reminded(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    ada = signed_in(cast.coordinator)
    assert "No organisation has been invited" in html_of(ada.get(url("invitations", call)))
    delivered(call, cast.coordinator, "a@farmers.example", org_name="Farmers’ Union", country="TG")
    delivered(call, cast.coordinator, "b@forum.example")
    signed(call, organisation())
    page = html_of(ada.get(url("invitations", call)))
    assert "<b>2</b>Invited" in page
    assert "<b>1</b>Signed" in page
    found = html_of(ada.get(url("invitations", call), {"state": "silent"}))
    assert "a@farmers.example" in found
    assert "b@forum.example" not in found
    assert "b@forum.example" in html_of(ada.get(url("invitations", call), {"q": "DATA rights"}))
    assert "matches" in html_of(ada.get(url("invitations", call), {"q": "nobody"}))
    assert ada.get(url("invitations", call), {"state": "x'--", "page": "999"}).status_code == 200
    days_pass(4)
    page = html_of(ada.get(url("invitations_remind", call)))
    assert "Send 1 reminder" in page
    assert "a@farmers.example" in page
    assert ada.post(url("invitations_remind", call), {"number": "2"}).status_code == 409
    assert ada.post(url("invitations_remind", call), {"number": "1"}).status_code == 302
    assert Invitation.objects.exclude(reminded_at=None).count() == 1
    assert "is left out" in html_of(ada.get(url("invitations_remind", call)))


def test_another_campaigns_invitations_are_never_seen(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    invited(call, cast.coordinator)
    other_campaign = make_campaign("elsewhere")
    add_team_member(cast.coordinator, other_campaign, Role.COORDINATOR)
    ada = signed_in(cast.coordinator)
    for name in ("invite", "invitations", "invitations_remind"):
        address = reverse(f"sign_on:{name}", args=[other_campaign.slug, call.pk])
        assert ada.get(address).status_code == 404


# ---- organisations that signed before


def known_page(call: SignOnCall) -> str:
    return reverse("sign_on:invite_known", args=[call.campaign.slug, call.pk])


def test_organisations_that_signed_before_are_ticked_into_the_list(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any
) -> None:
    """An address is used only with consent; what was typed and ticked stays while the list is narrowed."""
    willing = signed(call, organisation("Growers", email="a@growers.example", wants_letters=True)).organisation
    asks = signed(call, organisation("Weavers", email="b@weavers.example", country="TG")).organisation
    assert willing is not None
    assert asks is not None
    later = make_call(make_version(call.campaign, cast), cast)
    coordinator = signed_in(cast.coordinator)

    typed = {"pasted": "Union; ann@union.example", "language": "fr", "organisation": [str(willing.pk)]}
    page = html_of(coordinator.post(known_page(later), {**typed, "country": "TG", "act": "show"}))
    assert "Weavers" in page
    assert "Growers" not in page
    assert "1 more is ticked and not shown" in page
    assert "Union; ann@union.example" in page
    assert "a@growers.example" not in page
    page = html_of(coordinator.post(known_page(later), {**typed, "act": "all"}))
    assert page.count("checked") == 2
    assert not Invitation.objects.exists()

    invite = reverse("sign_on:invite", args=[later.campaign.slug, later.pk])
    ticked = {**typed, "organisation": [str(willing.pk), str(asks.pk)], "act": "check"}
    listed = html_of(coordinator.post(invite, ticked))
    assert "2 organisations can be invited" in listed
    assert "Growers\ta@growers.example\ten\tKE" in listed
    assert "Weavers\t\t\tTG" in listed
    assert "b@weavers.example" not in listed, "its owner did not ask to hear of other letters"
    assert "1 line is wrong" in listed


def test_lines_of_known_organisations_follow_the_headings(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any
) -> None:
    known = signed(call, organisation("Growers", email="a@growers.example", wants_letters=True)).organisation
    assert known is not None
    later = make_call(make_version(call.campaign, cast), cast)
    invite = reverse("sign_on:invite", args=[later.campaign.slug, later.pk])
    data = {
        "pasted": "Email\tName\nann@union.example\tUnion",
        "language": "en",
        "organisation": known.pk,
        "act": "check",
    }
    listed = html_of(signed_in(cast.coordinator).post(invite, data))
    assert "a@growers.example\tGrowers" in listed
    assert "2 organisations can be invited" in listed


def test_who_signed_this_letter_cannot_be_ticked(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    row = signed(call, organisation("Growers")).organisation
    assert row is not None
    page = html_of(signed_in(cast.coordinator).get(known_page(call)))
    assert "Has signed" in page
    assert f'value="{row.pk}"' not in page


def test_ids_of_others_are_not_read(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    other = Organisation.objects.create(
        campaign=make_campaign("other"), name="Hidden", name_key="hidden", country="KE", kind="farmers"
    )
    ids = [str(other.pk), "x", "9" * 40, "-1", "٣"]
    page = html_of(signed_in(cast.coordinator).post(known_page(call), {"organisation": ids, "act": "show"}))
    assert "more is ticked" not in page
    assert "Hidden" not in page
    invite = reverse("sign_on:invite", args=[call.campaign.slug, call.pk])
    data = {"pasted": "", "language": "en", "organisation": [str(other.pk)], "act": "check"}
    assert "Hidden" not in html_of(signed_in(cast.coordinator).post(invite, data))
