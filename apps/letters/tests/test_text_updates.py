"""Drafting together, on the server: changes are checked, numbered, stored, and become the text that all else reads."""

import base64
import json
import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pycrdt import XmlElement

from apps.campaigns.models import TeamMember
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.models import AuditEvent
from apps.letters.document.traversal import plain_text
from apps.letters.document.validators import DocumentInvalid
from apps.letters.document.yjs.encoding import body_of, empty_document
from apps.letters.document.yjs.updates import UpdateIncomplete, UpdateMalformed
from apps.letters.models import Letter, LetterText
from apps.letters.selectors.drafts import has_unapproved_edits_by
from apps.letters.selectors.text_documents import text_at, text_document
from apps.letters.selectors.text_history import named_states, text_stretches
from apps.letters.services import text_sequences
from apps.letters.services.approvals import letter_text_approve, letter_text_ask_review
from apps.letters.services.drafts import StaleText, letter_text_save
from apps.letters.services.languages import Start, letter_text_add, letter_text_remove
from apps.letters.services.text_history import text_state_name, text_state_restore
from apps.letters.services.text_updates import (
    DocumentReplaced,
    ForeignClient,
    MayNotWrite,
    Sent,
    text_bring_up_to_date,
    text_lacking,
    text_updates_apply,
)
from apps.letters.services.versions import NotApproved, letter_version_freeze
from tests.factories import documents as d
from tests.factories import moment
from tests.factories.drafting import Editor, base64_of


def opened(text: LetterText, person: Any, client: int | None = None) -> Editor:
    return Editor(text_lacking(text=text, state=b"\x00").update, person, client)


def send(text: LetterText, *editors: Editor) -> list[Any]:
    """The number of each update, or why it was refused."""
    outcomes = text_updates_apply(text=text, sent=[editor.sending() for editor in editors]).outcomes
    return [outcome.error or outcome.sequence for outcome in outcomes]


def fresh(text: LetterText) -> LetterText:
    return text_bring_up_to_date(text=text)


def test_what_two_people_type_is_numbered_and_becomes_the_text(text: LetterText, cast: SimpleNamespace) -> None:
    ada, ben = opened(text, cast.drafter), opened(text, cast.coordinator)
    ada.write("Ada’s 😀 words. ", at=0)
    ben.write(" مرحبا", block=1)
    assert send(text, ada, ben) == [2, 3]
    ada.title("!")
    assert send(text, ada) == [4]
    assert LetterText.objects.get(pk=text.pk).revision == 1, "the body is written every few seconds only"
    now = fresh(text)
    assert now.subject == f"{text.subject}!"
    assert (now.revision, now.saved_by, now.body_sequence) == (2, cast.drafter, 4)
    assert plain_text(now.body).startswith("Ada’s 😀 words. ")
    ben.receive(text_lacking(text=text, state=ben.doc.get_state()).update)
    assert ben.body == now.body
    assert [update.actor_id for update in text.updates.all()] == [
        None, cast.drafter.pk, cast.coordinator.pk, cast.drafter.pk,
    ]  # fmt: skip


def test_the_body_follows_within_seconds_of_typing(text: LetterText, cast: SimpleNamespace) -> None:
    ada = opened(text, cast.drafter)
    LetterText.objects.filter(pk=text.pk).update(saved_at=timezone.now() - timedelta(seconds=4))
    ada.write("Now", at=0)
    send(text, ada)
    assert plain_text(LetterText.objects.get(pk=text.pk).body).startswith("Now")


def test_an_hour_of_typing_by_two_is_one_revision_and_one_record_each(text: LetterText, cast: SimpleNamespace) -> None:
    ada, ben = opened(text, cast.drafter), opened(text, cast.coordinator)
    for turn in range(15):
        ada.write(f"a{turn} ", at=0)
        ben.write(f" b{turn}", block=1)
        send(text, ada)
        fresh(text)
        send(text, ben)
        fresh(text)
    assert fresh(text).revision == 31
    assert list(text.revisions.values_list("revision", "saved_by_id")) == [
        (3, cast.coordinator.pk), (2, cast.drafter.pk), (1, cast.drafter.pk),
    ]  # fmt: skip
    assert AuditEvent.objects.filter(verb="letter_text.save").count() == 2
    assert has_unapproved_edits_by(text, cast.coordinator)


