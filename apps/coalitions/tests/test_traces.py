"""What is left of a person once their data is erased or its time is over: no table has it, decrypted or not."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from apps.coalitions.models import SignOn, SignOnCall
from apps.coalitions.services.answers import signer_question_answer
from apps.coalitions.services.confirmation import sign_on_confirm
from apps.coalitions.services.email_changes import email_change_confirm, email_change_request
from apps.coalitions.services.erasure import (
    expired_sweep,
    planner_samples_renew,
    sign_on_erase,
    sign_ons_erase_by_address,
)
from apps.coalitions.services.moderation import sign_on_ask
from apps.coalitions.services.signer_changes import sign_on_disown
from apps.core.encryption import lookup_hashes
from apps.core.signals import personal_data_erase
from apps.postbox.models import Message
from apps.postbox.services.inbound import Arrival, mails_receive
from apps.webhooks.models import EventDelivery
from apps.webhooks.services.endpoints import endpoint_create
from tests.factories.postbox import come_back
from tests.factories.signing import person, submit
from tests.factories.webhook_receiver import KINDS

pytestmark = pytest.mark.django_db

OLD, NEW, NEXT = "canary.old@birds.example", "canary.new@birds.example", "canary.next@birds.example"


def tables_with(*secrets: str) -> set[str]:
    """Names of the tables that have one of the texts in any row, as the application reads it."""
    return {
        model._meta.db_table
        for model in apps.get_models()
        for row in model._default_manager.values_list()
        if any(secret.casefold() in str(row).casefold() for secret in secrets)
    }


def sampled_columns_with(secret: str) -> set[str]:
    """Columns of which the database's statistics for planning have the text."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_stats WHERE concat(most_common_vals, histogram_bounds) ILIKE %s", [f"%{secret}%"]
        )
        return {name for (name,) in cursor.fetchall()}


@pytest.fixture
def canary(call: SignOnCall, cast: SimpleNamespace) -> SignOn:
    """A person with an answer, an address that was replaced and one that is not confirmed, and mail that came back, of
    whom a webhook is told."""
    endpoint_create(
        campaign=call.campaign, actor=cast.coordinator, name="Site", url="http://localhost:9/", events=KINDS
    )
    sign_on = sign_on_confirm(token=submit(call, person("Canary Kanarek", email=OLD)).token).sign_on
    sign_on_ask(sign_on=sign_on, actor=cast.data_officer, question="Canary?")
    signer_question_answer(sign_on=sign_on, answer="Yes, a canary.")
    email_change_confirm(token=email_change_request(sign_on=sign_on, email=NEW))
    email_change_request(sign_on=sign_on, email=NEXT)
    last = Message.objects.get(to_hash=lookup_hashes(NEXT)[0].digest)
    come_back(last)
    report(last)
    sign_on.refresh_from_db()
    assert EventDelivery.objects.exists()
    SignOn.objects.update(moderation_reason="Canary wrote that somebody else did it.")
    return sign_on


def report(message: Message) -> None:
    raw = f"From: postmaster@birds.example\r\nSubject: Failed\r\n\r\n{NEXT} is unknown, canary.\r\n".encode()
    mails_receive(arrivals=[Arrival("", message.envelope_from, raw)], sink=False)


def erase(sign_on: SignOn) -> None:
    sign_on_erase(sign_on=sign_on)


def time_is_over(sign_on: SignOn) -> None:
    long_ago = timezone.now() - timedelta(days=3000)
    SignOnCall.objects.update(opens_at=long_ago - timedelta(days=9), closes_at=long_ago)
    assert expired_sweep()["retention_wiped"] == 1


@pytest.mark.parametrize("end", [erase, time_is_over])
def test_nothing_of_a_person_is_left(canary: SignOn, end: Callable[[SignOn], Any]) -> None:
    assert tables_with("canary") >= {
        "coalitions_signon", "coalitions_signerquestion", "coalitions_emailchange", "postbox_message",
        "postbox_inboundmail",
    }  # fmt: skip
    late = Message.objects.get(to_hash=lookup_hashes(NEXT)[0].digest)

    end(canary)

    assert tables_with("canary", "birds.example") == set()
    raw = f"From: postmaster@birds.example\r\nSubject: Failed\r\n\r\n{NEXT}: canary, after all.\r\n".encode()
    mails_receive(arrivals=[Arrival("", late.envelope_from, raw)], sink=False)
    assert tables_with("canary", "birds.example") == set(), "nor of what comes back afterwards"


def test_an_address_alone_is_erased_wherever_it_was_given(canary: SignOn) -> None:
    personal_data_erase.send(None, hashes=[each.digest for each in lookup_hashes(NEXT)])
    sign_ons_erase_by_address(hashes=[each.digest for each in lookup_hashes(NEXT)])
    assert tables_with(NEXT) == set()
    canary.refresh_from_db()
    assert canary.email == NEW, "the signature is another address's"


def test_an_operator_erases_somebody_who_asks(canary: SignOn, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="is not an email address"):
        call_command("erase_address", "canary")
    call_command("erase_address", f" {NEW.upper()}")
    assert tables_with("canary", "birds.example") == set()
    assert "Nothing is left" in capsys.readouterr().out
    call_command("erase_address", NEW)


@pytest.mark.parametrize("how", ["disowned", "expired"])
def test_nothing_is_left_of_a_form_that_nobody_confirmed(call: SignOnCall, how: str) -> None:
    token = submit(call, person("Canary Kanarek", email=OLD)).token
    assert tables_with("canary") == {"coalitions_signon", "postbox_message"}
    if how == "disowned":
        sign_on_disown(token=token)
    else:
        SignOn.objects.update(expires_at=timezone.now())
        expired_sweep()
    assert tables_with("canary") == set()


def test_nor_do_the_statistics_for_planning_keep_a_name(canary: SignOn, call: SignOnCall) -> None:
    submit(call, person("Another Bird", email="another@birds.example"))
    assert planner_samples_renew() is False, "nothing was erased"
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE coalitions_signon")
    assert "display_name" in sampled_columns_with("canary")
    sign_on_erase(sign_on=canary)
    assert planner_samples_renew()
    assert sampled_columns_with("canary") == set()
