"""Forty organisations are invited in three languages and twenty-five sign; the queue is emptied, and the list of
signatories goes to a government.

By clients without scripts, each as its person. Every mail leaves through the postbox and arrives over SMTP.
"""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pypdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db.models import F
from django.test import Client
from django.urls import reverse

from apps.campaigns.models import Campaign
from apps.coalitions.models import AddressMail, Annex, AnnexEntry, Invitation, SignOn, SignOnCall
from apps.coalitions.selectors.invitations import invitation_counts
from apps.coalitions.services.invitation_mails import invitation_mails_send
from apps.coalitions.services.signature_log import log_entries_number
from apps.core.territories import territory_name
from apps.core.text import name_key
from apps.governments.models import Member
from apps.letters.models import LetterVersion
from apps.outreach.models import Dispatch
from apps.outreach.services.deliveries import dispatches_advance
from tests.factories import html_of
from tests.factories.arrived_mail import Post, body_of, link_with
from tests.factories.governments import make_recipient
from tests.factories.invitations import days_pass
from tests.factories.letters import make_mc11_version
from tests.factories.postbox import make_due
from tests.factories.signing import ORGANISATION_FORM, some_time_passes
from tests.factories.smtp_server import ScriptedServer

pytestmark = pytest.mark.django_db

with (Path(__file__).parent / "organisations.csv").open(encoding="utf-8") as file:
    ORGANISATIONS = list(csv.DictReader(file))
type Row = dict[str, str]
#: in the order of their English names, as the list is sorted
COUNTRIES = [
    "AR", "AT", "KH", "CM", "DK", "EC", "GN", "IN", "IR", "JP", "KE", "MA", "NP", "NI", "PE", "SN", "ZA", "LK", "TH",
    "TG", "TN", "VN",
]  # fmt: skip
MINISTER = "minister@trade-ke.example"


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    with ScriptedServer() as server:
        settings.POSTBOX = {**settings.POSTBOX, "PORT": server.port}
        yield Post(server)


@pytest.fixture
def campaign(mc11_campaign: Campaign) -> Campaign:
    return mc11_campaign


@pytest.fixture
def people(cast: SimpleNamespace, signed_in: Any) -> SimpleNamespace:
    """A client of each."""
    return SimpleNamespace(**{name: signed_in(user) for name, user in vars(cast).items()})


def test_forty_organisations_are_invited_and_twenty_five_sign(
    campaign: Campaign, cast: SimpleNamespace, people: SimpleNamespace, post: Post
) -> None:
    version = make_mc11_version(campaign, cast, Member.objects.get(code="KE"))
    call = open_for_signature(version, people)
    links = invite(call, people, post)
    signers = [row for row in ORGANISATIONS if row["Visibility"] and not on_paper(row)]
    private = {row["Email"]: sign(row, links[row["Email"]], post) for row in signers}
    assert len(private) == 24
    one_starts_and_one_declines(links, post)
    somebody_signs_for_another(call, post)
    one_signs_twice(call, post)
    paper_is_entered_and_accepted(call, people)
    the_queue_is_emptied(call, people, post)
    one_withdraws(call, private)
    assert SignOn.objects.confirmed().count() == 24
    everything_public_agrees(call)
    the_silent_are_reminded(call, people, post)
    the_list_reaches_the_government(version, people, post)
    log_entries_number()
    said = io.StringIO()
    call_command("verify_log", campaign.slug, stdout=said)
    assert "0 not numbered yet, 0 findings" in said.getvalue()


def url(name: str, campaign: Campaign, *more: Any) -> str:
    return reverse(name, args=[campaign.slug, *more])


def with_part(part: str) -> Row:
    return next(row for row in ORGANISATIONS if row["Part"] == part)


def on_paper(row: Row) -> bool:
    return row["Part"] == "on paper"


def of_row(row: Row) -> SignOn:
    return SignOn.objects.get(org_name=row["Organisation"], state="confirmed")


def open_for_signature(version: LetterVersion, people: SimpleNamespace) -> SignOnCall:
    campaign = version.letter.campaign
    form = {
        "version": version.pk, "closes_day": "2099-12-01", "closes_time": "23:59", "who": "both", "moderation": "all",
        "languages": ["en", "fr", "es"], "asked_fields": ["org_name_english", "org_website", "wants_answers"],
    }  # fmt: skip
    opened = people.coordinator.post(url("sign_on:open", campaign), form)
    assert opened.status_code == 302, opened.context["form"].errors
    return SignOnCall.objects.get()