def hostile(kind: str, editor: Editor) -> Sent:
    if kind == "bytes":
        return Sent(editor.person, 5, b"\x01\x01\x05\x00\x07\xff")
    if kind == "later":
        editor.write("first")
        editor.unsent()
        editor.write("second")
    if kind == "node":
        body_of(editor.doc).children.append(XmlElement("script"))
    if kind == "attribute":
        editor.add("heading", "x", level=7, id="b1234abcd")
    return editor.sending()


@pytest.mark.parametrize(
    ("kind", "error"),
    [
        ("bytes", UpdateMalformed),
        ("later", UpdateIncomplete),
        ("node", DocumentInvalid),
        ("attribute", DocumentInvalid),
    ],
)
def test_what_is_no_honest_change_is_refused_and_the_others_are_kept(
    text: LetterText, cast: SimpleNamespace, kind: str, error: type[Exception]
) -> None:
    honest, bad = opened(text, cast.coordinator), opened(text, cast.drafter)
    before = text_lacking(text=text, state=b"\x00").state
    honest.write("Honest ", at=0)
    kept = honest.sending()
    outcomes = text_updates_apply(text=text, sent=[hostile(kind, bad), kept]).outcomes
    assert isinstance(outcomes[0].error, error)
    assert (outcomes[1].error, outcomes[1].sequence) == (None, 2)
    assert text.updates.count() == 2
    assert plain_text(fresh(text).body).startswith("Honest ")
    assert text_lacking(text=text, state=before).update


def test_nobody_writes_as_somebody_else(text: LetterText, cast: SimpleNamespace) -> None:
    ada = opened(text, cast.drafter, client=4711)
    ada.write("Mine. ", at=0)
    send(text, ada)
    forged = Editor(text_lacking(text=text, state=b"\x00").update, cast.coordinator, client=4711)
    forged.write("Forged. ", at=0)
    first = Editor(text_lacking(text=text, state=b"\x00").update, cast.coordinator, client=text.first_sequence)
    first.write("As if it had begun so. ", at=0)
    assert [type(one) for one in [*send(text, forged), *send(text, first)]] == [ForeignClient, ForeignClient]
    ada.write("More. ", at=0)
    assert send(text, ada) == [3], "the own words arrive, which the forged ones would have kept out"


def test_readers_people_who_left_and_closed_letters(text: LetterText, cast: SimpleNamespace) -> None:
    for person in (cast.observer, cast.reviewer, cast.outsider):
        reader = opened(text, person)
        reader.write("x")
        assert [type(one) for one in send(text, reader)] == [MayNotWrite]
    ada = opened(text, cast.drafter)
    TeamMember.objects.filter(user=cast.drafter).update(state="ended")
    ada.write("x")
    assert [type(one) for one in send(text, ada)] == [MayNotWrite]
    Letter.objects.filter(pk=text.letter_id).update(closed_at=moment("2017-12-01 00:00"))
    with pytest.raises(Conflict, match="closed"):
        send(text, opened_before_closing(text, cast.coordinator))
    assert text.updates.count() == 1


def opened_before_closing(text: LetterText, person: Any) -> Editor:
    row = LetterText.objects.get(pk=text.pk)
    editor = Editor(text_document(row).get_update(), person)
    editor.write("late")
    return editor


def test_a_change_that_arrives_twice_is_stored_once(text: LetterText, cast: SimpleNamespace) -> None:
    ada = opened(text, cast.drafter)
    ada.write("Once ", at=0)
    ada.delete(0, 2)
    one = ada.sending()
    for _time in range(2):
        outcomes = text_updates_apply(text=text, sent=[one]).outcomes
        assert outcomes[0].sequence == 2
    assert text.updates.count() == 2


