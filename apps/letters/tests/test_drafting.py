"""Beginning letters and saving text: numbers, limits, and a second window that never overwrites the first."""

import threading
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections

from apps.campaigns.models import TeamMember
from apps.campaigns.roles import Role
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.models import AuditEvent
from apps.letters.document.traversal import document_hash, plain_text
from apps.letters.document.validators import DocumentInvalid
from apps.letters.models import FactUse, Letter, LetterText, TextRevision
from apps.letters.selectors.drafts import has_unapproved_edits_by, last_approved
from apps.letters.selectors.letters import drafter_limits, letter_addressees, letters_visible_to
from apps.letters.services.approvals import letter_text_approve, letter_text_ask_review
from apps.letters.services.drafts import StaleText, letter_create, letter_text_save
from tests.factories import add_team_member, make_campaign, make_group, make_member, make_user, moment
from tests.factories import documents as d
from tests.factories.evidence import make_fact
from tests.factories.letters import limit_drafter, make_template

DAY = moment("2017-12-10 00:00").date()


def test_a_letter_gets_the_next_number_and_a_copy_of_the_template(
    world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    first = letter_create(
        campaign=world.campaign, actor=cast.drafter, template=world.template, title=" A ", members=[world.kenya]
    )
    second = letter_create(campaign=world.campaign, actor=cast.drafter, template=world.template, title="B", to_all=True)
    assert (first.number, second.number, first.title) == (1, 2, "A")
    text = first.texts.get()
    assert (text.subject, text.language, text.revision) == (world.template.subject, "en", 1)
    assert text.sha256 == document_hash(text.subject, text.body)
    assert text.body["content"][0]["attrs"]["id"].startswith("b")
    assert set(FactUse.objects.filter(text=text).values_list("fact__key", flat=True)) == {"tp02-f06", "tp07-f01"}
    assert TextRevision.objects.filter(text=text).count() == 1
    event = AuditEvent.objects.get(verb="letter.create", subject_id=str(first.pk))
    assert (event.actor_id, event.campaign_id, event.data["members"]) == (
        str(cast.drafter.pk), world.campaign.pk, ["KE"],
    )  # fmt: skip


def test_another_campaigns_letters_are_counted_apart(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    other = make_campaign("mc12")
    letter_create(campaign=world.campaign, actor=cast.drafter, template=world.template, title="A", to_all=True)
    made = letter_create(
        campaign=other, actor=cast.drafter, template=make_template(other, d.doc()), title="B", to_all=True
    )
    assert made.number == 1


def test_a_letter_to_nobody_and_a_strange_template_are_refused(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    with pytest.raises(DomainError, match="Choose whom the letter goes to"):
        letter_create(campaign=world.campaign, actor=cast.drafter, template=world.template, title="A")
    with pytest.raises(DomainError, match="This template belongs to"):
        letter_create(
            campaign=make_campaign("mc12"), actor=cast.drafter, template=world.template, title="A", to_all=True
        )
    assert not Letter.objects.exists()


def test_a_template_with_an_unknown_fact_makes_no_letter(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    broken = make_template(world.campaign, d.doc(d.par("x", d.cite("nowhere"))), key="broken")
    with pytest.raises(DocumentInvalid):
        letter_create(campaign=world.campaign, actor=cast.drafter, template=broken, title="A", to_all=True)
    assert not Letter.objects.exists()


def test_a_drafter_limited_to_some_countries_writes_only_to_them(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    theirs = letter_create(
        campaign=world.campaign, actor=cast.coordinator, template=world.template, title="T", groups=[world.african]
    )
    limit_drafter(world.campaign, cast.drafter, world.kenya, world.togo)
    make = {"campaign": world.campaign, "actor": cast.drafter, "template": world.template, "title": "A"}
    letter = letter_create(**make, members=[world.kenya])
    for wider in ({"to_all": True}, {"groups": [world.african]}, {"members": [world.kenya, world.france]}):
        with pytest.raises(NotAllowed, match="Kenya"):
            letter_create(**make, **wider)  # type: ignore[arg-type]
    text = letter.texts.get()
    letter_text_save(text=text, actor=cast.drafter, revision=1, subject="S", body=text.body)
    other = theirs.texts.get()
    with pytest.raises(NotAllowed, match="do not draft for"):
        letter_text_save(text=other, actor=cast.drafter, revision=1, subject="S", body=other.body)
    letter_text_save(text=other, actor=cast.coordinator, revision=1, subject="S", body=other.body)


def test_a_coordinator_is_never_limited(world: SimpleNamespace) -> None:
    both = make_user("Both")
    add_team_member(both, world.campaign, Role.DRAFTER, Role.COORDINATOR)
    limit_drafter(world.campaign, both, world.kenya)
    assert drafter_limits(both, world.campaign) is None


def test_addressees_are_those_of_the_day_each_once(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    late = make_member("KM", "Comoros", code3="COM", acceded_on=moment("2024-08-21 00:00").date())
    make_group("islands", late, world.kenya)
    letter = letter_create(
        campaign=world.campaign,
        actor=cast.drafter,
        template=world.template,
        title="A",
        groups=[world.african, *late.groups.all()],
        members=[world.kenya, world.france, late],
    )
    assert [member.code for member in letter_addressees(letter, DAY)] == ["FR", "KE", "TG"]
    letter.to_all = True
    assert [member.code for member in letter_addressees(letter, DAY)] == ["FR", "KE", "PH", "TG"]


def test_letters_are_seen_by_the_team_and_nobody_else(letter: Letter, cast: SimpleNamespace) -> None:
    assert list(letters_visible_to(cast.observer, letter.campaign)) == [letter]
    assert not letters_visible_to(cast.outsider, letter.campaign).exists()
    TeamMember.objects.filter(user=cast.observer).update(state="ended")
    assert not letters_visible_to(cast.observer, letter.campaign).exists()


def save(text: LetterText, actor: Any, revision: int, body: Any = None, subject: str = "Subject") -> LetterText:
    return letter_text_save(
        text=text, actor=actor, revision=revision, subject=subject, body=body or d.doc(d.par("New words"))
    )


def test_saving_makes_the_next_revision_and_keeps_every_one(text: LetterText, cast: SimpleNamespace) -> None:
    saved = save(text, cast.drafter, 1)
    assert (saved.revision, saved.saved_by) == (2, cast.drafter)
    assert list(text.revisions.values_list("revision", flat=True)) == [2, 1]
    assert LetterText.objects.get(pk=text.pk).body["content"][0]["content"][0]["text"] == "New words"
    assert AuditEvent.objects.filter(verb="letter_text.save").count() == 1


def test_saving_the_same_again_is_no_revision(text: LetterText, cast: SimpleNamespace) -> None:
    save(text, cast.drafter, 1)
    again = save(text, cast.coordinator, 1)
    assert (again.revision, again.saved_by) == (2, cast.drafter), "also from a stale window: nothing is lost"
    assert text.revisions.count() == 2


def typing(text: LetterText, actor: Any, times: int) -> LetterText:
    """What autosave does while somebody types."""
    for _time in range(times):
        revision = LetterText.objects.get(pk=text.pk).revision
        text = save(text, actor, revision, d.doc(d.par(f"Words after {revision}")))
    return text


def test_what_one_person_types_within_minutes_is_kept_at_its_ends(
    text: LetterText, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert typing(text, cast.drafter, 20).revision == 21
    assert list(text.revisions.values_list("revision", flat=True)) == [2, 1]
    assert AuditEvent.objects.filter(verb="letter_text.save").count() == 1
    typing(text, cast.coordinator, 5)
    assert list(text.revisions.values_list("revision", flat=True)) == [22, 21, 2, 1]
    monkeypatch.setattr("apps.letters.services.text_bodies.MERGED_WITHIN", timedelta(0))  # as if much time passed
    typing(text, cast.coordinator, 1)
    assert list(text.revisions.values_list("revision", flat=True)) == [27, 26, 22, 21, 2, 1]
    assert AuditEvent.objects.filter(verb="letter_text.save").count() == 3


def test_what_others_read_or_approved_is_kept(text: LetterText, cast: SimpleNamespace) -> None:
    letter_text_ask_review(text=typing(text, cast.drafter, 4), actor=cast.drafter)
    approved = typing(text, cast.drafter, 3)
    letter_text_approve(text=approved, actor=cast.reviewer, sha256=approved.sha256)
    assert not has_unapproved_edits_by(approved, cast.drafter)
    again = typing(text, cast.drafter, 2)
    assert list(text.revisions.values_list("revision", flat=True)) == [9, 8, 5, 2, 1]
    assert has_unapproved_edits_by(again, cast.drafter)
    before = last_approved(text)
    assert before is not None
    assert before.body == approved.body


def test_a_second_window_never_overwrites_the_first(text: LetterText, cast: SimpleNamespace) -> None:
    save(text, cast.coordinator, 1, d.doc(d.par("first")))
    with pytest.raises(StaleText) as caught:
        save(text, cast.drafter, 1, d.doc(d.par("second")))
    assert (caught.value.revision, caught.value.saved_by) == (2, "Ada Okoro")
    assert "Ada Okoro" in str(caught.value)
    assert LetterText.objects.get(pk=text.pk).body["content"][0]["content"][0]["text"] == "first"
    with pytest.raises(StaleText):
        save(text, cast.drafter, 7, d.doc(d.par("from the future")))


@pytest.mark.django_db(transaction=True)
def test_of_two_saves_at_the_same_moment_one_wins_and_the_other_is_told(
    text: LetterText, cast: SimpleNamespace
) -> None:
    start = threading.Barrier(2)
    results: list[Any] = []

    def press(words: str) -> None:
        try:
            start.wait(60)
            results.append(save(LetterText.objects.get(pk=text.pk), cast.drafter, 1, d.doc(d.par(words))).revision)
        except StaleText as error:
            results.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press, args=(words,)) for words in ("left", "right")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(type(result).__name__ for result in results) == ["StaleText", "int"]
    assert list(text.revisions.values_list("revision", flat=True)) == [2, 1]


@pytest.mark.django_db(transaction=True)
def test_letters_begun_at_the_same_moment_get_different_numbers(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    start = threading.Barrier(4)

    def begin(turn: int) -> None:
        try:
            start.wait(60)
            letter_create(
                campaign=world.campaign, actor=cast.drafter, template=world.template, title=str(turn), to_all=True
            )
        finally:
            connections.close_all()

    threads = [threading.Thread(target=begin, args=(turn,)) for turn in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(Letter.objects.values_list("number", flat=True)) == [1, 2, 3, 4]


def test_what_is_no_letter_is_not_saved(text: LetterText, cast: SimpleNamespace) -> None:
    for body in (None, [], "x", {"type": "doc", "content": [{"type": "script"}]}, d.doc(d.par("x", d.cite("nowhere")))):
        with pytest.raises(DocumentInvalid):
            letter_text_save(text=text, actor=cast.drafter, revision=1, subject="S", body=body)
    with pytest.raises(DocumentInvalid):
        save(text, cast.drafter, 1, subject="x" * 201)
    assert LetterText.objects.get(pk=text.pk).revision == 1


def test_what_is_saved_has_no_invisible_characters_and_one_hash(text: LetterText, cast: SimpleNamespace) -> None:
    seen = save(text, cast.drafter, 1, d.doc(d.par("សហជីពកសិករ (2017)")), subject="Safe text")
    hidden = d.doc(d.par("សហជីព\u200bកសិករ \u2066(2017)\u2069\u200f"))
    again = save(text, cast.drafter, 2, hidden, subject="\ufeffSafe \u202etext")
    assert (again.revision, again.sha256) == (2, seen.sha256)
    assert (again.subject, plain_text(again.body)) == ("Safe text", "សហជីពកសិករ (2017)")


def test_a_fact_of_another_campaign_cannot_be_cited(
    text: LetterText, cast: SimpleNamespace, world: SimpleNamespace
) -> None:
    make_fact(make_campaign("mc12"), "theirs-1")
    with pytest.raises(DocumentInvalid):
        save(text, cast.drafter, 1, d.doc(d.par("x", d.cite("theirs-1"))))


def test_uses_of_facts_follow_the_text_and_remember_the_wording(
    text: LetterText, cast: SimpleNamespace, world: SimpleNamespace
) -> None:
    world.stand.revision = 2
    world.stand.save()
    save(text, cast.drafter, 1, d.doc(d.par("x", d.cite("tp02-f06"))))
    use = FactUse.objects.get(text=text)
    assert (use.fact, use.fact_revision) == (world.stand, 1), "still the wording that was cited"
    save(text, cast.drafter, 2, d.doc(d.par("x")))
    assert not FactUse.objects.filter(text=text).exists()
    save(text, cast.drafter, 3, d.doc(d.par("x", d.cite("tp02-f06"))))
    assert FactUse.objects.get(text=text).fact_revision == 2


def test_arabic_text_comes_back_as_it_was_typed(text: LetterText, cast: SimpleNamespace) -> None:
    words = "أصحاب المعالي، نرفض قواعد جديدة 😀 किसान"
    save(text, cast.drafter, 1, d.doc(d.par(words)), subject="رسالة")
    fresh = LetterText.objects.get(pk=text.pk)
    assert (fresh.subject, fresh.body["content"][0]["content"][0]["text"]) == ("رسالة", words)
    assert fresh.sha256 == document_hash(fresh.subject, fresh.body), "the database gives back what was hashed"


def test_a_closed_letter_does_not_change(text: LetterText, cast: SimpleNamespace) -> None:
    Letter.objects.filter(pk=text.letter_id).update(closed_at=moment("2017-12-01 00:00"))
    with pytest.raises(Conflict, match="This letter is closed"):
        save(text, cast.drafter, 1)


def test_a_failed_save_leaves_nothing_behind(
    text: LetterText, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_kwargs: Any) -> None:
        raise OSError("killed")

    monkeypatch.setattr("apps.letters.services.text_bodies.audit_record", broken)
    with pytest.raises(OSError, match="killed"):
        save(text, cast.drafter, 1)
    assert LetterText.objects.get(pk=text.pk).revision == 1
    assert text.revisions.count() == 1
    assert connection.in_atomic_block
