"""Approving: exactly the text that was seen, and never one's own."""

import copy
from types import SimpleNamespace

import pytest

from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.models import AuditEvent
from apps.letters.models import Approval, Letter, LetterText
from apps.letters.pages.review import changes_since_approval
from apps.letters.selectors.drafts import has_unapproved_edits_by, letter_state, letters_with_state
from apps.letters.services.approvals import letter_text_approve, letter_text_ask_review
from apps.letters.services.drafts import letter_text_save
from tests.factories import documents as d
from tests.factories import make_member, moment
from tests.factories.letters import limit_drafter


def test_a_reviewer_approves_the_text_with_its_hash(text: LetterText, cast: SimpleNamespace) -> None:
    letter_text_ask_review(text=text, actor=cast.drafter)
    approval = letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256)
    assert (approval.sha256, approval.language, approval.reviewer) == (text.sha256, "en", cast.reviewer)
    assert LetterText.objects.get(pk=text.pk).review_asked_at is None
    assert AuditEvent.objects.get(verb="letter_text.approve").data["sha256"] == text.sha256


def test_what_changed_meanwhile_is_not_approved(text: LetterText, cast: SimpleNamespace) -> None:
    seen = text.sha256
    letter_text_save(text=text, actor=cast.drafter, revision=1, subject="Other", body=text.body)
    with pytest.raises(Conflict, match="The text was changed whi"):
        letter_text_approve(text=text, actor=cast.reviewer, sha256=seen)
    with pytest.raises(Conflict, match="The text was changed whi"):
        letter_text_approve(text=text, actor=cast.reviewer, sha256="")
    assert not Approval.objects.exists()


def test_nobody_approves_what_they_wrote(text: LetterText, cast: SimpleNamespace) -> None:
    with pytest.raises(NotAllowed, match="Somebody else has to app"):
        letter_text_approve(text=text, actor=cast.drafter, sha256=text.sha256)
    body = d.doc(d.par("by the coordinator"))
    saved = letter_text_save(text=text, actor=cast.coordinator, revision=1, subject="S", body=body)
    later = letter_text_save(text=text, actor=cast.drafter, revision=2, subject="T", body=body)
    with pytest.raises(NotAllowed, match="Somebody else has to app"):
        letter_text_approve(text=later, actor=cast.coordinator, sha256=later.sha256)
    assert saved.revision == 2
    letter_text_approve(text=later, actor=cast.reviewer, sha256=later.sha256)


def test_an_approval_ends_what_counts_as_ones_own(text: LetterText, cast: SimpleNamespace) -> None:
    mine = letter_text_save(text=text, actor=cast.coordinator, revision=1, subject="Mine", body=text.body)
    letter_text_approve(text=mine, actor=cast.reviewer, sha256=mine.sha256)
    assert not has_unapproved_edits_by(mine, cast.coordinator)
    theirs = letter_text_save(text=text, actor=cast.drafter, revision=2, subject="Theirs", body=text.body)
    letter_text_approve(text=theirs, actor=cast.coordinator, sha256=theirs.sha256)
    assert has_unapproved_edits_by(
        letter_text_save(text=text, actor=cast.drafter, revision=3, subject="Z", body=text.body), cast.drafter
    )


def test_a_second_press_is_told_apart(approved: LetterText, cast: SimpleNamespace) -> None:
    with pytest.raises(Conflict, match="You have approved this t"):
        letter_text_approve(text=approved, actor=cast.reviewer, sha256=approved.sha256)
    assert Approval.objects.count() == 1


def test_an_empty_letter_is_neither_reviewed_nor_approved(text: LetterText, cast: SimpleNamespace) -> None:
    for subject, body, missing in (("", text.body, "no subject yet"), ("S", d.doc(d.par(" ")), "no text yet")):
        text = LetterText.objects.get(pk=text.pk)
        saved = letter_text_save(text=text, actor=cast.drafter, revision=text.revision, subject=subject, body=body)
        with pytest.raises(DomainError, match=missing):
            letter_text_ask_review(text=saved, actor=cast.drafter)
        with pytest.raises(DomainError, match=missing):
            letter_text_approve(text=saved, actor=cast.reviewer, sha256=saved.sha256)


def test_a_closed_letter_is_not_approved(text: LetterText, cast: SimpleNamespace) -> None:
    Letter.objects.update(closed_at=moment("2017-12-01 00:00"))
    with pytest.raises(Conflict, match="This letter is closed"):
        letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256)


def test_approving_accepts_the_facts_as_they_are_worded_now(
    text: LetterText, cast: SimpleNamespace, world: SimpleNamespace
) -> None:
    world.stand.revision = 5
    world.stand.save()
    letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256)
    assert text.fact_uses.get(fact=world.stand).fact_revision == 5


def state(letter: Letter) -> str:
    return letter_state(letters_with_state(Letter.objects.filter(pk=letter.pk)).get())


def test_review_is_asked_for_by_people_who_may_write_the_letter(text: LetterText, cast: SimpleNamespace) -> None:
    limit_drafter(text.letter.campaign, cast.drafter, make_member("NO", "Norway"))
    with pytest.raises(NotAllowed, match="do not draft for"):
        letter_text_ask_review(text=text, actor=cast.drafter)
    text.refresh_from_db()
    assert text.review_asked_at is None
    letter_text_ask_review(text=text, actor=cast.coordinator)


def test_the_state_of_a_letter_follows_its_way(text: LetterText, cast: SimpleNamespace) -> None:
    assert state(text.letter) == "drafting"
    letter_text_ask_review(text=text, actor=cast.drafter)
    assert state(text.letter) == "in_review"
    letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256)
    assert state(text.letter) == "approved"
    letter_text_save(text=text, actor=cast.drafter, revision=1, subject="Other", body=text.body)
    assert state(text.letter) == "drafting"


def test_changes_are_shown_against_the_last_approved_text(approved: LetterText, cast: SimpleNamespace) -> None:
    body = {**approved.body, "content": [*approved.body["content"][:-1], d.par("A new end")]}
    saved = letter_text_save(text=approved, actor=cast.drafter, revision=1, subject=approved.subject, body=body)
    changes = changes_since_approval(saved)
    assert changes is not None
    assert [(change.kind, change.text) for change in changes][2:] == [
        ("same", "two"),
        ("removed", "For the coalition"),
        ("added", "A new end"),
    ]
    assert (changes[1].kind, changes[1].count) == ("left_out", 13), "what stayed is counted, not repeated"


def test_a_passage_that_goes_to_others_is_a_change(approved: LetterText, cast: SimpleNamespace) -> None:
    body = copy.deepcopy(approved.body)
    body["content"][2]["attrs"]["only"] = ["group:african-group", "member:FR"]
    saved = letter_text_save(text=approved, actor=cast.drafter, revision=1, subject=approved.subject, body=body)
    changes = changes_since_approval(saved) or []
    assert ("changed", "+group:african-group +member:FR") in [(change.kind, change.text) for change in changes]


def test_a_text_that_was_never_approved_has_no_changes(text: LetterText) -> None:
    assert changes_since_approval(text) is None