def test_a_save_by_a_program_is_a_change_of_the_same_document(text: LetterText, cast: SimpleNamespace) -> None:
    ada = opened(text, cast.drafter)
    ada.write(" Typed meanwhile.", block=1)
    body = {**text.body, "content": [*text.body["content"], d.par("A program’s paragraph.", id="bprogram1")]}
    saved = letter_text_save(text=text, actor=cast.coordinator, revision=1, subject="Another subject", body=body)
    assert saved.body == body
    send(text, ada)
    now = fresh(text)
    words = plain_text(now.body)
    assert now.subject == "Another subject"
    assert "Typed meanwhile." in words
    assert words.endswith("A program’s paragraph.")
    with pytest.raises(StaleText):
        letter_text_save(text=text, actor=cast.coordinator, revision=saved.revision, subject="Late", body=body)


def test_what_is_approved_or_frozen_has_the_last_letter(approved: LetterText, cast: SimpleNamespace) -> None:
    ada = opened(approved, cast.drafter)
    ada.write("One word more ", at=0)
    send(approved, ada)
    with pytest.raises(NotApproved):
        letter_version_freeze(letter=approved.letter, actor=cast.coordinator)
    with pytest.raises(Conflict, match="changed while you read"):
        letter_text_approve(text=approved, actor=cast.reviewer, sha256=approved.sha256)
    asked = letter_text_ask_review(text=approved, actor=cast.drafter)
    assert plain_text(asked.body).startswith("One word more")
    with pytest.raises(NotAllowed, match="You wrote in this text"):
        letter_text_approve(text=approved, actor=cast.drafter, sha256=asked.sha256)


def test_a_text_begun_anew_takes_no_changes_of_the_one_before(letter: Letter, cast: SimpleNamespace) -> None:
    french = letter_text_add(letter=letter, actor=cast.drafter, language="fr", start=Start.ORIGINAL)
    ada = opened(french, cast.drafter)
    before = text_lacking(text=french, state=b"\x00").document
    ada.write("Ancien ", at=0)
    send(french, ada)
    letter_text_remove(text=french, actor=cast.drafter)
    french = letter_text_add(letter=letter, actor=cast.drafter, language="fr", start=Start.EMPTY)
    late = ada
    late.write("Perdu ? ", at=0)
    with pytest.raises(DocumentReplaced):
        text_updates_apply(text=french, sent=[late.sending()], document=before)
    late.write("Perdu ! ", at=0)
    assert [type(one) for one in send(french, late)] == [UpdateIncomplete]
    new = opened(french, cast.drafter)
    new.add("paragraph", "Nouveau", id="bnouveau1")
    send(french, new)
    assert plain_text(fresh(french).body) == "Nouveau"
    assert "Ancien" in plain_text(text_at(french, 2)[1]), "what was written before stays in the history"