def invite(call: SignOnCall, people: SimpleNamespace, post: Post) -> dict[str, str]:
    """From a list that the coordinator pastes. Returns the link of each, by its address."""
    address = url("sign_on:invite", call.campaign, call.pk)
    columns = ("Organisation", "Name in English", "Country", "Language", "Person", "Email")
    lines = ["\t".join(columns), *("\t".join(row[column] for column in columns) for row in ORGANISATIONS)]
    pasted = {"pasted": "\n".join(lines), "language": "en"}
    assert people.coordinator.post(address, {**pasted, "act": "check"}).context["new"] == 40
    assert not Invitation.objects.exists()
    sent = people.coordinator.post(address, {**pasted, "act": "send", "number": "40"})
    assert sent.status_code == 302, html_of(sent)
    assert invitation_mails_send() == 40
    links = {row["Email"]: link_with(post.to(row["Email"]), "/invited/") for row in ORGANISATIONS}
    assert all(links[row["Email"]].startswith(f"/{row['Language']}/") for row in ORGANISATIONS)
    assert invitation_counts(call)["silent"] == 40
    return links


def sign(row: Row, letter: str, post: Post) -> str:
    """As somebody of the organisation, to the end. Returns the link to its private page."""
    client = Client()
    send_form(row, letter)
    link = link_with(post.to(row["Email"]), "/sign/confirm/")
    assert link.startswith(f"/{row['Language']}/")
    shown = html_of(client.get(link))
    assert f'<html lang="{row["Language"]}"' in shown
    assert row["Organisation"].replace("&", "&amp;") in shown
    assert client.post(link).status_code == 302
    private = link_with(post.to(row["Email"]), "/sign/mine/")
    assert private.startswith(f"/{row['Language']}/")
    return private


def send_form(row: Row, letter: str) -> None:
    """Fill in what the page does not know of the organisation, and send it."""
    known = Client().get(letter).context["form"].initial
    typed = filled_in(row)
    assert known.items() <= {**typed, "org_website": ""}.items(), "an invitation fills in what is true"
    sent = Client().post(letter, {**typed, **known, "org_website": typed["org_website"]})
    assert sent.status_code == 302, sent.context["form"].errors


def of_letter(call: SignOnCall, row: Row) -> str:
    """The address of the letter for those who have no link of their own."""
    return f"/{row['Language']}/c/{call.campaign.slug}/letters/{call.letter.number}/"


def filled_in(row: Row) -> dict[str, str]:
    domain = row["Email"].partition("@")[2]
    return {
        **ORGANISATION_FORM, "org_name": row["Organisation"], "org_name_english": row["Name in English"],
        "country": row["Country"], "org_website": "" if row["Part"] == "free mail" else f"www.{domain}",
        "org_kind": "farmers", "org_members": "", "person_name": row["Person"], "person_post": "Secretary",
        "email": row["Email"], "visibility": row["Visibility"] or "public",
    }  # fmt: skip


def one_starts_and_one_declines(links: dict[str, str], post: Post) -> None:
    """Opening a link is neither."""
    starts, declines = with_part("starts"), with_part("declines")
    send_form(starts, links[starts["Email"]])
    assert link_with(post.to(starts["Email"]), "/sign/confirm/")
    page = Client().get(links[declines["Email"]]).context["decline_address"]
    assert Client().post(page).status_code == 302


def somebody_signs_for_another(call: SignOnCall, post: Post) -> None:
    """Whoever reads the mail at that address says that it was not them: nothing is left."""
    row = with_part("is signed for")
    send_form(row, of_letter(call, row))
    link = link_with(post.to(row["Email"]), "/sign/confirm/")
    assert SignOn.objects.filter(org_name=row["Organisation"]).count() == 1
    assert Client().post(f"{link}not-me/").status_code == 200
    assert not SignOn.objects.filter(org_name=row["Organisation"]).exists()
    assert Client().post(link).status_code == 404


def one_signs_twice(call: SignOnCall, post: Post) -> None:
    """From the same address: the private link again. From a colleague's: it is held, and looks the same to them."""
    row = with_part("signs twice")
    hours_pass()
    send_form(row, of_letter(call, row))
    assert link_with(post.to(row["Email"]), "/sign/mine/")
    assert SignOn.objects.filter(org_name=row["Organisation"]).count() == 1
    colleague = {**row, "Email": "chair@kdrf.example", "Person": "Achieng Ouko"}
    sign(colleague, of_letter(call, row), post)
    states = SignOn.objects.filter(org_name=row["Organisation"]).order_by("pk").values_list("state", flat=True)
    assert list(states) == ["confirmed", "held"]


