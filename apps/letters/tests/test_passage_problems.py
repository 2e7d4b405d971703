"""What is wrong in passages for single governments, and what the checklist says of it."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from apps.letters.models import Letter, LetterText
from apps.letters.pages.draft_problems import LOST_WORDS, text_problems
from apps.letters.selectors.drafts import text_facts
from apps.letters.services.adaptations import adaptation_save
from apps.letters.services.drafts import letter_create, letter_text_save
from tests.factories import documents as d
from tests.factories import html_of
from tests.factories.letters import make_template

FIRST, SECOND = "baaaaaaaa", "bbbbbbbbb"


def place(member: Any) -> str:
    return reverse("letters:country_letter", args=["mc11", 1, "en", member.code])


@pytest.fixture
def text(world: SimpleNamespace, cast: SimpleNamespace) -> LetterText:
    """To Kenya and Togo, which have passages of their own."""
    body = d.doc(d.par("Dear all,", id=FIRST), d.par("No member should pay twice.", id=SECOND), d.signatories())
    letter = letter_create(
        campaign=world.campaign, actor=cast.drafter, template=make_template(world.campaign, body, key="short"),
        title="To two", members=[world.kenya, world.togo],
    )  # fmt: skip
    text = letter.texts.get()
    for member in (world.kenya, world.togo):
        own = d.doc(d.par("Its own law would fall.", d.cite("tp07-f01"), d.lost("image", "levies")))
        adaptation_save(text=text, member=member, actor=cast.coordinator, kind="replace", block=SECOND, content=own)
    return text


def freezing(signed_in: Any, cast: SimpleNamespace) -> Any:
    return signed_in(cast.reviewer).get(reverse("letters:freeze", args=["mc11", 1]))


def blocking(shown: Any) -> dict[str, int]:
    groups = shown.context["outlook"].checklist.groups
    return {group.title: len(group.items) for group in groups if group.tone == "bad"}


def test_what_is_wrong_in_a_passage_is_said_with_its_government(
    text: LetterText, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    world.data.verification, world.data.retired_at = "unverified", timezone.now()
    world.data.save()
    found = text_problems(text, text.body, text.subject, text_facts(text))
    assert [(one.kind, one.text.partition(":")[0], one.links[0][1]) for one in found if one.tone == "bad"] == [
        (kind, member.name, place(member)) for member in (world.kenya, world.togo) for kind in ("fact_retired", "lost")
    ]
    assert [one.kind for one in found].count("fact_unverified") == 1, "said once of all passages"
    shown = freezing(signed_in, cast)
    assert blocking(shown) == {"Fact withdrawn": 2, "Left out of a paste": 2}
    assert f'<a href="{place(world.kenya)}">Kenya</a>' in html_of(shown)
    Letter.objects.get().to_members.remove(world.togo)
    found = text_problems(text, text.body, text.subject, text_facts(text))
    assert {one.text.partition(":")[0] for one in found if one.tone == "bad"} == {"Kenya"}, "Togo gets no letter"


def test_an_empty_field_of_a_passage_is_on_the_checklist_with_its_place(
    text: LetterText, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    """Kenya has no capital, and only its passages name that: once without a fallback."""
    world.kenya.capital = ""
    world.kenya.save()
    for member in (world.kenya, world.togo):
        own = d.doc(d.par("In ", d.merge("member.capital"), ", or ", d.merge("member.capital", "at home"), "."))
        adaptation_save(text=text, member=member, actor=cast.coordinator, kind="after", block=SECOND, content=own)
    shown = freezing(signed_in, cast)
    assert blocking(shown) == {"Value missing": 1, "Left out of a paste": 2}
    (group,) = [one for one in shown.context["outlook"].checklist.groups if one.title == "Value missing"]
    (item,) = group.items
    assert (item.problem.text, item.url) == ("Kenya: “Capital” is empty.", "")
    assert item.problem.links == (("Kenya", place(world.kenya)),)


def test_the_checklist_says_all_that_blocks_freezing_at_once(
    text: LetterText, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    """A passage whose government no longer gets its place, a field without a value, and a withdrawn fact."""
    world.data.retired_at = timezone.now()
    world.data.save()
    world.kenya.capital = ""
    world.kenya.save()
    text.refresh_from_db()
    changed = d.doc(
        d.par("Dear all in ", d.merge("member.capital"), ",", id=FIRST),
        d.audience(d.par("No member should pay twice.", id=SECOND), only=["group:ldc"]),
        d.signatories(),
    )
    letter_text_save(text=text, actor=cast.drafter, revision=text.revision, subject=text.subject, body=changed)
    shown = freezing(signed_in, cast)
    assert blocking(shown) == {
        "Value missing": 1, "Fact withdrawn": 2, "Left out of a paste": 2, "Passage without a place": 1,
    }  # fmt: skip
    words = "A passage for Kenya has lost its place in the text. Move or remove it."
    item = next(
        item
        for group in shown.context["outlook"].checklist.groups
        for item in group.items
        if item.problem.text == words
    )
    assert (item.url, item.problem.links) == ("", (("Kenya", place(world.kenya)),))


def test_the_editor_of_a_passage_knows_marks_and_the_facts_of_the_letter(
    text: LetterText, world: SimpleNamespace, cast: SimpleNamespace, signed_in: Any
) -> None:
    text.refresh_from_db()
    cited = d.doc(d.par("Dear all,", d.cite("tp07-f01"), id=FIRST), d.par("Pay once.", id=SECOND), d.signatories())
    letter_text_save(text=text, actor=cast.drafter, revision=text.revision, subject=text.subject, body=cited)
    page = reverse("letters:adapt", args=["mc11", 1, "en", "KE"])
    data = signed_in(cast.coordinator).get(page, {"kind": "after", "block": FIRST}).context["editor_data"]
    assert data["lost_words"] == LOST_WORDS
    assert [*data["facts"]] == ["tp07-f01"]
