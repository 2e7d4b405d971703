"""A letter in several languages: texts are added, compared with the original, approved each, frozen together."""

import copy
import threading
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.core.errors import Conflict, DomainError, NotAllowed
from apps.core.models import AuditEvent
from apps.letters.document.traversal import plain_text
from apps.letters.models import FactUse, Letter, LetterText
from apps.letters.pages.translation_problems import translation_problems
from apps.letters.selectors.drafts import letter_state, letters_with_state, text_stage, texts_with_state
from apps.letters.selectors.editions import edition_for
from apps.letters.services.approvals import letter_text_approve, letter_text_ask_review
from apps.letters.services.drafts import TextRemoved, letter_text_save
from apps.letters.services.languages import StillNeeded, TextExists, letter_text_add, letter_text_remove
from apps.letters.services.versions import NotApproved, NothingChanged, OriginalLeftOut, letter_version_freeze
from tests.factories import documents as d
from tests.factories import html_of, make_campaign, make_member
from tests.factories.letters import limit_drafter, make_template


def add(letter: Letter, actor: Any, language: str = "fr", start: str = "original", **more: Any) -> LetterText:
    return letter_text_add(letter=letter, actor=actor, language=language, start=start, **more)


def save(text: LetterText, actor: Any, body: Any = None, subject: str = "Objet") -> LetterText:
    return letter_text_save(text=text, actor=actor, revision=text.revision, subject=subject, body=body or text.body)


def approve(text: LetterText, actor: Any) -> None:
    letter_text_approve(text=text, actor=actor, sha256=text.sha256)


def stage(text: LetterText) -> str:
    return text_stage(texts_with_state().get(pk=text.pk), text.letter.versions.order_by("-number").first())


def state(letter: Letter) -> str:
    return letter_state(letters_with_state(Letter.objects.filter(pk=letter.pk)).get())


# ---- adding ----------------------------------------------------------------------------------------------------------


def test_a_text_begins_from_the_original_a_template_or_nothing(letter: Letter, cast: SimpleNamespace) -> None:
    original = letter.texts.get()
    french = add(letter, cast.drafter)
    assert (french.subject, french.body, french.revision) == (original.subject, original.body, 1)
    assert set(french.fact_uses.values_list("fact__key", flat=True)) == {"tp02-f06", "tp07-f01"}
    template = make_template(letter.campaign, d.doc(d.par("Señor")), language="es", subject="No")
    assert add(letter, cast.drafter, "es", "template", template=template).subject == "No"
    assert plain_text(add(letter, cast.drafter, "ar", "empty").body) == ""
    assert AuditEvent.objects.filter(verb="letter_text.add").count() == 3


def test_a_template_has_to_be_in_the_language_and_of_the_campaign(letter: Letter, cast: SimpleNamespace) -> None:
    foreign = make_template(make_campaign("other"), language="fr", key="foreign")
    english = make_template(letter.campaign, key="english")
    for template in (english, foreign, None):
        with pytest.raises(DomainError, match="template in the language"):
            add(letter, cast.drafter, start="template", template=template)
    with pytest.raises(DomainError, match="cannot be written"):
        add(letter, cast.drafter, "tlh")


def test_whoever_adds_a_text_is_its_author(letter: Letter, cast: SimpleNamespace) -> None:
    french = add(letter, cast.coordinator)
    with pytest.raises(NotAllowed, match="Somebody else"):
        approve(french, cast.coordinator)
    approve(french, cast.reviewer)


def test_a_drafter_with_limits_adds_and_removes_texts_of_their_letters_only(
    letter: Letter, cast: SimpleNamespace
) -> None:
    french = add(letter, cast.drafter)
    limit_drafter(letter.campaign, cast.drafter, make_member("NO", "Norway"))
    for act in (lambda: add(letter, cast.drafter, "es"), lambda: letter_text_remove(text=french, actor=cast.drafter)):
        with pytest.raises(NotAllowed, match="do not draft for"):
            act()


def test_a_closed_letter_takes_no_text_and_loses_none(letter: Letter, cast: SimpleNamespace) -> None:
    french = add(letter, cast.drafter)
    Letter.objects.update(closed_at=timezone.now())
    for act in (lambda: add(letter, cast.drafter, "es"), lambda: letter_text_remove(text=french, actor=cast.drafter)):
        with pytest.raises(Conflict, match="This letter is closed"):
            act()


