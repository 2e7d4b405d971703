"""The editor's JSON: saving, previews, evidence; and what it refuses."""

import copy
import json
import random
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from apps.governments.models import Recipient
from apps.letters.document.traversal import walk_nodes
from apps.letters.models import Letter, LetterText
from apps.letters.pages.draft_problems import text_problems
from apps.letters.selectors.drafts import text_facts
from apps.letters.services.approvals import letter_text_approve
from apps.letters.services.drafts import UnresolvedMarks, letter_create, letter_text_save
from apps.letters.services.languages import Start, letter_text_add
from apps.talkingpoints.models import Fact, PointTranslation
from apps.talkingpoints.translation_status import original_hash
from tests.factories import documents as d
from tests.factories import make_campaign
from tests.factories.documents import damage
from tests.factories.evidence import make_fact
from tests.factories.letters import make_template


def url(name: str, text: LetterText) -> str:
    return reverse(f"letters:{name}", args=[text.letter.campaign.slug, text.letter.number, text.language])


def put(client: Client, text: LetterText, data: Any) -> Any:
    body = data if isinstance(data, bytes | str) else json.dumps(data)
    return client.put(url("text", text), body, content_type="application/json")


def post(client: Client, text: LetterText, data: Any) -> Any:
    return client.post(url("preview", text), json.dumps(data), content_type="application/json")


def words(*blocks: d.Node, revision: int = 1) -> dict[str, Any]:
    return {"revision": revision, "subject": "Subject", "body": d.doc(*blocks)}


