"""The table of country letters, one of them, and passages for one government as their pages show them."""

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.governments.models import Recipient, RecipientAddress
from apps.letters.document.length import pages_of
from apps.letters.document.resolution import Frozen, resolve
from apps.letters.document.traversal import block_with_id
from apps.letters.models import Adaptation, Letter, LetterText
from apps.letters.pages.country_letters import country_letter
from apps.letters.pages.edition_table import EditionRow
from apps.letters.pages.editions import edition_table
from apps.letters.rendering import render_pdf
from apps.letters.services.adaptations import adaptation_save
from apps.letters.services.approvals import letter_text_approve
from apps.letters.services.drafts import letter_create, letter_text_save
from apps.letters.services.languages import letter_text_add
from apps.letters.services.versions import letter_version_freeze
from tests.factories import documents as d
from tests.factories import html_of, make_group, make_member
from tests.factories.governments import make_recipient
from tests.factories.letters import limit_drafter, make_template

GREETING, FOR_LDC, NOT_LDC, CITED = "baaaaaaaa", "bbbbbbbbb", "bcccccccc", "bdddddddd"
FRENCH = d.doc(
    d.par(d.merge("recipient.salutation"), ", ", d.merge("member.name"), id=GREETING),
    d.audience(d.par("Vous avez plus que tous à perdre.", id=FOR_LDC), only=["group:ldc"]),
    d.audience(d.par("Vous pouvez vous permettre d’attendre.", id=NOT_LDC), without=["group:ldc"]),
    d.par("Les propositions interdisent le stockage local.", d.cite("tp07-f01"), id=CITED),
    d.signatories(),
)


def body(cited: str = "Proposals ban local storage.") -> dict[str, Any]:
    return d.doc(
        d.par(d.merge("recipient.salutation"), ", ", d.merge("member.name"), id=GREETING),
        d.audience(d.par("You have the most to lose of all.", id=FOR_LDC), only=["group:ldc"]),
        d.audience(d.par("You can afford to wait with rules.", id=NOT_LDC), without=["group:ldc"]),
        d.par(cited, d.cite("tp07-f01"), id=CITED),
        d.signatories(),
    )


@pytest.fixture
def letter(world: SimpleNamespace, cast: SimpleNamespace) -> Letter:
    """To all four governments, in English and French; each has somebody to write to."""
    template = make_template(world.campaign, body(), key="short")
    letter = letter_create(campaign=world.campaign, actor=cast.drafter, template=template, title="To all", to_all=True)
    french = letter_text_add(letter=letter, actor=cast.drafter, language="fr", start="original")
    letter_text_save(text=french, actor=cast.drafter, revision=1, subject="Pas de nouvelles règles", body=FRENCH)
    for member in (world.kenya, world.togo, world.france, world.manila):
        make_recipient(
            world.campaign, member, "Minister", f"{member.code.lower()}@trade.example",
            language=member.working_language, salutation={"en": "Excellency", "fr": "Excellence"},
        )  # fmt: skip
    return letter


def rows(letter: Letter) -> dict[tuple[str, str], EditionRow]:
    return {(row.member.code, row.language): row for row in edition_table(Letter.objects.get(pk=letter.pk)).rows}


def kinds(row: EditionRow) -> set[str]:
    return {problem.kind for problem, _url in row.problems}


def address(name: str, *args: Any) -> str:
    return reverse(f"letters:{name}", args=["mc11", 1, *args])


def passage(letter: Letter, member: Any, actor: Any, **changed: Any) -> Adaptation:
    text = letter.texts.get(language="en")
    values = {"kind": "replace", "block": CITED, "content": d.doc(d.par("Kenya has a law of its own."))}
    return adaptation_save(text=text, member=member, actor=actor, **{**values, **changed})


# ---- the table


