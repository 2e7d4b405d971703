"""Passages that a national campaigner writes for one government."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.models import AuditEvent
from apps.letters.document.traversal import block_hash, block_with_id, plain_text
from apps.letters.document.validators import DocumentInvalid
from apps.letters.models import Adaptation, AdaptationRevision, Letter, LetterText, LetterVersion
from apps.letters.pages.draft_preview import preview_edition
from apps.letters.selectors.drafts import has_unapproved_edits_by, text_facts, text_stage, texts_with_state
from apps.letters.selectors.editions import version_lines
from apps.letters.services.adaptations import (
    BaseChanged,
    BlockGone,
    StaleAdaptation,
    adaptation_keep,
    adaptation_move,
    adaptation_remove,
    adaptation_restore,
    adaptation_save,
)
from apps.letters.services.approvals import letter_text_approve
from apps.letters.services.drafts import letter_create, letter_text_save
from apps.letters.services.versions import FactsMissing, NotApproved, PassagesLost, letter_version_freeze
from tests.factories import documents as d
from tests.factories import make_user
from tests.factories.campaigns import add_team_member
from tests.factories.concurrency import at_once, errors
from tests.factories.letters import limit_drafter, make_template

FIRST, SECOND, SIGNED = "baaaaaaaa", "bbbbbbbbb", "bccccccccc"[:9]
OWN = d.doc(d.par("Kenya’s own data law of 2017 would fall.", d.cite("tp07-f01")))


def base(second: str = "No member should pay twice.") -> dict[str, Any]:
    return d.doc(
        d.par(d.merge("recipient.salutation"), ",", id=FIRST),
        d.par(second, id=SECOND),
        {**d.signatories(), "attrs": {"id": SIGNED}},
    )


@pytest.fixture
def text(world: SimpleNamespace, cast: SimpleNamespace) -> LetterText:
    """Of a letter to all four governments."""
    template = make_template(world.campaign, base(), key="short")
    letter = letter_create(campaign=world.campaign, actor=cast.drafter, template=template, title="To all", to_all=True)
    return letter.texts.get()


@pytest.fixture
def nairobi(world: SimpleNamespace) -> Any:
    """A campaigner who drafts for Kenya only."""
    user = make_user("nairobi")
    add_team_member(user, world.campaign, "drafter")
    limit_drafter(world.campaign, user, world.kenya)
    return user


@pytest.fixture
def adapt(text: LetterText, world: SimpleNamespace, nairobi: Any) -> Any:
    def save(**changed: Any) -> Adaptation:
        values = {"text": text, "member": world.kenya, "actor": nairobi, "kind": "replace", "block": SECOND}
        return adaptation_save(**{**values, "content": OWN, **changed})

    return save


def approve(text: LetterText, cast: SimpleNamespace) -> None:
    text.refresh_from_db()
    letter_text_approve(text=text, actor=cast.reviewer, sha256=text.fingerprint)


def rewrite(text: LetterText, cast: SimpleNamespace, body: dict[str, Any]) -> LetterText:
    text.refresh_from_db()
    return letter_text_save(text=text, actor=cast.drafter, revision=text.revision, subject=text.subject, body=body)


def lines(version: LetterVersion, code: str | None) -> list[str]:
    edition = version.editions.get(member__code=code) if code else version.editions.get(member=None)
    return [plain_text(block) for block in edition.body["blocks"] if block["type"] != "signatories"]


def previewed(text: LetterText, member: Any) -> list[str]:
    text = LetterText.objects.select_related("letter__campaign").get(pk=text.pk)
    shown = preview_edition(text, member, body=text.body, subject=text.subject, facts=text_facts(text))
    return [plain_text(block) for block in shown["blocks"] if block["type"] != "signatories"]


def test_one_government_gets_its_own_words_and_nobody_else_does(
    adapt: Any, text: LetterText, world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    before = text.body
    adapt()
    adapt(kind="after", block=FIRST, content=d.doc(d.heading("From Nairobi"), d.par("We met in May.")))
    assert previewed(text, world.kenya) == [
        ",", "From Nairobi", "We met in May.", "Kenya’s own data law of 2017 would fall.",
    ]  # fmt: skip
    assert previewed(text, world.togo) == [",", "No member should pay twice."]
    approve(text, cast)
    assert text.body == before, "the base is untouched"
    version = letter_version_freeze(letter=text.letter, actor=cast.coordinator)
    first, *rest = b"".join(version_lines(version)).splitlines()
    said = json.loads(first)
    assert sorted(map(sha256_hex, rest)) == sorted([*said["editions"], *said["texts"].values()]), "anybody can check"
    assert lines(version, "KE") == previewed(text, world.kenya)
    assert lines(version, "TG") == lines(version, None) == [",", "No member should pay twice."]
    kenya = version.editions.get(member__code="KE")
    assert [note["fact"] for note in kenya.body["notes"]] == ["tp07-f01"], "its fact is a note, and evidence"
    assert [entry["fact"] for entry in version.evidence] == ["tp07-f01"]
    assert kenya.sha256 == sha256_hex(canonical_json(kenya.body))


def test_a_passage_is_left_out_for_one(
    adapt: Any, text: LetterText, world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    left_out = adapt(kind="leave_out", content=None)
    assert previewed(text, world.kenya) == [","]
    adapt(kind="replace", revision=left_out.revision)
    assert previewed(text, world.kenya) == [",", "Kenya’s own data law of 2017 would fall."]
    assert Adaptation.objects.count() == 1, "one passage, left out or replaced"


def test_a_version_from_before_keeps_its_words_and_hash(adapt: Any, text: LetterText, cast: SimpleNamespace) -> None:
    approve(text, cast)
    first = letter_version_freeze(letter=text.letter, actor=cast.coordinator)
    hashes = set(first.editions.values_list("member__code", "sha256"))
    adapt()
    approve(text, cast)
    second = letter_version_freeze(
        letter=text.letter, actor=cast.coordinator, change="material", reason="Kenya is told more."
    )
    assert set(first.editions.values_list("member__code", "sha256")) == hashes
    changed = set(second.editions.values_list("member__code", "sha256")) - hashes
    assert [code for code, _sha256 in changed] == ["KE"]


def test_an_approval_covers_the_adaptations_and_falls_with_them(
    adapt: Any, text: LetterText, cast: SimpleNamespace, nairobi: Any
) -> None:
    approve(text, cast)
    saved = adapt()
    state = texts_with_state().get(pk=text.pk)
    assert (state.approved, text_stage(state, None)) == (False, "changed")
    with pytest.raises(NotApproved):
        letter_version_freeze(letter=text.letter, actor=cast.coordinator)
    with pytest.raises(Conflict, match="changed while you read it"):
        letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256)
    assert has_unapproved_edits_by(text, nairobi)
    approve(text, cast)
    assert texts_with_state().get(pk=text.pk).approved
    assert not has_unapproved_edits_by(text, nairobi)
    version = letter_version_freeze(letter=text.letter, actor=cast.coordinator)
    assert text_stage(texts_with_state().get(pk=text.pk), version) == "frozen"
    adaptation_remove(adaptation=saved, actor=nairobi)
    state = texts_with_state().get(pk=text.pk)
    assert (state.approved, text_stage(state, version)) == (True, "approved"), "as it was before, and not as frozen"


def test_an_author_of_a_passage_is_not_its_approver(adapt: Any, text: LetterText, cast: SimpleNamespace) -> None:
    adapt(actor=cast.coordinator)
    text.refresh_from_db()
    with pytest.raises(NotAllowed):
        letter_text_approve(text=text, actor=cast.coordinator, sha256=text.fingerprint)


def test_saving_the_base_does_not_end_the_approval_of_what_is_approved_again(
    adapt: Any, text: LetterText, cast: SimpleNamespace
) -> None:
    adapt()
    approve(text, cast)
    rewrite(text, cast, base("Something else."))
    assert not texts_with_state().get(pk=text.pk).approved
    rewrite(text, cast, base())
    assert texts_with_state().get(pk=text.pk).approved


def test_limits_decide_who_adapts(adapt: Any, text: LetterText, world: SimpleNamespace, cast: SimpleNamespace) -> None:
    with pytest.raises(NotAllowed):
        adapt(member=world.togo)
    theirs, own = adapt(member=world.togo, actor=cast.coordinator), adapt()
    for act in (adaptation_remove, adaptation_restore):
        with pytest.raises(NotAllowed):
            act(adaptation=theirs, actor=own.saved_by)
    assert AuditEvent.objects.filter(verb="adaptation.save").count() == 2


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"block": "bzzzzzzzz"}, BlockGone),
        ({"block": SIGNED}, DomainError),
        ({"block": SIGNED, "kind": "leave_out"}, DomainError),
        ({"kind": "before"}, DomainError),
        ({"content": d.doc()}, DocumentInvalid),
        ({"content": d.doc(d.par(" "))}, DocumentInvalid),
        ({"content": d.doc(d.audience(d.par("x"), only=["group:ldc"]))}, DocumentInvalid),
        ({"content": d.doc(d.signatories())}, DocumentInvalid),
        ({"content": d.doc(d.par(d.cite("nothing")))}, DocumentInvalid),
        ({"content": {"type": "doc", "content": [{"type": "script"}]}}, DocumentInvalid),
        ({"content": None}, DocumentInvalid),
    ],
)
def test_what_is_not_a_passage_is_refused(adapt: Any, changed: dict[str, Any], error: type[Exception]) -> None:
    with pytest.raises(error):
        adapt(**changed)
    assert not Adaptation.objects.exists()


def test_a_changed_base_is_told_and_kept_or_taken(
    adapt: Any, text: LetterText, world: SimpleNamespace, cast: SimpleNamespace, nairobi: Any
) -> None:
    saved = adapt()
    seen = saved.base_sha256
    rewrite(text, cast, base("No member should pay three times."))
    with pytest.raises(BaseChanged) as told:
        adapt(revision=1, base_sha256=seen)
    with pytest.raises(BaseChanged):
        adaptation_keep(adaptation=saved, actor=nairobi, base_sha256=seen)
    kept = adaptation_keep(adaptation=saved, actor=nairobi, base_sha256=told.value.base_sha256)
    assert plain_text(kept.base) == "No member should pay three times."
    assert kept.revision == 1, "its words are the same, so what was approved stays"
    adaptation_remove(adaptation=saved, actor=nairobi)
    assert previewed(text, world.kenya) == [",", "No member should pay three times."]
    adaptation_restore(adaptation=saved, actor=nairobi)
    assert previewed(text, world.kenya) == [",", "Kenya’s own data law of 2017 would fall."]


def test_a_passage_whose_place_is_gone_blocks_freezing_until_it_is_moved(
    adapt: Any, text: LetterText, world: SimpleNamespace, cast: SimpleNamespace, nairobi: Any
) -> None:
    saved = adapt()
    rewrite(text, cast, d.doc(*base()["content"][:1], *base()["content"][2:]))
    approve(text, cast)
    with pytest.raises(PassagesLost, match="Kenya"):
        letter_version_freeze(letter=text.letter, actor=cast.coordinator)
    assert adapt(revision=1, content=d.doc(d.par("Words go on."))).revision == 2, "its words can still be changed"
    adaptation_move(adaptation=saved, actor=nairobi, block=FIRST)
    assert previewed(text, world.kenya) == [",", "Words go on."]
    with pytest.raises(Conflict, match="Another passage"):
        adaptation_move(adaptation=adapt(block=FIRST), actor=nairobi, block=FIRST)


def test_a_passage_is_lost_where_the_government_no_longer_gets_what_it_replaces(
    adapt: Any, text: LetterText, world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    adapt()
    first, second, last = base()["content"]
    rewrite(text, cast, d.doc(first, d.audience(second, only=["group:ldc"]), last))
    approve(text, cast)
    with pytest.raises(PassagesLost):
        letter_version_freeze(letter=text.letter, actor=cast.coordinator)


def test_a_withdrawn_fact_in_a_passage_blocks_freezing(
    adapt: Any, text: LetterText, world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    adapt()
    assert set(text.fact_uses.values_list("fact__key", flat=True)) == {"tp07-f01"}
    approve(text, cast)
    world.data.retired_at = "2017-11-01T00:00:00Z"
    world.data.save()
    with pytest.raises(FactsMissing):
        letter_version_freeze(letter=text.letter, actor=cast.coordinator)


def test_two_who_write_the_same_passage_do_not_overwrite_each_other(
    adapt: Any, text: LetterText, cast: SimpleNamespace
) -> None:
    adapt()
    with pytest.raises(StaleAdaptation) as told:
        adapt(actor=cast.coordinator, content=d.doc(d.par("Other words.")))
    assert told.value.revision == 1
    adapt(actor=cast.coordinator, revision=1, content=d.doc(d.par("Other words.")))
    assert [row.content["content"][0]["content"][0]["text"] for row in AdaptationRevision.objects.all()] == [
        "Other words.", "Kenya’s own data law of 2017 would fall.",
    ]  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        AdaptationRevision.objects.update(removed=True)


def test_a_passage_that_was_removed_or_moved_meanwhile_does_not_come_back_by_saving(
    adapt: Any, text: LetterText, cast: SimpleNamespace, nairobi: Any
) -> None:
    saved = adapt()
    adaptation_remove(adaptation=saved, actor=cast.coordinator)
    with pytest.raises(StaleAdaptation, match=str(cast.coordinator)):
        adapt(revision=1, content=d.doc(d.par("Other words.")))
    adaptation_restore(adaptation=saved, actor=cast.coordinator)
    adaptation_move(adaptation=saved, actor=cast.coordinator, block=FIRST)
    with pytest.raises(StaleAdaptation):
        adapt(revision=3)
    assert list(Adaptation.objects.values_list("block", "removed_at")) == [(FIRST, None)]


def test_a_passage_written_anew_is_not_overwritten_by_who_still_writes_the_one_before(
    adapt: Any, text: LetterText, cast: SimpleNamespace
) -> None:
    opened = adapt()
    adaptation_remove(adaptation=opened, actor=cast.coordinator)
    anew = adapt(actor=cast.coordinator, content=d.doc(d.par("Written anew.")))
    with pytest.raises(StaleAdaptation, match=str(cast.coordinator)):
        adapt(revision=opened.revision, content=d.doc(d.par("On top of what is gone.")))
    adaptation_move(adaptation=anew, actor=cast.coordinator, block=FIRST)
    other = adapt(actor=cast.coordinator, content=d.doc(d.par("Another one.")))
    with pytest.raises(StaleAdaptation):
        adapt(revision=anew.revision, content=d.doc(d.par("On top of what has moved.")))
    numbers = list(AdaptationRevision.objects.values_list("revision", flat=True))
    assert len(numbers) == len(set(numbers)) == 5, "no number twice"
    assert plain_text(Adaptation.objects.get(pk=other.pk).content["content"][0]) == "Another one."


@pytest.mark.django_db(transaction=True)
def test_at_once_one_of_two_new_passages_is_told(adapt: Any, text: LetterText, cast: SimpleNamespace) -> None:
    results = at_once(lambda: adapt(), lambda: adapt(actor=cast.coordinator, content=d.doc(d.par("Mine."))))
    assert [type(error) for error in errors(results)] == [StaleAdaptation]
    assert Adaptation.objects.count() == AdaptationRevision.objects.count() == 1


def test_the_same_words_in_the_same_place_have_the_same_hash(adapt: Any, text: LetterText) -> None:
    saved = adapt()
    text.refresh_from_db()
    once = text.fingerprint
    assert adapt(revision=1).revision == 1, "nothing changed"
    changed = adapt(revision=1, content=d.doc(d.par("x")))
    text.refresh_from_db()
    assert text.fingerprint != once
    adapt(revision=changed.revision)
    text.refresh_from_db()
    assert text.fingerprint == once
    block = block_with_id(text.body, SECOND)
    assert block
    assert saved.base_sha256 == block_hash(block)


def test_a_closed_letter_takes_no_passages(adapt: Any, text: LetterText) -> None:
    Letter.objects.update(closed_at="2017-12-01T00:00:00Z")
    with pytest.raises(Conflict, match="closed"):
        adapt()
