"""Approving: exactly the text that was seen, and never one's own."""

import copy
import re
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Role
from apps.campaigns.services.notices import notices_send
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.models import AuditEvent
from apps.letters.models import Approval, Letter, LetterText
from apps.letters.pages.action_items import reviews_asked_of_me, texts_to_review
from apps.letters.pages.review import changes_since_approval, review_entries
from apps.letters.selectors.drafts import has_unapproved_edits_by, letter_state, letters_with_state
from apps.letters.selectors.reviews import possible_reviewers
from apps.letters.services.approvals import SentBack, letter_text_approve, letter_text_ask_review
from apps.letters.services.drafts import letter_text_save
from apps.letters.services.reviews import NoReviewer, NotInReview, letter_text_send_back, review_comment_add
from apps.postbox.models import Message
from apps.postbox.services.composing import ContentGone, message_compose
from tests.factories import add_team_member, html_of, make_member, make_user, moment
from tests.factories import documents as d
from tests.factories.concurrency import at_once
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
    assert ("changed", "Only to African Group and France: 1 government") in [
        (change.kind, change.text) for change in changes
    ]


def test_a_text_that_was_never_approved_has_no_changes(text: LetterText) -> None:
    assert changes_since_approval(text) is None


# ---- asked of named people, sent back, commented


def membership(person: Any) -> TeamMember:
    return TeamMember.objects.get(user=person)


def mails_to(person: Any) -> list[str]:
    """Subjects of the mails to the person that would leave now, without those about nothing any more."""
    notices_send()
    found = []
    mails = list(Message.objects.filter(kind="notice").order_by("created_at"))
    for message in [mail for mail in mails if mail.to_address == person.email]:  # encrypted
        with suppress(ContentGone):
            message_compose(message=message)
            found.append(message.subject)
    return found


def test_named_reviewers_are_told_at_once_in_their_language_and_others_are_not(
    text: LetterText, cast: SimpleNamespace
) -> None:
    colleague = make_user("Salma Haddad", language="ar")
    add_team_member(colleague, text.letter.campaign, Role.REVIEWER)
    letter_text_ask_review(text=text, actor=cast.drafter, reviewers=[colleague], note="هل هذه الفقرة صحيحة؟")
    night = timezone.now().replace(hour=2)
    assert notices_send(now=night) == 1
    message = Message.objects.get(kind="notice")
    message_compose(message=message)
    assert (message.to_address, message.language) == (colleague.email, "ar")
    assert reverse("letters:review", args=["mc11", 1, "en"]) in message.text_body
    assert texts_to_review(membership(cast.reviewer)) is None, "it is not asked of everybody"
    assert text.review_requests.get().note == "هل هذه الفقرة صحيحة؟"


def test_a_reviewer_who_left_the_team_leaves_the_review_to_the_others(text: LetterText, cast: SimpleNamespace) -> None:
    colleague = make_user("Salma Haddad")
    member = add_team_member(colleague, text.letter.campaign, Role.REVIEWER)
    letter_text_ask_review(text=text, actor=cast.drafter, reviewers=[colleague])
    assert reviews_asked_of_me(membership(colleague)) is not None
    TeamMember.objects.filter(pk=member.pk).update(state="ended")
    waiting = texts_to_review(membership(cast.reviewer))
    assert waiting is not None
    assert waiting.count == 1
    with pytest.raises(NoReviewer, match="Salma Haddad cannot review"):
        letter_text_ask_review(text=text, actor=cast.drafter, reviewers=[colleague])
    assert text.review_requests.filter(closed_at=None).count() == 1, "the first request still stands"


def test_whoever_wrote_in_the_text_cannot_be_asked(text: LetterText, cast: SimpleNamespace) -> None:
    letter_text_save(text=text, actor=cast.coordinator, revision=1, subject="By two", body=text.body)
    assert list(possible_reviewers(text)) == [cast.reviewer]
    with pytest.raises(NoReviewer):
        letter_text_ask_review(text=text, actor=cast.drafter, reviewers=[cast.coordinator])


