"""Letters, texts, versions and country letters, read by programs."""

import hashlib
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.campaigns.models import Campaign
from apps.core.canonical_json import canonical_json
from apps.governments.models import Member
from apps.letters.models import LetterVersion
from apps.letters.services.adaptations import adaptation_save
from apps.letters.services.drafts import letter_create
from apps.letters.services.languages import letter_text_add
from tests.factories import documents as d
from tests.factories import make_group, make_member
from tests.factories.governments import make_recipient
from tests.factories.letters import BODY, make_template, make_version

SUBJECT = "No new rules on electronic commerce"


@pytest.fixture
def version(campaign: Campaign, cast: Any) -> LetterVersion:
    """Frozen for Kenya and Togo."""
    kenya = make_member("KE", "Kenya", code3="KEN")
    make_recipient(campaign, kenya, "Wanjiru Kamau", "minister@trade.example")
    return make_version(campaign, cast, kenya, make_member("TG", "Togo", code3="TGO"))


def test_a_letter_says_who_gets_it_and_what_exists_of_it(version: LetterVersion, read: Any) -> None:
    number = version.letter.number
    row = read(f"letters/{number}").json()
    assert (row["number"], row["state"], row["to_all"], row["members"]) == (number, "frozen", False, ["KE", "TG"])
    assert (row["languages"], row["versions"], row["closed_at"]) == (["en"], [1], None)
    assert read("letters").json()["results"] == [row]
    assert [one["number"] for one in read("letters", member="TG").json()["results"]] == [number]
    make_member("LS", "Lesotho")
    assert read("letters", member="LS").json()["results"] == []


def test_a_draft_is_read_in_each_language(version: LetterVersion, campaign: Campaign, cast: Any, read: Any) -> None:
    letter = version.letter
    letter_text_add(letter=letter, actor=cast.drafter, language="fr", start="original")
    [english, french] = read(f"letters/{letter.number}/texts").json()["results"]
    assert (english["language"], english["original"], english["stage"]) == ("en", True, "frozen")
    assert (french["language"], french["original"], french["stage"]) == ("fr", False, "drafting")
    assert "body" not in english
    whole = read(f"letters/{letter.number}/texts/fr").json()
    assert {name: whole[name] for name in french} == french
    assert whole["body"]["type"] == "doc"
    assert whole["words"] > 10
    assert "untranslated" in {problem["kind"] for problem in whole["problems"]}
    assert read(f"letters/{letter.number}/texts/es").status_code == 404


def test_passages_for_one_member_are_read_with_the_text(
    version: LetterVersion, cast: Any, program: Any, read: Any
) -> None:
    letter = version.letter
    text, togo = letter.texts.get(), Member.objects.get(code="TG")
    block = text.body["content"][1]["attrs"]["id"]
    own = {"kind": "replace", "block": block, "content": d.doc(d.par("Lomé asks for time."))}
    adaptation_save(text=text, member=togo, actor=cast.drafter, **own)
    where = f"letters/{letter.number}/texts/en"
    whole = read(where).json()
    [passage] = whole["adaptations"]
    assert (passage["member"], passage["kind"], passage["block"], passage["state"]) == ("TG", "replace", block, "same")
    assert passage["content"]["content"][0]["content"] == [{"type": "text", "text": "Lomé asks for time."}]
    assert whole["stage"] == "changed"
    reviewer = program(cast.reviewer)
    assert reviewer("post", f"{where}/approve", {"sha256": text.sha256}).status_code == 409
    assert reviewer("post", f"{where}/approve", {"sha256": whole["sha256"]}).json()["stage"] == "approved"