def at_once(*acts: Callable[[], Any]) -> list[str]:
    """The acts, each in a thread: the names of their errors, or "done"."""
    start = threading.Barrier(len(acts))
    results: list[str] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            start.wait(60)
            act()
            results.append("done")
        except DomainError as error:
            results.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    return sorted(results)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_add_a_language_at_once_one_is_told_to_open_it(letter: Letter, cast: SimpleNamespace) -> None:
    acts = [lambda actor=actor: add(letter, actor) for actor in (cast.drafter, cast.coordinator)]
    assert at_once(*acts) == ["TextExists", "done"]
    assert letter.texts.filter(language="fr").count() == 1
    with pytest.raises(TextExists, match="French text already"):
        add(letter, cast.drafter)


@pytest.mark.django_db(transaction=True)
def test_a_text_saved_while_the_letter_is_frozen_is_in_whole_or_not(
    approved: LetterText, cast: SimpleNamespace
) -> None:
    french = save(add(approved.letter, cast.drafter), cast.drafter)
    approve(french, cast.reviewer)
    results = at_once(
        lambda: save(french, cast.drafter, subject="Autre objet"),
        lambda: letter_version_freeze(letter=approved.letter, actor=cast.reviewer),
    )
    version = approved.letter.versions.first()
    assert results == (["done", "done"] if version else ["NotApproved", "done"])
    if version:
        assert version.subjects["fr"] == "Objet"


# ---- removing --------------------------------------------------------------------------------------------------------


def test_a_removed_text_is_out_of_the_letter_and_can_be_brought_back(
    approved: LetterText, cast: SimpleNamespace
) -> None:
    letter = approved.letter
    french = save(add(letter, cast.drafter), cast.drafter, d.doc(d.par("Bonjour", d.cite("tp07-f01"))))
    approve(french, cast.reviewer)
    letter_text_remove(text=french, actor=cast.drafter)
    assert list(letter.texts.values_list("language", flat=True)) == ["en"]
    assert not FactUse.objects.filter(text_id=french.pk).exists(), "it is no longer named where its facts are cited"
    with pytest.raises(TextRemoved):
        save(french, cast.drafter, subject="Trop tard")
    with pytest.raises(TextRemoved):
        letter_text_ask_review(text=french, actor=cast.drafter)
    with pytest.raises(TextRemoved):
        letter_text_remove(text=french, actor=cast.drafter)
    assert state(letter) == "approved"
    back = add(letter, cast.drafter, start="removed")
    assert (back.pk, back.subject, back.revision) == (french.pk, "Objet", french.revision)
    assert stage(back) == "approved", "exactly these words were approved"
    assert back.fact_uses.count() == 1


def test_a_language_that_was_removed_can_begin_anew_and_keeps_its_past(letter: Letter, cast: SimpleNamespace) -> None:
    french = save(add(letter, cast.drafter), cast.drafter)
    letter_text_remove(text=french, actor=cast.drafter)
    anew = add(letter, cast.coordinator, start="empty")
    assert (anew.pk, anew.revision, anew.saved_by) == (french.pk, french.revision + 1, cast.coordinator)
    assert anew.revisions.count() == 3
    with pytest.raises(Conflict, match="saved this text"):
        save(french, cast.drafter, subject="In a window that was left open")


def test_the_original_and_what_is_frozen_stay(approved: LetterText, cast: SimpleNamespace) -> None:
    letter = approved.letter
    french = save(add(letter, cast.drafter), cast.drafter)
    with pytest.raises(StillNeeded, match="began with this text"):
        letter_text_remove(text=approved, actor=cast.drafter)
    approve(french, cast.reviewer)
    letter_version_freeze(letter=letter, actor=cast.reviewer)
    with pytest.raises(StillNeeded, match="Version 1 has this text"):
        letter_text_remove(text=french, actor=cast.drafter)


def test_a_removed_language_has_to_be_there_to_begin_with_it(letter: Letter, cast: SimpleNamespace) -> None:
    with pytest.raises(DomainError, match="has had no text"):
        add(letter, cast.drafter, start="removed")


# ---- approving and freezing ------------------------------------------------------------------------------------------


def test_each_text_has_a_state_of_its_own(approved: LetterText, cast: SimpleNamespace) -> None:
    french = add(approved.letter, cast.drafter)
    assert (stage(approved), stage(french)) == ("approved", "drafting")
    letter_text_ask_review(text=french, actor=cast.drafter)
    assert (stage(french), state(french.letter)) == ("in_review", "in_review")
    approve(french, cast.reviewer)
    assert state(french.letter) == "approved"
    french = save(french, cast.drafter)
    assert (stage(french), stage(approved)) == ("changed", "approved")
    approve(french, cast.reviewer)
    letter_version_freeze(letter=french.letter, actor=cast.reviewer)
    assert (stage(french), stage(approved), state(french.letter)) == ("frozen", "frozen", "frozen")