def hours_pass() -> None:
    some_time_passes()
    AddressMail.objects.update(at=F("at") - timedelta(hours=2))


def paper_is_entered_and_accepted(call: SignOnCall, people: SimpleNamespace) -> None:
    row = with_part("on paper")
    scan = SimpleUploadedFile("sheet.pdf", b"%PDF-1.7 a scanned sheet", "application/pdf")
    typed = {**filled_in(row), "email": "", "came_by": "paper", "given_on": "2017-11-03", "language": "es"}
    entered = people.coordinator.post(
        url("sign_on:collected_enter", call.campaign, call.pk, "organisation"), {**typed, "evidence": scan}
    )
    assert entered.status_code == 302, (entered.context["form"].errors, entered.context["source"].errors)
    assert SignOn.objects.get(org_name=row["Organisation"]).state == "pending"
    page, accept = entered["Location"], f"{entered['Location']}accept/"
    seen = people.data_officer.get(page).context["shown"].fingerprint
    assert people.coordinator.post(accept, {"seen": seen}).status_code == 403, "who entered it does not accept it"
    assert people.data_officer.post(accept, {"seen": seen}).status_code == 302
    assert of_row(row).state == "confirmed"


def the_queue_is_emptied(call: SignOnCall, people: SimpleNamespace, post: Post) -> None:
    campaign, moderator = call.campaign, people.data_officer
    queue = url("sign_on:moderate", campaign)
    assert moderator.get(queue).context["shown"].total == 24 + 1, "all that came by the form, and the second one"
    one_is_asked(of_row(with_part("free mail")), moderator, post)
    held = SignOn.objects.get(state="held")
    decide(held, moderator, "settle")
    for _each in range(3):
        decide(moderator.get(queue).context["shown"].chosen.sign_on, moderator, "accept")
    many = url("sign_on:moderate_many", campaign)
    for narrowed in ("?country=AR", "?domain=matagalpa.example", ""):
        rows = moderator.get(f"{many}{narrowed}").context["rows"]
        ticked = [f"{row.sign_on.pk}:{row.fingerprint}" for row in rows]
        assert moderator.post(f"{many}{narrowed}", {"row": ticked, "accept": "1"}).status_code == 302
    emptied = moderator.get(queue)
    assert emptied.context["shown"].total == 0
    assert "Nothing to check" in html_of(emptied)
    told = post.take_all()
    assert sorted(told) == sorted(row["Email"] for row in ORGANISATIONS if row["Visibility"] and not on_paper(row))


def one_is_asked(sign_on: SignOn, moderator: Client, post: Post) -> None:
    """An address that anybody can have does not show for whom it speaks."""
    assert not sign_on.authority_verified
    assert of_row(with_part("signs twice")).authority_verified
    assert "Free email" in html_of(moderator.get(url("sign_on:sign_on", sign_on.campaign, sign_on.pk)))
    decide(sign_on, moderator, "ask", question="Qui peut signer pour le collectif ?")
    make_due()
    mail = post.to(sign_on.email)
    assert "Qui peut signer pour le collectif ?" in body_of(mail)
    link = link_with(mail, "/sign/answer/")
    assert Client().post(link, {"answer": "La présidente, Awa Diop."}).status_code == 302
    page = html_of(moderator.get(url("sign_on:sign_on", sign_on.campaign, sign_on.pk)))
    assert "La présidente, Awa Diop." in page
    decide(sign_on, moderator, "verify")
    decide(sign_on, moderator, "accept")


def decide(sign_on: SignOn, moderator: Client, act: str, **words: str) -> None:
    """Press that button on the page of the signature."""
    args = [sign_on.campaign.slug, sign_on.pk]
    seen = moderator.get(reverse("sign_on:sign_on", args=args)).context["shown"].chosen.fingerprint
    pressed = moderator.post(reverse("sign_on:decide", args=args), {act: "1", "seen": seen, **words})
    assert pressed.status_code == 302, html_of(pressed)


def one_withdraws(call: SignOnCall, private: dict[str, str]) -> None:
    row = with_part("withdraws")
    letter = url("website:letter", call.campaign, call.letter.number)
    assert row["Organisation"] in html_of(Client().get(letter))
    withdraw = f"{private[row['Email']]}withdraw/"
    assert Client().get(withdraw).status_code == 200
    assert SignOn.objects.get(org_name=row["Organisation"]).state == "confirmed"
    Client().post(withdraw)
    assert SignOn.objects.get(org_name=row["Organisation"]).state == "withdrawn"
    assert row["Organisation"] not in html_of(Client().get(letter))