def test_a_text_sent_back_is_not_approved_until_it_changes(text: LetterText, cast: SimpleNamespace) -> None:
    letter_text_ask_review(text=text, actor=cast.drafter)
    with pytest.raises(DomainError, match="Say what should change"):
        letter_text_send_back(text=text, actor=cast.reviewer, reason="  ")
    letter_text_send_back(text=text, actor=cast.reviewer, reason="Say why the moratorium ends.")
    assert mails_to(cast.drafter) == ["1 text was sent back"]
    assert LetterText.objects.get(pk=text.pk).review_asked_at is None
    with pytest.raises(NotInReview):
        letter_text_send_back(text=text, actor=cast.coordinator, reason="Again")
    with pytest.raises(SentBack):
        letter_text_approve(text=text, actor=cast.coordinator, sha256=text.sha256)
    saved = letter_text_save(text=text, actor=cast.drafter, revision=1, subject="It ends", body=text.body)
    assert mails_to(cast.drafter) == [], "what was answered is no news"
    letter_text_ask_review(text=saved, actor=cast.drafter)
    letter_text_send_back(text=saved, actor=cast.reviewer, reason="Nearly.")
    letter_text_ask_review(text=saved, actor=cast.drafter, note="It stays so.")
    letter_text_approve(text=saved, actor=cast.reviewer, sha256=saved.sha256)
    said = [(entry.what, entry.words) for entry in reversed(review_entries(saved))]
    who, reviewer = str(cast.drafter), str(cast.reviewer)
    assert said == [
        (f"{who} asked for a review", ""), (f"{reviewer} sent it back", "Say why the moratorium ends."),
        (f"{who} asked for a review", ""), (f"{reviewer} sent it back", "Nearly."),
        (f"{who} asked for a review", "It stays so."), (f"{reviewer} approved it", ""),
    ]  # fmt: skip


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("second", ["approve", "send back", "write"])
def test_two_at_once_leave_one_decision(text: LetterText, cast: SimpleNamespace, second: str) -> None:
    """One approves while somebody else sends the same text back, approves it too, or writes in it."""
    letter_text_ask_review(text=text, actor=cast.drafter)
    acts = {
        "approve": lambda: letter_text_approve(text=text, actor=cast.coordinator, sha256=text.sha256),
        "send back": lambda: letter_text_send_back(text=text, actor=cast.coordinator, reason="Not yet"),
        "write": lambda: letter_text_save(text=text, actor=cast.drafter, revision=1, subject="New", body=text.body),
    }
    outcomes = at_once(lambda: letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256), acts[second])
    [request] = text.review_requests.all()
    fresh = LetterText.objects.get(pk=text.pk)
    approved = fresh.approvals.filter(sha256=fresh.sha256).exists()
    refused = [each for each in outcomes if isinstance(each, Exception)]
    assert all(isinstance(each, Conflict) for each in refused), outcomes
    if second == "approve":
        assert (len(refused), request.outcome, approved) == (0, "approved", True)
    elif second == "send back":
        assert (len(refused), request.outcome) == (1, "approved" if approved else "sent_back")
    else:
        assert not approved, "nobody approved what they did not read"


def test_comments_go_to_those_concerned(text: LetterText, cast: SimpleNamespace) -> None:
    with pytest.raises(NotInReview):
        review_comment_add(text=text, actor=cast.reviewer, words="Where is point 7?")
    letter_text_ask_review(text=text, actor=cast.drafter)
    review_comment_add(text=text, actor=cast.reviewer, words="Where is point 7?")
    assert mails_to(cast.drafter) == ["1 new comment on a text in review"]
    assert mails_to(cast.sender) == []
    cast.reviewer.delete()
    assert [entry.what for entry in review_entries(text)] == ["Somebody", f"{cast.drafter} asked for a review"]


def test_review_by_page(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    """Asked of a person who is named for the language, sent back, answered, asked again and approved."""
    drafter, reviewer = signed_in(cast.drafter), signed_in(cast.reviewer)
    ask, review = (reverse(f"letters:{name}", args=["mc11", 1, "en"]) for name in ("ask_review", "review"))
    named = drafter.post(reverse("letters:text_reviewer", args=["mc11", 1, "en"]), {"reviewer": cast.reviewer.pk})
    assert f"Reviewer: {cast.reviewer}" in html_of(drafter.get(named["Location"]))
    shown = html_of(drafter.get(ask))
    assert re.search(rf'value="{cast.reviewer.pk}"[^>]*checked', shown), "who is named is proposed"
    assert drafter.post(ask, {"reviewers": [cast.outsider.pk]}).status_code == 400
    assert drafter.post(ask, {"reviewers": [cast.reviewer.pk], "note": "Look at 7."})["Location"] == review
    back = reverse("letters:send_back", args=["mc11", 1, "en"])
    refused = reviewer.post(back, {"reason": " "})
    assert refused.status_code == 400
    assert "Say what should change" in html_of(refused)
    assert reviewer.post(back, {"reason": "<b>Shorter</b>"}).status_code == 302
    again = reviewer.post(back, {"reason": "What I typed stays"})
    assert again.status_code == 409
    assert "What I typed stays" in html_of(again)
    shown = html_of(drafter.get(review))
    for words in ("Look at 7.", "&lt;b&gt;Shorter&lt;/b&gt;", f"{cast.reviewer} sent it back", "Sent back"):
        assert words in shown, words
    assert "Sent back by" in html_of(drafter.get(reverse("letters:workspace", args=["mc11", 1])))
    answer = reverse("letters:review_comment", args=["mc11", 1, "en"])
    assert drafter.post(answer, {"comment": "It is short."}).status_code == 302
    assert "It is short." in html_of(reviewer.get(review))
    assert signed_in(cast.observer).post(answer, {"comment": "Me too"}).status_code == 403
    drafter.post(ask, {})
    approve = reverse("letters:approve", args=["mc11", 1, "en"])
    for _press in range(2):  # on a slow line one presses twice
        assert reviewer.post(approve, {"sha256": text.sha256})["Location"] == reverse(
            "letters:freeze", args=["mc11", 1]
        )