def test_a_text_that_is_not_approved_stops_freezing_unless_it_is_left_out(
    approved: LetterText, cast: SimpleNamespace
) -> None:
    letter = approved.letter
    french = add(letter, cast.drafter)
    with pytest.raises(NotApproved, match="French"):
        letter_version_freeze(letter=letter, actor=cast.reviewer)
    with pytest.raises(OriginalLeftOut):
        letter_version_freeze(letter=letter, actor=cast.reviewer, without={"en", "fr"})
    first = letter_version_freeze(letter=letter, actor=cast.reviewer, without={"fr"})
    assert list(first.subjects) == ["en"]
    assert (state(letter), stage(french)) == ("frozen", "drafting"), "a draft that was left out does not unfreeze it"
    with pytest.raises(NothingChanged):
        letter_version_freeze(letter=letter, actor=cast.reviewer, without={"fr"})
    approve(french, cast.reviewer)
    assert state(letter) == "approved"
    second = letter_version_freeze(letter=letter, actor=cast.reviewer, change="material", reason="French came.")
    assert set(second.subjects) == {"en", "fr"}
    assert first.sha256 != second.sha256, "the hash covers all texts"


def test_a_text_added_after_the_page_was_opened_is_never_frozen_unread(
    approved: LetterText, cast: SimpleNamespace
) -> None:
    add(approved.letter, cast.drafter)
    add(approved.letter, cast.drafter, "es")
    with pytest.raises(NotApproved) as caught:
        letter_version_freeze(letter=approved.letter, actor=cast.reviewer, without={"fr"})
    assert caught.value.languages == ["es"]


def test_who_has_no_text_gets_the_working_language_then_the_campaigns(
    approved: LetterText, cast: SimpleNamespace, world: SimpleNamespace
) -> None:
    world.campaign.languages = ["es", "en"]
    world.campaign.save()
    approve(add(approved.letter, cast.drafter, "es"), cast.reviewer)
    version = letter_version_freeze(letter=approved.letter, actor=cast.reviewer)
    assert edition_for(version, world.kenya, "sw").language == "en", "Kenya's working language"
    world.kenya.working_language = "sw"
    assert edition_for(version, world.kenya, "sw").language == "es", "the campaign's first"
    assert edition_for(version, world.kenya, "en").language == "en"


# ---- compared with the original --------------------------------------------------------------------------------------


@pytest.fixture
def french(letter: Letter, cast: SimpleNamespace) -> LetterText:
    return add(letter, cast.drafter)


def said(text: LetterText, body: Any, subject: str = "Objet") -> list[str]:
    return [f"{problem.kind}: {problem.text}" for problem in translation_problems(text, body, subject)]


def translated() -> Any:
    """The factory's letter with other words."""

    def changed(node: Any) -> Any:
        if isinstance(node, list):
            return [changed(one) for one in node]
        if isinstance(node, dict):
            return {key: f"« {value} »" if key == "text" else changed(value) for key, value in node.items()}
        return node

    return changed(copy.deepcopy(d.letter()))


def test_a_translation_with_the_same_parts_has_nothing_to_check(french: LetterText) -> None:
    assert said(french, translated()) == []
    assert translation_problems(french.letter.texts.get(language="en"), d.doc(), "S") == [], "the original itself"
    assert said(french, d.doc()) == [], "an empty text is flagged as such"


def test_a_copy_says_how_much_is_not_translated(french: LetterText) -> None:
    assert said(french, french.body, french.subject) == [
        "untranslated: The subject is still that of the English text.",
        "untranslated: 5 paragraphs are still those of the English text.",
    ]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            lambda body: body["content"].pop(2),
            [
                "passage: The French text lacks the passage for African Group, which the English text has.",
            ],
        ),
        (
            lambda body: body["content"].pop(3),
            [
                "passage: The French text lacks the passage for all but Least developed countries, "
                "which the English text has."
            ],
        ),
        (
            lambda body: body["content"].append(d.audience(d.par("Rien"), only=["member:KE"], without=["group:ldc"])),
            [
                "passage: The French text has a passage for Kenya, but not Least developed countries, "
                "which the English text lacks."
            ],
        ),
        (
            lambda body: body["content"].pop(5),
            [
                "passage: The French text lacks the passage from talking point 7, which the English text has.",
                "cites: The French text does not cite what the English text cites: 7.1.",
            ],
        ),
        (
            lambda body: body["content"].append(d.point(2, d.par("Deux"))),
            ["passage: The French text has a passage from talking point 2, which the English text lacks."],
        ),
        (
            lambda body: body["content"][8]["content"].pop(),
            ["words: Numbered lists of the French text have 1 lines, those of the English text 2."],
        ),
        (
            lambda body: body["content"].pop(10),
            ["words: The French text does not say who signed, as the English text does."],
        ),
        (
            lambda body: body["content"].pop(7),
            ["words: The French text lacks fields that the English text has: Government’s country."],
        ),
        (
            lambda body: body["content"].append(d.par("Les 164 membres")),
            ["number: The French text has numbers that the English text lacks: 164."],
        ),
    ],
)
def test_what_differs_from_the_original_is_named(french: LetterText, change: Any, expected: list[str]) -> None:
    body = translated()
    change(body)
    assert said(french, body) == expected