def standing(*visibilities: str) -> set[str]:
    rows = [row for row in ORGANISATIONS if row["Part"] != "withdraws"]
    return {row["Organisation"] for row in rows if row["Visibility"] in visibilities}


def everything_public_agrees(call: SignOnCall) -> None:
    """The letter's page, the list and the JSON: the same numbers, all public names and no other."""
    campaign, public = call.campaign, standing("public")
    answer = Client().get(reverse("files:signatories", args=[campaign.slug, call.letter.number])).json()
    assert {row["name"] for row in answer["signatories"]} == public
    assert (answer["total"], answer["organisations"], answer["people"]) == (24, 24, 0)
    assert sorted(answer["by_country"]) == sorted(COUNTRIES)
    letter = html_of(Client().get(url("website:letter", campaign, call.letter.number)))
    assert f'<b class="num">24</b> organisations from {len(COUNTRIES)} countries' in letter
    listed = html_of(Client().get(url("website:signatories", campaign)))
    for name in public:
        assert name.replace("&", "&amp;") in listed
    for name in standing("government", "counted") | {with_part("withdraws")["Organisation"]}:
        assert name not in listed + letter


def the_silent_are_reminded(call: SignOnCall, people: SimpleNamespace, post: Post) -> None:
    expected = {"all": 40, "signed": 24, "withdrawn": 1, "started": 1, "declined": 1, "silent": 13}
    assert {state: n for state, n in invitation_counts(call).items() if n and state != "arrived"} == expected
    hours_pass()
    days_pass(4)
    remind = url("sign_on:invitations_remind", call.campaign, call.pk)
    assert "13" in html_of(people.coordinator.get(remind))
    assert people.coordinator.post(remind, {"number": "13"}).status_code == 302
    invitation_mails_send()
    silent = [row["Email"] for row in ORGANISATIONS if row["Part"] in {"", "is signed for"}]
    assert sorted(post.take_all()) == sorted(silent)


def the_list_reaches_the_government(version: LetterVersion, people: SimpleNamespace, post: Post) -> None:
    campaign = version.letter.campaign
    make_recipient(campaign, Member.objects.get(code="KE"), "Cabinet Secretary", MINISTER)
    people.sender.post(url("outreach:prepare", campaign), {"version": version.pk})
    dispatch = Dispatch.objects.get()
    authorise = {"typed_count": "1", "plan": dispatch.plan}
    sent = people.coordinator.post(url("outreach:authorise", campaign, dispatch.pk), authorise)
    assert sent.status_code == 302, html_of(sent)
    dispatches_advance()
    annex_is_right(Annex.objects.get())
    printed = pdf_text(post.to(MINISTER))
    assert_in_order(printed, [row for row in ORGANISATIONS if row["Organisation"] in standing("public", "government")])
    for name in standing("counted") | {with_part("withdraws")["Organisation"]}:
        assert name not in printed


def annex_is_right(annex: Annex) -> None:
    assert (annex.counts["organisations"], annex.counts["countries"]) == (24, len(COUNTRIES))
    assert annex.counts["unnamed"] == len(standing("counted")) == 2
    entries = AnnexEntry.objects.filter(annex=annex).order_by("position").select_related("name")
    assert list(dict.fromkeys(entry.country for entry in entries)) == COUNTRIES
    signed = {sign_on.pk: sign_on for sign_on in SignOn.objects.confirmed()}
    assert [entry.sign_on_id for entry in entries] == sorted(
        signed, key=lambda pk: (COUNTRIES.index(signed[pk].country), name_key(signed[pk].org_name))
    )
    named = {signed[entry.sign_on_id].org_name for entry in entries if entry.named}
    assert named == standing("public", "government")


def pdf_text(mail: EmailMessage) -> str:
    [attached] = [part for part in mail.iter_attachments() if part.get_content_type() == "application/pdf"]
    pages = pypdf.PdfReader(io.BytesIO(attached.get_content())).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def assert_in_order(printed: str, rows: list[Row]) -> None:
    """Country by country, each with its number and its names: in English where a reader cannot copy the script."""
    text, at = "".join(printed.rpartition("Fingerprint (SHA-256)")[2].split()), 0
    for code in COUNTRIES:
        names = sorted((row for row in rows if row["Country"] == code), key=lambda row: name_key(row["Organisation"]))
        heading = [f"{territory_name(code)} {len(names)}"] if names else []
        for words in [*heading, *(row["Name in English"] or row["Organisation"] for row in names)]:
            at = text.index("".join(words.split()), at)
