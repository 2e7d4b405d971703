"""Freezing: every edition, the evidence, one hash; and what stands in the way."""

import json
import threading
import time
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.core.canonical_json import canonical_json, sha256_hex
from apps.core.errors import Conflict, DomainError
from apps.core.models import AuditEvent
from apps.governments.models import GroupMembership, Position
from apps.letters.models import Approval, Edition, Letter, LetterText, LetterVersion, TextRevision
from apps.letters.pages.draft_problems import text_problems
from apps.letters.selectors.drafts import letter_state, letters_with_state
from apps.letters.selectors.editions import NoEdition, edition_for, version_bytes, version_editions
from apps.letters.services.approvals import letter_text_approve
from apps.letters.services.drafts import UnresolvedMarks, letter_create, letter_text_save
from apps.letters.services.versions import (
    FactsMissing,
    NotApproved,
    NothingChanged,
    ValuesMissing,
    letter_version_freeze,
)
from apps.sources.models import Source
from apps.talkingpoints.models import Fact
from tests.factories import documents as d
from tests.factories import make_member, moment
from tests.factories.letters import make_template

MARCH, JUNE, NOVEMBER = date(2017, 3, 1), date(2017, 6, 1), date(2017, 11, 1)


@pytest.fixture
def to_all(world: SimpleNamespace, cast: SimpleNamespace) -> Letter:
    return ready(world, cast, to_all=True)


def ready(world: SimpleNamespace, cast: SimpleNamespace, body: Any = None, **whom: Any) -> Letter:
    """A letter whose only text is approved."""
    template = make_template(world.campaign, body, key=f"t{time.monotonic_ns()}") if body else world.template
    letter = letter_create(campaign=world.campaign, actor=cast.drafter, template=template, title="L", **whom)
    text = letter.texts.get()
    letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256)
    return letter


def words(edition: Edition) -> str:
    return json.dumps(edition.body["blocks"], ensure_ascii=False)


def test_each_addressee_has_an_edition_and_signatories_a_general_one(to_all: Letter, cast: SimpleNamespace) -> None:
    version = letter_version_freeze(letter=to_all, actor=cast.reviewer)
    editions = {edition.member.code if edition.member else None: edition for edition in version_editions(version)}
    assert list(editions) == [None, "FR", "KE", "PH", "TG"]
    assert (version.number, version.frozen_on) == (1, moment("2017-12-13 00:00").date())
    assert version.subjects == {"en": "No new rules on electronic commerce"}
    assert "We thank your government" in words(editions["KE"])
    assert "We thank your government" not in words(editions["FR"])
    assert "We thank your government" not in words(editions[None])
    assert "No member should pay twice" not in words(editions["TG"]), "Togo is an LDC"
    assert "the delegation of Kenya" in words(editions["KE"])
    assert "We ask the Philippines to:" in words(editions["PH"])
    assert "your delegation" in words(editions[None])
    assert "10 to 13 December 2017" in words(editions["KE"])
    assert editions["KE"].body["member"] == "KE"
    assert editions[None].body["member"] is None


def test_a_letter_to_one_government_has_one_edition(approved: LetterText, cast: SimpleNamespace) -> None:
    version = letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    assert [edition.member.code for edition in version.editions.all()] == ["KE"]
    assert letter_state(letters_with_state(Letter.objects.all()).get()) == "frozen"


def test_a_frozen_body_has_no_wrappers_and_only_fields_of_the_envelope(
    approved: LetterText, cast: SimpleNamespace
) -> None:
    body = letter_version_freeze(letter=approved.letter, actor=cast.reviewer).editions.get().body
    found = json.dumps(body)
    assert '"audience"' not in found
    assert '"point"' not in found
    assert set(body) == {"subject", "language", "member", "blocks", "notes"}
    keys = [
        node["attrs"]["key"]
        for block in body["blocks"]
        for node in block.get("content", [])
        if node["type"] == "mergeField"
    ]
    assert keys == ["recipient.salutation"]


def test_footnotes_are_numbered_per_edition_and_carry_the_citation(to_all: Letter, cast: SimpleNamespace) -> None:
    version = letter_version_freeze(letter=to_all, actor=cast.reviewer)
    kenya = version.editions.get(member__code="KE").body["notes"]
    france = version.editions.get(member__code="FR").body["notes"]
    assert [(note["n"], note["facts"]) for note in kenya] == [(1, ["tp02-f06", "tp07-f01"])]
    assert [(note["n"], note["facts"]) for note in france] == [(1, ["tp07-f01", "tp02-f06"])]
    assert kenya[0]["text"] == "Digital Dividends, World Bank, 2016."


