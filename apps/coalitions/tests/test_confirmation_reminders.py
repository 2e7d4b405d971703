"""The reminder two days after a form that nobody confirmed: to whom, once, in their language."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.coalitions.models import AddressMail, SignOn, SignOnCall, SignOnToken
from apps.coalitions.selectors.calls import call_fingerprint
from apps.coalitions.selectors.signatory_counts import signatory_counts
from apps.coalitions.services.calls import sign_on_call_change
from apps.coalitions.services.closing_times import sign_on_call_close
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.confirmation_reminders import confirmations_remind
from apps.coalitions.services.signer_changes import sign_on_disown
from apps.coalitions.services.signer_mails import MAILS_PER_DAY
from apps.coalitions.tasks import remind_unconfirmed
from apps.core.encryption import lookup_hashes
from apps.postbox.services.suppressions import address_suppress
from tests.factories.concurrency import at_once
from tests.factories.postbox import come_back
from tests.factories.signing import link_in, mails, make_call, organisation, person, signed, submit

pytestmark = pytest.mark.django_db


def days_pass(days: float = 2.01) -> None:
    """For forms, links and mails; calls stay open."""
    for rows, field in ((SignOn, "created_at"), (SignOnToken, "created_at"), (AddressMail, "at")):
        for row in rows.objects.all():  # type: ignore[attr-defined]
            rows.objects.filter(pk=row.pk).update(  # type: ignore[attr-defined]
                **{field: getattr(row, field) - timedelta(days=days)}
            )


def test_who_has_not_confirmed_is_reminded_once_and_both_links_work(call: SignOnCall, client: Client) -> None:
    submit(call, organisation())
    assert confirmations_remind() == 0, "the form is new"
    days_pass()

    assert confirmations_remind() == 1
    assert confirmations_remind() == 0

    first, reminder = mails()
    assert reminder.subject.startswith("Reminder: confirm your signature")
    assert "Kisumu Data Rights Forum, Kenya" in reminder.text_body
    assert "The link works until" in reminder.text_body
    assert link_in(first) != link_in(reminder)
    assert signatory_counts(call.letter).total == 0
    assert client.get(link_in(first)).status_code == client.get(link_in(reminder)).status_code == 200
    assert client.post(link_in(reminder)).status_code == 302
    for press in (client.get, client.post):
        assert "Already confirmed" in press(link_in(first)).content.decode()
    assert signatory_counts(call.letter).total == 1


def test_the_first_link_works_after_the_reminder(call: SignOnCall, client: Client) -> None:
    submit(call, person())
    days_pass()
    confirmations_remind()
    first, reminder = mails()
    assert client.post(link_in(first)).status_code == 302
    assert "Already confirmed" in client.get(link_in(reminder)).content.decode()


def test_it_is_in_the_signers_language(call: SignOnCall) -> None:
    submit(call, person(language="ar"))
    days_pass()
    confirmations_remind()
    assert link_in(mails()[-1]).startswith("/ar/")


def not_any_more(how: str, call: SignOnCall, token: str, cast: SimpleNamespace) -> None:
    match how:
        case "confirmed":
            sign_on_confirm(token=token)
        case "confirmed by another form":
            signed(call, person(visibility="government"))
        case "disowned":
            sign_on_disown(token=token)
        case "expired":
            SignOn.objects.update(expires_at=timezone.now())
        case "closed":
            sign_on_call_close(call=call, actor=cast.coordinator)
        case "organisations only":
            sign_on_call_change(
                call=call, actor=cast.coordinator, seen=call_fingerprint(call), who=SignOnCall.Who.ORGANISATIONS
            )
        case "suppressed":
            address_suppress(address="afi.mensah@post.example", reason="spam", actor=None)
        case "came back":
            come_back(mails()[0])
        case "had its share":
            digest = lookup_hashes("afi.mensah@post.example")[0].digest
            AddressMail.objects.bulk_create(
                AddressMail(email_hash=digest, at=timezone.now() - timedelta(hours=5)) for _n in range(MAILS_PER_DAY)
            )


@pytest.mark.parametrize(
    "how",
    [
        "confirmed", "confirmed by another form", "disowned", "expired", "closed", "organisations only", "suppressed",
        "came back", "had its share",
    ],
)  # fmt: skip
def test_nobody_is_reminded_in_vain(call: SignOnCall, cast: SimpleNamespace, how: str) -> None:
    token = submit(call, person()).token
    days_pass()
    not_any_more(how, call, token, cast)
    before = len(mails())
    assert confirmations_remind() == 0
    assert len(mails()) == before


def test_nothing_where_the_call_closes_before(version: Any, cast: SimpleNamespace) -> None:
    call = make_call(version, cast, days=1.5)
    submit(call, person())
    assert confirmations_remind(now=timezone.now() + timedelta(days=2.1)) == 0


def test_a_form_filled_in_twice_is_one_reminder(call: SignOnCall) -> None:
    submit(call, person())
    days_pass(0.5)
    submit(call, person(visibility="government"))
    days_pass()
    assert confirmations_remind() == 1
    assert confirmations_remind() == 0


def test_a_reminder_that_waits_does_not_leave_once_it_is_confirmed(call: SignOnCall) -> None:
    token = submit(call, person()).token
    days_pass()
    confirmations_remind()
    reminder = mails()[-1]
    sign_on_confirm(token=token)
    [late] = [mail for mail in mails() if mail.pk == reminder.pk]
    assert not late.subject


def test_the_task_reminds(call: SignOnCall) -> None:
    submit(call, person())
    days_pass()
    remind_unconfirmed()
    assert len(mails()) == 2


@pytest.mark.django_db(transaction=True)
def test_four_at_once_remind_once(call: SignOnCall) -> None:
    for number in range(3):
        submit(call, person(f"Afi Mensah {number}", email=f"afi{number}@post.example"))
    days_pass()
    assert sum(at_once(*[confirmations_remind] * 4)) == 3
    assert len(mails()) == 6