def test_a_long_history_opens_from_its_snapshot(
    text: LetterText, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    monkeypatch.setattr(text_sequences, "SNAPSHOT_EVERY", 10)
    ada = opened(text, cast.drafter)
    for turn in range(44):
        ada.write(f"{turn} ", at=0)
        send(text, ada)
    assert list(text.snapshots.values_list("sequence", flat=True)) == [40, 30, 20, 10]
    row = LetterText.objects.get(pk=text.pk)
    with django_assert_max_num_queries(2):
        assert text_document(row).get_state() == ada.doc.get_state()
    assert plain_text(text_at(row, 3)[1]).startswith("1 0 ")


def test_the_first_bytes_a_page_shows_are_those_that_are_stored(text: LetterText, cast: SimpleNamespace) -> None:
    shown = text_document(text).get_update()
    assert opened(text, cast.drafter).doc.get_update() == shown
    assert text_lacking(text=text, state=empty_document().get_state()).update == shown


def test_pages_and_programs_read_the_last_word(
    client: Client, program: Any, text: LetterText, cast: SimpleNamespace
) -> None:
    ada = opened(text, cast.drafter)
    client.force_login(cast.observer)
    place = [text.letter.campaign.slug, text.letter.number, text.language]
    page = reverse("letters:preview_text", args=place)
    path = f"letters/{text.letter.number}/texts/{text.language}"
    readers = [lambda: client.get(page), lambda: program(cast.observer)("get", path)]
    for number, read in enumerate(readers):
        ada.write(f"Word {number} ", at=0)
        send(text, ada)
        assert f"Word {number} " in read().content.decode()


def post(browser: Client, text: LetterText, **sent: Any) -> Any:
    address = reverse("letters:updates", args=[text.letter.campaign.slug, text.letter.number, text.language])
    return browser.post(address, json.dumps(sent), content_type="application/json")


def test_plain_requests_bring_changes_and_take_what_others_wrote(
    client: Client, text: LetterText, cast: SimpleNamespace
) -> None:
    client.force_login(cast.drafter)
    here, there = opened(text, cast.drafter), opened(text, cast.coordinator)
    there.write(" There.", block=1)
    send(text, there)
    here.write("Here. ", at=0)
    state = base64_of(here.doc.get_state())
    answer = post(client, text, state=state, client=here.doc.client_id, updates=[base64_of(here.unsent())])
    assert answer.status_code == 200, answer.content
    here.receive(base64.b64decode(answer.json()["update"]))
    assert " There." in plain_text(here.body)
    assert (answer.json()["sequence"], answer.json()["can_edit"]) == (3, True)
    empty = post(client, text, state=base64_of(here.doc.get_state()), client=1, updates=[])
    assert len(empty.json()["update"]) < 40
    assert LetterText.objects.get(pk=text.pk).revision == 1, "who asks does not hold up those who write"


@pytest.mark.parametrize("is_typist_last", [True, False])
def test_the_window_whose_change_comes_last_is_told_which_words_lost_their_block(
    client: Client, text: LetterText, cast: SimpleNamespace, is_typist_last: bool
) -> None:
    typist, reshaper, other = (opened(text, person) for person in (cast.drafter, cast.coordinator, cast.coordinator))
    typist.write(" Meanwhile", block=1)
    words = (typist.doc.client_id, 0, 10)
    for editor in (reshaper, other):
        del body_of(editor.doc).children[1]
    first, last = (reshaper, typist) if is_typist_last else (typist, reshaper)
    sent = [first.sending(), last.sending(), other.sending()]
    outcomes = text_updates_apply(text=text, sent=sent).outcomes
    assert [len(outcome.orphaned) for outcome in outcomes] == [0, 1, 0]
    [orphaned] = outcomes[1].orphaned
    assert [tuple(one) for one in orphaned.ranges] == [words]
    assert orphaned.number == outcomes[1].sequence == 3
    assert (orphaned.before == b"") == is_typist_last, "others’ words are in what was there before"
    assert is_typist_last or Editor(orphaned.before).words(1).endswith(" Meanwhile")

    assert text_updates_apply(text=text, sent=[sent[1]]).outcomes[0].orphaned == [orphaned], "its answer was lost"
    client.force_login(last.person)
    about = {"state": "AA==", "client": last.doc.client_id, "updates": []}
    [said] = post(client, text, **about).json()["orphaned"]
    assert (said["number"], said["ranges"]) == (3, [list(words)])
    assert post(client, text, **about, rewritten=[3]).json()["orphaned"] == []
    assert post(client, text, **{**about, "client": first.doc.client_id}).json()["orphaned"] == []


def number_bytes(value: int) -> bytes:
    """As lib0 writes it."""
    return bytes([value & 0x7F | 0x80]) + number_bytes(value >> 7) if value > 0x7F else bytes([value])


def test_a_text_that_thousands_of_windows_wrote_in_takes_changes(
    client: Client, text: LetterText, cast: SimpleNamespace
) -> None:
    clients = range(2**40, 2**40 + 5_000)
    # each wrote a character, and deleted it again
    gone = [b"\x01" + number_bytes(one) + b"\x00\x01\x01\x07subject\x01" for one in clients]
    many = Sent(cast.drafter, clients[0], number_bytes(len(gone)) + b"".join(gone) + b"\x00")
    assert text_updates_apply(text=text, sent=[many]).outcomes[0].error is None
    ada = opened(text, cast.drafter)
    ada.write("Still ", at=0)
    state = ada.doc.get_state()
    assert len(state) > 30_000
    client.force_login(cast.drafter)
    sent = {"state": base64_of(state), "client": ada.doc.client_id, "updates": [base64_of(ada.unsent())]}
    assert post(client, text, **sent).json()["sequence"] == 3
    assert plain_text(fresh(text).body).startswith("Still ")


def test_plain_requests_say_what_was_refused(client: Client, text: LetterText, cast: SimpleNamespace) -> None:
    client.force_login(cast.drafter)
    about = {"state": "AA==", "client": 5}
    bad = post(client, text, **about, updates=[base64_of(b"\x07")])
    assert (bad.status_code, bad.json()["reset"]) == (400, True)
    assert post(client, text, **about, updates=["?"]).status_code == 400
    large = post(client, text, **about, updates=[base64_of(bytes(1_000_001))])
    assert (large.status_code, large.json()["reset"]) == (413, True)
    other = post(client, text, **about, document="elsewhere", updates=[])
    assert (other.status_code, other.json()["reset"]) == (409, True)
    client.force_login(cast.observer)
    reader = opened(text, cast.observer)
    reader.write("x")
    refused = post(client, text, **about, updates=[base64_of(reader.unsent())])
    assert refused.status_code == 403
    assert post(client, text, **about, updates=[]).json()["can_edit"] is False
    client.force_login(cast.outsider)
    assert post(client, text, **about, updates=[]).status_code == 404


def test_the_past_is_told_in_stretches_and_brought_back_as_an_edit(text: LetterText, cast: SimpleNamespace) -> None:
    ada, ben = opened(text, cast.drafter), opened(text, cast.coordinator)
    for word in ("uno ", "due "):
        ada.write(word, at=0)
        ben.write(word, block=1)
        send(text, ada, ben)
    assert [(one.first, one.last, len(one.people)) for one in text_stretches(text, most=9)] == [(2, 5, 2), (1, 1, 0)]
    named = text_state_name(text=text, actor=cast.drafter, name=" Before  the meeting ", sequence=3)
    assert [str(one) for one in named_states(text)] == [str(named)] == ["Before the meeting"]
    for again in ({"name": "Before the meeting"}, {"name": ""}, {"name": "x", "sequence": 99}):
        with pytest.raises(DomainError):
            text_state_name(text=text, actor=cast.drafter, **again)  # type: ignore[arg-type]
    ben.write("Typed while it is brought back. ", at=0, block=3)
    restored = text_state_restore(text=text, actor=cast.drafter, sequence=3)
    assert "due " not in plain_text(restored.body)
    assert "uno " in plain_text(restored.body)
    send(text, ben)
    assert "Typed while it is brought back. " in plain_text(fresh(text).body)
    assert text.updates.count() == 7, "nothing is taken out of the past"


@pytest.mark.django_db(transaction=True)
def test_many_at_once_lose_nothing_and_no_number(text: LetterText, cast: SimpleNamespace) -> None:
    assert not connection.in_atomic_block
    people = [opened(text, cast.drafter if number % 2 else cast.coordinator) for number in range(6)]

    def type_away(editor: Editor, name: str) -> None:
        try:
            for turn in range(5):
                editor.write(f"{name}{turn} ", at=0)
                send(text, editor)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=type_away, args=(one, f"p{number}w")) for number, one in enumerate(people)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    words = plain_text(fresh(text).body)
    assert all(f"p{number}w{turn} " in words for number in range(6) for turn in range(5))
    assert list(text.updates.values_list("sequence", flat=True)) == list(range(1, 32))
