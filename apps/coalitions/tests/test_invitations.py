"""Inviting organisations: mails in their language, links that fill the form in, states, reminders, and what is left."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from apps.coalitions.models import AddressMail, Invitation, InvitationRefusal, Organisation, SignOn, SignOnCall
from apps.coalitions.pages.invitations import invitations_page
from apps.coalitions.selectors.invitations import invitation_counts, invitations_of
from apps.coalitions.services.calls import sign_on_call_open
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.erasure import expired_sweep, sign_on_erase
from apps.coalitions.services.invitation_answers import invitation_decline, invitation_stop
from apps.coalitions.services.invitation_mails import invitation_mails_send
from apps.coalitions.services.invitations import (
    InvitedOrganisation,
    NotInvitable,
    NumberChanged,
    invitations_create,
    invitations_remind,
)
from apps.coalitions.services.signer_changes import sign_on_withdraw
from apps.coalitions.services.signer_mails import MAILS_PER_DAY
from apps.coalitions.services.submission import confirmation_send
from apps.core.encryption import lookup_hashes
from apps.core.models import AuditEvent
from apps.core.signals import personal_data_erase
from apps.postbox.models import Message, Suppression
from apps.postbox.services.composing import ContentGone, message_compose
from apps.postbox.services.suppressions import address_suppress
from tests.factories.concurrency import at_once
from tests.factories.invitations import days_pass, delivered, invitation_mails, invitation_token, invited
from tests.factories.outreach import move_messages
from tests.factories.postbox import come_back
from tests.factories.signing import ORGANISATION_FORM, organisation, signed
from tests.factories.stored_rows import everything_readable

pytestmark = pytest.mark.django_db


def state_of(invitation: Invitation) -> str:
    return str(invitations_of(invitation.call).values_list("state", flat=True).get(pk=invitation.pk))


def page_of(invitation: Invitation, language: str = "en") -> str:
    """The path of the letter with the form filled in."""
    with translation.override(language):
        args = [invitation.campaign.slug, invitation.call.letter.number, invitation_token(invitation)]
        return reverse("website:invited", args=args)


def form(**extra: str) -> dict[str, str]:
    return {**ORGANISATION_FORM, "org_name": "Kisumu Data Rights Forum", "country": "KE", **extra}


def rows(*addresses: str) -> list[InvitedOrganisation]:
    return [InvitedOrganisation(f"Member {address}", address, "en") for address in addresses]


def test_each_gets_a_mail_in_its_language_whose_link_fills_the_form_in(
    call: SignOnCall, cast: SimpleNamespace, client: Client
) -> None:
    for code in ("en", "fr", "ar"):
        invited(call, cast.coordinator, f"{code}@kdrf.example", language=code, person_name="Otieno Were")
    mails = invitation_mails()
    assert [mail.language for mail in mails] == ["en", "fr", "ar"]
    for mail, code in zip(mails, ("en", "fr", "ar"), strict=True):
        assert f"/{code}/c/{call.campaign.slug}/letters/" in mail.text_body
        assert mail.headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert "Kisumu Data Rights Forum" in mail.text_body
    french = Invitation.objects.get(language="fr")
    page = client.get(page_of(french, "fr")).content.decode()
    assert '<html lang="fr"' in page
    for value in ("Kisumu Data Rights Forum", "Otieno Were", "fr@kdrf.example"):
        assert f'value="{value}"' in page
    assert '<option value="KE" selected>' in page


def test_opening_the_links_changes_nothing_and_sending_the_form_starts(
    call: SignOnCall, cast: SimpleNamespace, client: Client
) -> None:
    invitation = delivered(call, cast.coordinator)
    assert state_of(invitation) == "silent"
    before = everything_readable()
    for path in (page_of(invitation), reverse("signing:invitation", args=[invitation_token(invitation)])):
        for method in (client.get, client.head):
            answer = method(path)
            assert answer.status_code == 200
            assert "no-store" in answer["Cache-Control"]
    assert everything_readable() == before
    assert client.post(page_of(invitation), form(email="no address")).status_code == 400
    assert state_of(invitation) == "started", "pressed, though it has to be corrected"
    assert client.post(page_of(invitation), form()).status_code == 302
    invitation.refresh_from_db()
    assert invitation.sign_on == SignOn.objects.get()
    assert state_of(invitation) == "started"


def test_forwarded_to_a_colleague_it_counts_for_the_organisation(
    call: SignOnCall, cast: SimpleNamespace, client: Client
) -> None:
    invitation = delivered(call, cast.coordinator, org_name="KDRF", country="")
    client.post(page_of(invitation), form(org_name="Forum", country="TZ", email="colleague@other.example"))
    sign_on = SignOn.objects.get()
    [mail] = [each for each in Message.objects.filter(kind="confirmation") if each.to_address == sign_on.email]
    message_compose(message=mail)
    token = mail.text_body.split("/sign/confirm/")[1].split("/")[0]
    sign_on_confirm(token=token)
    assert state_of(invitation) == "signed"


def test_who_signed_in_another_way_has_signed(call: SignOnCall, cast: SimpleNamespace) -> None:
    by_name = delivered(call, cast.coordinator, "office@kdrf.example")
    by_address = delivered(call, cast.coordinator, "ann@union.example", org_name="The Union", country="")
    merged = delivered(call, cast.coordinator, "old@farmers.example", org_name="Old Farmers")
    other = delivered(call, cast.coordinator, "x@other.example", country="TG")
    signed(call, organisation())
    signed(call, organisation("Union of Kenya", email="ann@union.example"))
    kept = signed(call, organisation("Farmers", email="new@farmers.example")).organisation
    Organisation.objects.create(
        campaign=call.campaign, name="Old Farmers", name_key="old farmers", country="KE", kind="", merged_into=kept
    )
    assert [state_of(each) for each in (by_name, by_address, merged, other)] == ["signed"] * 3 + ["silent"]


def test_states_after_signing(call: SignOnCall, cast: SimpleNamespace, client: Client) -> None:
    invitation = delivered(call, cast.coordinator)
    client.post(page_of(invitation), form(email="o.were@kdrf.example"))
    SignOn.objects.update(expires_at=timezone.now())
    expired_sweep()
    assert state_of(invitation) == "silent", "what was typed is gone, as if nothing had been pressed"
    sign_on = signed(call, organisation())
    assert state_of(invitation) == "signed"
    sign_on_withdraw(sign_on=sign_on)
    assert state_of(invitation) == "withdrawn"
    with pytest.raises(NumberChanged):
        invitations_remind(call=call, actor=cast.coordinator, number=1)


def test_states_of_the_mail(call: SignOnCall, cast: SimpleNamespace) -> None:
    invitation = invited(call, cast.coordinator)
    assert state_of(invitation) == "waiting"
    other = invited(call, cast.coordinator, "other@kdrf.example", country="")
    assert invitation.message
    come_back(invitation.message)
    Message.objects.filter(pk=other.message_id).update(state="expired")
    assert invitation_counts(call)["failed"] == 2
    third = delivered(call, cast.coordinator, "third@kdrf.example", country="")
    counts = invitation_counts(call)
    assert (counts["all"], counts["arrived"], counts["silent"]) == (3, 1, 1)
    assert state_of(third) == "silent"


def test_declining_and_no_more_mail(call: SignOnCall, cast: SimpleNamespace, client: Client) -> None:
    declined = delivered(call, cast.coordinator)
    path = reverse("signing:invitation", args=[invitation_token(declined)])
    for _time in range(2):
        answer = client.post(path, {"act": "decline", "stop": "on"}, follow=True)
    assert "will not sign" in answer.content.decode()
    assert state_of(declined) == "declined"
    assert InvitationRefusal.objects.count() == 1
    stopped = delivered(call, cast.coordinator, "two@kdrf.example", country="")
    answer = client.post(
        reverse("signing:invitation", args=[invitation_token(stopped)]), {"List-Unsubscribe": "One-Click"}
    )
    assert answer.status_code == 200, "mail programs follow no redirect"
    assert state_of(stopped) == "stopped"
    assert invitations_create(call=call, actor=cast.coordinator, rows=rows("two@kdrf.example")) == []
    Invitation.objects.all().delete()
    assert invitations_create(call=call, actor=cast.coordinator, rows=rows("O.Were@kdrf.example")) == []


def test_a_declined_organisation_may_sign_after_all(call: SignOnCall, cast: SimpleNamespace, client: Client) -> None:
    invitation = delivered(call, cast.coordinator)
    invitation_decline(token=invitation_token(invitation))
    assert client.get(page_of(invitation)).status_code == 200
    signed(call, organisation())
    assert state_of(invitation) == "signed"


def test_the_link_works_until_closing_and_nobody_is_mailed_then(
    call: SignOnCall, cast: SimpleNamespace, client: Client
) -> None:
    invitation = invited(call, cast.coordinator)
    path = page_of(invitation)
    assert invitation.message
    [late] = invitations_create(call=call, actor=cast.coordinator, rows=rows("late@kdrf.example"))
    sign_on_call_close(call=call, actor=cast.coordinator)
    assert client.get(path).status_code == 410
    assert client.post(path, form()).status_code == 410
    assert not SignOn.objects.exists()
    assert invitation_mails_send() == 0
    assert state_of(late) == "failed"
    with pytest.raises(ContentGone):
        message_compose(message=Message.objects.get(pk=invitation.message_id))
    with pytest.raises(NotInvitable):
        invitations_create(call=call, actor=cast.coordinator, rows=rows("a@b.example"))
    assert client.get(path.replace("/invited/", "/invited/x")).status_code == 404


def test_mails_of_a_scheduled_letter_wait_until_it_can_be_read(version: Any, cast: SimpleNamespace) -> None:
    opens = timezone.now() + timedelta(days=1)
    call = sign_on_call_open(
        version=version, actor=cast.coordinator, opens_at=opens, closes_at=opens + timedelta(days=5)
    )
    [invitation] = invitations_create(call=call, actor=cast.coordinator, rows=rows("a@b.example"))
    assert invitation.mail_due_at == opens
    assert invitation_mails_send() == 0
    assert state_of(invitation) == "waiting"


def test_who_signs_or_declines_before_the_mail_leaves_gets_none(call: SignOnCall, cast: SimpleNamespace) -> None:
    invitation = invited(call, cast.coordinator)
    invitation_stop(token=invitation_token(invitation))
    message = Message.objects.get(pk=invitation.message_id)
    with pytest.raises(ContentGone):
        message_compose(message=message)
    invitations_create(call=call, actor=cast.coordinator, rows=rows("new@kdrf.example"))
    signed(call, organisation("Another", email="new@kdrf.example"))
    assert invitation_mails_send() == 0


def test_an_address_over_its_limit_is_mailed_later(call: SignOnCall, cast: SimpleNamespace) -> None:
    digest = lookup_hashes("busy@kdrf.example")[0].digest
    for _number in range(MAILS_PER_DAY):
        AddressMail.objects.create(email_hash=digest, at=timezone.now())
    [invitation] = invitations_create(call=call, actor=cast.coordinator, rows=rows("busy@kdrf.example"))
    assert invitation_mails_send() == 0
    invitation.refresh_from_db()
    assert invitation.mail_due_at is not None
    assert invitation.mail_due_at > timezone.now()
    assert state_of(invitation) == "waiting"
    AddressMail.objects.all().delete()
    Invitation.objects.update(mail_due_at=timezone.now())
    assert (invitation_mails_send(), invitation_mails_send()) == (1, 0)


def test_the_silent_are_reminded_once_in_three_days(call: SignOnCall, cast: SimpleNamespace) -> None:
    silent = delivered(call, cast.coordinator)
    back = invited(call, cast.coordinator, "back@kdrf.example", country="")
    assert back.message
    come_back(back.message)
    spam = delivered(call, cast.coordinator, "spam@kdrf.example", country="")
    address_suppress(address=spam.email, reason="complaint", actor=None)
    refused = delivered(call, cast.coordinator, "stop@kdrf.example", country="")
    invitation_stop(token=invitation_token(refused))

    def remind(number: int = 1) -> int:
        return invitations_remind(call=call, actor=cast.coordinator, number=number)

    with pytest.raises(NumberChanged):
        remind()
    assert invitations_page(call, state="", wanted="", number=1).silent == 2, "the page to remind says who has to wait"
    days_pass(3.1)
    with pytest.raises(NumberChanged):
        remind(2)
    assert remind() == 1
    with pytest.raises(NumberChanged):
        remind()
    first_link = invitation_token(silent)
    assert (invitation_mails_send(), invitation_mails_send()) == (1, 0)
    silent.refresh_from_db()
    assert state_of(silent) == "silent", "not as if it had never been delivered"
    assert silent.message
    message_compose(message=silent.message)
    assert silent.message.subject.startswith("Reminder")
    assert silent.tokens.count() == 2
    assert first_link != invitation_token(silent)
    assert Suppression.objects.count() == 1
    move_messages(Message.objects.filter(pk=silent.message_id), "accepted")
    days_pass(3.1)
    assert remind() == 1


@pytest.mark.django_db(transaction=True)
def test_two_people_at_once_mail_nobody_twice(call: SignOnCall, cast: SimpleNamespace) -> None:
    list_of = rows("a@one.example", "b@two.example")
    done = at_once(
        lambda: invitations_create(call=call, actor=cast.coordinator, rows=list_of),
        lambda: invitations_create(call=call, actor=cast.sender, rows=list_of),
    )
    assert sorted(map(len, done)) == [0, 2]
    assert sum(at_once(invitation_mails_send, invitation_mails_send)) == 2
    assert Message.objects.count() == 2
    move_messages(Message.objects.all(), "accepted")
    days_pass(4)
    done = at_once(*[lambda: invitations_remind(call=call, actor=cast.coordinator, number=2)] * 2)
    assert sorted(str(each) for each in done)[0] == "2"
    assert any(isinstance(each, NumberChanged) for each in done)


def test_five_thousand_in_few_statements(call: SignOnCall, cast: SimpleNamespace) -> None:
    many = rows(*(f"a@union{number}.example" for number in range(5000)))
    with CaptureQueriesContext(connection) as asked:
        assert len(invitations_create(call=call, actor=cast.coordinator, rows=many)) == 5000
    assert len(asked) < 25
    with CaptureQueriesContext(connection) as asked:
        assert invitation_counts(call)["waiting"] == 5000
    assert len(asked) == 1


# ---- what is left of people


@pytest.mark.parametrize("how", ["address", "signer", "retention"])
def test_no_canary_is_left(call: SignOnCall, cast: SimpleNamespace, client: Client, how: str) -> None:
    invitation = delivered(call, cast.coordinator, "canary@birds.example", person_name="Canary Kanarek")
    client.post(page_of(invitation), form(email="canary@birds.example", person_name="Canary Kanarek"))
    sign_on = SignOn.objects.get()
    if how == "signer":
        sign_on = sign_on_confirm(token=confirmation_send(sign_on=sign_on)).sign_on
    assert "Canary Kanarek" in everything_readable()
    if how == "address":
        hashes = [each.digest for each in lookup_hashes("canary@birds.example")]
        personal_data_erase.send(None, hashes=hashes)
    elif how == "signer":
        sign_on_erase(sign_on=sign_on)
    else:
        long_ago = timezone.now() - timedelta(days=3000)
        SignOnCall.objects.update(opens_at=long_ago - timedelta(days=9), closes_at=long_ago)
        expired_sweep()
    left = everything_readable()
    assert "canary" not in left.casefold()
    assert Invitation.objects.get().org_name == "Kisumu Data Rights Forum"
    assert not Invitation.objects.get().tokens.exists()


# ---- recognised, and why not


def test_a_member_without_a_country_that_signs_elsewhere_is_not_silent(call: SignOnCall, cast: SimpleNamespace) -> None:
    """By the name where a person was verified, by the website of the organisation; not by what anybody may type."""
    by_name = delivered(call, cast.coordinator, "one@union.example", org_name="The Union", country="")
    by_website = delivered(
        call, cast.coordinator, "two@post.example", org_name="KDRF", country="", org_website="https://kdrf.example/"
    )
    typed_only = delivered(call, cast.coordinator, "x@weavers.example", org_name="Weavers", country="")
    free = delivered(call, cast.coordinator, "x@gmail.com", org_name="Growers", country="")
    website = "https://www.union-kenya.example"
    signed(call, organisation("The Union", email="ann@union-kenya.example", org_website=website))
    signed(call, organisation("Kisumu Data Rights Forum", email="o.were@kdrf.example"))
    signed(call, organisation("Weavers", country="TG", email="w@gmail.com", org_website="https://weavers.example"))
    signed(call, organisation("Other", country="TZ", email="o@gmail.com", org_website="https://gmail.com"))

    states = [state_of(each) for each in (by_name, by_website, typed_only, free)]
    assert states == ["signed", "signed", "silent", "silent"]
    found = {row.pk: row.signed_by for row in invitations_of(call)}  # type: ignore[attr-defined]  # annotated
    assert [found[each.pk] for each in (by_name, by_website, typed_only)] == ["name", "website", ""]


def test_a_website_that_two_invited_ones_share_tells_nothing(call: SignOnCall, cast: SimpleNamespace) -> None:
    rows_of = [delivered(call, cast.coordinator, f"{who}@kdrf.example", org_name=who, country="") for who in ("A", "B")]
    signed(call, organisation("Kisumu Data Rights Forum", email="o.were@kdrf.example"))
    assert [state_of(each) for each in rows_of] == ["silent", "silent"]


def test_why_an_organisation_declines_is_read_by_the_team_only(
    call: SignOnCall, cast: SimpleNamespace, client: Client, signed_in: Any
) -> None:
    invitation = delivered(call, cast.coordinator)
    path = reverse("signing:invitation", args=[invitation_token(invitation)])
    too_long = client.post(path, {"act": "decline", "reason": "text", "note": "No. " * 200, "stop": "on"})
    assert too_long.status_code == 400
    assert "No. No." in too_long.content.decode(), "nothing typed is lost"
    assert 'name="stop" checked' in too_long.content.decode()
    assert state_of(invitation) == "silent"
    assert client.post(path, {"act": "decline", "reason": "hostile"}).status_code == 400
    assert client.post(path, {"act": "decline", "reason": "text", "note": "Point 3 goes too far."}).status_code == 302
    assert "Point 3" not in client.get(path).content.decode()
    page = reverse("sign_on:invitations", args=[call.campaign.slug, call.pk])
    shown = signed_in(cast.coordinator).get(page).content.decode()
    assert "We do not agree with the text" in shown
    assert "Point 3 goes too far." in shown
    assert signed_in(cast.drafter).get(page).status_code == 403
    assert "Point 3" not in str(list(AuditEvent.objects.values()))

    personal_data_erase.send(None, hashes=[each.digest for each in lookup_hashes(invitation.email)])
    assert "Point 3" not in everything_readable()
    assert state_of(invitation) == "declined"
