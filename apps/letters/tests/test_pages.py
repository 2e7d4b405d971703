"""The staff's pages of letters, as people use them."""

import re
from datetime import timedelta
from html import unescape
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.governments.models import Recipient, RecipientAddress
from apps.letters.models import Letter, LetterTemplate, LetterText, LetterVersion
from apps.letters.services.approvals import letter_text_approve
from apps.letters.services.drafts import letter_create, letter_text_save
from apps.letters.services.guest_links import guest_link_create
from apps.letters.services.languages import Start, letter_text_add
from apps.letters.services.versions import letter_version_freeze
from tests.factories import documents as d
from tests.factories import html_of, make_campaign
from tests.factories.letters import limit_drafter, make_template


def page(name: str, *args: Any, slug: str = "mc11") -> str:
    return reverse(f"letters:{name}", args=[slug, *args])


def new(world: SimpleNamespace, **data: Any) -> dict[str, Any]:
    return {"template": world.template.pk, "title": "Second letter", "to": "chosen", "members": "Kenya", **data}


def test_an_empty_list_says_what_to_do(world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any) -> None:
    drafter = signed_in(cast.drafter).get(page("index"))
    assert page("create") in drafter.content.decode()
    observer = signed_in(cast.observer).get(page("index")).content.decode()
    assert "No letter yet." in observer
    assert page("create") not in observer
    LetterTemplate.objects.all().delete()
    assert "no template" in signed_in(cast.drafter).get(page("index")).content.decode()
    assert "A Word file" in signed_in(cast.drafter).get(page("create")).content.decode()


def test_the_list_says_where_each_letter_stands(approved: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    client = signed_in(cast.observer)
    assert "Approved, not frozen" in client.get(page("index")).content.decode()
    letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    listed = client.get(page("index")).content.decode()
    assert "Frozen" in listed
    assert page("version", 1, 1) in listed


def test_the_list_takes_as_many_queries_for_ten_letters_as_for_one(
    world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    client = signed_in(cast.observer)
    counts = []
    for turn in range(10):
        letter_create(
            campaign=world.campaign, actor=cast.drafter, template=world.template, title=str(turn),
            members=[world.kenya, world.togo], groups=[world.african],
        )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page("index")).status_code == 200
        counts.append(len(queries))
    assert counts[1] == counts[-1] < 20


@pytest.mark.parametrize("typed", ["Kenya", "kenya", "KE", " ke ", "KENYA;kenya", "Kenya;\n"])
def test_a_letter_to_kenya_begins_without_scripts(
    world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any, typed: str
) -> None:
    answer = signed_in(cast.drafter).post(page("create"), new(world, members=typed))
    assert answer.headers["Location"] == page("workspace", 1)
    assert [member.code for member in Letter.objects.get().to_members.all()] == ["KE"]


def test_a_letter_begins_to_groups_and_to_all(world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any) -> None:
    client = signed_in(cast.coordinator)
    client.post(page("create"), new(world, to="chosen", groups=[world.african.pk], members=""))
    client.post(page("create"), new(world, to="all"))
    by_group, to_all = Letter.objects.order_by("number")
    assert list(by_group.to_groups.all()) == [world.african]
    assert not by_group.to_members.exists()
    assert to_all.to_all


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"members": "Atlantis; Kenya"}, "Atlantis"),
        ({"members": ""}, "Name at least one government"),
        ({"members": " ; "}, "Name at least one government"),
        ({"to": "chosen", "members": ""}, "or tick a group"),
        ({"to": "everybody"}, "not one of the available"),
        ({"title": ""}, "Fill this in."),
        ({"template": 0}, "not one of the available"),
        ({"members": "ke\x00"}, "Null characters"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
    world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any, data: dict[str, Any], words: str
) -> None:
    answer = signed_in(cast.drafter).post(page("create"), new(world, **data))
    assert answer.status_code == 400
    assert words in answer.content.decode()
    if "title" not in data:
        assert "Second letter" in answer.content.decode()
    assert not Letter.objects.exists()