def test_every_government_has_a_row_in_every_language(letter: Letter) -> None:
    found = rows(letter)
    assert sorted(found) == sorted((code, language) for code in ("FR", "KE", "PH", "TG") for language in ("en", "fr"))
    going = {key for key, row in found.items() if row.goes_out}
    assert going == {("FR", "fr"), ("KE", "en"), ("PH", "en"), ("TG", "fr")}
    assert found["TG", "en"].own == ("Least developed countries",)
    assert found["KE", "en"].own == ()
    assert found["TG", "en"].recipients == 0
    assert found["TG", "fr"].recipients == 1
    assert [(row.name, kinds(row)) for row in found.values() if row.problems] == [], "all are clean"


def test_what_is_wrong_is_said_of_exactly_the_letters_that_have_it(
    letter: Letter, world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    Recipient.objects.filter(office__member=world.manila).update(active=False)
    RecipientAddress.objects.filter(recipient__office__member=world.france).update(health="bounced")
    world.data.caution = "It counts proposals, not members."
    world.data.verification = "caution"
    world.data.save()
    world.kenya.capital = ""
    world.kenya.save()
    text = letter.texts.get(language="en")
    changed = body()
    changed["content"][1]["content"][0]["content"].append(d.merge("member.capital"))
    changed["content"][3]["content"].append(d.merge("member.capital"))
    letter_text_save(text=text, actor=cast.drafter, revision=1, subject=text.subject, body=changed)
    found = rows(letter)
    assert kinds(found["PH", "en"]) == {"recipient", "fact_caution"}
    assert kinds(found["PH", "fr"]) == {"outdated", "fact_caution"}, "nobody is missing where nothing goes out"
    assert "recipient" in kinds(found["FR", "fr"])
    assert kinds(found["KE", "en"]) == {"field", "fact_caution"}
    assert kinds(found["TG", "en"]) == {"fact_caution"}, "Togo has a capital"
    assert found["KE", "en"].blocks_freezing
    assert not found["PH", "en"].blocks_freezing
    urls = {problem.kind: url for problem, url in found["KE", "en"].problems}
    assert urls["fact_caution"] == f"{address('workspace')}?language=en#{CITED}"
    assert {problem.kind: url for problem, url in found["PH", "en"].problems}["recipient"].endswith("/PH/")
    missing = d.doc(*(block for index, block in enumerate(FRENCH["content"]) if index != 1))
    french = letter.texts.get(language="fr")
    letter_text_save(text=french, actor=cast.drafter, revision=2, subject=french.subject, body=missing)
    found = rows(letter)
    assert "untranslated" in kinds(found["TG", "fr"]), "only Togo gets the passage that is missing in French"
    assert "untranslated" not in kinds(found["KE", "fr"])


def test_a_field_of_a_recipient_without_a_value_is_named(
    letter: Letter, world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    text = letter.texts.get(language="en")
    changed = d.doc(d.par(d.merge("recipient.name"), " – ", d.merge("recipient.post"), id=GREETING))
    letter_text_save(text=text, actor=cast.drafter, revision=1, subject=text.subject, body=changed)
    Recipient.objects.filter(office__member=world.kenya).update(name="")
    row = rows(letter)["KE", "en"]
    assert [problem.text for problem, _url in row.problems if problem.kind == "field"] == [
        "“Recipient’s name” is empty for: Minister."
    ]
    assert not row.blocks_freezing, "the envelope is not frozen"


def test_own_passages_have_problems_of_their_own(letter: Letter, world: SimpleNamespace, cast: SimpleNamespace) -> None:
    passage(letter, world.kenya, cast.coordinator)
    assert rows(letter)["KE", "en"].own == ("passages of its own",)
    assert kinds(rows(letter)["KE", "fr"]) == {"elsewhere"}
    text = letter.texts.get(language="en")
    letter_text_save(text=text, actor=cast.drafter, revision=1, subject=text.subject, body=body("Most ban storage."))
    assert "moved" in kinds(rows(letter)["KE", "en"])
    text.refresh_from_db()
    shorter = d.doc(*body()["content"][:3])
    letter_text_save(text=text, actor=cast.drafter, revision=text.revision, subject=text.subject, body=shorter)
    row = rows(letter)["KE", "en"]
    assert "misplaced" in kinds(row)
    assert row.blocks_freezing


def test_a_letter_of_many_pages_is_told(letter: Letter, cast: SimpleNamespace) -> None:
    text = letter.texts.get(language="en")
    long = d.doc(*(d.par("Rules on data take from governments what they need. " * 12) for _turn in range(30)))
    letter_text_save(text=text, actor=cast.drafter, revision=1, subject=text.subject, body=long)
    found = rows(letter)
    assert "long" in kinds(found["KE", "en"])
    assert "long" not in kinds(found["KE", "fr"])


@pytest.mark.parametrize(("paragraphs", "sentences", "notes"), [(3, 3, 0), (12, 3, 12), (25, 5, 20), (60, 1, 0)])
def test_pages_are_reckoned_as_they_are_set(paragraphs: int, sentences: int, notes: int) -> None:
    sentence = "Rules on electronic commerce would take from governments the means to develop their own economies. "
    resolution = resolve(
        d.doc(*(d.par(sentence * sentences) for _turn in range(paragraphs))), Frozen({}, frozenset(), lambda _e: False)
    )
    source = {"fact": "x", "text": "Digital Dividends, World Bank, 2016.", "url": "https://bank.example/report"}
    shown = {"subject": "No new rules", "language": "en", "member": "KE", "blocks": resolution.blocks}
    shown["notes"] = [{"n": number, **source} for number in range(1, notes + 1)]
    set_pages = len(re.findall(rb"/Type\s*/Page\b", render_pdf(shown, {"recipient.name": "A", "office.name": "B"})))
    assert abs(pages_of(shown) - set_pages) <= (0 if set_pages < 3 else 1)


def test_the_table_takes_as_many_statements_for_many_governments_as_for_few(
    letter: Letter, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    client, counts = signed_in(cast.observer), []
    passage(letter, world.kenya, cast.coordinator)
    for turn in range(3):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("editions")).status_code == 200
        counts.append(len(queries))
        for place in range(4):
            member = make_member(f"{'XYZ'[turn]}{'ABCD'[place]}", f"Country {turn} {place}")
            make_recipient(world.campaign, member, "Minister")
            passage(letter, member, cast.coordinator)
        make_group(f"g{turn}", member)
    assert counts[1] == counts[2] < 70
    assert counts[0] <= counts[1] + 1, "the first page reads the content types too"


def test_filters_are_counts_and_problems_come_first(
    letter: Letter, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    client = signed_in(cast.observer)
    page = client.get(address("editions"))
    assert "None of them has a problem." in html_of(page)
    Recipient.objects.filter(office__member=world.manila).update(active=False)
    page = client.get(address("editions"))
    shown = html_of(page)
    assert "1 has a problem" in shown
    assert [(key, n) for key, _words, n in page.context["table"].filters()] == [
        ("all", 8),
        ("clean", 7),
        ("recipient", 1),
    ]
    assert page.context["page"][0].name == "Philippines"
    only = client.get(address("editions"), {"show": "recipient"})
    assert [(row.name, row.language) for row in only.context["page"]] == [("Philippines", "en")]
    for words, names in (("ldc", ["Togo"]), ("ph", ["Philippines"]), ("ken", ["Kenya"]), ("least DEV", ["Togo"])):
        found = client.get(address("editions"), {"q": words, "language": "en"}).context["page"]
        assert [row.name for row in found] == names
    nobody = client.get(address("editions"), {"q": "Atlantis\x00", "show": "nonsense", "language": "xx"})
    assert "No country letter here." in html_of(nobody)


# ---- one country letter


def test_a_country_letter_says_what_differs_from_the_base(
    letter: Letter, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    passage(letter, world.togo, cast.coordinator)
    shown = country_letter(LetterText.objects.select_related("letter__campaign").get(language="en"), world.togo)
    assert shown.reasons == [
        "It has the passage “You have the most to lose of all.”.",
        "It lacks the passage “You can afford to wait with rules.”.",
        "It has 1 passage of its own.",
        "Filled in for it: Government’s country.",
    ]
    page = html_of(signed_in(cast.observer).get(address("country_letter", "en", "TG")))
    assert "Only to Least developed countries: 1 government" in page
    assert f"Only to Togo, written by {cast.coordinator}" in page
    assert "<ins>" in page
    assert address("adapt", "en", "TG") not in page, "an observer adapts nothing"
    kenya = html_of(signed_in(cast.observer).get(address("country_letter", "en", "KE")))
    assert "Not to Least developed countries: leaves out 1 government, Kenya gets it" in kenya


def test_a_person_or_a_government_is_found_by_typing(
    letter: Letter, mission: Recipient, cast: SimpleNamespace, signed_in: Any
) -> None:
    senders, observers = signed_in(cast.coordinator), None
    here = address("country_letter", "en", "TG")
    to_kenya = address("country_letter", "en", "KE")
    for typed in ("Kenya", "ke", "  KENYA "):
        assert senders.get(here, {"who": typed}).headers["Location"] == to_kenya
    assert senders.get(here, {"who": "wanjiru"}).headers["Location"] == f"{to_kenya}?recipient={mission.pk}"
    several = html_of(senders.get(here, {"who": "minister"}))
    assert several.count("Minister") >= 4
    assert "Nobody who gets this letter is called that." in html_of(senders.get(here, {"who": "Atlantis"}))
    assert "Amina Wanjiru" in html_of(senders.get(here))
    observers = signed_in(cast.observer)
    assert "Wanjiru" not in html_of(observers.get(here))
    assert "Nobody who gets" in html_of(observers.get(here, {"who": "wanjiru"}))
    assert observers.get(here, {"who": "permanent"}).headers["Location"] == f"{to_kenya}?recipient={mission.pk}"


def test_what_is_shown_is_what_is_frozen(letter: Letter, world: SimpleNamespace, cast: SimpleNamespace) -> None:
    passage(letter, world.kenya, cast.drafter)
    for text in letter.texts.all():
        letter_text_approve(text=text, actor=cast.reviewer, sha256=text.fingerprint)
    version = letter_version_freeze(letter=letter, actor=cast.coordinator)
    for text in LetterText.objects.select_related("letter__campaign"):
        for member in (world.kenya, world.togo, world.france):
            frozen = version.editions.get(member=member, language=text.language)
            assert country_letter(text, member).body == frozen.body


# ---- passages on pages


def test_a_national_campaigner_adapts_their_country_only(
    letter: Letter, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    limit_drafter(world.campaign, cast.drafter, world.kenya)
    client = signed_in(cast.drafter)
    assert "Adapt for Kenya" in html_of(client.get(address("country_letter", "en", "KE")))
    assert "Adapt for Togo" not in html_of(client.get(address("country_letter", "en", "TG")))
    assert "You do not draft for this government." in html_of(
        client.get(address("adapt", "en", "TG"), {"block": CITED})
    )
    page = client.get(address("adapt", "en", "KE"), {"block": CITED, "kind": "replace"})
    data = page.context["editor_data"]
    assert (data["revision"], data["kind"], data["block"]) == (0, "replace", CITED)
    assert data["body"]["content"][0]["content"][0]["text"] == "Proposals ban local storage."
    assert "id" not in data["body"]["content"][0].get("attrs", {}), "a copy has ids of its own"
    assert set(data["facts"]) == {"tp07-f01"}
    sent = {key: data[key] for key in ("kind", "block", "revision", "base_sha256")}
    fees = d.text("fees", href="https://ke.example/fees")
    own = {"content": d.doc(d.par("Ours: ", d.text("no", "bold"), " new ", fees, "."))}
    save = address("adaptation_save", "en", "KE")
    assert client.post(save, {**sent, **own}, content_type="application/json").json()["revision"] == 1
    again = client.post(save, {**sent, **own}, content_type="application/json")
    assert (again.status_code, "after you opened it" in again.json()["error"]) == (409, True)
    theirs = client.post(address("adaptation_save", "en", "TG"), {**sent, **own}, content_type="application/json")
    assert theirs.status_code == 403
    shown = html_of(client.get(address("country_letter", "en", "KE")))
    in_words = "Ours: <b>no</b> new fees (https://ke.example/fees)."
    assert shown.count(in_words) == 2, "marks are told in the passage, and in what differs from the base"


def test_what_moved_under_a_passage_is_shown_and_decided(
    letter: Letter, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    saved = passage(letter, world.kenya, cast.drafter)
    text = letter.texts.get(language="en")
    letter_text_save(
        text=text, actor=cast.drafter, revision=1, subject=text.subject, body=body("Most ban local storage.")
    )
    client, here = signed_in(cast.drafter), address("country_letter", "en", "KE")
    page = html_of(client.get(here))
    assert "The text for everybody has changed here." in page
    assert re.search(r"<del\s*>Proposals</del>\s*<ins>Most</ins>|<ins>Most</ins>\s*<del\s*>Proposals</del>", page)
    seen = re.findall(r'name="base_sha256" value="(\w+)"', page)[0]
    stale = client.post(address("adaptation_keep", saved.pk), {"base_sha256": "0" * 64}, follow=True)
    assert "was changed here while you wrote" in html_of(stale)
    kept = html_of(client.post(address("adaptation_keep", saved.pk), {"base_sha256": seen}, follow=True))
    assert "has changed here" not in kept
    bold = body("Most ban local storage.")
    cited = block_with_id(bold, CITED) or {}
    cited["content"][0]["marks"] = [{"type": "bold"}]
    text.refresh_from_db()
    letter_text_save(text=text, actor=cast.drafter, revision=text.revision, subject=text.subject, body=bold)
    for page in (client.get(here), client.get(address("adapt", "en", "KE"), {"kind": "replace", "block": CITED})):
        assert "Only the formatting changed, no words." in page.text
    gone = html_of(client.post(address("adaptation_remove", saved.pk), follow=True))
    assert "Removed passages" in gone
    assert "Kenya has a law of its own." in gone, "what was written is still there"
    assert "Bring it back" not in html_of(client.post(address("adaptation_restore", saved.pk), follow=True))
    left = client.post(address("adapt", "en", "KE"), {"kind": "leave_out", "block": GREETING}, follow=True)
    assert "Left out: “" in html_of(left)
    form = html_of(client.get(address("adapt", "en", "KE"), {"kind": "leave_out", "block": CITED}))
    sent = dict(re.findall(r'type="hidden" name="(kind|block|revision|base_sha256)" value="(\w*)"', form))
    passage(letter, world.kenya, cast.coordinator, revision=int(sent["revision"]), content=d.doc(d.par("A new law.")))
    late = html_of(client.post(address("adapt", "en", "KE"), sent, follow=True))
    assert "after you opened it" in late
    assert "A new law." in late, "what somebody wrote meanwhile is not left out"


def test_a_lost_passage_is_moved_on_its_page(
    letter: Letter, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    saved = passage(letter, world.kenya, cast.drafter)
    text = letter.texts.get(language="en")
    letter_text_save(
        text=text, actor=cast.drafter, revision=1, subject=text.subject, body=d.doc(*body()["content"][:3])
    )
    client = signed_in(cast.drafter)
    page = html_of(client.get(address("country_letter", "en", "KE")))
    assert "is no longer in the text" in page
    assert "Kenya has a law of its own." in page
    editor = client.get(address("adapt", "en", "KE"), {"block": CITED, "kind": "replace"})
    assert editor.context["editor_data"]["body"]["content"], "its words can still be changed"
    moved = client.post(address("adaptation_move", saved.pk), {"block": GREETING}, follow=True)
    assert "is no longer in the text" not in html_of(moved)
    assert "That passage is no longer in the text." in html_of(
        client.get(address("adapt", "en", "KE"), {"block": CITED, "kind": "replace"})
    )
