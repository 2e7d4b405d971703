"""No more than a few mails to one address in a day, whatever anybody does; and what programs send."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.signing import Signer, b62_encode
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.coalitions.models import AddressMail, SignOn, SignOnCall
from apps.coalitions.selectors.moderation_queue import campaign_queue
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.confirmation_reminders import REMIND_AFTER, confirmations_remind
from apps.coalitions.services.email_changes import email_change_request
from apps.coalitions.services.moderation import TooMuchMail, sign_on_accept, sign_on_ask, sign_on_reject
from apps.coalitions.services.moderation_undo import decision_undo
from apps.coalitions.services.signer_mails import MAILS_PER_DAY, token_issue
from apps.postbox.models import Message
from tests.factories.signing import PERSON_FORM, mails, organisation, person, signed, submit

pytestmark = pytest.mark.django_db

VICTIM = "victim@post.example"


def mails_to_victim() -> int:
    return sum(mail.to_address == VICTIM for mail in Message.objects.exclude(state="cancelled"))


def an_hour_passes() -> None:
    AddressMail.objects.update(at=timezone.now() - timedelta(hours=2))


def test_an_address_gets_its_share_of_a_day_from_all_together(call: SignOnCall, cast: SimpleNamespace) -> None:
    """Forms of others, the button, a question, decisions, another's new address, the private link, the reminder."""
    for number in range(2):
        submit(call, organisation(f"Organisation {number}", email=VICTIM))
    an_hour_passes()
    own = signed(call, person(email=VICTIM))
    sign_on_ask(sign_on=own, actor=cast.data_officer, question="Who are you?")
    sign_on_accept(sign_on=own, actor=cast.coordinator)
    other = signed(call, person("Kossi Adjei", email="kossi@post.example"))
    for _round in range(6):
        an_hour_passes()
        for number in range(4):
            submit(call, organisation(f"Organisation {_round} {number}", email=VICTIM))
            email_change_request(sign_on=other, email=VICTIM)
            submit(call, person(email=VICTIM))
    confirmations_remind(now=timezone.now() + REMIND_AFTER)
    with pytest.raises(TooMuchMail):
        sign_on_ask(sign_on=signed_later(call), actor=cast.data_officer, question="And now?")
    for waiting in SignOn.objects.standing().filter(email_hash=own.email_hash).exclude(pk=own.pk):
        sign_on_reject(sign_on=waiting, actor=cast.data_officer, reason="No.")
    assert mails_to_victim() <= MAILS_PER_DAY + 1, "the one more is what the reader's own button asked for"


def signed_later(call: SignOnCall) -> SignOn:
    """Another signature of the victim, confirmed with a link that was mailed before the share was used up."""
    waiting = SignOn.objects.filter(call=call, state=SignOn.State.PENDING).order_by("id").first()
    assert waiting is not None
    token = token_issue(sign_on=waiting, purpose="confirm", expires_at=waiting.expires_at)
    return sign_on_confirm(token=token).sign_on


def test_what_is_called_back_does_not_count(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on = signed(call, person())
    counted = AddressMail.objects.count()
    sign_on_accept(sign_on=sign_on, actor=cast.coordinator)
    assert AddressMail.objects.count() == counted + 1
    decision_undo(decision=sign_on.decisions.get(), actor=cast.coordinator)
    assert AddressMail.objects.count() == counted


# ---- programs


@pytest.fixture
def page(call: SignOnCall) -> str:
    return reverse("website:letter", args=[call.campaign.slug, call.letter.number]) + "?for=person"


def shown(client: Client, page: str) -> str:
    return str(client.get(page).context["form"]["shown_at"].value())


@pytest.mark.parametrize("extra", [{"leave_empty": "x"}, {}], ids=["honeypot", "too fast"])
def test_forms_of_programs_are_put_aside_not_dropped(
    call: SignOnCall, page: str, client: Client, settings: Any, extra: dict[str, str]
) -> None:
    settings.SIGN_FORM_SECONDS = 3
    sent = client.post(page, {**PERSON_FORM, "shown_at": shown(client, page), **extra})
    assert sent.status_code == 302
    assert "Check your email" in client.get(sent["Location"]).content.decode()
    assert not mails()
    assert SignOn.objects.get().state == "suspect"
    assert campaign_queue(call.campaign).count() == 1


def test_people_type_longer_also_after_an_error(page: str, client: Client, settings: Any) -> None:
    settings.SIGN_FORM_SECONDS = 3
    a_minute_ago = b62_encode(int(timezone.now().timestamp()) - 60)
    stamp = Signer(salt="coalitions.shown_at").sign(f":{a_minute_ago}")
    wrong = client.post(page, {**PERSON_FORM, "email": "afi@", "shown_at": stamp})
    assert stamp in wrong.content.decode(), "the time of the first look is kept"
    assert client.post(page, {**PERSON_FORM, "shown_at": stamp}).status_code == 302
    assert SignOn.objects.get().state == "pending"


@pytest.mark.parametrize("stamp", ["", "x", ":1yFoRa:forged", "\x00", "ا" * 90])
def test_a_stamp_that_is_not_ours_tells_nothing(page: str, client: Client, settings: Any, stamp: str) -> None:
    settings.SIGN_FORM_SECONDS = 3
    client.post(page, {**PERSON_FORM, "shown_at": stamp})
    assert SignOn.objects.filter(state="suspect").count() == 0
