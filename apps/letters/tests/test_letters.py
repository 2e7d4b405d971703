"""What is around a letter's text: title, copies, archive, and who gets it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.models import AuditEvent
from apps.letters.models import Letter, LetterText
from apps.letters.pages.addressee_change import addressee_change
from apps.letters.selectors.letters import letter_addressees
from apps.letters.services.adaptations import adaptation_save
from apps.letters.services.approvals import letter_text_ask_review
from apps.letters.services.drafts import LetterArchived, letter_text_save
from apps.letters.services.letters import (
    AddresseesChanged,
    AddresseesFrozen,
    addressees_key,
    letter_addressees_change,
    letter_archive,
    letter_bring_back,
    letter_duplicate,
    letter_rename,
)
from apps.letters.services.versions import letter_version_freeze
from tests.factories import documents as d
from tests.factories import html_of
from tests.factories.concurrency import at_once, errors
from tests.factories.letters import limit_drafter


def url(name: str, letter: Letter) -> str:
    return reverse(f"letters:{name}", args=[letter.campaign.slug, letter.number])


def codes(letter: Letter) -> list[str]:
    letter.refresh_from_db()
    return sorted(member.code for member in letter_addressees(letter, letter.campaign.ends_on))


def test_a_letter_is_renamed(letter: Letter, cast: SimpleNamespace, signed_in: Any) -> None:
    client: Client = signed_in(cast.drafter)
    refused = client.post(url("settings", letter), {"title": " "})
    assert (refused.status_code, "Fill this in." in html_of(refused)) == (400, True)
    assert client.post(url("settings", letter), {"title": " رسالة إلى كينيا "}).status_code == 302
    letter.refresh_from_db()
    assert letter.title == "رسالة إلى كينيا"
    assert AuditEvent.objects.filter(verb="letter.rename").count() == 1


def test_a_duplicate_is_drafted_by_itself(
    letter: Letter, text: LetterText, cast: SimpleNamespace, signed_in: Any
) -> None:
    client: Client = signed_in(cast.drafter)
    assert "Copy of To Kenya" in html_of(client.get(url("duplicate", letter)))
    assert Letter.objects.count() == 1, "looking copies nothing"
    client.post(url("duplicate", letter), {"title": "Second"})
    copy = Letter.objects.get(number=2)
    assert (copy.title, copy.template, codes(copy)) == ("Second", letter.template, ["KE"])
    assert copy.template_text == letter.template_text
    own = copy.texts.get()
    assert (own.body, own.revision, own.approvals.count()) == (text.body, 1, 0)
    letter_text_save(text=own, actor=cast.drafter, revision=1, subject="Other", body=d.doc(d.par("Other")))
    text.refresh_from_db()
    assert text.subject != "Other"


def test_a_governments_own_passage_goes_with_a_duplicate_and_is_named_when_it_gets_no_letter(
    letter: Letter, text: LetterText, world: SimpleNamespace, cast: SimpleNamespace
) -> None:
    block = text.body["content"][1]["attrs"]["id"]
    own = d.doc(d.par("For Kenya alone"))
    adaptation_save(
        text=text, member=world.kenya, actor=cast.drafter, kind="replace", block=block, content=own
    )  # fmt: skip
    text.refresh_from_db()
    copied = letter_duplicate(letter=letter, actor=cast.drafter, title="Second").texts.get()
    assert [(one.member, one.block, one.revisions.count()) for one in copied.adaptations.all()] == [
        (world.kenya, block, 1)
    ]
    assert copied.adaptations_sha256 == text.adaptations_sha256
    change = addressee_change(letter, to_all=False, groups=[], members=[world.togo])
    assert (change.adapted, change.removed) == (1, ["Kenya"])
    assert addressee_change(letter, to_all=True, groups=[], members=[]).adapted == 0


def test_an_archived_letter_is_put_aside_until_it_is_brought_back(
    letter: Letter, text: LetterText, cast: SimpleNamespace, signed_in: Any
) -> None:
    client: Client = signed_in(cast.drafter)
    client.post(url("archive", letter))
    page = reverse("letters:index", args=[letter.campaign.slug])
    assert url("workspace", letter) not in html_of(client.get(page))
    assert url("workspace", letter) in html_of(client.get(page, {"show": "archived"}))
    assert "It is archived" in html_of(client.get(url("workspace", letter)))
    for act in (
        lambda: letter_text_save(text=text, actor=cast.drafter, revision=1, subject="x", body=text.body),
        lambda: letter_text_ask_review(text=text, actor=cast.drafter),
        lambda: letter_rename(letter=letter, actor=cast.drafter, title="x"),
        lambda: letter_addressees_change(letter=letter, actor=cast.coordinator, to_all=True),
        lambda: letter_version_freeze(letter=letter, actor=cast.coordinator),
    ):
        with pytest.raises(LetterArchived):
            act()
    government = reverse("dashboard:government", args=[letter.campaign.slug, "KE"])
    assert url("workspace", letter) not in html_of(client.get(government))
    copy = letter_duplicate(letter=letter, actor=cast.drafter, title="A copy goes on")
    assert url("workspace", copy) in html_of(client.get(government))
    assert copy.archived_at is None
    letter_archive(letter=letter, actor=cast.drafter)
    assert AuditEvent.objects.filter(verb="letter.archive").count() == 1, "twice is as once"
    client.post(url("archive", letter), {"back": "1"})
    letter.refresh_from_db()
    assert letter.archived_at is None


def test_the_list_shows_letters_by_state(
    letter: Letter, text: LetterText, cast: SimpleNamespace, signed_in: Any
) -> None:
    letter_text_ask_review(text=text, actor=cast.drafter)
    client: Client = signed_in(cast.observer)
    page = reverse("letters:index", args=[letter.campaign.slug])
    for show, found in {"": True, "in_review": True, "drafting": False, "archived": False, "nonsense": False}.items():
        assert (url("workspace", letter) in html_of(client.get(page, {"show": show}))) is found, show


# ---- who gets it -----------------------------------------------------------------------------------------------------


def test_a_change_says_what_follows_and_waits_for_a_second_press(
    letter: Letter, text: LetterText, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    client: Client = signed_in(cast.coordinator)
    body = d.doc(*text.body["content"], d.audience(d.par("To Kenya"), only=["member:KE"]))
    letter_text_save(text=text, actor=cast.drafter, revision=1, subject=text.subject, body=body)
    shown = client.get(url("addressees", letter))
    assert "checked" in html_of(shown)
    assert shown.context["form"].codes_by_group()[world.african.pk] == ["KE", "TG"]
    chosen = {"to": "chosen", "groups": [world.ldc.pk], "ticked": ["FR"], "members": "ph; Philippines"}
    answer = client.post(url("addressees", letter), {**chosen, "do": "show"})
    said = html_of(answer)
    assert "Then 3 governments get this letter." in said
    assert "<bdi>Kenya</bdi>" in said.partition("1 no longer gets it:")[2][:60]
    assert "1 passage is then for nobody:" in said, "that for the African Group is still for Togo"
    assert codes(letter) == ["KE"], "nothing is changed yet"
    seen = answer.context["seen"]
    done = client.post(url("addressees", letter), {**chosen, "do": "change", "seen": seen}, follow=True)
    assert "Changed who gets the letter." in html_of(done)
    assert codes(letter) == ["FR", "PH", "TG"]
    row = AuditEvent.objects.get(verb="letter.change_addressees")
    assert (row.data["groups"], row.data["members"]) == (["ldc"], ["FR", "PH"])
    late = client.post(url("addressees", letter), {"to": "all", "do": "change", "seen": seen})
    assert late.status_code == 409
    assert "Somebody changed who gets this letter" in html_of(late)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"to": "chosen"}, "Name at least one government, or tick a group."),
        ({"to": "chosen", "members": "Atlantis"}, "Not among the governments here: Atlantis"),
        ({"to": "chosen", "ticked": ["XX"]}, "not one of the available"),
        ({"to": "chosen", "groups": ["0"]}, "not one of the available"),
    ],
)
def test_what_cannot_be_chosen_is_said(
    letter: Letter, cast: SimpleNamespace, signed_in: Any, data: dict[str, Any], words: str
) -> None:
    answer = signed_in(cast.coordinator).post(url("addressees", letter), {**data, "do": "change"})
    assert (answer.status_code, words in html_of(answer)) == (400, True)
    assert codes(letter) == ["KE"]


def test_the_limits_of_a_drafter_hold(
    letter: Letter, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    limit_drafter(world.campaign, cast.drafter, world.kenya, world.togo)
    client: Client = signed_in(cast.drafter)
    offered = client.get(url("addressees", letter)).context["form"]
    assert [code for code, _name in offered.fields["ticked"].choices] == ["KE", "TG"]
    refused = client.post(url("addressees", letter), {"to": "all", "do": "change"})
    assert refused.status_code == 400
    with pytest.raises(NotAllowed):
        letter_addressees_change(letter=letter, actor=cast.drafter, to_all=False, groups=[world.african])
    letter_addressees_change(letter=letter, actor=cast.drafter, to_all=False, members=[world.togo])
    assert codes(letter) == ["TG"]
    letter_addressees_change(letter=letter, actor=cast.coordinator, to_all=True)
    for act in (letter_archive, letter_bring_back):
        with pytest.raises(NotAllowed):
            act(letter=letter, actor=cast.drafter)
    with pytest.raises(NotAllowed):
        letter_duplicate(letter=letter, actor=cast.drafter, title="Mine")


def test_a_frozen_letter_keeps_its_addressees(
    approved: LetterText, cast: SimpleNamespace, world: SimpleNamespace, signed_in: Any
) -> None:
    letter = approved.letter
    letter_version_freeze(letter=letter, actor=cast.coordinator)
    with pytest.raises(AddresseesFrozen):
        letter_addressees_change(letter=letter, actor=cast.coordinator, to_all=True)
    client: Client = signed_in(cast.coordinator)
    assert "Duplicate it to write to others" in html_of(client.get(url("addressees", letter)))
    assert client.post(url("addressees", letter), {"to": "all", "do": "change", "seen": ""}).status_code == 409


@pytest.mark.django_db(transaction=True)
def test_freezing_and_changing_addressees_at_once_never_mix(
    approved: LetterText, cast: SimpleNamespace, world: SimpleNamespace
) -> None:
    letter, seen = approved.letter, addressees_key(approved.letter)
    results = at_once(
        lambda: letter_version_freeze(letter=letter, actor=cast.coordinator),
        lambda: letter_addressees_change(
            letter=letter, actor=cast.coordinator, to_all=False, members=[world.togo], seen=seen
        ),
        lambda: letter_addressees_change(
            letter=letter, actor=cast.coordinator, to_all=False, members=[world.france], seen=seen
        ),
    )
    assert all(isinstance(error, Conflict | DomainError) for error in errors(results))
    version = letter.versions.get()
    assert sorted(edition.member.code for edition in version.editions.select_related("member")) == codes(letter)
    changed = [result for result in results[1:] if not isinstance(result, Exception)]
    assert len(changed) <= 1, "whoever comes second has seen another list"
    assert {type(error) for error in errors(results)} <= {AddresseesFrozen, AddresseesChanged}


def test_governments_are_named_in_the_language_of_the_page(
    letter: Letter, text: LetterText, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    cast.coordinator.language = "ar"
    cast.coordinator.save()
    client: Client = signed_in(cast.coordinator)
    args = [letter.campaign.slug, letter.number, text.language]
    pages = [url(name, letter) for name in ("settings", "addressees")]
    pages += [reverse("letters:review", args=args), reverse("letters:country_letter", args=[*args, "KE"])]
    for page in pages:
        shown = html_of(client.get(page))
        assert "كينيا" in shown, page
    data = client.get(url("workspace", letter)).context["editor_data"]
    assert [member["name"] for member in data["members"]] == ["كينيا"]
    assert "كينيا" in [entry["label"] for entry in data["audiences"]]
    sent = {"to": "chosen", "members": "توغو; Kenya"}
    assert "توغو" in html_of(client.post(url("addressees", letter), sent))