def test_numbers_are_compared_whatever_separates_their_digits(french: LetterText, cast: SimpleNamespace) -> None:
    original = french.letter.texts.get(language="en")
    save(original, cast.drafter, d.doc(d.par("1,000 of 3.5 million farmers in 2016, 164 members")))
    kinds = {
        problem.kind: problem.text
        for problem in translation_problems(
            french, d.doc(d.par("1\u202f000 des 3,5 millions de paysans en 2016, 146 membres")), "Objet"
        )
    }
    assert kinds["number"] == "The French text has numbers that the English text lacks: 146."
    arabic = d.doc(d.par("١٬٠٠٠ من ٣٫٥ مليون في ٢٠١٦، ١٦٤ عضوا"))
    assert not [one for one in translation_problems(french, arabic, "س") if one.kind == "number"]


def test_a_change_of_the_original_asks_to_compare_again(french: LetterText, cast: SimpleNamespace) -> None:
    original = french.letter.texts.get(language="en")
    french = save(french, cast.drafter, translated())
    save(original, cast.drafter, subject="Another subject")
    (problem,) = translation_problems(french, french.body, french.subject)
    assert (problem.kind, problem.links[0][0]) == ("outdated", "English")
    approve(french, cast.reviewer)
    assert translation_problems(french, french.body, french.subject) == [], "whoever approves has compared them"


# ---- pages -----------------------------------------------------------------------------------------------------------


def url(name: str, letter: Letter, *more: str) -> str:
    return reverse(f"letters:{name}", args=[letter.campaign.slug, letter.number, *more])


def test_a_drafter_adds_a_language_that_the_letter_lacks(letter: Letter, cast: SimpleNamespace, signed_in: Any) -> None:
    client: Client = signed_in(cast.drafter)
    assert url("text_add", letter, "es") in html_of(client.get(url("languages", letter)))
    assert client.get(url("text_add", letter, "tlh")).status_code == 404
    refused = client.post(url("text_add", letter, "es"), {})
    assert refused.status_code == 400
    assert "Choose what the text begins with." in html_of(refused)
    assert client.post(url("text_add", letter, "es"), {"start": "template-999999"}).status_code == 400
    assert client.post(url("text_add", letter, "es"), {"start": "original"}).status_code == 302
    again = client.post(url("text_add", letter, "es"), {"start": "empty"}, follow=True)
    assert again.context["text"].language == "es"
    assert "Somebody has added the Spanish text already" in html_of(again)
    assert again.context["text"].subject, "the second press changed nothing"


def test_readers_see_the_texts_and_no_way_to_change_them(letter: Letter, cast: SimpleNamespace, signed_in: Any) -> None:
    add(letter, cast.drafter)
    shown = html_of(signed_in(cast.observer).get(url("languages", letter)))
    assert "French" in shown
    assert "Add a language" not in shown
    assert url("text_remove", letter, "fr") not in shown


def test_removing_says_what_happens_first(letter: Letter, cast: SimpleNamespace, signed_in: Any) -> None:
    client: Client = signed_in(cast.drafter)
    add(letter, cast.drafter)
    assert "Its words and approvals are kept" in html_of(client.get(url("text_remove", letter, "fr")))
    assert letter.texts.count() == 2, "looking removes nothing"
    kept = client.post(url("text_remove", letter, "en"))
    assert (kept.status_code, letter.texts.count()) == (409, 2)
    client.post(url("text_remove", letter, "fr"))
    assert letter.texts.count() == 1
    offered = client.get(url("text_add", letter, "fr")).context["form"].fields["start"].choices
    assert offered[0] == ("removed", "The text that was removed, as it was")


def test_whoever_freezes_ticks_what_is_left_out(approved: LetterText, cast: SimpleNamespace, signed_in: Any) -> None:
    letter, client = approved.letter, signed_in(cast.reviewer)
    add(letter, cast.drafter)
    shown = html_of(client.get(url("freeze", letter)))
    assert "Not approved: it has to be left out, or approved first." in shown
    refused = client.post(url("freeze", letter))
    assert refused.status_code == 409
    assert "Not approved since the last change: French." in html_of(refused)
    assert client.post(url("freeze", letter), {"without": ["fr"]}).status_code == 302
    assert list(letter.versions.get().subjects) == ["en"]
    assert "There is nothing to freeze" in html_of(client.get(url("freeze", letter)))