def test_a_template_of_another_campaign_is_refused(
    world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    theirs = make_template(make_campaign("mc12"), d.doc())
    assert signed_in(cast.drafter).post(page("create"), new(world, template=theirs.pk)).status_code == 400


def test_a_limited_drafter_is_offered_only_their_countries(
    world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    limit_drafter(world.campaign, cast.drafter, world.kenya)
    client = signed_in(cast.drafter)
    shown = client.get(page("create")).content.decode()
    assert '<option value="Kenya">' in shown
    assert '<option value="France">' not in shown
    assert client.post(page("create"), new(world, to="all")).status_code == 400
    assert client.post(page("create"), new(world, members="France")).status_code == 400
    assert client.post(page("create"), new(world)).status_code == 302


#: pages of a letter, and the acts that they offer to who drafts it
PAGES = ("workspace", "settings", "guest_links", "languages", "editions")
ACTS = (
    ("duplicate", 1), ("template_create", 1), ("addressees", 1), ("archive", 1), ("ask_review", 1, "en"),
    ("text_reviewer", 1, "en"), ("text_add", 1, "fr"), ("guest_link_close", 1),
)  # fmt: skip


def test_a_limited_drafter_is_offered_nothing_that_is_then_refused(
    world: SimpleNamespace, cast: SimpleNamespace, letter: Letter, signed_in: Any
) -> None:
    """Of a letter that goes to others too."""
    until = timezone.now() + timedelta(days=7)
    link, _token = guest_link_create(letter=letter, actor=cast.drafter, name="Ally", expires_at=until)
    acts = {page(name, *args, *([link.pk] if name == "guest_link_close" else [])) for name, *args in ACTS}
    words = "governments that you do not write to"

    def offered() -> tuple[set[str], str]:
        shown = {name: signed_in(cast.drafter).get(page(name, 1)).content.decode() for name in PAGES}
        assert [words in shown[name] for name in PAGES[:3]] == [words in shown["workspace"]] * 3
        ways = [page("guest_links", 1), page("settings", 1)]
        assert [f'="{way}"' in shown["workspace"] for way in ways] == [words not in shown["workspace"]] * 2
        return {act for act in acts if any(f'="{act}"' in html for html in shown.values())}, shown["guest_links"]

    assert offered()[0] == acts
    limit_drafter(world.campaign, cast.drafter, world.kenya)
    assert offered()[0] == acts - {page("template_create", 1)}, "their own letter; templates are everybody’s"
    letter.to_members.add(world.togo)
    found, guests = offered()
    assert (found, "Make the link" in guests, words in guests) == (set(), False, True)
    government = reverse("dashboard:government", args=["mc11", "TG"])
    assert "Write a letter" not in signed_in(cast.drafter).get(government).content.decode()


def test_the_workspace_gives_the_editor_what_it_needs(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    answer = signed_in(cast.drafter).get(page("workspace", 1))
    data = answer.context["editor_data"]
    assert (data["revision"], data["member"], data["can_edit"]) == (1, "KE", True)
    assert not {"can_approve", "letter", "sha256"} & data.keys(), "which nothing reads"
    assert data["urls"]["text"] == page("text", 1, "en")
    assert {field["key"] for field in data["merge_fields"]} >= {"member.name", "recipient.salutation"}
    assert next(field for field in data["merge_fields"] if field["key"] == "member.name")["value"] == "Kenya"
    assert {"group:african-group", "stance:opposes", "member:KE"} <= {entry["entry"] for entry in data["audiences"]}
    reviewer = signed_in(cast.reviewer).get(page("workspace", 1))
    assert not reviewer.context["can_edit"]
    assert reviewer.context["can_approve"]
    assert "the delegation of Kenya" in reviewer.content.decode(), "the letter can be read without scripts"


def test_text_of_a_letter_cannot_break_out_of_the_page(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    evil = "</script><script>alert(1)</script>"
    letter_text_save(text=text, actor=cast.drafter, revision=1, subject=evil, body=d.doc(d.par(evil)))
    for name, args in (("workspace", (1,)), ("review", (1, "en"))):
        shown = signed_in(cast.reviewer).get(page(name, *args)).content.decode()
        assert "<script>alert" not in shown


def test_from_draft_to_version_by_pressing_buttons(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    drafter, reviewer = signed_in(cast.drafter), signed_in(cast.reviewer)
    assert drafter.post(page("ask_review", 1, "en")).status_code == 302
    read = reviewer.get(page("review", 1, "en")).content.decode()
    assert "Only to African Group: 1 government" in read
    assert "Not to Least developed countries: leaves out 0 governments" in read
    digest = re.search(r'name="sha256" value="([0-9a-f]{64})"', read)
    assert digest
    answer = reviewer.post(page("approve", 1, "en"), {"sha256": digest[1]})
    assert answer.headers["Location"] == page("freeze", 1)
    confirm = reviewer.get(page("freeze", 1)).content.decode()
    assert "Freeze version 1: 1 letter" in confirm
    assert not LetterVersion.objects.exists(), "looking freezes nothing"
    done = reviewer.post(page("freeze", 1), follow=True)
    assert done.redirect_chain == [(page("version", 1, 1), 302)]
    version = LetterVersion.objects.get()
    assert version.sha256[:8] in done.content.decode()
    again = reviewer.post(page("freeze", 1))
    assert again.status_code == 409
    assert "already has exactly this text" in again.content.decode()


def test_the_writer_is_told_who_else_approves(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    letter_text_save(text=text, actor=cast.coordinator, revision=1, subject="Mine", body=text.body)
    client = signed_in(cast.coordinator)
    assert "somebody else must approve it" in client.get(page("review", 1, "en")).content.decode()
    fresh = LetterText.objects.get(pk=text.pk)
    answer = client.post(page("approve", 1, "en"), {"sha256": fresh.sha256})
    assert answer.status_code == 403
    assert "somebody else must approve it" in answer.content.decode()
    assert signed_in(cast.drafter).post(page("approve", 1, "en"), {"sha256": fresh.sha256}).status_code == 403


def test_what_is_doubtful_is_flagged_and_named_before_freezing(
    world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    world.source.url = "https://bank.example/dividends"
    world.source.save()
    world.data.verification = "unverified"
    world.data.save()
    world.stand.caution = "Only some of its members."
    world.stand.save()
    letter = letter_create(
        campaign=world.campaign, actor=cast.drafter, template=world.template, title="To all", to_all=True
    )
    text = letter.texts.get()
    letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256)
    reviewer = signed_in(cast.reviewer)
    said = [
        "7.1 has not been checked against a second source.",
        "Nobody has checked the links of 2 facts yet.",
        "Fact not verified",
        "Fact needs caution",
        "Links not checked",
        "No address",
        ": Only some of its members.",
        "4 of 4 governments have no usable address.",
        *(f"/governments/{code}/" for code in ("FR", "KE", "PH", "TG")),
        *(reverse("evidence:fact", args=["mc11", fact.key]) for fact in (world.data, world.stand)),
    ]
    for name, arguments in (("freeze", [1]), ("review", [1, "en"]), ("workspace", [1])):
        shown = unescape(reviewer.get(page(name, *arguments)).content.decode())
        assert all(words in shown for words in said), name
        assert name == "workspace" or "Look at it" not in shown
    assert "Freeze version 1" in reviewer.get(page("freeze", 1)).content.decode(), "a warning does not block"


def test_governments_whose_addresses_are_dead_are_counted(
    text: LetterText, mission: Recipient, cast: SimpleNamespace, signed_in: Any
) -> None:
    client, words = signed_in(cast.drafter), "Kenya has no usable address, so the letter cannot be sent there."
    assert words in client.get(page("workspace", 1)).content.decode()
    address = RecipientAddress.objects.create(
        recipient=mission, address="m@mission.example", address_hash="a", key_version=1, health="good"
    )
    assert words not in client.get(page("workspace", 1)).content.decode()
    RecipientAddress.objects.filter(pk=address.pk).update(health="bounced")
    assert words in client.get(page("workspace", 1)).content.decode()


def test_approving_what_changed_shows_the_new_text(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    letter_text_save(text=text, actor=cast.drafter, revision=1, subject="Changed", body=text.body)
    answer = signed_in(cast.reviewer).post(page("approve", 1, "en"), {"sha256": text.sha256})
    assert answer.status_code == 409
    assert "was changed while you read it" in answer.content.decode()
    assert "Changed" in answer.content.decode()


def test_freezing_says_what_stands_in_its_way(text: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    client = signed_in(cast.reviewer)
    shown = client.get(page("freeze", 1)).content.decode()
    assert "Not approved since the last change: English." in shown
    assert 'type="submit"' not in shown.partition("<main")[2]
    answer = client.post(page("freeze", 1))
    assert answer.status_code == 409
    assert "Not approved" in answer.content.decode()


def test_what_is_frozen_is_not_offered_again(
    approved: LetterText, letter: Letter, cast: SimpleNamespace, signed_in: Any
) -> None:
    client = signed_in(cast.reviewer)
    assert "Freeze version 1: 1 letter" in client.get(page("freeze", 1)).content.decode()
    letter_version_freeze(letter=letter, actor=cast.reviewer)

    shown = client.get(page("freeze", 1)).content.decode()
    assert "Version 1 has exactly this text. There is nothing to freeze." in shown
    assert "Freeze version 2" not in shown
    assert 'type="submit"' not in shown.partition("<main")[2]

    letter_text_save(text=approved, actor=cast.drafter, revision=1, subject="A new subject", body=approved.body)
    approved.refresh_from_db()
    letter_text_approve(text=approved, actor=cast.reviewer, sha256=approved.sha256)
    assert "Freeze version 2: 1 letter" in client.get(page("freeze", 1)).content.decode()
    refused = client.post(page("freeze", 1), {"change": "correction", "reason": ""})
    assert refused.status_code == 400
    assert re.search(r'value="correction"[^>]*checked', refused.text), "what was chosen stays"
    made = client.post(page("freeze", 1), {"change": "correction", "reason": "The subject had a typo."})
    shown = html_of(client.get(made["Location"]))
    for words in ("The subject had a typo.", "<ins>", "What comes next", "A coordinator does that."):
        assert words in shown, words
    led_on = html_of(signed_in(cast.coordinator).get(made["Location"]))
    assert re.search(r'class="button" href="[^"]*/sign-on/open/', led_on), "opening is the act that comes next"


def test_a_review_offers_freezing_to_those_who_freeze(
    approved: LetterText, cast: SimpleNamespace, signed_in: Any
) -> None:
    for person, offered in ((cast.observer, False), (cast.drafter, False), (cast.reviewer, True)):
        shown = signed_in(person).get(page("review", 1, "en")).content.decode()
        assert "This text is approved." in shown
        assert (page("freeze", 1) in shown) is offered


def test_a_review_shows_what_changed(approved: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    body = {**approved.body, "content": [*approved.body["content"][:-1], d.par("A new end")]}
    letter_text_save(text=approved, actor=cast.drafter, revision=1, subject=approved.subject, body=body)
    shown = signed_in(cast.reviewer).get(page("review", 1, "en")).content.decode()
    assert "<ins>A new end</ins>" in shown
    assert "<del>For the coalition</del>" in shown


def test_every_edition_can_be_read_in_each_form(world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any) -> None:
    letter = letter_create(campaign=world.campaign, actor=cast.drafter, template=world.template, title="L", to_all=True)
    text = letter.texts.get()
    letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256)
    letter_version_freeze(letter=letter, actor=cast.reviewer)
    client = signed_in(cast.observer)
    shown = client.get(page("version", 1, 1)).content.decode()
    assert "5 letters" in shown
    assert reverse("sign_on:open", args=["mc11"]) not in shown
    assert (
        reverse("sign_on:open", args=["mc11"])
        in signed_in(cast.coordinator).get(page("version", 1, 1)).content.decode()
    )
    assert "General letter, for signatories" in shown
    for code, words in (("general", "Excellencies,"), ("KE", "the delegation of Kenya"), ("FR", "France")):
        assert words in client.get(page("edition", 1, 1, code, "en")).content.decode()
        assert words in client.get(page("edition_text", 1, 1, code, "en")).content.decode()
    assert client.get(page("edition_pdf", 1, 1, "KE", "en")).content.startswith(b"%PDF-")
    for code, language in (("XX", "en"), ("KE", "fr"), ("ke", "en")):
        assert client.get(page("edition", 1, 1, code, language)).status_code == 404
    assert client.get(page("version", 1, 2)).status_code == 404


def test_roles_open_what_the_table_says_and_strangers_nothing(
    approved: LetterText, cast: SimpleNamespace, signed_in: Any
) -> None:
    letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    reads = [
        page("index"), page("workspace", 1), page("review", 1, "en"), page("version", 1, 1),
        page("edition", 1, 1, "KE", "en"), page("edition_pdf", 1, 1, "KE", "en"),
        page("edition_text", 1, 1, "KE", "en"), page("preview_pdf", 1, "en"), page("preview_text", 1, "en"),
    ]  # fmt: skip
    for address in reads:
        assert signed_in(cast.observer).get(address).status_code == 200
        assert signed_in(cast.outsider).get(address).status_code == 404
    observer, drafter, reviewer = signed_in(cast.observer), signed_in(cast.drafter), signed_in(cast.reviewer)
    assert observer.get(page("create")).status_code == 403
    assert reviewer.get(page("create")).status_code == 403
    assert drafter.get(page("freeze", 1)).status_code == 403
    assert drafter.post(page("approve", 1, "en")).status_code == 403
    assert observer.post(page("ask_review", 1, "en")).status_code == 403
    assert reviewer.get(page("ask_review", 1, "en")).status_code == 403
    assert drafter.get(page("send_back", 1, "en")).status_code == 403
    assert reviewer.get(page("approve", 1, "en")).status_code == 405
    make_campaign("mc12")
    for name, args in (("workspace", (1,)), ("review", (1, "en")), ("version", (1, 1))):
        assert signed_in(cast.coordinator).get(page(name, *args, slug="mc12")).status_code == 404


def test_another_campaigns_letters_are_not_here(letter: Letter, cast: SimpleNamespace, signed_in: Any) -> None:
    other = make_campaign("mc12")
    for _turn in range(2):
        theirs = LetterTemplate.objects.filter(campaign=other).first() or make_template(other, d.doc(d.par("x")))
        letter_create(campaign=other, actor=cast.outsider, template=theirs, title="Theirs", to_all=True)
    client = signed_in(cast.coordinator)
    assert "Theirs" not in client.get(page("index")).content.decode()
    assert client.get(page("workspace", 2)).status_code == 404
    assert client.get(page("freeze", 2)).status_code == 404
    assert client.post(page("freeze", 2)).status_code == 404


def test_a_page_in_a_language_that_the_letter_does_not_have_is_not_there(
    letter: Letter, cast: SimpleNamespace, signed_in: Any
) -> None:
    client = signed_in(cast.observer)
    assert client.get(page("workspace", 1), {"language": "fr"}).status_code == 404
    assert client.get(page("workspace", 1), {"language": "\x00"}).status_code == 404
    assert client.get(page("review", 1, "fr")).status_code == 404


def test_the_checklist_names_what_blocks_freezing_and_leads_to_the_place(
    world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    """Over all texts and governments; what every text says of the whole letter is said once."""
    world.kenya.capital = ""
    world.kenya.save()
    template = make_template(
        world.campaign, d.doc(d.par("To ", d.merge("member.capital"), d.cite("tp07-f01"), id="baaaaaaaa")), key="c"
    )
    letter = letter_create(campaign=world.campaign, actor=cast.drafter, template=template, title="L", to_all=True)
    letter_text_add(letter=letter, actor=cast.drafter, language="fr", start=Start.ORIGINAL)
    client = signed_in(cast.reviewer)
    shown = client.get(page("freeze", letter.number))
    checklist = shown.context["outlook"].checklist
    assert [(group.title, len(group.items)) for group in checklist.groups if group.tone == "bad"] == [
        ("Value missing", 2)
    ]
    text = html_of(shown)
    assert "“Capital” has no value for Kenya, and no fallback." in text
    assert "2 things block freezing." in text
    for language in ("en", "fr"):
        assert f"{page('workspace', letter.number)}?language={language}#baaaaaaaa" in text
    assert text.count("4 of 4 governments have no usable address.") == 1
    world.data.retired_at = timezone.now()
    world.data.save()
    groups = client.get(page("freeze", letter.number)).context["outlook"].checklist.groups
    assert ("Fact withdrawn", "bad", 2) in [(group.title, group.tone, len(group.items)) for group in groups]