def test_the_editor_reads_and_saves(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    client = signed_in(cast.drafter)
    before = client.get(url("text", text)).json()
    assert (before["revision"], before["subject"]) == (1, text.subject)
    assert [note["n"] for note in before["notes"]] == [1, 2]
    assert set(before["facts"]) == {"tp02-f06", "tp07-f01"}
    answer = put(client, text, words(d.par("Dear all", id="baaaaaaaa")))
    assert answer.status_code == 200
    saved = answer.json()
    assert (saved["revision"], saved["words"], saved["notes"], saved["saved_by"]) == (2, 2, [], "Naledi Motsepe")
    assert "body" not in saved, "nothing was added to what was sent"
    assert put(client, text, words(d.par("No id"), revision=2)).json()["body"]["content"][0]["attrs"]["id"]


def test_a_second_window_is_told_and_changes_nothing(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    assert put(signed_in(cast.coordinator), text, words(d.par("first"))).status_code == 200
    answer = put(signed_in(cast.drafter), text, words(d.par("second")))
    assert answer.status_code == 409
    refused = answer.json()
    assert (refused["revision"], refused["saved_by"]) == (2, "Ada Okoro")
    assert refused["saved_at"].startswith("20")
    assert "first" in json.dumps(LetterText.objects.get(pk=text.pk).body)


@pytest.mark.parametrize(
    "data",
    [
        b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b'{"revision": 1}',
        {"revision": "x", "subject": "", "body": {}},
        {"revision": 10**30, "subject": "", "body": {}}, {"revision": -1, "subject": "", "body": {}},
        {"revision": 1, "subject": None, "body": {}}, {"revision": 1, "subject": "x" * 201, "body": d.doc()},
        {"revision": 1, "subject": "nul\x00", "body": d.doc()},
        {"revision": 1, "subject": "half \ud800", "body": d.doc()}, {"revision": 1, "subject": "", "body": None},
        {"revision": 1, "subject": "", "body": d.doc(d.par("\ud800"))},
        {"revision": 1, "subject": "", "body": d.doc(d.par(d.cite("nowhere")))},
        b'{"revision":1,"subject":"","body":' + b'{"type":"doc","content":[' * 20000 + b"]}" * 20000 + b"}",
        b'{"revision":1,"subject":"","body":' + b"[" * 100000 + b"]" * 100000 + b"}",
        b'{"revision":1,"subject":"","body":{"type":"doc","content":[{"type":"point","attrs":{"number":NaN}}]}}',
    ],
)  # fmt: skip
def test_what_is_no_letter_is_refused_and_never_an_error_of_ours(
    text: LetterText, cast: SimpleNamespace, signed_in: Any, data: Any
) -> None:
    client = signed_in(cast.drafter)
    answer = put(client, text, data)
    assert answer.status_code == 400
    answer.json()
    assert LetterText.objects.get(pk=text.pk).revision == 1


def test_a_refusal_says_where_and_why(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    answer = put(signed_in(cast.drafter), text, words(d.par("x"), d.heading("x", 1)))
    assert answer.json() == {"error": "A heading has level 2 or 3.", "path": "content[1].attrs.level"}


def test_a_flood_is_refused_before_it_is_read(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    assert put(signed_in(cast.drafter), text, b" " * 2_000_001).status_code == 413


def test_broken_letters_never_make_an_error_of_ours(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    client = signed_in(cast.drafter)
    chance = random.Random(7)
    junk: list[Any] = [None, 7, -1.5, "", "x", [], {}, True, {"type": "doc"}, [[]], 10**30, "group:a", "\ud800", "\x00"]
    codes = set()
    for _turn in range(60):
        body = copy.deepcopy(text.body)
        damage(body, chance, junk)
        sent = {"revision": LetterText.objects.get(pk=text.pk).revision, "subject": "S", "body": body}
        codes |= {put(client, text, sent).status_code, post(client, text, {**sent, "member": "KE"}).status_code}
    assert codes == {200, 400}


def test_who_may_read_but_not_draft_cannot_save(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    for user in (cast.reviewer, cast.observer, cast.sender, cast.data_officer):
        client = signed_in(user)
        assert client.get(url("text", text)).status_code == 200
        assert put(client, text, words(d.par("x"))).status_code == 403
    for name in ("text", "evidence"):
        assert signed_in(cast.outsider).get(url(name, text)).status_code == 404
    assert put(signed_in(cast.outsider), text, words(d.par("x"))).status_code == 404
    assert Client().get(url("text", text)).status_code == 302
    assert LetterText.objects.get(pk=text.pk).revision == 1


def test_a_page_elsewhere_cannot_save_in_somebodys_name(text: LetterText, cast: SimpleNamespace) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.drafter)
    assert put(client, text, words(d.par("x"))).status_code == 403
    assert post(client, text, {"subject": "", "body": d.doc()}).status_code == 403
    assert LetterText.objects.get(pk=text.pk).revision == 1


def test_another_campaigns_letter_is_not_there(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    other = make_campaign("mc12")
    theirs = letter_create(
        campaign=other, actor=cast.outsider, template=make_template(other, d.doc()), title="T", to_all=True
    )
    letter_create(campaign=other, actor=cast.outsider, template=theirs.template, title="T", to_all=True)
    client = signed_in(cast.drafter)
    for name in ("text", "evidence"):
        assert client.get(reverse(f"letters:{name}", args=["mc12", 1, "en"])).status_code == 404
        assert client.get(reverse(f"letters:{name}", args=["mc11", 2, "en"])).status_code == 404
        assert client.get(reverse(f"letters:{name}", args=["mc11", 1, "fr"])).status_code == 404


def test_problems_are_named_with_their_block(
    text: LetterText, cast: SimpleNamespace, signed_in: Any, world: SimpleNamespace
) -> None:
    client = signed_in(cast.drafter)
    make_fact(
        world.campaign, "tp07-f09", world.seven, statement="Doubtful.", source=world.source, verification="caution",
        caution="No year given.", position=9,
    )  # fmt: skip
    world.stand.revision = 2
    world.stand.save()
    world.kenya.capital = ""
    world.kenya.save()
    sent = words(
        d.par("x", d.cite("tp07-f09"), d.cite("tp02-f06"), id="baaaaaaaa"),
        d.par("In ", d.merge("member.capital"), " 𒀀", id="bbbbbbbbb"),
    )
    found = put(client, text, {**sent, "subject": " "}).json()
    problems = {problem["kind"]: problem for problem in found["problems"]}
    assert set(problems) == {"subject", "fact_caution", "fact_changed", "field", "glyph", "address"}
    assert problems["fact_caution"]["block"] == "baaaaaaaa"
    assert "7.9" in problems["fact_caution"]["text"]
    assert "No year given." in problems["fact_caution"]["text"]
    assert (problems["field"]["tone"], problems["field"]["block"]) == ("bad", "bbbbbbbbb")
    assert "Kenya" in problems["field"]["text"]
    world.stand.retired_at = "2017-01-01T00:00Z"
    world.stand.save()
    kinds = {problem["kind"] for problem in client.get(url("text", text)).json()["problems"]}
    assert "fact_retired" in kinds


def test_the_preview_shows_what_the_mission_would_get(
    text: LetterText, cast: SimpleNamespace, signed_in: Any, mission: Recipient
) -> None:
    sent = {"subject": "S", "body": text.body, "member": "KE", "recipient": mission.pk}
    shown = post(signed_in(cast.drafter), text, sent).json()
    assert "Excellency," in shown["html"]
    assert "the delegation of Kenya" in shown["html"]
    assert "We thank your government" in shown["html"]
    assert shown["values"]["office.name"] == "Permanent Mission of Kenya"
    assert [(note["n"], note["facts"]) for note in shown["notes"]] == [(1, ["tp02-f06", "tp07-f01"])]
    assert LetterText.objects.get(pk=text.pk).revision == 1, "a preview stores nothing"


def test_a_drafter_sees_no_names_of_recipients(
    text: LetterText, cast: SimpleNamespace, signed_in: Any, mission: Recipient
) -> None:
    sent = {"subject": "S", "body": d.doc(d.par(d.merge("recipient.name"))), "member": "KE", "recipient": mission.pk}
    hidden, seen = (
        post(signed_in(cast.drafter), text, sent).json(),
        post(signed_in(cast.coordinator), text, sent).json(),
    )
    assert "Amina" not in json.dumps(hidden)
    assert "Amina Wanjiru" in seen["html"]
    assert "Amina" not in signed_in(cast.drafter).get(url("preview_pdf", text)).content.decode("latin-1")


def test_a_salutation_with_a_name_is_for_those_who_may_see_names(
    text: LetterText, cast: SimpleNamespace, signed_in: Any, mission: Recipient
) -> None:
    Recipient.objects.update(salutation={"en": "Dear Ambassador Kamau"})
    sent = {"subject": "S", "body": text.body, "member": "KE", "recipient": mission.pk}
    asked = {"member": "KE", "recipient": mission.pk}
    for who, sees in (("drafter", False), ("reviewer", False), ("observer", False), ("coordinator", True)):
        client = signed_in(getattr(cast, who))
        shown = post(client, text, sent).json()
        assert ("Kamau" in json.dumps(shown)) is sees, who
        assert ("Kamau" in client.get(url("preview_text", text), asked).content.decode()) is sees, who
        assert sees or "Excellency," in shown["html"]
        workspace = reverse("letters:workspace", args=["mc11", text.letter.number])
        assert "Kamau" not in client.get(workspace, {"member": "KE"}).content.decode() or sees


def test_the_preview_of_nobody_in_particular_is_the_general_edition(
    text: LetterText, cast: SimpleNamespace, signed_in: Any
) -> None:
    shown = post(signed_in(cast.observer), text, {"subject": "S", "body": text.body, "member": ""}).json()
    assert "Excellencies," in shown["html"]
    assert "We thank your government" not in shown["html"]


@pytest.mark.parametrize("member", ["FR", "XX", "\ud800", "k\x00"])
def test_a_government_that_does_not_get_the_letter_has_no_preview(
    text: LetterText, cast: SimpleNamespace, signed_in: Any, member: str
) -> None:
    client = signed_in(cast.drafter)
    answer = post(client, text, {"subject": "S", "body": text.body, "member": member})
    assert answer.status_code in {400, 404}
    assert client.get(url("evidence", text), {"member": member.encode("utf-8", "replace")}).status_code == 404
    assert client.get(url("preview_pdf", text), {"member": "FR"}).status_code == 404


def test_a_gap_is_shown_and_not_hidden(
    text: LetterText, cast: SimpleNamespace, signed_in: Any, mission: Recipient
) -> None:
    Recipient.objects.update(salutation={})
    shown = post(signed_in(cast.drafter), text, {"subject": "S", "body": text.body, "member": "KE"}).json()
    assert '<span class="merge-field gap">Salutation ?</span>' in shown["html"]


def test_evidence_is_ranked_and_can_be_inserted_as_it_is(
    text: LetterText, cast: SimpleNamespace, signed_in: Any
) -> None:
    client = signed_in(cast.drafter)
    points = client.get(url("evidence", text), {"member": "KE"}).json()["points"]
    assert {point["number"] for point in points} == {2, 7}
    seven = next(point for point in points if point["number"] == 7)
    assert seven["facts"][0]["citation"] == "Digital Dividends, World Bank, 2016"
    assert [node["type"] for node in seven["insert"][0]["content"]] == ["heading", "paragraph", "paragraph"]
    cited = d.par(*seven["facts"][0]["insert"])
    saved = put(client, text, words(*seven["insert"], cited)).json()
    assert [note["fact"] for note in saved["notes"]] == ["tp07-f01"]


def test_a_fact_that_fits_the_government_says_why(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    Fact.objects.filter(key="tp07-f01").update(applies_to=["KE"], kind="figure")
    client = signed_in(cast.drafter)
    facts = {
        member: {
            fact["key"]: fact["why"]
            for point in client.get(url("evidence", text), {"member": member}).json()["points"]
            for fact in point["facts"]
        }
        for member in ("KE", "")
    }
    assert facts["KE"]["tp07-f01"] == "figure for Kenya"
    assert not any(facts[""].values())


def test_evidence_is_found_by_words(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    client = signed_in(cast.drafter)

    def numbers(query: str) -> list[int]:
        return [point["number"] for point in client.get(url("evidence", text), {"q": query}).json()["points"]]

    assert numbers("raw material") == [7]
    assert numbers("MANDATE") == [2]
    assert numbers("mandate raw") == []
    assert numbers("\x00") == []
    assert numbers("") == [2, 7]
    Fact.objects.filter(key="tp02-f06").update(statement="In 7 countries, nobody asked.")
    assert numbers("7") == [7, 2], "who types a number means the point"


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("mandtae", [2]), ("propsals", [7]), ("RÂW", [7]), ("Kenya", [2]), ("9.9", []), ("7.5", [7]), ("7", [7]),
        ("point 2", [2]), ("xyzzy", []), ("vie privee", [7]),
    ],
)  # fmt: skip
def test_evidence_is_searched_as_in_the_library(
    query: str, numbers: list[int], text: LetterText, cast: SimpleNamespace, signed_in: Any, world: SimpleNamespace
) -> None:
    PointTranslation.objects.create(point=world.seven, language="fr", title="La vie privée", source_hash="")
    Fact.objects.filter(pk=world.stand.pk).update(applies_to=["KE"])
    Fact.objects.filter(pk=world.data.pk).update(position=5)
    answer = signed_in(cast.drafter).get(url("evidence", text), {"q": query, "member": "KE"}).json()
    assert [point["number"] for point in answer["points"]] == numbers


def test_what_is_inserted_for_a_point_stands_first_with_its_caution(
    text: LetterText, cast: SimpleNamespace, signed_in: Any, world: SimpleNamespace
) -> None:
    """Of the facts that fit Kenya best the editor shows two; the surest is none of them."""
    for place, verification in enumerate(("unverified", "caution", "unverified", "consistent"), 2):
        make_fact(
            world.campaign, f"tp07-f0{place}", world.seven, statement=f"Kenya in {place}.", source=world.source,
            position=place, verification=verification, caution="Range.", applies_to=["KE"],
        )  # fmt: skip
    Fact.objects.filter(pk=world.data.pk).update(caution="A draft of 2016.", position=9, verification="verified")

    def seven(**query: str) -> tuple[str, list[str], list[str]]:
        points = signed_in(cast.drafter).get(url("evidence", text), {"member": "KE", **query}).json()["points"]
        point = next(point for point in points if point["number"] == 7)
        cited = [node["attrs"]["fact"] for node in walk_nodes(point["insert"][0]) if node["type"] == "citation"]
        return point["inserts"], cited, [fact["key"] for fact in point["facts"]]

    inserts, cited, shown = seven()
    assert (inserts, cited, shown[0]) == ("tp07-f01", ["tp07-f01"], "tp07-f01")
    assert shown[1:] == ["tp07-f02", "tp07-f03", "tp07-f04", "tp07-f05"]
    Fact.objects.filter(key="tp07-f04").update(caution="")
    assert seven()[0] == "tp07-f04", "one without a word of caution is surer"
    assert seven(q="Kenya 2") == ("tp07-f02", ["tp07-f02"], ["tp07-f02"]), "only what is shown"
    assert seven(q="Kenya 3") == (None, [], ["tp07-f03"]), "a known discrepancy is never inserted unasked"


def test_words_without_a_translation_are_inserted_with_a_mark_that_blocks_freezing(
    text: LetterText, cast: SimpleNamespace, signed_in: Any, world: SimpleNamespace
) -> None:
    """In a French letter, of a point with French words and one without; facts have none."""
    row = PointTranslation(point=world.seven, language="fr", title="Les données restent", claim="Une matière première.")
    row.source_hash = original_hash(world.seven, "fr")
    row.save()
    french = letter_text_add(letter=text.letter, actor=cast.drafter, language="fr", start=Start.EMPTY)
    drafter = signed_in(cast.drafter)

    def inserted(of: LetterText) -> dict[int, list[list[str]]]:
        """{number of a point: words of each block, "!" for a mark}"""
        answer = drafter.get(url("evidence", of), {"member": "KE"}).json()["points"]
        return {
            point["number"]: [
                ["!" if node["type"] == "lost" else node.get("text", "*") for node in block["content"]]
                for block in point["insert"][0]["content"]
            ]
            for point in answer
        }

    fact = "Nearly all proposals ban local storage."
    assert inserted(text)[7] == [["Data stays at home"], ["Data is a raw material."], [fact, "*"]]
    assert inserted(french) == {
        7: [["Les données restent"], ["Une matière première."], ["!", fact, "*"]],
        2: [
            ["!", "Too early"],
            ["!", "It is too early for rules."],
            ["!", "The African Group opposed a mandate.", "*"],
        ],
    }
    answer = drafter.get(url("evidence", french), {"member": "KE"}).json()["points"]
    (passage,) = next(point for point in answer if point["number"] == 7)["insert"]
    body = d.doc(*french.body["content"], passage)
    letter_text_save(text=french, actor=cast.drafter, revision=french.revision, subject="Objet", body=body)
    french.refresh_from_db()
    found = text_problems(french, french.body, french.subject, text_facts(french))
    (problem,) = [one for one in found if one.kind == "foreign"]
    assert (problem.title, problem.tone, problem.block) == (
        "Not translated",
        "bad",
        passage["content"][-1]["attrs"]["id"],
    )
    with pytest.raises(UnresolvedMarks):
        letter_text_approve(text=french, actor=cast.reviewer, sha256=french.sha256)


def test_the_number_of_queries_for_evidence_does_not_grow(
    text: LetterText, cast: SimpleNamespace, signed_in: Any, world: SimpleNamespace
) -> None:
    client = signed_in(cast.drafter)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("evidence", text), {"member": "KE", "q": "propsals"}).json()["points"]
        return len(queries)

    count()  # the first look at a campaign asks for what later ones remember
    few = count()
    for place in range(2, 40):
        make_fact(world.campaign, f"tp07-f{place}", world.seven, statement="Proposals.", position=place)
    assert count() == few


def test_drafts_can_be_read_as_pdf_and_text(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    client = signed_in(cast.observer)
    pdf = client.get(url("preview_pdf", text), {"member": "KE"})
    assert pdf.content.startswith(b"%PDF-")
    assert pdf.headers["Content-Type"] == "application/pdf"
    plain = client.get(url("preview_text", text))
    assert "the delegation of Kenya" in plain.content.decode()
    assert "no-store" in plain.headers["Cache-Control"]


def test_a_limited_drafter_is_refused_in_words(
    text: LetterText, cast: SimpleNamespace, signed_in: Any, world: SimpleNamespace
) -> None:
    from tests.factories.letters import limit_drafter

    limit_drafter(world.campaign, cast.drafter, world.togo)
    answer = put(signed_in(cast.drafter), text, words(d.par("x")))
    assert answer.status_code == 403
    assert "do not draft" in answer.json()["error"]
    assert Letter.objects.count() == 1
