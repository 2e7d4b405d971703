"""Decisions of moderators: what each does, what is mailed, and how it is taken back; many at once; reminders."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.services.notices import notices_send
from apps.coalitions.models import ModerationDecision, SignerQuestion, SignOn, SignOnCall
from apps.coalitions.selectors.moderation_queue import WAITING, campaign_queue
from apps.coalitions.selectors.sign_ons import sign_on_fingerprint
from apps.coalitions.selectors.signatory_counts import signatory_counts
from apps.coalitions.selectors.signature_log_findings import log_findings
from apps.coalitions.services.annexes import annex_freeze
from apps.coalitions.services.erasure import expired_sweep, sign_on_erase
from apps.coalitions.services.moderation import (
    MAIL_DELAY,
    AlreadyDecided,
    OwnSignature,
    sign_on_accept,
    sign_on_answer_note,
    sign_on_ask,
    sign_on_let_through,
    sign_on_reject,
    sign_on_set_aside,
    sign_on_settle,
    sign_on_verify,
)
from apps.coalitions.services.moderation_bulk import sign_ons_decide
from apps.coalitions.services.moderation_undo import SentSinceDecision, decision_undo
from apps.coalitions.services.signature_log import log_entries_number
from apps.coalitions.services.signer_changes import sign_on_correct, sign_on_withdraw
from apps.coalitions.services.signer_mails import MAILS_PER_DAY
from apps.core.encryption import lookup_hashes
from apps.core.registries import LetterDeparture, letter_departures
from apps.postbox.models import Message
from apps.postbox.services.composing import message_compose
from tests.factories import html_of
from tests.factories.signing import link_in, mails, make_call, make_sign_ons, organisation, person, signed, submit

pytestmark = pytest.mark.django_db


def url(name: str, campaign: Any, *more: Any) -> str:
    return reverse(f"sign_on:{name}", args=[campaign.slug, *more])


def last(sign_on: SignOn) -> ModerationDecision:
    return ModerationDecision.objects.filter(sign_on=sign_on)[0]


def reread(sign_on: SignOn) -> SignOn:
    return SignOn.objects.get(pk=sign_on.pk)


def kept_log(call: SignOnCall) -> list[str]:
    log_entries_number()
    return list(log_findings(call.campaign))


def waiting_rows(call: SignOnCall, number: int, name: str = "Union") -> list[SignOn]:
    rows = make_sign_ons(call, [f"{name} {each:03}" for each in range(number)])
    SignOn.objects.filter(pk__in=[row.pk for row in rows]).update(moderation="waiting")
    return list(SignOn.objects.filter(pk__in=[row.pk for row in rows]).order_by("pk"))


DECISIONS = {
    "accept": sign_on_accept,
    "ask": lambda **values: sign_on_ask(question="Who are you?", **values),
    "reject": lambda **values: sign_on_reject(reason="Nobody knows it.", **values),
    "set_aside": sign_on_set_aside,
    "verify": sign_on_verify,
}
MAILED = {"accept", "ask", "reject"}


@pytest.mark.parametrize("decision", DECISIONS)
def test_each_decision_is_taken_back_and_its_mail_with_it(
    call: SignOnCall, cast: SimpleNamespace, decision: str
) -> None:
    sign_on = signed(call, organisation(email="o.were@other.example"))
    annex_freeze(version=call.version, actor=None)
    before, counted = sign_on_fingerprint(reread(sign_on)), signatory_counts(call.letter).total
    mailed = len(mails())

    DECISIONS[decision](sign_on=sign_on, actor=cast.data_officer)

    assert sign_on_fingerprint(reread(sign_on)) != before
    assert len(mails()) - mailed == (decision in MAILED)
    if decision in MAILED:
        waits = mails()[-1].next_at - timezone.now()
        assert timedelta() < waits <= MAIL_DELAY
    assert kept_log(call) == []
    told = decision_undo(decision=last(sign_on), actor=cast.coordinator)
    assert not told
    assert sign_on_fingerprint(reread(sign_on)) == before
    assert signatory_counts(call.letter).total == counted
    assert [mail.state for mail in mails()[mailed:]] == ["cancelled"] * (decision in MAILED)
    assert not SignerQuestion.objects.exists()
    assert kept_log(call) == []
    with pytest.raises(AlreadyDecided):
        decision_undo(decision=last(sign_on), actor=cast.coordinator)


@pytest.mark.parametrize("decision", sorted(MAILED))
def test_what_was_mailed_already_is_said(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any, decision: str
) -> None:
    sign_on = signed(call, person())
    DECISIONS[decision](sign_on=sign_on, actor=cast.data_officer)
    Message.objects.filter(pk=last(sign_on).mail_id).update(
        state="claimed", attempt=1, lease_until=timezone.now() + timedelta(hours=1)
    )
    client = signed_in(cast.data_officer)
    said = html_of(client.post(url("decision_undo", call.campaign, last(sign_on).pk), follow=True))
    assert "The signer had been told by email already" in said
    assert reread(sign_on).moderation == "waiting"
    if decision == "accept":
        mailed = len(mails())
        sign_on_accept(sign_on=sign_on, actor=cast.data_officer)
        assert len(mails()) == mailed, "told once"


def test_only_the_last_of_two_quick_decisions_is_mailed(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on = signed(call, organisation())
    sign_on_ask(sign_on=sign_on, actor=cast.data_officer, question="Who are you?")
    sign_on_accept(sign_on=sign_on, actor=cast.data_officer)
    sign_on_reject(sign_on=sign_on, actor=cast.data_officer, reason="I pressed the wrong key.")
    assert [mail.state for mail in mails()[2:]] == ["cancelled", "cancelled", "queued"]
    assert "wrong key" in mails()[-1].text_body


def test_an_undo_that_would_be_refused_is_not_offered(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    sign_on = signed(call, organisation())
    sign_on_accept(sign_on=sign_on, actor=cast.data_officer)
    client, undo = signed_in(cast.data_officer), url("decision_undo", call.campaign, last(sign_on).pk)
    page = url("sign_on", call.campaign, sign_on.pk)
    assert client.get(page).content.decode().count(undo) == 2, "beside the signature and among the last decisions"
    sign_on_correct(sign_on=sign_on, changes={"org_acronym": "KDRF"})
    shown = client.get(page).content.decode()
    assert undo not in shown
    assert cast.data_officer.name not in shown.split('class="key-values"')[1].split("</dl>")[0], "it waits again"


def test_a_change_since_stands_against_an_undo(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on = signed(call, organisation())
    sign_on_set_aside(sign_on=sign_on, actor=cast.data_officer)
    decision = last(sign_on)
    sign_on_withdraw(sign_on=sign_on)
    with pytest.raises(AlreadyDecided):
        decision_undo(decision=decision, actor=cast.data_officer)
    assert reread(sign_on).state == "withdrawn"


def test_an_acceptance_is_not_undone_once_a_letter_left_with_the_name(
    call: SignOnCall, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_on = signed(call, organisation(), accepted_by=cast.coordinator)
    annex = annex_freeze(version=call.version, actor=None)
    left = LetterDeparture(timezone.now(), 3, 0, 1, annex.pk)
    monkeypatch.setitem(letter_departures, "test", lambda _version: left)
    with pytest.raises(SentSinceDecision):
        decision_undo(decision=last(sign_on), actor=cast.coordinator)


def test_the_signer_hears_once_of_an_acceptance(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on = signed(call, organisation(), accepted_by=cast.coordinator)
    assert "accepted it" in mails()[-1].text_body
    sign_on_correct(sign_on=sign_on, changes={"org_acronym": "KDRF"})
    sign_on_accept(sign_on=sign_on, actor=cast.coordinator)
    assert [mail.state for mail in mails() if "accepted it" in mail.text_body] == ["cancelled", "queued"]
    Message.objects.filter(pk=last(sign_on).mail_id).update(
        state="claimed", attempt=1, lease_until=timezone.now() + timedelta(hours=1)
    )
    sign_on_correct(sign_on=sign_on, changes={"org_acronym": "KDR"})
    sign_on_accept(sign_on=sign_on, actor=cast.coordinator)
    assert sum("accepted it" in mail.text_body for mail in mails()) == 2, "told once"


def test_without_moderation_nobody_is_told_of_an_acceptance(version: Any, cast: SimpleNamespace) -> None:
    signed(make_call(version, cast, moderated=False), organisation())
    assert not any("accepted it" in mail.text_body for mail in mails())


def test_one_address_is_not_told_more_often_than_its_share(call: SignOnCall, cast: SimpleNamespace) -> None:
    rows = waiting_rows(call, MAILS_PER_DAY + 3)
    found = lookup_hashes("secretary@many.example")[0]
    SignOn.objects.update(email="secretary@many.example", email_hash=found.digest)
    for row in SignOn.objects.all():
        sign_on_accept(sign_on=row, actor=cast.coordinator)
    assert len(mails()) == MAILS_PER_DAY
    assert SignOn.objects.filter(moderation="accepted").count() == len(rows)


def test_nobody_decides_on_their_own_signature(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    sign_on = signed(call, organisation(email=cast.data_officer.email.upper(), org_website=""))
    for decide in (sign_on_accept, sign_on_verify):
        with pytest.raises(OwnSignature):
            decide(sign_on=sign_on, actor=cast.data_officer)
    suspect = submit(call, person(email=cast.data_officer.email, state="suspect")).sign_on
    with pytest.raises(OwnSignature):
        sign_on_let_through(sign_on=suspect, actor=cast.data_officer)
    seen = sign_on_fingerprint(reread(sign_on))
    page = signed_in(cast.data_officer).post(url("decide", call.campaign, sign_on.pk), {"accept": "1", "seen": seen})
    assert page.status_code == 403
    assert "Another moderator decides" in html_of(page)
    sign_on_verify(sign_on=sign_on, actor=cast.coordinator)
    assert reread(sign_on).authority_verified


def test_a_question_and_its_answer(call: SignOnCall, cast: SimpleNamespace, signed_in: Any, client: Any) -> None:
    sign_on = signed(call, organisation())
    staff, page = signed_in(cast.data_officer), url("decide", call.campaign, sign_on.pk)
    seen = sign_on_fingerprint(reread(sign_on))
    assert staff.post(page, {"ask": "1", "question": " ", "seen": seen}).status_code == 400
    assert staff.post(page, {"ask": "1", "question": "Are you the forum of 2015?", "seen": seen}).status_code == 302
    assert "Are you the forum of 2015?" in mails()[-1].text_body
    assert call.campaign.contact_address in mails()[-1].text_body
    assert campaign_queue(call.campaign).count() == 0
    assert signatory_counts(call.letter).total == 1
    own = html_of(client.get(link_in(mails()[1])))
    assert "has a question" in own
    assert "Are you the forum of 2015?" in own
    queue = html_of(staff.get(url("moderate", call.campaign)))
    assert "Asked" in queue
    asked = staff.get(url("moderate", call.campaign) + "?kind=asked")
    assert "Are you the forum of 2015?" in html_of(asked)
    seen = sign_on_fingerprint(reread(sign_on))
    staff.post(page, {"note_answer": "1", "answer": "Yes, renamed since.", "seen": seen})
    asked = SignerQuestion.objects.get()
    assert (asked.answer, asked.noted_by) == ("Yes, renamed since.", cast.data_officer)
    with pytest.raises(AlreadyDecided):
        sign_on_answer_note(sign_on=sign_on, actor=cast.coordinator, answer="Twice")
    assert campaign_queue(call.campaign).count() == 1
    assert "Yes, renamed since." in html_of(staff.get(url("sign_on", call.campaign, sign_on.pk)))
    sign_on_erase(sign_on=sign_on)
    assert not SignerQuestion.objects.exists()


def test_set_aside_is_unseen_by_the_signer_and_outlives_the_sweep(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any
) -> None:
    sign_on = signed(call, organisation(), accepted_by=cast.coordinator)
    sign_on_set_aside(sign_on=sign_on, actor=cast.coordinator)
    assert signatory_counts(call.letter).total == 0
    assert campaign_queue(call.campaign).count() == 0
    SignOn.objects.update(expires_at=timezone.now() - timedelta(days=9))
    expired_sweep()
    changed = sign_on_correct(sign_on=sign_on, changes={"org_name": "Another Name", "org_acronym": "AN"})
    assert (changed.state, changed.moderation) == ("held", "suspect"), "a new name does not bring it back"
    page = html_of(signed_in(cast.data_officer).get(url("moderate", call.campaign) + "?kind=set_aside"))
    assert "A moderator set it aside" in page
    accepted = sign_on_accept(sign_on=sign_on, actor=cast.coordinator)
    assert accepted.state == "confirmed"
    assert kept_log(call) == []


def test_a_second_signature_is_left_uncounted_and_taken_back(call: SignOnCall, cast: SimpleNamespace) -> None:
    first = signed(call, organisation(visibility="counted"))
    second = signed(call, organisation(email="colleague@kdrf.example"))
    assert second.state == "held"
    sign_on_settle(sign_on=second, actor=cast.coordinator)
    assert [row.pk for row in campaign_queue(call.campaign)] == [first.pk]
    decision_undo(decision=last(second), actor=cast.coordinator)
    assert campaign_queue(call.campaign).count() == 2
    assert kept_log(call) == []


def test_a_rejection_taken_back_gives_frozen_lists_their_names_back(call: SignOnCall, cast: SimpleNamespace) -> None:
    sign_on = signed(call, organisation(), accepted_by=cast.coordinator)
    annex = annex_freeze(version=call.version, actor=None)
    entry = annex.entries.get()
    name = entry.name.name
    sign_on_reject(sign_on=sign_on, actor=cast.coordinator, reason="A mistake of mine.")
    decision_undo(decision=last(sign_on), actor=cast.coordinator)
    assert annex.entries.get().name.name == name
    assert reread(sign_on).moderation_reason == ""


def test_the_next_one_is_there_and_filters_are_kept(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    rows = waiting_rows(call, 4)
    client = signed_in(cast.data_officer)
    first = client.get(url("moderate", call.campaign) + "?kind=waiting").context["shown"]
    assert first.chosen.sign_on == rows[0]
    done = client.post(
        url("decide", call.campaign, rows[1].pk) + "?kind=waiting",
        {"accept": "1", "seen": sign_on_fingerprint(rows[1])},
        follow=True,
    )
    assert done.redirect_chain == [(url("moderate", call.campaign) + f"?kind=waiting&after={rows[1].pk}#chosen", 302)]
    shown = done.context["shown"]
    assert shown.chosen.sign_on == rows[2], "not the first again"
    assert [row.label for row in shown.decided] == ["Accepted"]
    for row in (rows[3], rows[2]):
        done = client.post(
            url("decide", call.campaign, row.pk), {"accept": "1", "seen": sign_on_fingerprint(row)}, follow=True
        )
    assert done.context["shown"].chosen.sign_on == rows[0], "from the end back to the start"


def test_only_filters_that_find_something_are_offered(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    waiting_rows(call, 2)
    signed(call, organisation(email="x@gmx.example", country="ZM", name="One"))
    signed(call, organisation(email="y@y.example", country="ZA", name="Two"))
    client = signed_in(cast.data_officer)
    answer = client.get(url("moderate", call.campaign))
    shown = answer.context["shown"]
    assert [(kind, number) for kind, number, _label in shown.kinds] == [("waiting", 4)]
    options = re.findall(r'<option value="[A-Z]{2}"[^>]*>(.+?)</option>', html_of(answer))
    assert options == ["Kenya (2)", "South Africa (1)", "Zambia (1)"], "by name, not by code"
    assert dict(shown.domains)["gmx.example"] == 1
    narrowed = client.get(url("moderate", call.campaign), {"domain": "gmx.example"}).context["shown"]
    assert narrowed.page.paginator.count == 1
    for nonsense in ({"domain": "nowhere.example"}, {"country": "QQ"}, {"kind": "x"}, {"after": "9" * 30}):
        assert client.get(url("moderate", call.campaign), nonsense).status_code == 200
    assert set(WAITING) == {"waiting", "held", "suspect"}


def test_a_bulk_decides_what_was_seen_and_names_what_it_left_out(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any
) -> None:
    rows = waiting_rows(call, 5)
    client, page = signed_in(cast.data_officer), url("moderate_many", call.campaign) + "?country=KE"
    text = client.get(page).content.decode()
    ticked = re.findall(r'name="row" value="(\d+:\w+)"', text)
    assert [int(value.split(":")[0]) for value in ticked] == [row.pk for row in rows]
    sign_on_correct(sign_on=rows[0], changes={"org_acronym": "NEW"})
    sign_on_withdraw(sign_on=rows[1])
    said = html_of(client.post(page, {"row": ticked[:4], "accept": "1"}, follow=True))
    assert "2 signatures decided" in said
    assert "2 were left out: Union 000, Union 001" in said
    assert [reread(row).moderation for row in rows] == ["waiting", "waiting", "accepted", "accepted", "waiting"]
    assert url("decision_undo", call.campaign, last(rows[2]).pk) in html_of(
        client.get(url("sign_on", call.campaign, rows[2].pk))
    )
    client.post(url("decision_undo", call.campaign, last(rows[2]).pk))
    assert reread(rows[2]).moderation == "waiting"
    assert "Undo this decision" not in html_of(client.get(url("sign_on", call.campaign, rows[2].pk)))
    assert client.post(page, {"accept": "1"}).status_code == 400
    missing = client.post(page, {"row": ticked[4:], "reject": "1", "reason": " "})
    assert missing.status_code == 400
    assert "Enter a reason" in html_of(missing)
    assert ticked[4] in missing.content.decode()
    for nonsense in ("x", "1:", ":", "9" * 30 + ":x"):
        assert client.post(page, {"row": [nonsense], "accept": "1"}).status_code < 500


def test_three_hundred_at_once(call: SignOnCall, cast: SimpleNamespace) -> None:
    rows = waiting_rows(call, 300)
    seen = {row.pk: sign_on_fingerprint(row) for row in rows}
    with CaptureQueriesContext(connection) as queries:
        result = sign_ons_decide(campaign=call.campaign, seen=seen, decision="accept", actor=cast.coordinator)
    assert (len(result.decided), result.left_out) == (300, [])
    assert len(queries) <= 300 * 18 + 2
    assert len(mails()) == 300


def test_what_a_decision_costs(call: SignOnCall, cast: SimpleNamespace, signed_in: Any) -> None:
    """Statements, whatever the length of the queue."""
    client, numbers = signed_in(cast.data_officer), []
    client.get(url("moderate", call.campaign))  # what is cached for good
    for length in (3, 60):
        rows = waiting_rows(call, length, "Union" if length == 3 else "League")
        data = {"accept": "1", "seen": sign_on_fingerprint(rows[0])}
        with CaptureQueriesContext(connection) as decided:
            client.post(url("decide", call.campaign, rows[0].pk), data)
        with CaptureQueriesContext(connection) as shown:
            client.get(url("moderate", call.campaign), {"after": rows[0].pk})
        numbers.append((len(decided), len(shown)))
    assert numbers[0] == numbers[1], numbers
    assert numbers[0][0] <= 30, numbers
    assert numbers[0][1] <= 32, numbers


def test_the_navigation_says_how_many_wait_to_who_may_decide(
    call: SignOnCall, cast: SimpleNamespace, signed_in: Any
) -> None:
    waiting_rows(call, 3)
    assert "(3 wait)" in html_of(signed_in(cast.data_officer).get(url("index", call.campaign)))
    assert "(3 wait)" not in html_of(signed_in(cast.observer).get(url("index", call.campaign)))
    SignOn.objects.update(moderation="accepted")
    assert "waiting-count" not in html_of(signed_in(cast.data_officer).get(url("index", call.campaign)))


def test_who_may_moderate_is_told_by_mail(call: SignOnCall, cast: SimpleNamespace) -> None:
    noon = datetime(2026, 5, 4, 12, tzinfo=UTC)
    waiting_rows(call, 2)
    submit(call, organisation(state="suspect"))
    assert notices_send(now=noon) == 2
    mails = list(Message.objects.filter(kind="notice"))
    assert {mail.to_address for mail in mails} == {cast.coordinator.email, cast.data_officer.email}
    message_compose(message=mails[0])
    assert mails[0].subject == "3 signatures wait for a check"
    assert url("moderate", call.campaign) in mails[0].text_body
    assert "Union" not in mails[0].text_body, "no names by mail"
    assert notices_send(now=noon + timedelta(days=1)) == 2, "until it is done"
    SignOn.objects.update(state="withdrawn")
    assert notices_send(now=noon + timedelta(days=2)) == 0


def test_reminders_are_switched_off_in_the_profile(cast: SimpleNamespace, signed_in: Any) -> None:
    client = signed_in(cast.data_officer)
    typed = {"name": "Tomás Rivas", "language": "en", "time_zone": "UTC"}
    assert client.post(reverse("accounts:profile"), typed).status_code == 302
    cast.data_officer.refresh_from_db()
    assert cast.data_officer.reminders is False
