"""A reader who reported our mail as spam: every page says so, whatever mail it was and whenever the address came in."""

from typing import Any

import pytest
from django.urls import reverse

from apps.governments.models import Recipient, RecipientAddress
from apps.governments.services.addresses import address_add, address_mark_bounced, address_retire
from apps.letters.selectors.letters import members_without_address
from apps.outreach.services.preparation import dispatch_prepare
from apps.postbox.models import Policy, Suppression
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.postbox.services.queue import message_queue
from tests.factories.governments import make_recipient

pytestmark = pytest.mark.django_db
CABINET = "cabinet.secretary@trade-ke.example"
COMPLAINT = (
    "From: <feedback@mail.example>\r\nSubject: complaint\r\nMIME-Version: 1.0\r\n"
    'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
    "--b\r\nContent-Type: text/plain\r\n\r\nThis is an abuse report.\r\n"
    "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n\r\n--b--\r\n"
)


def complain_about_other_mail(address: str, campaign: Any) -> None:
    """A confirmation went to the address, and its reader complains."""
    message = message_queue(
        kind="confirmation", policy=Policy.REPEATABLE, to_address=address, subject="Confirm", text_body="Confirm",
        want_answers=True, campaign_id=campaign.pk,
    )  # fmt: skip
    mails_receive(arrivals=[Arrival("", message.reply_to, COMPLAINT.encode())], sink=True)


def pages(client: Any, recipient: Recipient) -> list[str]:
    addresses = [
        reverse("recipients:recipient", args=["mc11", recipient.pk]),
        reverse("dashboard:government", args=["mc11", recipient.office.member.code]),
    ]
    return [client.get(address).content.decode() for address in addresses]


@pytest.mark.usefixtures("lookup_keys")
def test_a_complaint_about_any_mail_is_shown_at_the_recipient(
    version: Any, recipients: Any, campaign: Any, cast: Any, kenya: Any, signed_in: Any
) -> None:
    client = signed_in(cast.sender)
    RecipientAddress.objects.update(health="good")
    complain_about_other_mail(CABINET.upper(), campaign)
    assert all("Reported our email as spam" in page for page in pages(client, recipients.cabinet))
    Recipient.objects.filter(pk=recipients.mission.pk).update(active=False)
    assert members_without_address(campaign, [kenya]) == [kenya], "the flag of the letter"
    found = client.get("/work/mc11/governments/?recipients=unreachable").content.decode()
    assert "Kenya" in found
    assert "No address that works" in client.get("/work/mc11/recipients/problems/").content.decode()

    mailing = dispatch_prepare(version=version, actor=cast.sender)
    page = client.get(reverse("outreach:dispatch", args=["mc11", mailing.pk])).content.decode()
    assert "Ask, then allow it" in page
    way = f"{reverse('recipients:recipient', args=['mc11', recipients.cabinet.pk])}#addresses"
    assert f'href="{way}"' in page
    observers = signed_in(cast.observer).get(reverse("outreach:dispatch", args=["mc11", mailing.pk])).content.decode()
    assert way not in observers
    assert reverse("dashboard:government", args=["mc11", "KE"]) in observers

    client = signed_in(cast.sender)
    address = recipients.cabinet.addresses.get()
    client.post(reverse("recipients:address", args=["mc11", recipients.cabinet.pk, address.pk]), {"do": "allow"})
    assert not Suppression.objects.exists()
    assert all("Delivers" in page and "as spam" not in page for page in pages(client, recipients.cabinet))
    assert not dispatch_prepare(version=version, actor=cast.sender).exclusions.filter(reason="suppressed").exists()
    assert "unblocked an address" in signed_in(cast.coordinator).get("/work/mc11/record/").content.decode()


def test_an_address_entered_after_a_complaint_says_so(
    version: Any, recipients: Any, campaign: Any, cast: Any, signed_in: Any
) -> None:
    client = signed_in(cast.sender)
    complain_about_other_mail("new@trade-ke.example", campaign)
    to = reverse("recipients:address_new", args=["mc11", recipients.cabinet.pk])
    answer = client.post(to, {"address": "New@Trade-KE.example"}, follow=True).content.decode()
    assert "Letters do not go to this address" in answer
    assert "Reported our email as spam" in answer
    retired = recipients.cabinet.addresses.get(position=1)
    address_retire(address=retired, actor=cast.sender)
    client.post(reverse("recipients:address", args=["mc11", recipients.cabinet.pk, retired.pk]), {"do": "restore"})
    assert all("Reported our email as spam" in page for page in pages(client, recipients.cabinet))


@pytest.mark.usefixtures("lookup_keys")
def test_an_address_that_bounces_bounces_at_every_recipient(
    recipients: Any, campaign: Any, cast: Any, kenya: Any, signed_in: Any
) -> None:
    known = recipients.mission.addresses.get()
    address_mark_bounced(hashes={known.address_hash}, at=known.created_at)
    other = make_recipient(campaign, kenya, "Attaché")
    added = address_add(recipient=other, address=known.address.upper(), actor=cast.sender)
    assert (added.health, added.bounced_at) == ("bounced", known.created_at)
    assert any("Bounces" in page for page in pages(signed_in(cast.sender), other))


@pytest.fixture(params=[False, True], ids=["one key", "a second key since"])
def lookup_keys(request: Any, recipients: Any, settings: Any) -> None:
    """The recipients' addresses have hashes with the first key."""
    if request.param:
        settings.LOOKUP_KEYS = ["2:bmV3LWxvb2t1cC1rZXktbmV3LWxvb2t1cC1rZXktbmU=", *settings.LOOKUP_KEYS]


@pytest.mark.usefixtures("lookup_keys")
def test_a_dead_address_is_known_from_any_mail(recipients: Any, campaign: Any, cast: Any, signed_in: Any) -> None:
    message = message_queue(
        kind="confirmation", policy=Policy.REPEATABLE, to_address=CABINET, subject="Confirm", text_body="Confirm",
        want_answers=True, campaign_id=campaign.pk,
    )  # fmt: skip
    report = COMPLAINT.replace("feedback-report; b", "delivery-status; b").replace(
        "Content-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1",
        f"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; x.example\r\n\r\nAction: failed\r\n"
        f"Final-Recipient: rfc822; {CABINET}\r\nStatus: 5.1.1",
    )
    mails_receive(arrivals=[Arrival("", message.reply_to, report.encode())], sink=True)
    assert "Bounces" in pages(signed_in(cast.sender), recipients.cabinet)[0]
