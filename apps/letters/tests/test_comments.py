"""Comments beside a text, suggestions, mentions, and guests."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Role
from apps.campaigns.services.notices import notices_send
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.models import AuditEvent
from apps.governments.models import DrafterLimit
from apps.letters.models import Comment, GuestLink, Letter, LetterText
from apps.letters.selectors.comments import comment_threads, guest_comments_unanswered, mentions_unanswered
from apps.letters.services.comments import (
    MAX_GUEST_COMMENTS,
    Passage,
    comment_add,
    comment_remove,
    comment_reply,
    comment_resolve,
    suggestion_decide,
)
from apps.letters.services.drafts import letter_create
from apps.letters.services.guest_links import GuestLinkEnded, guest_link_create, guest_link_end
from apps.postbox.models import Message
from apps.postbox.services.composing import message_compose
from tests.factories import add_team_member, make_user
from tests.factories.concurrency import at_once, errors

pytestmark = pytest.mark.django_db
ANCHOR = {"from": "AQE=", "to": "AQI="}


@pytest.fixture
def comment(text: LetterText, cast: SimpleNamespace) -> Comment:
    passage = Passage("babcdefgh", "a raw material", ANCHOR)
    return comment_add(text=text, author=cast.reviewer, body="Is that so?", passage=passage)


@pytest.fixture
def suggestion(text: LetterText, cast: SimpleNamespace) -> Comment:
    passage = Passage("babcdefgh", "a raw material", ANCHOR)
    return comment_add(text=text, author=cast.reviewer, body="", passage=passage, proposal="everybody’s resource")


@pytest.fixture
def guest(letter: Letter, cast: SimpleNamespace) -> tuple[GuestLink, str]:
    until = timezone.now() + timedelta(days=3)
    return guest_link_create(letter=letter, actor=cast.drafter, name="Baraza la Wakulima", expires_at=until)


def url(name: str, text: LetterText, *more: int) -> str:
    return reverse(f"letters:{name}", args=[text.letter.campaign.slug, text.letter.number, text.language, *more])


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


# ---- threads


def test_a_thread_with_a_reply_is_resolved_and_opened_by_a_reply(
    comment: Comment, text: LetterText, cast: SimpleNamespace
) -> None:
    comment_reply(thread=comment, author=cast.drafter, body="The bank says so.")
    comment_resolve(thread=comment, actor=cast.drafter, resolved=True)
    assert [thread.resolved_at is not None for thread in comment_threads(text)] == [True]
    comment_reply(thread=comment, author=cast.reviewer, body="On which page?")
    assert [thread.resolved_at for thread in comment_threads(text)] == [None]
    assert [reply.body for reply in comment_threads(text)[0].replies.all()] == ["The bank says so.", "On which page?"]


def test_comments_change_no_text_and_leave_approval(approved: LetterText, cast: SimpleNamespace) -> None:
    before = approved.sha256
    comment_add(text=approved, author=cast.reviewer, body="تعليق على الفقرة الأولى")
    approved.refresh_from_db()
    assert approved.sha256 == before
    assert approved.approvals.filter(sha256=approved.sha256).exists()


@pytest.mark.parametrize("body", ["", "   \n ", "\u200b\ufeff"])
def test_an_empty_comment_is_refused(text: LetterText, cast: SimpleNamespace, body: str) -> None:
    with pytest.raises(DomainError, match="empty"):
        comment_add(text=text, author=cast.reviewer, body=body)


def test_whoever_only_reads_does_not_comment(text: LetterText, comment: Comment, cast: SimpleNamespace) -> None:
    for person in (cast.observer, cast.data_officer, cast.outsider):
        with pytest.raises(NotAllowed):
            comment_add(text=text, author=person, body="I think")
        with pytest.raises(NotAllowed):
            comment_resolve(thread=comment, actor=person, resolved=True)


def test_only_its_author_removes_a_comment_and_only_while_nobody_has_answered(
    comment: Comment, cast: SimpleNamespace
) -> None:
    with pytest.raises(NotAllowed):
        comment_remove(comment=comment, actor=cast.coordinator)
    reply = comment_reply(thread=comment, author=cast.drafter, body="Yes.")
    with pytest.raises(Conflict):
        comment_remove(comment=comment, actor=cast.reviewer)
    comment_remove(comment=reply, actor=cast.drafter)
    comment_remove(comment=comment, actor=cast.reviewer)
    assert not Comment.objects.exists()
    with pytest.raises(Conflict):
        comment_reply(thread=comment, author=cast.drafter, body="Too late")


# ---- suggestions


def test_a_drafter_decides_a_suggestion_once(suggestion: Comment, cast: SimpleNamespace) -> None:
    with pytest.raises(NotAllowed):
        suggestion_decide(thread=suggestion, actor=cast.reviewer, accepted=True)
    suggestion_decide(thread=suggestion, actor=cast.drafter, accepted=True)
    with pytest.raises(Conflict):
        suggestion_decide(thread=suggestion, actor=cast.drafter, accepted=False)
    with pytest.raises(Conflict):
        comment_resolve(thread=suggestion, actor=cast.drafter, resolved=False)


def test_a_suggestion_changes_words_that_stand_there(text: LetterText, cast: SimpleNamespace) -> None:
    with pytest.raises(DomainError):
        comment_add(text=text, author=cast.reviewer, body="", proposal="new words")
    with pytest.raises(DomainError):
        comment_add(text=text, author=cast.reviewer, body="", passage=Passage(quote="same"), proposal="same")
    assert comment_add(text=text, author=cast.reviewer, body="", passage=Passage(quote="cut this"), proposal="").pk


def test_the_database_keeps_replies_plain_and_authors_single(
    comment: Comment, suggestion: Comment, guest: tuple[GuestLink, str], cast: SimpleNamespace
) -> None:
    plain: dict[str, Any] = {"text": comment.text, "thread": comment, "author": cast.drafter, "body": "x"}
    wrong: list[dict[str, Any]] = [{"quote": "q"}, {"suggests": True}, {"body": ""}, {"guest": guest[0]}]
    for broken in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Comment.objects.create(**{**plain, **broken})
    with pytest.raises(IntegrityError), transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(decision="accepted", resolved_at=timezone.now())


# ---- mentions


def test_whoever_is_named_is_told_by_mail_and_on_the_overview_until_they_answer(
    text: LetterText, cast: SimpleNamespace, signed_in: Any
) -> None:
    comment = comment_add(text=text, author=cast.reviewer, body="@drafter, source?", mentions=[cast.drafter.pk])
    assert [notices_send(), notices_send()] == [1, 0]
    mail = Message.objects.get(kind="notice")
    message_compose(message=mail)
    assert (mail.to_address, mail.subject) == (cast.drafter.email, "A comment names you")
    assert mentions_unanswered(cast.drafter, text.letter.campaign) == [comment]
    assert "A comment names you" in signed_in(cast.drafter).get("/work/mc11/").content.decode()
    comment_reply(thread=comment, author=cast.drafter, body="The bank.")
    assert mentions_unanswered(cast.drafter, text.letter.campaign) == []


def test_a_removed_text_and_an_archived_letter_wait_for_no_answer(
    text: LetterText, cast: SimpleNamespace, django_assert_num_queries: Any
) -> None:
    first, second = (
        comment_add(text=text, author=cast.reviewer, body=body, mentions=[cast.drafter.pk]) for body in "ab"
    )
    comment_reply(thread=second, author=cast.reviewer, body="Well?", mentions=[cast.drafter.pk])
    comment_reply(thread=second, author=cast.drafter, body="Yes.")
    with django_assert_num_queries(1):
        assert mentions_unanswered(cast.drafter, text.letter.campaign) == [first]
    for row, field in ((text, "removed_at"), (text.letter, "archived_at")):
        type(row)._base_manager.filter(pk=row.pk).update(**{field: timezone.now()})
        assert mentions_unanswered(cast.drafter, text.letter.campaign) == []
        type(row)._base_manager.filter(pk=row.pk).update(**{field: None})


def test_nobody_outside_the_team_is_named(text: LetterText, cast: SimpleNamespace) -> None:
    people = [cast.outsider.pk, cast.observer.pk, cast.reviewer.pk]
    comment = comment_add(text=text, author=cast.drafter, body="Look", mentions=people)
    assert list(comment.mentions.all()) == [cast.reviewer]


# ---- the editor's JSON


def test_the_editor_reads_and_writes_threads(text: LetterText, cast: SimpleNamespace) -> None:
    client = signed_in(cast.reviewer)
    body = {"block": "babcdefgh", "quote": "raw", "anchor": ANCHOR, "body": "Why?", "mentions": [cast.drafter.pk]}
    made = client.post(url("comment_new", text), body, content_type="application/json")
    assert made.status_code == 201, made.content
    assert made.json()["mentions"] == [str(cast.drafter)]
    answer = signed_in(cast.drafter).post(
        url("comment_answer", text, made.json()["id"]), {"body": "Because."}, content_type="application/json"
    )
    assert [reply["body"] for reply in answer.json()["replies"]] == ["Because."]
    shown = signed_in(cast.observer).get(url("comments", text)).json()
    assert [thread["anchor"] for thread in shown["threads"]] == [ANCHOR]
    assert str(cast.observer) not in [person["name"] for person in shown["people"]]


@pytest.mark.parametrize(
    "broken",
    [{"anchor": {"from": "x"}}, {"anchor": {"from": "x", "to": "y" * 500}}, {"block": "<b>"}, {"mentions": "all"}],
)
def test_malformed_comments_are_refused(text: LetterText, cast: SimpleNamespace, broken: dict[str, Any]) -> None:
    body = {"body": "Why?", **broken}
    answer = signed_in(cast.reviewer).post(url("comment_new", text), body, content_type="application/json")
    assert answer.status_code == 400
    assert not Comment.objects.exists()


def test_comments_are_read_in_few_statements(
    text: LetterText, cast: SimpleNamespace, django_assert_max_num_queries: Any
) -> None:
    for number in range(15):
        thread = comment_add(text=text, author=cast.reviewer, body=f"{number}", mentions=[cast.drafter.pk])
        comment_reply(thread=thread, author=cast.drafter, body="Yes")
    client = signed_in(cast.drafter)
    with django_assert_max_num_queries(20):
        assert len(client.get(url("comments", text)).json()["threads"]) == 15


# ---- sent again, because the answer was lost


def test_a_comment_and_a_reply_that_arrive_twice_stand_once(text: LetterText, cast: SimpleNamespace) -> None:
    client = signed_in(cast.reviewer)

    def post(name: str, *more: int, **body: Any) -> Any:
        return client.post(url(name, text, *more), body, content_type="application/json").json()

    first = {"body": "Why?", "form_key": str(uuid4()), "mentions": [cast.drafter.pk]}
    made = [post("comment_new", **first) for _time in range(2)]
    assert made[0] == made[1]
    reply = {"body": "Look.", "form_key": str(uuid4())}
    post("comment_answer", made[0]["id"], **reply)
    thread = Comment.objects.get(thread=None)
    comment_resolve(thread=thread, actor=cast.drafter, resolved=True)
    answer = post("comment_answer", made[0]["id"], **reply)
    assert [said["body"] for said in answer["replies"]] == ["Look."]
    assert answer["resolved"], "what arrives again opens nothing"
    post("comment_new", **{**first, "body": "Why not?"})
    assert [one.body for one in Comment.objects.all()] == ["Why?", "Look.", "Why not?"], "other words are not lost"
    assert comment_add(text=text, author=cast.drafter, body="Why?", form_key=UUID(str(first["form_key"]))).pk
    assert AuditEvent.objects.filter(verb="comment.add").count() == 3


@pytest.mark.django_db(transaction=True)
def test_a_comment_that_arrives_twice_at_once_stands_once(text: LetterText, cast: SimpleNamespace) -> None:
    key = uuid4()
    made = at_once(*[lambda: comment_add(text=text, author=cast.reviewer, body="Why?", form_key=key)] * 3)
    assert errors(made) == []
    assert {one.pk for one in made} == {Comment.objects.get().pk}


# ---- guests


def test_a_guest_reads_and_comments_and_nothing_else(
    guest: tuple[GuestLink, str], text: LetterText, comment: Comment, client: Client
) -> None:
    page = reverse("guest_letter", args=[guest[1]])
    shown = client.get(page)
    assert shown.status_code == 200
    assert "Is that so?" not in shown.text, "the team speaks among itself"
    assert shown["Cache-Control"].startswith("max-age=0")
    assert "noindex" in shown["X-Robots-Tag"]
    block = re.search(r'name="block" value="(b[a-z0-9]{8})"', shown.text)
    assert block
    form_key = re.search(r'name="form_key" value="([0-9a-f-]{36})"', shown.text)
    assert form_key
    words = {"block": block[1], "quote": "Excellency", "body": "Address her by name.", "form_key": form_key[1]}
    assert [client.post(page, words).status_code for _time in range(2)] == [302, 302]
    mine = Comment.objects.get(guest=guest[0])
    assert (mine.block, mine.author) == (block[1], None)
    assert client.post(page, {"thread": comment.pk, "body": "We have seen it too."}).status_code == 400
    Comment.objects.filter(pk=mine.pk).update(resolved_at=timezone.now())
    assert "Address her by name." in client.get(page).text, "resolved, and still there for whoever began it"
    assert client.post(page, {"thread": mine.pk, "body": "Please do."}).status_code == 302
    assert "Please do." in client.get(page).text
    assert client.get(reverse("letters:workspace", args=[text.letter.campaign.slug, 1])).status_code == 302


def test_a_guest_loses_nothing_that_was_typed(guest: tuple[GuestLink, str], comment: Comment, client: Client) -> None:
    page = reverse("guest_letter", args=[guest[1]])
    long = "naïve " * 1000
    refused = client.post(page, {"body": long})
    assert refused.status_code == 400
    assert long.strip() in refused.text
    closed = client.post(page, {"thread": comment.pk, "body": "I had more to say"})
    assert closed.status_code == 400
    assert "I had more to say" in closed.text


def test_a_link_ends_at_once_and_on_its_day(
    guest: tuple[GuestLink, str], cast: SimpleNamespace, client: Client
) -> None:
    link, token = guest
    page = reverse("guest_letter", args=[token])
    guest_link_end(link=link, actor=cast.drafter)
    assert client.get(page).status_code == 404
    late = client.post(page, {"body": "Still here?"})
    assert (late.status_code, "Still here?</textarea>" in late.text) == (404, True)
    GuestLink.objects.filter(pk=link.pk).update(ended_at=None, expires_at=timezone.now())
    assert client.get(page).status_code == 404
    with pytest.raises(GuestLinkEnded):
        comment_add(text=link.letter.texts.get(), body="Late", guest=link)


def test_a_link_ends_with_its_makers_part_in_the_team(
    guest: tuple[GuestLink, str], cast: SimpleNamespace, client: Client
) -> None:
    link, token = guest
    page, maker = reverse("guest_letter", args=[token]), TeamMember.objects.filter(user=cast.drafter)
    links = reverse("letters:guest_links", args=[link.letter.campaign.slug, 1])
    team = signed_in(cast.coordinator)
    assert "Works until" in team.get(links).text
    for gone, back in (({"state": "ended"}, {"state": "active"}), ({"roles": ["reviewer"]}, {"roles": ["drafter"]})):
        maker.update(**gone)
        assert client.get(page).status_code == 404
        assert "Works until" not in team.get(links).text
        with pytest.raises(GuestLinkEnded):
            comment_add(text=link.letter.texts.get(), body="Still here", guest=link)
        maker.update(**back)
        assert client.get(page).status_code == 200


def test_whoever_drafts_removes_what_a_guest_said(
    guest: tuple[GuestLink, str], text: LetterText, comment: Comment, cast: SimpleNamespace
) -> None:
    thread = comment_add(text=text, guest=guest[0], body="Buy our honey")
    comment_reply(thread=comment, guest=guest[0], body="And our wax")
    reply = comment.replies.get()

    def removable(user: User) -> dict[int, bool]:
        threads = signed_in(user).get(url("comments", text)).json()["threads"]
        return {said["id"]: said["removable"] for one in threads for said in (one, *one["replies"])}

    assert removable(cast.drafter) == {comment.pk: False, thread.pk: True, reply.pk: True}
    assert removable(cast.reviewer) == {comment.pk: True, thread.pk: False, reply.pk: False}
    assert signed_in(cast.reviewer).post(url("comment_delete", text, thread.pk)).status_code == 403
    assert signed_in(cast.drafter).post(url("comment_delete", text, comment.pk)).status_code == 404
    for said in (reply, thread):
        assert signed_in(cast.drafter).post(url("comment_delete", text, said.pk)).status_code == 204
    assert list(Comment.objects.all()) == [comment]


def test_what_a_guest_says_is_told_once_a_day_until_somebody_answers(
    guest: tuple[GuestLink, str], text: LetterText, cast: SimpleNamespace, client: Client
) -> None:
    client.post(reverse("guest_letter", args=[guest[1]]), {"body": "Address her by name."})
    said = Comment.objects.get()
    comment_add(text=text, guest=guest[0], body="And the ministry.")
    morning = timezone.now().replace(hour=9) + timedelta(days=1)
    assert [notices_send(now=morning + timedelta(hours=hours)) for hours in (0, 5, 24)] == [1, 0, 0]
    mail = Message.objects.get(kind="notice")
    message_compose(message=mail)
    assert (mail.to_address, mail.subject) == (cast.drafter.email, "2 comments of guests have no answer")
    assert f"#comment-{said.pk}" in mail.text_body
    for private in (guest[1], guest[0].name, "Address her"):
        assert private not in mail.text_body
    campaign = text.letter.campaign
    comment_reply(thread=said, author=cast.reviewer, body="We will.")
    assert [one.body for one in guest_comments_unanswered(cast.drafter, campaign)] == ["And the ministry."]
    assert guest_comments_unanswered(cast.reviewer, campaign) == []
    again = comment_reply(thread=said, guest=guest[0], body="Thank you.")
    assert guest_comments_unanswered(cast.reviewer, campaign) == [again], "who talks with the guest hears the answer"
    assert guest_comments_unanswered(cast.coordinator, campaign) == []
    comment_reply(thread=said, author=cast.reviewer, body="@coordinator?", mentions=[cast.coordinator.pk])
    comment_reply(thread=said, guest=guest[0], body="Whoever it is.")
    assert len(guest_comments_unanswered(cast.coordinator, campaign)) == 1, "so does who is named there"
    comment_resolve(thread=said, actor=cast.reviewer, resolved=True)
    assert guest_comments_unanswered(cast.reviewer, campaign) == []


def test_one_guest_does_not_fill_a_text(guest: tuple[GuestLink, str], text: LetterText, cast: SimpleNamespace) -> None:
    said = [Comment(text=text, guest=guest[0], body="Honey") for _number in range(MAX_GUEST_COMMENTS)]
    Comment.objects.bulk_create(said)
    with pytest.raises(GuestLinkEnded):
        comment_add(text=text, guest=guest[0], body="Wax")
    assert comment_add(text=text, author=cast.reviewer, body="Enough").pk


def test_a_guest_speaks_about_their_letter_only(
    guest: tuple[GuestLink, str], world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    other = letter_create(
        campaign=world.campaign, actor=cast.drafter, template=world.template, title="Other", members=[world.togo]
    )
    with pytest.raises(GuestLinkEnded):
        comment_add(text=other.texts.get(), body="Here too?", guest=guest[0])


def test_the_token_is_shown_once_and_stored_hashed(letter: Letter, cast: SimpleNamespace) -> None:
    client = signed_in(cast.drafter)
    page = reverse("letters:guest_links", args=[letter.campaign.slug, letter.number])
    until = (timezone.now() + timedelta(days=7)).date().isoformat()
    made = client.post(page, {"name": "منظمة حليفة", "until": until})
    token = re.search(r"/guest/([\w-]{43})/", made.text)
    assert token
    assert token[1] not in client.get(page).text
    assert token[1] not in str(list(GuestLink.objects.values()))
    assert Client().get(f"/guest/{token[1]}/").status_code == 200


@pytest.mark.parametrize("days", [-1, 0, 200])
def test_a_link_lasts_a_while(letter: Letter, cast: SimpleNamespace, days: int) -> None:
    until = timezone.now() + timedelta(days=days)
    with pytest.raises(DomainError, match="day"):
        guest_link_create(letter=letter, actor=cast.drafter, name="Ally", expires_at=until)


def test_a_drafter_of_other_countries_makes_no_link(letter: Letter, world: SimpleNamespace) -> None:
    limited = make_user("limited")
    membership = add_team_member(limited, world.campaign, Role.DRAFTER)
    DrafterLimit.objects.create(team_member=membership, member=world.togo)
    with pytest.raises(NotAllowed):
        guest_link_create(letter=letter, actor=limited, name="Ally", expires_at=timezone.now() + timedelta(days=2))
