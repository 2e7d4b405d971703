"""The main job, as the README tells it: one letter from its template to the answer, by seven people, in a browser.

A real worker and the real SMTP listener run beside the web server; people get their links and codes from the mails
that arrived. The listener's domain refuses one of Kenya's two addresses, and the other answers.
"""

import base64
import csv
import hashlib
import hmac
import io
import re
import smtplib
import struct
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pypdf
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from apps.campaigns.models import Campaign
from apps.coalitions.models import SignOn
from apps.governments.models import Member, Office
from apps.governments.services.addresses import address_add
from apps.governments.services.recipients import recipient_save
from apps.letters.models import Edition, LetterVersion
from apps.outreach.models import Delivery, Dispatch, Reply
from apps.outreach.selectors.tracking import campaign_today
from apps.postbox.models import Message, SinkMail
from tests.browser.letter_page import caret_after
from tests.factories.processes import Processes, wait_until

pytestmark = pytest.mark.browser

ADA, NALEDI, IVO = "ada@coalition.example", "naledi@coalition.example", "ivo@coalition.example"
LENA, TOMAS = "lena@coalition.example", "tomas@coalition.example"
GENEVA, CAPITAL = "gone.geneva@mission-ke.example", "cabinet.secretary@trade-ke.example"
TYPED = "We write to you before you leave for Buenos Aires."
type Shoot = Callable[[Page, str], None]
PHONE = {"width": 360, "height": 740}


class Mailbox:
    """What arrived over SMTP, by recipient; each mail is read once."""

    def __init__(self) -> None:
        self.read: set[int] = set()

    def next(self, to: str, subject: str = "") -> EmailMessage:
        """The next unread mail to this address, with these words in its subject; waits for it."""

        def newest() -> EmailMessage | None:
            for mail in SinkMail.objects.exclude(pk__in=self.read).order_by("id"):
                parsed = message_from_bytes(bytes(mail.raw), policy=policy.default)
                assert isinstance(parsed, EmailMessage)
                if mail.envelope_to == to and subject in parsed["Subject"]:
                    self.read.add(mail.pk)
                    return parsed
            return None

        return wait_until(newest, f"a mail to {to} {subject}")

    def count(self, to: str) -> int:
        return sum(mail.envelope_to == to for mail in SinkMail.objects.all())


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return body.get_content()


def link_in(mail: EmailMessage) -> str:
    found = re.search(r"http://\S+", text_of(mail))
    assert found, text_of(mail)
    return found.group(0)


