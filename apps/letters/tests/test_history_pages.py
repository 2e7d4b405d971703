"""The history of a text as its page shows it."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from apps.core.types import JsonObject
from apps.letters.models import LetterText, TextUpdate
from apps.letters.pages.text_history import PER_PAGE
from apps.letters.services.approvals import letter_text_approve, letter_text_ask_review
from apps.letters.services.drafts import letter_text_save
from tests.factories import documents as d

pytestmark = pytest.mark.django_db


def page(name: str, text: LetterText, *more: int) -> str:
    return reverse(f"letters:{name}", args=[text.letter.campaign.slug, text.letter.number, text.language, *more])


def written(text: LetterText, person: Any, words: str, *, hours: int) -> LetterText:
    """The text with this paragraph at its end, so many hours from now."""
    paragraph: JsonObject = {"type": "paragraph", "content": [{"type": "text", "text": words}]}
    text = LetterText.objects.get(pk=text.pk)
    body = {**text.body, "content": [*text.body["content"], paragraph]}
    with mock.patch.object(timezone, "now", return_value=timezone.now() + timedelta(hours=hours)):
        return letter_text_save(text=text, actor=person, revision=text.revision, subject=text.subject, body=body)


@pytest.fixture
def history(text: LetterText, cast: SimpleNamespace) -> LetterText:
    """Two stretches, by two people."""
    written(text, cast.drafter, "Data is a raw material.", hours=-2)
    return written(text, cast.coordinator, "نطلب من حكومتكم الرفض.", hours=-1)


def test_each_stretch_says_who_and_any_two_states_are_compared(
    history: LetterText, cast: SimpleNamespace, client: Client
) -> None:
    client.force_login(cast.observer)
    shown = client.get(page("history", history))
    assert "<ins>نطلب من حكومتكم الرفض.</ins>" in shown.text
    first, middle, last = sorted(TextUpdate.objects.filter(text=history).values_list("sequence", flat=True))
    both = client.get(page("history", history), {"older": last, "newer": first}).text
    assert "<ins>Data is a raw material.</ins>" in both
    assert "<ins>نطلب" in both
    one = client.get(page("history", history), {"older": first, "newer": middle}).text
    assert "<ins>نطلب" not in one
    assert str(cast.drafter) in one
    assert "Bring it back" not in one, "an observer brings nothing back"


def test_a_state_gets_a_name_and_is_brought_back(history: LetterText, cast: SimpleNamespace, client: Client) -> None:
    client.force_login(cast.drafter)
    middle = sorted(TextUpdate.objects.filter(text=history).values_list("sequence", flat=True))[1]
    assert client.post(page("state_name", history, middle), {"name": "Before the meeting"}).status_code == 302
    assert "Before the meeting" in client.get(page("history", history)).text
    again = client.post(page("state_name", history, middle), {"name": "Before the meeting"})
    assert again.status_code == 409
    assert again.text.count('value="Before the meeting"') == again.text.count("<details open>") == 1
    opened = again.text.split("<details open>")[1].split("</details>")[0]
    assert f'id="name-{middle}"' in opened
    assert 'value="Before the meeting"' in opened
    looked = client.get(page("state_restore", history, middle))
    assert "<del>نطلب من حكومتكم الرفض.</del>" in looked.text
    assert "نطلب" in str(LetterText.objects.get(pk=history.pk).body), "looking changes nothing"
    assert client.post(page("state_restore", history, middle)).status_code == 302
    body = str(LetterText.objects.get(pk=history.pk).body)
    assert "نطلب" not in body
    assert "Data is a raw material." in body
    assert "نطلب" in client.get(page("history", history)).text, "what was taken out stays in the history"


BOLD, PLAIN = ({"type": "text", "text": "Data", **marks} for marks in ({"marks": [{"type": "bold"}]}, {}))
AS_HEADING = {"type": "heading", "attrs": {"level": 2}, "content": [PLAIN]}
SIGNATURES = [{"type": "signatories"}]


@pytest.mark.parametrize(
    ("block", "more", "shown"),
    [
        ({"type": "paragraph", "content": [BOLD]}, [], "<b>Data</b>"),
        (AS_HEADING, [], ">Data</p>"),
        ({"type": "blockquote", "content": [{"type": "paragraph", "content": [PLAIN]}]}, [], ">Data</p>"),
        ({"type": "paragraph", "content": [PLAIN]}, SIGNATURES, ""),
    ],
)
def test_changed_formatting_is_said_where_no_words_changed_and_is_brought_back(
    text: LetterText, cast: SimpleNamespace, client: Client, block: JsonObject, more: list[JsonObject], shown: str
) -> None:
    only = {"type": "doc", "content": [{"type": "paragraph", "content": [PLAIN]}]}
    text = letter_text_save(text=text, actor=cast.drafter, revision=1, subject="Data", body=only)
    text = letter_text_ask_review(text=text, actor=cast.drafter)
    letter_text_approve(text=text, actor=cast.reviewer, sha256=text.sha256)
    begun = TextUpdate.objects.filter(text=text).latest("sequence").sequence
    body = {"type": "doc", "content": [block, *more]}
    letter_text_save(text=text, actor=cast.coordinator, revision=text.revision, subject="Data", body=body)
    said = "Only the formatting changed, no words."
    client.force_login(cast.drafter)
    compared = f"{page('history', text)}?older={begun}"
    for address in (compared, page("review", text), page("state_restore", text, begun)):
        answer = client.get(address).text
        assert said in answer
        assert shown in answer
    assert client.post(page("state_restore", text, begun)).status_code == 302
    assert said not in client.get(page("review", text)).text


@pytest.mark.parametrize("asked", [{"older": "x"}, {"newer": "99999"}, {"older": "9" * 30}, {"newer": "-1"}])
def test_states_that_are_not_there_show_the_last_change(
    history: LetterText, cast: SimpleNamespace, client: Client, asked: dict[str, str]
) -> None:
    client.force_login(cast.observer)
    assert "<ins>نطلب" in client.get(page("history", history), asked).text
    client.force_login(cast.drafter)
    assert client.get(page("state_restore", history, 99999)).status_code == 404


def test_a_word_that_only_became_bold_or_leads_elsewhere_is_a_difference(
    text: LetterText, cast: SimpleNamespace, client: Client
) -> None:
    def said(*pieces: Any) -> None:
        row = LetterText.objects.get(pk=text.pk)
        body = {**row.body, "content": [*row.body["content"][:1], d.par(*pieces, id="bmarkedup")]}
        letter_text_save(text=row, actor=cast.drafter, revision=row.revision, subject=row.subject, body=body)

    def shown() -> str:
        return re.sub(r"\s+>", ">", client.get(page("history", text)).text)

    client.force_login(cast.observer)
    said("Keep our own rules, <b>all</b> of them.")
    said(
        "Keep our ", d.text("own", "bold", "italic"), " ", d.text("rules", href="https://a.example/old"),
        ", <b>all</b> of them.",
    )  # fmt: skip
    first = shown()
    assert "<b><i>own</i></b>" in first
    assert "(https://a.example/old)" in first
    assert "&lt;b&gt;all&lt;/b&gt;" in first, "what somebody typed is no mark"
    for marks in ((), ("bold",)):
        said("We ask ", d.merge("member.name", "", *marks), ".")
    assert "<b>{<bdi>Government’s country</bdi>}</b>" in shown()


def lengthened(text: LetterText, person: Any, *, stretches: int) -> None:
    """Stretches that change nothing, an hour apart."""
    text.refresh_from_db()
    numbers = range(text.sequence + 1, text.sequence + stretches + 1)
    TextUpdate.objects.bulk_create(
        TextUpdate(
            text=text, sequence=number, update=b"\x00\x00", client=7, actor_id=person.pk,
            at=timezone.now() + timedelta(hours=number),
        )
        for number in numbers
    )  # fmt: skip
    LetterText.objects.filter(pk=text.pk).update(sequence=numbers[-1], body_sequence=numbers[-1])


def test_the_history_goes_on_until_the_text_began(
    history: LetterText, cast: SimpleNamespace, client: Client, django_assert_num_queries: Any
) -> None:
    client.force_login(cast.drafter)
    first, middle, last = sorted(TextUpdate.objects.filter(text=history).values_list("sequence", flat=True))
    client.post(page("state_name", history, middle), {"name": "Before the meeting"})
    lengthened(history, cast.drafter, stretches=2)
    with CaptureQueriesContext(connection) as short:
        client.get(page("history", history))
    lengthened(history, cast.coordinator, stretches=2 * PER_PAGE)
    newest = last + 2 + 2 * PER_PAGE
    with django_assert_num_queries(len(short)):
        shown = client.get(page("history", history))
    listed: list[int] = []
    pages = 0
    while True:
        listed += [int(number) for number in re.findall(r'<li id="s(\d+)"', shown.text)]
        pages += 1
        older = re.search(r'href="(\?before=\d+)#states"', shown.text)
        if older is None:
            break
        shown = client.get(page("history", history) + older[1])
    assert (pages, listed) == (3, list(range(newest, first - 1, -1)))
    assert "These two say the same." in shown.text, "the last two of the page are compared"
    far = client.get(page("history", history), {"older": first, "newer": newest}).text
    assert "<ins>نطلب" in far, "states of two pages are compared"
    assert f'<option value="{middle}"' in far, "what has a name can be chosen on every page"
    named = client.post(page("state_name", history, first) + "?before=4", {"name": "Where we began"})
    assert named["Location"].endswith(f"?newer={first}&before=4")
    assert client.post(page("state_restore", history, middle)).status_code == 302
    assert "نطلب" not in str(LetterText.objects.get(pk=history.pk).body)


def test_a_text_nobody_has_written_in_says_so(text: LetterText, cast: SimpleNamespace, client: Client) -> None:
    client.force_login(cast.observer)
    assert "Nobody has written" in client.get(page("history", text)).text
