"""A fact that letters cite is corrected or retired: drafts show it, frozen versions keep what they said."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.core.canonical_json import sha256_hex
from apps.core.models import AuditEvent
from apps.letters.models import LetterText, LetterVersion
from apps.letters.pages.draft_problems import text_problems
from apps.letters.selectors.drafts import text_facts
from apps.letters.selectors.editions import version_bytes
from apps.letters.services.versions import letter_version_freeze
from apps.sources.forms import SourceForm
from apps.sources.services import source_fingerprint
from apps.talkingpoints.models import Fact
from apps.talkingpoints.pages.fact_history import fact_uses, source_uses
from apps.talkingpoints.services.facts import fact_correct, fact_fingerprint, fact_restore, fact_retire

pytestmark = pytest.mark.django_db
OLD, NEW = "Nearly all proposals ban local storage.", "Most proposals ban local storage."


def kinds(text: LetterText) -> list[str]:
    return [problem.kind for problem in text_problems(text, text.body, text.subject, text_facts(text))]


def test_the_fact_knows_the_drafts_and_versions_that_cite_it(
    approved: LetterText, world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    uses = fact_uses(world.data)
    assert [(place.title, place.stale) for place in uses.drafts] == [("Letter 1: To Kenya (en)", False)]
    assert [(place.title, place.kept) for place in uses.versions] == [("Letter 1: To Kenya, version 1", OLD)]
    assert not fact_uses(world.campaign.facts.create(
        key="unused", statement="S.", kind="claim", verification="verified", source=world.source
    )).any  # fmt: skip


def test_templates_that_cite_a_fact_are_named_before_it_is_retired_and_flagged_afterwards(
    world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    drafter, args = signed_in(cast.drafter), ["mc11", "tp07-f01"]
    for name in ("fact_retire", "fact_correct", "fact"):
        page = drafter.get(reverse(f"evidence:{name}", args=args)).text
        assert "Base letter" in page, name
    assert "Template: new letters cite it" in page
    begin = reverse("letters:create", args=["mc11"])
    assert "withdrawn" not in drafter.get(begin).text
    fact_retire(fact=world.data, actor=cast.drafter, seen=fact_fingerprint(world.data), reason="Wrong.")
    assert "Template: cites a fact that was withdrawn" in drafter.get(reverse("evidence:fact", args=args)).text
    assert f"Cites withdrawn facts, to be removed: {world.data.number}." in drafter.get(begin).text


def test_a_correction_shows_in_the_draft_and_leaves_the_version_as_it_was(
    approved: LetterText, world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    version = letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    before = {
        "evidence": version.evidence,
        "sha256": version.sha256,
        "editions": list(version.editions.order_by("pk").values_list("body", "sha256")),
    }
    fact_correct(
        fact=world.data, actor=cast.drafter, seen=fact_fingerprint(world.data), reason="Two do not.", statement=NEW
    )
    world.data.refresh_from_db()
    assert "fact_changed" in kinds(approved)
    assert [place.stale for place in fact_uses(world.data).drafts] == [True]
    frozen = LetterVersion.objects.get(pk=version.pk)
    assert frozen.evidence == before["evidence"]
    assert list(frozen.editions.order_by("pk").values_list("body", "sha256")) == before["editions"]
    assert sha256_hex(version_bytes(frozen)) == frozen.sha256 == before["sha256"]
    assert {entry["fact"]: entry["statement"] for entry in frozen.evidence}["tp07-f01"] == OLD


def test_what_changed_is_shown_and_the_citation_taken_as_the_fact_is_now(
    text: LetterText, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    """After two corrections, one of them of nothing that letters print, the words are those that were cited."""
    for words, reason in (({"statement": NEW}, "Two do not."), ({"applies_to": ["KE"]}, "It names Kenya.")):
        fact = Fact.objects.get(pk=world.data.pk)
        fact_correct(fact=fact, actor=cast.drafter, seen=fact_fingerprint(fact), reason=reason, **words)
    url = reverse("letters:citation_update", args=["mc11", 1, "en"])
    drafter = signed_in(cast.drafter)

    def cited() -> dict[str, Any]:
        return drafter.get(reverse("letters:text", args=["mc11", 1, "en"])).json()["facts"]["tp07-f01"]

    def update(revision: int, fact: str = "tp07-f01", who: Any = drafter) -> int:
        answer = who.post(url, {"fact": fact, "revision": revision}, content_type="application/json")
        return answer.status_code

    assert cited()["changed"]
    assert cited()["since"] == {
        "statement": OLD,
        "differences": [["Statement", OLD, NEW], ["Whom it concerns", "", "Kenya"]],
        "reasons": ["It names Kenya.", "Two do not."],
    }
    assert update(1) == 409, "what was read is older than the fact"
    assert update(2, fact="tp99-f01") == 400
    assert update(2, who=signed_in(cast.reviewer)) == 403
    assert "fact_changed" in kinds(text)
    assert [update(2), update(2)] == [204, 204]
    assert AuditEvent.objects.filter(verb="letter_text.update_citation").count() == 1
    assert "fact_changed" not in kinds(LetterText.objects.get(pk=text.pk))
    assert (cited()["changed"], cited()["since"]) == (False, None)
    fact = Fact.objects.get(pk=world.data.pk)
    fact_retire(fact=fact, actor=cast.drafter, seen=fact_fingerprint(fact), reason="The study was withdrawn.")
    assert cited()["since"]["reasons"] == ["The study was withdrawn."]
    assert cited()["since"]["differences"] == []


def test_a_retired_fact_blocks_the_draft_until_it_is_restored(
    text: LetterText, world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    fact_retire(fact=world.data, actor=cast.drafter, seen=fact_fingerprint(world.data), reason="Withdrawn.")
    assert "fact_retired" in kinds(text)
    world.data.refresh_from_db()
    fact_restore(fact=world.data, actor=cast.drafter, seen=fact_fingerprint(world.data), reason="It stands.")
    assert "fact_retired" not in kinds(text)


def test_before_a_correction_the_page_says_how_many_cite_the_fact_and_after_it_which(
    approved: LetterText, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    drafter, args = signed_in(cast.drafter), [world.campaign.slug, world.data.key]
    html = drafter.get(reverse("evidence:fact_correct", args=args)).text
    assert "Letters that cite this fact: 1 draft, 1 frozen version" in " ".join(html.split())
    assert "Save the correction: 1 draft cites it" in html
    data = {
        "seen": fact_fingerprint(world.data), "statement": NEW, "kind": "claim", "applies_to": "", "where": "",
        "point": world.data.point_id or "",
        "source": world.source.pk, "verification": "consistent", "caution": "", "reason": "Two do not.",
        "figures-TOTAL_FORMS": "0", "figures-INITIAL_FORMS": "0",
    }  # fmt: skip
    html = drafter.post(reverse("evidence:fact_correct", args=args), data, follow=True).text
    assert "It is marked as changed in: Letter 1: To Kenya (en)." in html
    assert f"It says: “{OLD}”" in html
    workspace = drafter.get(reverse("letters:workspace", args=[world.campaign.slug, 1])).text
    assert "has changed since" in workspace


def test_a_corrected_source_marks_the_drafts_that_cite_it_and_leaves_the_version_as_it_was(
    approved: LetterText, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    version = letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    source, drafter = world.data.source, signed_in(cast.drafter)
    args = [world.campaign.slug, source.key]
    form = SourceForm(None, source=source)
    data = {name: form[name].value() or "" for name in form.fields} | {"seen": source_fingerprint(source)}
    html = drafter.get(reverse("evidence:source_edit", args=args)).text
    assert "Letter 1: To Kenya (en)" in html
    html = drafter.post(reverse("evidence:source_edit", args=args), {**data, "note": "Kept."}, follow=True).text
    assert "No footnote has changed." in html
    assert "fact_changed" not in kinds(approved)
    data |= {"seen": source_fingerprint(type(source).objects.get(pk=source.pk)), "title": "The Second Edition"}
    html = drafter.post(reverse("evidence:source_edit", args=args), data, follow=True).text
    assert "Marked as changed in: Letter 1: To Kenya (en)." in html
    (use,) = [use for use in source_uses([Fact.objects.get(pk=world.data.pk)]) if not use.citation.frozen]
    assert use.stale
    text = LetterText.objects.get(pk=approved.pk)
    said = [str(one.text) for one in text_problems(text, text.body, text.subject, text_facts(text))]
    assert any(words.endswith(": its source was corrected since.") for words in said)
    frozen = LetterVersion.objects.get(pk=version.pk)
    assert sha256_hex(version_bytes(frozen)) == frozen.sha256 == version.sha256
    assert "The Second Edition" not in str(frozen.evidence)


def test_letters_on_a_source_are_found_in_as_many_queries_however_many_facts(
    approved: LetterText, world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    facts = list(Fact.objects.filter(campaign=world.campaign).select_related("campaign", "point"))
    assert len(facts) > 1
    counts = []
    for some in (facts[:1], facts):
        with CaptureQueriesContext(connection) as queries:
            source_uses(some)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_another_campaigns_letters_are_not_counted(
    approved: LetterText, world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    from tests.factories import make_campaign

    letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    other = make_campaign("other")
    source = other.sources.create(key="s", kind="report", title="T")
    twin = other.facts.create(key=world.data.key, statement="S.", kind="claim", verification="verified", source=source)
    assert not fact_uses(twin).any


def test_an_empty_letter_says_so_before_anybody_asks_for_review(approved: LetterText, world: SimpleNamespace) -> None:
    empty = text_problems(approved, {"type": "doc", "content": [{"type": "paragraph"}]}, "Subject", {})
    assert (empty[0].kind, empty[0].tone) == ("text", "bad")
    assert "text" not in kinds(approved)