def test_a_second_note_on_a_source_leads_back_to_the_first(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    body = d.doc(d.par("So", d.cite("tp02-f06"), ", so", d.note("Our sum."), " and so", d.cite("tp07-f01"), "."))
    version = letter_version_freeze(letter=ready(world, cast, body, to_all=True), actor=cast.reviewer)
    for code in ("KE", "FR"):
        first, _own, second = version.editions.get(member__code=code).body["notes"]
        assert first["text"] == "Digital Dividends, World Bank, 2016."
        assert (second["n"], second["text"], second["url"]) == (3, "Digital Dividends, note 1 above.", "")
        assert "facts" not in first
    assert {entry["source"]["citation"] for entry in version.evidence} == {"Digital Dividends, World Bank, 2016."}


def test_one_note_names_the_places_of_a_source_that_a_paragraph_cites(
    world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    Source.objects.filter(pk=world.source.pk).update(kind="document", extra={"point_word": {"en": "reason"}})
    for fact, point in ((world.stand, 2), (world.data, 7)):
        Fact.objects.filter(pk=fact.pk).update(locator={"point": point})
    body = d.doc(
        d.par("So", d.cite("tp02-f06"), " and so", d.cite("tp07-f01"), "."), d.par("Ours.", d.note("A sum.")),
        d.par("Again", d.cite("tp07-f01"), "."),
    )  # fmt: skip
    version = letter_version_freeze(letter=ready(world, cast, body, members=[world.kenya]), actor=cast.reviewer)
    body = version.editions.get().body
    assert body["notes"][0] == {
        "n": 1, "fact": "tp02-f06", "facts": ["tp02-f06", "tp07-f01"], "url": "",
        "text": "Digital Dividends, World Bank, 2016, reason 2, reason 7.",
    }  # fmt: skip
    assert [[node["attrs"]["n"] for node in block["content"] if "attrs" in node] for block in body["blocks"]] == [
        [1, 1], [2], [1],
    ]  # fmt: skip


def test_the_evidence_is_kept_as_it_was_worded(
    approved: LetterText, cast: SimpleNamespace, world: SimpleNamespace
) -> None:
    world.data.figures = [{"value": 87.5, "unit": "percent", "year": 2016}]
    world.data.save()
    version = letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    world.data.statement = "Corrected."
    world.data.revision = 2
    world.data.save()
    snapshot = {entry["fact"]: entry for entry in LetterVersion.objects.get(pk=version.pk).evidence}
    assert snapshot["tp07-f01"]["statement"] == "Nearly all proposals ban local storage."
    assert snapshot["tp07-f01"]["revision"] == 1
    assert snapshot["tp07-f01"]["figures"][0]["value"] == "87.5", "a fraction has no canonical form as a number"
    assert snapshot["tp02-f06"]["source"]["citation"] == "Digital Dividends, World Bank, 2016."


def test_anybody_can_compute_the_hash_again(to_all: Letter, cast: SimpleNamespace) -> None:
    version = letter_version_freeze(letter=to_all, actor=cast.reviewer)
    fresh = LetterVersion.objects.get(pk=version.pk)
    for edition in fresh.editions.all():
        assert edition.sha256 == sha256_hex(canonical_json(edition.body)), "as the database gives it back"
    content = version_bytes(fresh)
    assert sha256_hex(content) == fresh.sha256
    public = json.loads(content)
    assert public["editions"] == sorted(fresh.editions.values_list("sha256", flat=True))
    assert (public["letter"], public["version"]) == (1, 1)
    event = AuditEvent.objects.get(verb="letter_version.freeze")
    assert (event.data["sha256"], event.data["editions"], event.data["addressees"]) == (fresh.sha256, 5, 4)


def test_the_same_letter_has_the_same_hash_everywhere(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    body = d.doc(
        d.par(d.merge("recipient.salutation"), ",", id="baaaaaaaa"),
        d.par("Nein, ", d.merge("member.name"), d.cite("tp02-f06"), id="bbbbbbbbb"),
    )
    version = letter_version_freeze(letter=ready(world, cast, body, members=[world.kenya]), actor=cast.reviewer)
    assert version.editions.get().sha256 == "2e3073929a34c2bbc603f36b0f29263eabfd2cfee642a8fbde78652157269f78"
    assert version.sha256 == "5c6f38956f4346fb4069d77f5cbab329b5474e7bd697da96f450abdd80f183f7"


def test_texts_must_be_approved_as_they_stand(text: LetterText, cast: SimpleNamespace) -> None:
    with pytest.raises(NotApproved, match="English"):
        letter_version_freeze(letter=text.letter, actor=cast.reviewer)
    letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256)
    letter_text_save(text=text, actor=cast.drafter, revision=1, subject="Later", body=text.body)
    with pytest.raises(NotApproved):
        letter_version_freeze(letter=text.letter, actor=cast.reviewer)
    assert not LetterVersion.objects.exists()


def test_every_language_must_be_approved_and_gets_its_editions(approved: LetterText, cast: SimpleNamespace) -> None:
    french = LetterText.objects.create(
        letter=approved.letter, language="fr", subject="Pas de règles", body=approved.body, sha256="0" * 64,
        saved_at=timezone.now(),
    )  # fmt: skip
    with pytest.raises(NotApproved) as caught:
        letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    assert caught.value.languages == ["fr"]
    Approval.objects.create(text=french, language="fr", sha256=french.sha256, reviewer=cast.reviewer)
    version = letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    editions = {edition.language: edition for edition in version.editions.all()}
    assert set(editions) == {"en", "fr"}
    assert "la délégation du Kenya" in words(editions["fr"])
    assert "du 10 au 13 décembre 2017" in words(editions["fr"])
    kenya = editions["fr"].member
    assert edition_for(version, kenya, "fr") == editions["fr"]
    assert edition_for(version, kenya, "ar") == editions["en"], "the working language, English"
    assert edition_for(version, None, "fr") == editions["fr"]


def test_a_missing_value_blocks_by_name(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    world.kenya.capital = ""
    world.kenya.save()
    letter = ready(world, cast, d.doc(d.par("In ", d.merge("member.capital"), ".")), to_all=True)
    with pytest.raises(ValuesMissing, match="“Capital” has no value for Kenya") as caught:
        letter_version_freeze(letter=letter, actor=cast.reviewer)
    assert caught.value.fields == {"member.capital": ["Kenya"]}
    assert not LetterVersion.objects.exists()
    text = letter.texts.get()
    fixed = letter_text_save(
        text=text, actor=cast.drafter, revision=1, subject="S",
        body=d.doc(d.par("In ", d.merge("member.capital", "your capital"), ".")),
    )  # fmt: skip
    letter_text_approve(text=fixed, actor=cast.reviewer, sha256=fixed.sha256)
    version = letter_version_freeze(letter=letter, actor=cast.reviewer)
    assert "In your capital." in words(version.editions.get(member=world.kenya))
    assert "In Manila." in words(version.editions.get(member=world.manila))
    assert "In your capital." in words(version.editions.get(member=None))


def test_withdrawn_facts_block_by_number(approved: LetterText, cast: SimpleNamespace, world: SimpleNamespace) -> None:
    world.data.retired_at = timezone.now()
    world.data.save()
    with pytest.raises(FactsMissing, match=r"7\.1"):
        letter_version_freeze(letter=approved.letter, actor=cast.reviewer)


def test_a_mark_of_what_a_paste_left_out_blocks_approval_and_freezing(
    world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    body = d.doc(d.par("We object.", d.lost("image", "a chart"), d.note("By March.")))
    template = make_template(world.campaign, body, key="pasted")
    letter = letter_create(campaign=world.campaign, actor=cast.drafter, template=template, title="L", to_all=True)
    text = letter.texts.get()
    problem = next(one for one in text_problems(text, text.body, "S", {}) if one.kind == "lost")
    assert (problem.tone, problem.block) == ("bad", text.body["content"][0]["attrs"]["id"])
    assert problem.text == "An image was left out here. (a chart)"
    with pytest.raises(UnresolvedMarks, match="1 mark"):
        letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256)
    Approval.objects.create(text=text, language="en", sha256=text.sha256, reviewer=cast.reviewer)
    with pytest.raises(UnresolvedMarks):
        letter_version_freeze(letter=letter, actor=cast.reviewer)
    seen = letter_text_save(
        text=text, actor=cast.drafter, revision=1, subject="S", body=d.doc(d.par("We object.", d.note("By March.")))
    )
    letter_text_approve(text=seen, actor=cast.reviewer, sha256=seen.sha256)
    edition = letter_version_freeze(letter=letter, actor=cast.reviewer).editions.get(member=world.kenya)
    assert edition.body["notes"] == [{"n": 1, "text": "By March."}]
    assert edition.body["blocks"][0]["content"][1] == {"type": "note", "attrs": {"n": 1}}


def test_a_letter_that_nobody_gets_is_not_frozen(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    late = make_member("TL", "Timor-Leste", code3="TLS", acceded_on=moment("2024-08-30 00:00").date())
    letter = ready(world, cast, members=[late])
    with pytest.raises(DomainError, match="Nobody gets this letter"):
        letter_version_freeze(letter=letter, actor=cast.reviewer)
    assert letter_version_freeze(letter=letter, actor=cast.reviewer, on=moment("2025-01-01 00:00").date())


def test_a_second_press_makes_no_second_version(approved: LetterText, cast: SimpleNamespace) -> None:
    letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    with pytest.raises(NothingChanged):
        letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    changed = letter_text_save(text=approved, actor=cast.drafter, revision=1, subject="New", body=approved.body)
    letter_text_approve(text=changed, actor=cast.reviewer, sha256=changed.sha256)
    later = {"letter": approved.letter, "actor": cast.reviewer}
    for change, reason, missing in (
        ("", "A typo.", "correction or a material"),
        ("correction", " ", "Say what changed"),
    ):
        with pytest.raises(DomainError, match=missing):
            letter_version_freeze(**later, change=change, reason=reason)
    second = letter_version_freeze(**later, change="correction", reason=" A typo. ")
    assert (second.number, second.change, second.reason) == (2, "correction", "A typo.")


def test_a_closed_letter_is_not_frozen(approved: LetterText, cast: SimpleNamespace) -> None:
    Letter.objects.update(closed_at=timezone.now())
    with pytest.raises(Conflict, match="This letter is closed"):
        letter_version_freeze(letter=approved.letter, actor=cast.reviewer)


def test_groups_and_stances_are_those_of_the_day(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    GroupMembership.objects.filter(group=world.african, member=world.kenya).update(until=JUNE)
    Position.objects.create(campaign=world.campaign, member=world.kenya, stance="opposes", on=MARCH)
    Position.objects.create(campaign=world.campaign, member=world.kenya, stance="supports", on=NOVEMBER)
    body = d.doc(
        d.audience(d.par("African"), only=["group:african-group"]),
        d.audience(d.par("Thanks"), only=["stance:opposes"]),
        d.par("All"),
    )
    letter = ready(world, cast, body, members=[world.kenya])
    early = letter_version_freeze(letter=letter, actor=cast.reviewer, on=moment("2017-05-01 00:00").date())
    late = letter_version_freeze(
        letter=letter, actor=cast.reviewer, on=moment("2017-12-01 00:00").date(), change="material", reason="Turned",
    )  # fmt: skip
    assert "African" in words(early.editions.get())
    assert "Thanks" in words(early.editions.get())
    assert "African" not in words(late.editions.get())
    assert "Thanks" not in words(late.editions.get())


def test_164_governments_freeze_in_as_many_queries_as_four(world: SimpleNamespace, cast: SimpleNamespace) -> None:
    few = ready(world, cast, to_all=True)
    with CaptureQueriesContext(
        connection,
    ) as for_four:
        letter_version_freeze(letter=few, actor=cast.reviewer)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    codes = [first + second for first in "QXZ" for second in letters] + [f"{letter}0" for letter in letters]
    codes += [f"{letter}{digit}" for digit in range(1, 4) for letter in letters][:56]
    for code in codes:
        make_member(code, f"Land {code}")
    many = ready(world, cast, to_all=True)
    with CaptureQueriesContext(connection) as for_all:
        version = letter_version_freeze(letter=many, actor=cast.reviewer)
    assert version.editions.count() == 165
    assert len(for_all) == len(for_four) < 30


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE letters_letterversion SET number = 9",
        "DELETE FROM letters_letterversion",
        "TRUNCATE letters_letterversion CASCADE",
        "UPDATE letters_edition SET body = '{}'",
        "DELETE FROM letters_edition",
        "TRUNCATE letters_edition CASCADE",
        "UPDATE letters_approval SET sha256 = 'x'",
        "DELETE FROM letters_approval",
        "UPDATE letters_textrevision SET subject = 'x'",
        "DELETE FROM letters_textrevision",
        "TRUNCATE letters_textrevision CASCADE",
    ],
)
def test_the_database_itself_refuses_to_change_what_is_frozen(
    approved: LetterText, cast: SimpleNamespace, statement: str
) -> None:
    letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with pytest.raises(DatabaseError, match="is refused"), transaction.atomic():
            cursor.execute(statement)
    with pytest.raises(DatabaseError), transaction.atomic():
        LetterVersion.objects.update(sha256="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        Edition.objects.all().delete()
    assert TextRevision.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_freezes_at_the_same_moment_one_makes_the_version(approved: LetterText, cast: SimpleNamespace) -> None:
    start = threading.Barrier(2)
    results: list[str] = []

    def press() -> None:
        try:
            start.wait(60)
            results.append(str(letter_version_freeze(letter=approved.letter, actor=cast.reviewer).number))
        except NothingChanged:
            results.append("nothing")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=press) for _turn in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert sorted(results) == ["1", "nothing"]


def test_an_edition_for_a_stranger_is_an_error(
    approved: LetterText, cast: SimpleNamespace, world: SimpleNamespace
) -> None:
    version = letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    with pytest.raises(NoEdition):
        edition_for(version, world.france, "en")
    assert edition_for(version, None, "en").member == world.kenya, "the only edition is what is signed"
