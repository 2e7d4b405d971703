"""Answers to a moderator's question, typed on the page behind the mailed link."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from apps.coalitions.models import SignerQuestion, SignOn, SignOnCall
from apps.coalitions.selectors.moderation_queue import campaign_queue
from apps.coalitions.services.answers import NothingAsked, signer_question_answer
from apps.coalitions.services.erasure import sign_on_erase
from apps.coalitions.services.moderation import TooMuchMail, sign_on_accept, sign_on_answer_note, sign_on_ask
from apps.coalitions.services.moderation_undo import AlreadyDecided, decision_undo
from apps.coalitions.services.signer_changes import sign_on_withdraw
from apps.coalitions.services.signer_mails import MAILS_PER_DAY
from apps.core.models import AuditEvent
from tests.factories.concurrency import at_once, errors
from tests.factories.signing import link_in, mails, organisation, signed

pytestmark = pytest.mark.django_db

QUESTION, ANSWER = "Are you the forum of 2015?", "Yes.\nنعم <b>"


@pytest.fixture
def asked(call: SignOnCall, cast: SimpleNamespace) -> SignOn:
    return sign_on_ask(sign_on=signed(call, organisation()), actor=cast.data_officer, question=QUESTION)


def test_the_mail_leads_to_a_page_that_takes_the_answer(
    asked: SignOn, call: SignOnCall, cast: SimpleNamespace, signed_in: Any
) -> None:
    signer, link = Client(enforce_csrf_checks=True), link_in(mails()[-1])
    for method in (signer.get, signer.head, signer.get):
        assert method(link).status_code == 200
    assert SignerQuestion.objects.get().answered_at is None
    page = signer.get(link).content.decode()
    assert QUESTION in page
    assert "<textarea" in page

    empty = signer.post(link, {"answer": " "})
    assert empty.status_code == 400
    assert "Enter your answer." in empty.content.decode()
    long = signer.post(link, {"answer": "x" * 1001})
    assert long.status_code == 400
    assert "x" * 1001 in long.content.decode()
    assert campaign_queue(call.campaign).count() == 0

    done = signer.post(link, {"answer": ANSWER}, follow=True)
    assert "Thank you." in done.content.decode()
    assert "نعم &lt;b&gt;" in done.content.decode()
    assert campaign_queue(call.campaign).count() == 1
    shown = signed_in(cast.data_officer).get(reverse("sign_on:sign_on", args=[call.campaign.slug, asked.pk]))
    text = shown.content.decode()
    assert "نعم &lt;b&gt;" in text
    assert "by the signer" in text
    assert "The signer has answered the question." in text
    assert AuditEvent.objects.get(verb="sign_on.answer").actor_type == "signer"


def test_an_answer_counts_once(asked: SignOn, client: Client) -> None:
    link = link_in(mails()[-1])
    client.post(link, {"answer": "Yes."})
    again = client.post(link, {"answer": "No."})
    assert again.status_code == 409
    assert SignerQuestion.objects.get().answer == "Yes."


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_one(asked: SignOn) -> None:
    results = at_once(*[lambda n=n: signer_question_answer(sign_on=asked, answer=f"Answer {n}") for n in range(4)])
    assert [type(error) for error in errors(results)] == [NothingAsked] * 3


def test_answer_and_note_are_stored_encrypted_and_erased(asked: SignOn, client: Client) -> None:
    client.post(link_in(mails()[-1]), {"answer": "Canary answer"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(t)::text FROM coalitions_signerquestion t")
        assert "anary" not in str(cursor.fetchall())
    assert SignerQuestion.objects.get().answer == "Canary answer"
    sign_on_erase(sign_on=asked)
    assert not SignerQuestion.objects.exists()


def test_the_private_page_takes_it_too(asked: SignOn, client: Client) -> None:
    private = link_in(mails()[1])
    page = client.get(private).content.decode()
    assert f"{private}answer/" in page
    assert client.post(f"{private}answer/", {"answer": "Yes."}).status_code == 302
    assert SignerQuestion.objects.get().from_signer


def test_a_moderator_can_still_note_it(asked: SignOn, cast: SimpleNamespace, client: Client) -> None:
    sign_on_answer_note(sign_on=asked, actor=cast.data_officer, answer="Said yes on the phone.")
    assert "Said yes on the phone." in client.get(link_in(mails()[-1])).content.decode()
    with pytest.raises(NothingAsked):
        signer_question_answer(sign_on=asked, answer="Yes.")


@pytest.mark.parametrize("act", ["accepted", "withdrawn"])
def test_who_was_decided_on_meanwhile_need_not_answer(asked: SignOn, cast: Any, client: Client, act: str) -> None:
    link = link_in(mails()[-1])
    if act == "accepted":
        sign_on_accept(sign_on=asked, actor=cast.data_officer)
    else:
        sign_on_withdraw(sign_on=asked)
    assert "you do not need to answer" in client.get(link).content.decode()
    assert client.post(link, {"answer": "Yes."}).status_code == 409


def test_a_question_that_was_answered_is_not_taken_back(asked: SignOn, cast: Any, client: Client) -> None:
    client.post(link_in(mails()[-1]), {"answer": "Yes."})
    with pytest.raises(AlreadyDecided):
        decision_undo(decision=asked.decisions.get(), actor=cast.data_officer)


def test_links_of_one_purpose_serve_no_other(asked: SignOn, client: Client) -> None:
    link = link_in(mails()[-1])
    token = link.rstrip("/").rpartition("/")[2]
    for name in ("manage", "own_answer", "email_change", "erase", "confirm", "email_confirm"):
        assert client.get(reverse(f"signing:{name}", args=[token])).status_code == 404


def test_questions_are_mails_too(call: SignOnCall, cast: SimpleNamespace) -> None:
    """However many moderators ask, an address gets its share of a day."""
    sign_on = signed(call, organisation())
    for number in range(MAILS_PER_DAY - 2):
        sign_on_ask(sign_on=sign_on, actor=cast.data_officer, question=f"And {number}?")
        sign_on.decisions.update(mail_id=None)  # as if it had left
    with pytest.raises(TooMuchMail):
        sign_on_ask(sign_on=sign_on, actor=cast.data_officer, question="And?")
    assert len(mails()) == MAILS_PER_DAY