def six_digits(secret: str, at: float | None = None) -> str:
    """TOTP of RFC 6238 with the usual parameters."""
    counter = struct.pack(">Q", int((at or time.time()) // 30))
    digest = hmac.new(base64.b32decode(secret + "=" * (-len(secret) % 8)), counter, hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset : offset + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


@pytest.fixture
def mc11(transactional_db: None, mc11_campaign: Campaign) -> Campaign:
    """The shipped campaign, and Kenya's two recipients (addresses are never part of the shipped data)."""
    kenya = Member.objects.get(code="KE")
    for kind, name, post, address in (
        (Office.Kind.MISSION, "Permanent Mission in Geneva", "Permanent Representative", GENEVA),
        (Office.Kind.CAPITAL, "Ministry of Trade", "Cabinet Secretary for Trade", CAPITAL),
    ):
        office = Office.objects.create(campaign=mc11_campaign, member=kenya, kind=kind, name=name)
        recipient = recipient_save(office=office, post=post, language="en", salutation={"en": "Excellency"}, actor=None)
        address_add(recipient=recipient, address=address, actor=None)
    return mc11_campaign


class Journey:
    """One method per step, each as its person. Shared: the server's address, the mailbox, each person's page."""

    def __init__(self, open_page: Callable[..., Page], shoot: Shoot, address: str, campaign: Campaign) -> None:
        self.open_page = open_page
        self.shoot = shoot
        self.address = address
        self.campaign = campaign
        self.mailbox = Mailbox()
        self.pages: dict[str, Page] = {}

    def path(self, name: str, *arguments: Any) -> str:
        return reverse(name, args=[self.campaign.slug, *arguments])

    # ---- accounts -----------------------------------------------------------------------------
    def first_coordinator_comes(self) -> None:
        call_command("invite", "mc11", "Ada Okoro", ADA, stdout=io.StringIO())
        self.accept_invitation(ADA)
        page = self.pages[ADA]
        page.context.clear_cookies()  # another day: she signs in by code
        page.goto(reverse("account_login"))
        page.get_by_label("Email address").or_(page.get_by_label("Email")).first.fill(ADA)
        page.get_by_role("button", name="Email me a code").click()
        code = re.search(r"\b[A-Z0-9]{3,}-?[A-Z0-9]{3,}\b", text_of(self.mailbox.next(ADA)))
        assert code
        page.get_by_label("Code").fill(code.group(0))
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("navigation", name="Sections")).to_be_visible()

    def accept_invitation(self, address: str) -> Page:
        link = link_in(self.mailbox.next(address))
        page = self.pages.setdefault(address, self.open_page())
        page.goto(link)
        page.get_by_role("button", name="Accept the invitation").click()
        expect(page.get_by_role("navigation", name="Sections")).to_be_visible()
        return page

    def invite(self, name: str, address: str, *roles: str) -> None:
        page = self.pages[ADA]
        page.goto(self.path("team:invite"))
        page.get_by_label("Name", exact=True).fill(name)
        page.get_by_label("Email address").fill(address)
        for role in roles:
            page.get_by_role("checkbox", name=role).check()
        page.get_by_role("button", name="Send the invitation").click()
        expect(page.locator("main")).to_contain_text(name)
        self.accept_invitation(address)

    def second_factor(self, address: str) -> None:
        page = self.pages[address]
        page.goto(reverse("mfa_activate_totp"))
        secret = page.locator("code.secret").inner_text()
        page.locator("form.form input[name=code]").fill(six_digits(secret))
        page.get_by_role("button", name="Switch it on").click()
        expect(page.locator("main")).to_contain_text(re.compile("codes", re.I))

    # ---- the letter ---------------------------------------------------------------------------
    def draft(self) -> None:
        page = self.pages[NALEDI]
        page.goto(self.path("letters:create"))
        page.get_by_role("radio", name=re.compile("^Letter to the African Group")).check()
        page.get_by_label("Working title").fill("To Kenya")
        page.get_by_role("radio", name="Single governments").check()
        page.get_by_role("combobox", name="Governments").fill("Kenya")
        page.get_by_role("button", name="Start the letter").click()
        text = page.locator("#ws-text [contenteditable=true]").or_(page.locator("#ws-text[contenteditable=true]")).first
        expect(text).to_be_visible()
        expect(page.locator("#ws-text")).to_contain_text("Kenya")
        caret_after(page, "We would be grateful")
        page.keyboard.type(f" {TYPED}")
        expect(page.locator("#ws-text")).to_contain_text(TYPED)
        self.insert_point_and_fact(page)
        expect(page.locator("#ws-saved")).to_contain_text(re.compile(r"Saved \d+ \w+ \d{4}, \d\d:\d\d"))
        self.shoot(page, "1-workspace")

    def insert_point_and_fact(self, page: Page) -> None:
        page.locator("#ws-points").get_by_role("button", name=re.compile("^7 ")).click()
        page.get_by_role("button", name="Insert point 7").click()
        expect(page.locator("#ws-text")).to_contain_text("Data is the raw material of the digital economy")
        notes = page.locator("#ws-notes-list > li")
        before = notes.count()
        page.get_by_label("Search evidence").fill("7.3")
        page.get_by_label("Search evidence").press("Enter")
        fact = page.locator("#ws-points").get_by_role("button", name=re.compile(r"^7\.3 "))
        expect(page.locator("#ws-points > li:first-child > .evidence-row")).to_be_focused()  # what was found is drawn
        fact.click()
        expect(page.get_by_role("button", name="Cite 7.3")).to_be_visible()
        caret_after(page, TYPED)
        page.get_by_role("button", name="Cite 7.3").click()
        expect(notes).to_have_count(before + 1)

    def preview_shows_the_footnote(self) -> None:
        page = self.pages[NALEDI]
        page.get_by_label("Shown as").select_option(index=1)
        page.get_by_role("button", name="Preview").click()
        shown = page.locator("#ws-shown")
        expect(shown).to_contain_text("Excellency")
        expect(shown).to_contain_text("the delegation of Kenya")
        expect(shown.locator(".notes li").first).to_be_visible()
        self.ask_ivo(page, "Look at the first paragraph.")

    def ask_ivo(self, page: Page, note: str) -> None:
        page.get_by_role("button", name=re.compile("^Ask for review")).click()
        page.get_by_role("checkbox", name="Ivo").check()
        page.get_by_label("What they should look at").fill(note)
        page.get_by_role("button", name="Ask for review").click()
        expect(page.locator("main")).to_contain_text(note)

    def send_back_once(self) -> None:
        """A mail leads Ivo to the text, and another one Naledi to what he wants changed."""
        ivo, naledi = self.pages[IVO], self.pages[NALEDI]
        ivo.goto(link_in(self.mailbox.next(IVO, "waits for review")))
        ivo.get_by_label("What should change").fill("Say when the conference ends.")
        ivo.get_by_role("button", name="Send back").click()
        expect(ivo.locator("main")).to_contain_text("sent it back")
        naledi.goto(link_in(self.mailbox.next(NALEDI, "sent back")))
        expect(naledi.locator("main")).to_contain_text("Say when the conference ends.")
        naledi.locator(".page-head").get_by_role("link", name="Back to the text").click()
        caret_after(naledi, TYPED)
        naledi.keyboard.type(" It ends on 13 December.")
        self.ask_ivo(naledi, "It says so now.")

    def review(self) -> None:
        page = self.pages[IVO]
        page.goto(self.path("letters:review", 1, "en"))
        expect(page.locator("main")).to_contain_text(TYPED)
        expect(page.locator("main")).to_contain_text("It ends on 13 December.")
        self.shoot(page, "2-review")
        page.get_by_role("button", name=re.compile("^Approve revision")).click()
        page.goto(self.path("letters:freeze", 1))
        page.get_by_role("button", name="Freeze version 1: 1 letter").click()
        expect(page.locator("h1")).to_contain_text("version 1")
        self.shoot(page, "3-version")

    # ---- signing ------------------------------------------------------------------------------
    def open_sign_on(self) -> None:
        page = self.pages[ADA]
        page.goto(self.path("letters:version", 1, 1))
        page.get_by_role("link", name="Open for signature").click()
        page.get_by_label("Closes on").fill("2099-12-01")
        page.get_by_role("button", name=re.compile("^Open")).click()
        expect(page.locator("main")).to_contain_text("2099")

    def organisation_signs(self, name: str, address: str, visibility: str) -> None:
        """On a phone, without JavaScript."""
        page = self.open_page(width=PHONE["width"], height=PHONE["height"], script=False)
        page.goto(self.path("website:letter", 1))
        page.get_by_label("Name in its own language and script").fill(name)
        page.get_by_label("Name in English").fill("Market Gardeners")
        page.get_by_label("Kind").select_option(index=1)
        page.get_by_label("Country").select_option("TG")
        page.get_by_label("Your name").fill("Afi Mensah")
        page.get_by_label("Your position").fill("Secretary")
        page.get_by_label("Your email address").fill(address)
        page.get_by_label("I am authorised to sign").check()
        page.get_by_label(visibility).check()
        self.shoot(page, "4-sign-360")
        page.get_by_role("button", name="Sign for the organisation").click()
        expect(page.locator("h1")).to_contain_text(re.compile("mail", re.I))
        link = link_in(self.mailbox.next(address))
        for _scanner in range(3):
            page.goto(link)
        signed = SignOn.objects.get(org_name=name)
        assert signed.state == SignOn.State.PENDING
        self.shoot(page, "5-confirm-360")
        page.get_by_role("button", name="Confirm and sign for the organisation").click()
        expect(page.locator("h1")).to_contain_text("Signed")

    def moderate(self) -> None:
        page = self.pages[TOMAS]
        for _each in range(2):
            page.goto(self.path("sign_on:moderate"))
            page.get_by_role("link", name=re.compile("maraîchères|Silent")).first.click()
            page.wait_for_selector("#main:not([aria-busy])")
            self.shoot(page, "6-moderation")
            page.get_by_role("button", name=re.compile("^Accept")).click()
            expect(page.locator("#main .notice")).to_contain_text("Accepted")
        page.goto(self.path("sign_on:index"))

    def public_list(self) -> str:
        page = self.open_page()
        page.goto(self.path("website:letter", 1))
        self.shoot(page, "7-letter")
        page.goto(self.path("website:signatories"))
        return page.content()

    # ---- sending ------------------------------------------------------------------------------
    def prepare(self) -> None:
        page = self.pages[LENA]
        page.goto(self.path("outreach:prepare"))
        page.get_by_role("button", name="See who gets it").click()
        expect(page.locator("main")).to_contain_text("Permanent Representative")
        expect(page.locator("main")).to_contain_text("Cabinet Secretary for Trade")
        page.get_by_role("link", name=re.compile("Kenya, Cabinet Secretary")).click()
        expect(page.locator("main")).to_contain_text("the delegation of Kenya")
        page.goto(self.path("outreach:dispatch", Dispatch.objects.get().pk))
        page.get_by_role("button", name="Send me a test").click()
        self.mailbox.next(LENA, "[Test]")
        expect(page.locator("main")).not_to_contain_text("Authorise: send")

    def authorise(self) -> None:
        page = self.pages[ADA]
        page.goto(self.path("outreach:dispatch", Dispatch.objects.get().pk))
        page.locator("#authorise input[name=typed_count]").fill("2")
        self.shoot(page, "8-dispatch")
        page.get_by_role("button", name="Authorise: send 2 letters").click()
        expect(page.locator("h1")).to_contain_text(re.compile("Sending|Sent"))

    def second_dispatch_repeats_nothing(self) -> None:
        page = self.pages[LENA]
        page.goto(self.path("outreach:prepare"))
        page.get_by_role("button", name="See who gets it").click()
        expect(page.locator("main")).to_contain_text("Nobody would get it")

    # ---- answers, lists, the record -----------------------------------------------------------
    def capital_answers(self) -> None:
        letter = Delivery.objects.get(recipient__post="Cabinet Secretary for Trade").message
        assert letter is not None
        answer = EmailMessage()
        answer["From"] = CAPITAL
        answer["To"] = letter.reply_to
        answer["Subject"] = "Re: your letter"
        answer["Message-ID"] = "<answer-1@trade-ke.example>"
        answer.set_content("Kenya will follow the decision of the African Group.")
        with smtplib.SMTP("127.0.0.1", settings.POSTBOX["LISTEN_PORT"], timeout=10) as smtp:
            smtp.send_message(answer)

    def follows_up(self, page: Page) -> None:
        """The answer is sorted, a position recorded from it, a meeting and the next step noted."""
        page.goto(self.path("outreach:mail", Reply.objects.get().mail_id))
        page.get_by_label("Sorted as").select_option("answer")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Saved.")).to_be_visible()
        page.get_by_role("link", name="Record the position it states").click()
        page.get_by_role("radio", name="Opposes").first.check()
        page.get_by_role("button", name="Record the position").click()
        page.get_by_role("link", name="Record a contact").click()
        page.get_by_role("radio", name="Meeting").check()
        page.get_by_label("What was said").fill("They will speak for the group.")
        page.get_by_role("button", name="Record the contact").click()
        page.get_by_role("link", name="Add a next step").click()
        page.get_by_label("What to do").fill("Send the figures they asked for")
        page.get_by_label("By when").fill(campaign_today(self.campaign).isoformat())
        page.get_by_role("button", name="Add the next step").click()
        expect(page.locator(".government-now")).to_contain_text("Send the figures they asked for")
        wide = page.viewport_size
        page.set_viewport_size({"width": 360, "height": 740})
        expect(page.locator(".government-now section > p").last).to_be_in_viewport()
        page.set_viewport_size(wide or {"width": 1280, "height": 800})
        for words in ("Position: opposes", "The answer that states it", "Meeting", "They will speak for the group."):
            expect(page.locator(".timeline")).to_contain_text(words)
        page.goto(self.path("dashboard:overview"))
        expect(page.locator("main")).to_contain_text("1 next step is due")

    def export(self) -> list[list[str]]:
        page = self.pages[TOMAS]
        page.goto(self.path("exports:index"))
        page.get_by_role("link", name="Signatories", exact=True).click()
        page.get_by_label("Language of headings and words").select_option("")
        page.get_by_role("button", name="Preview the export").click()
        page.get_by_label("Why you need this list").fill("For the press")
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile(r"^Export \d+ rows?$")).click()
        content = Path(download.value.path()).read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def pdf_text(mail: EmailMessage) -> str:
    attached = [part for part in mail.iter_attachments() if part.get_content_type() == "application/pdf"]
    assert len(attached) == 1
    pages = pypdf.PdfReader(io.BytesIO(attached[0].get_content())).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def test_one_letter_from_template_to_answer(
    product: Processes, mc11: Campaign, open_page: Callable[..., Page], shoot: Shoot, live_server: LiveServer
) -> None:
    journey = Journey(open_page, shoot, live_server.url, mc11)

    # 1. a coordinator signs in, invites; the others accept
    journey.first_coordinator_comes()
    journey.invite("Naledi Motsepe", NALEDI, "Drafter")
    journey.invite("Ivo Hrubý", IVO, "Reviewer")
    journey.invite("Lena Fischer", LENA, "Sender")
    journey.invite("Tomás Rivas", TOMAS, "Data officer")
    for address in (ADA, LENA, TOMAS):
        journey.second_factor(address)

    # 2. the drafter writes; the fact becomes a numbered footnote
    journey.draft()
    journey.preview_shows_the_footnote()

    # 3. the reviewer approves, the version is frozen; the database refuses changes
    journey.send_back_once()
    journey.review()
    version, edition = LetterVersion.objects.get(), Edition.objects.get()
    assert (version.number, len(version.sha256), edition.member.code) == (1, 64, "KE")
    with pytest.raises(IntegrityError, match="refused"), transaction.atomic():
        Edition.objects.update(sha256="0" * 64)

    # 4. organisations sign on a phone; one of them for the government only
    journey.open_sign_on()
    journey.organisation_signs("Coopérative des maraîchères", "afi@maraicheres.example", "Everybody")
    journey.organisation_signs("Silent Partners", "lou@silent.example", "Only the governments")
    journey.moderate()
    listed = journey.public_list()
    assert "Coopérative des maraîchères" in listed
    assert "Silent Partners" not in listed

    # 5. one prepares, another authorises; one letter each, by SMTP, with the PDF
    journey.prepare()
    journey.authorise()
    letter = journey.mailbox.next(CAPITAL)
    printed = pdf_text(letter)
    assert letter["Subject"] == version.subjects["en"]
    for expected in ("Excellency", "the delegation of Kenya", "Coopérative des maraîchères", "Silent Partners"):
        assert expected in printed
    assert "Data is the raw material" in text_of(letter)
    wait_until(
        lambda: (
            sorted(Message.objects.filter(kind="letter").values_list("state", flat=True)) == ["accepted", "refused"]
        ),
        "one letter accepted, one refused",
    )
    journey.second_dispatch_repeats_nothing()
    journey.capital_answers()
    kenya = journey.pages[ADA]
    wait_until(lambda: Reply.objects.exists(), "the answer filed")
    kenya.goto(journey.path("dashboard:government", "KE"))
    for line in ("Bounced", "550", "Kenya will follow the decision of the African Group"):
        expect(kenya.locator(".timeline")).to_contain_text(line)
    shoot(kenya, "9-government")
    journey.follows_up(kenya)
    assert journey.mailbox.count(CAPITAL) == 1
    assert journey.mailbox.count(GENEVA) == 0

    # 6. the list leaves, obeying visibility, and the record says so
    rows = journey.export()
    assert [row[0] for row in rows[1:]] == ["Coopérative des maraîchères"]
    kenya.goto(journey.path("dashboard:audit"))
    expect(kenya.locator("main")).to_contain_text("Tomás Rivas")