def test_a_frozen_text_is_read_as_its_fingerprint_covers_it(version: LetterVersion, read: Any) -> None:
    where = f"letters/{version.letter.number}/versions"
    [row] = read(where).json()["results"]
    assert row == read(f"{where}/1").json()
    assert (row["number"], row["sha256"], row["languages"]) == (1, version.sha256, ["en"])
    assert (row["subjects"], row["editions"]) == ({"en": SUBJECT}, 3)
    editions = read(f"{where}/1/editions").json()["results"]
    assert [one["edition"] for one in editions] == ["general-en", "KE-en", "TG-en"]
    one = read(f"{where}/1/editions/KE-en").json()
    assert {name: one[name] for name in editions[1]} == editions[1]
    assert hashlib.sha256(canonical_json(one["body"])).hexdigest() == one["sha256"]
    assert "the government of Kenya" in one["text"]
    assert "<p>" in one["html"]
    assert "the government of Kenya" in one["html"]
    assert read(f"{where}/1/editions/ke-en").json() == one
    assert read(f"{where}/1/editions", language="fr").json()["results"] == []


def test_the_pdf_comes_with_the_token_alone(version: LetterVersion, read: Any, client: Any) -> None:
    url = read(f"letters/{version.letter.number}/versions/1/editions/general-en").json()["pdf"]
    path = url.split("/api/v1/mc11/")[1]
    answer = read(path, headers={"Accept": "application/json"})
    assert (answer.status_code, answer["Content-Type"], answer.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert "letter-1-v1-general-en.pdf" in answer["Content-Disposition"]
    assert answer.content == read(path).content, "the same bytes each time"
    refused = client.get(f"/api/v1/mc11/{path}")
    assert (refused.status_code, refused["Content-Type"]) == (401, "application/problem+json")
    missing = read(path.replace("general-en", "general-fr"))
    assert (missing.status_code, missing["Content-Type"]) == (404, "application/problem+json")


def test_no_recipient_and_nobody_of_the_team_is_named(version: LetterVersion, read: Any) -> None:
    letter = f"letters/{version.letter.number}"
    for path in ("letters", letter, f"{letter}/texts", f"{letter}/texts/en", f"{letter}/versions/1",
                 f"{letter}/versions/1/editions/KE-en"):  # fmt: skip
        text = read(path).content.decode()
        for secret in ("Wanjiru", "minister@", "Okoro", "Motsepe", "Hrubý"):
            assert secret not in text, path


def test_templates_are_read_with_their_text(campaign: Campaign, read: Any) -> None:
    template = make_template(campaign, BODY)
    make_template(campaign, key="base", language="fr", title="Lettre")
    [row, french] = read("templates").json()["results"]
    assert (row["id"], row["key"], row["language"], row["subject"]) == (template.pk, "base", "en", SUBJECT)
    assert read("templates", language="fr").json()["results"] == [french]
    assert read(f"templates/{template.pk}").json() == {**row, "body": template.body}


def test_lists_of_letters_cost_the_same_whatever_their_length(campaign: Campaign, cast: Any, read: Any) -> None:
    template = make_template(campaign, BODY)
    group = make_group("africa", make_member("KE", "Kenya"))

    def more(number: int) -> None:
        for _letter in range(number):
            letter_create(campaign=campaign, actor=cast.drafter, template=template, title="T", groups=[group])

    more(1)
    read("letters")  # writes the last use
    with CaptureQueriesContext(connection) as few:
        read("letters")
    more(20)
    with CaptureQueriesContext(connection) as many:
        assert len(read("letters").json()["results"]) == 21
    assert len(many) == len(few) <= 10, [query["sql"] for query in many]
    with CaptureQueriesContext(connection) as texts:
        read("letters/1/texts")
    assert len(texts) <= 8, [query["sql"] for query in texts]


@pytest.mark.parametrize("path", [
    "letters/99", "letters/99/texts", "letters/99/versions", "letters/1/versions/9/editions", "letters/1/texts/e%00n",
    "letters/1/versions/1/editions/KE", "letters/1/versions/1/editions/K%00-en", "letters/1/versions/1/editions/-",
    "letters/1/versions/1/editions/ZZ-en/pdf", "templates/999999999999999999999", "letters/" + "9" * 40,
])  # fmt: skip
def test_what_is_not_there_is_a_problem(version: LetterVersion, read: Any, path: str) -> None:
    answer = read(path)
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")
