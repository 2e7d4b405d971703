"""An archived letter asks nobody for work, and takes none."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from apps.campaigns.models import TeamMember
from apps.letters.models import FactUse, Letter, LetterText
from apps.letters.pages.action_items import changed_facts, mentions, texts_sent_back, texts_to_review
from apps.letters.services.approvals import letter_text_ask_review
from apps.letters.services.comments import comment_add
from apps.letters.services.drafts import LetterArchived
from apps.letters.services.guest_links import guest_link_create
from apps.letters.services.languages import letter_text_add
from apps.letters.services.letters import letter_archive
from apps.letters.services.reviews import letter_text_send_back, review_comment_add
from tests.factories import html_of

pytestmark = pytest.mark.django_db


def test_no_review_comment_or_mention_waits_in_an_archived_letter(
    letter: Letter, text: LetterText, cast: SimpleNamespace, signed_in: Any
) -> None:
    reviewer, drafter = (TeamMember.objects.get(user=user) for user in (cast.reviewer, cast.drafter))
    comment_add(text=text, author=cast.reviewer, body="Is that so?", mentions=[cast.drafter.pk])
    letter_text_ask_review(text=text, actor=cast.drafter)
    assert texts_to_review(reviewer)
    assert mentions(drafter)
    letter_archive(letter=letter, actor=cast.drafter)
    text = LetterText.objects.get(pk=text.pk)
    assert (texts_to_review(reviewer), mentions(drafter)) == (None, None)
    for say in (
        lambda: comment_add(text=text, author=cast.reviewer, body="Late"),
        lambda: review_comment_add(text=text, actor=cast.reviewer, words="Late"),
    ):
        with pytest.raises(LetterArchived):
            say()
    client = signed_in(cast.reviewer)
    page = html_of(client.get(reverse("letters:review", args=["mc11", 1, "en"])))
    assert "It is archived: bring it back to go on." in page
    assert "Approve revision" not in page
    answered = client.post(reverse("letters:review_comment", args=["mc11", 1, "en"]), {"comment": "What I typed"})
    assert (answered.status_code, "What I typed" in html_of(answered)) == (409, True)
    assert "Freeze a version" not in html_of(client.get(reverse("letters:editions", args=["mc11", 1])))


def test_a_text_of_an_archived_letter_is_not_sent_back_to_anybody(
    letter: Letter, text: LetterText, cast: SimpleNamespace
) -> None:
    letter_text_ask_review(text=text, actor=cast.drafter)
    letter_text_send_back(text=text, actor=cast.reviewer, reason="Shorter")
    drafter = TeamMember.objects.get(user=cast.drafter)
    assert texts_sent_back(drafter)
    letter_archive(letter=letter, actor=cast.drafter)
    assert texts_sent_back(drafter) is None


def test_a_guest_reads_an_archived_letter_and_loses_nothing_that_was_typed(
    letter: Letter, cast: SimpleNamespace, client: Any
) -> None:
    until = timezone.now() + timedelta(days=3)
    token = guest_link_create(letter=letter, actor=cast.drafter, name="Baraza", expires_at=until)[1]
    page = reverse("guest_letter", args=[token])
    assert "Send the comment" in client.get(page).text
    letter_archive(letter=letter, actor=cast.drafter)
    shown = client.get(page)
    assert (shown.status_code, "Send the comment" in shown.text) == (200, False)
    refused = client.post(page, {"body": "I had more to say"})
    assert (refused.status_code, "I had more to say" in refused.text) == (409, True)
    with pytest.raises(LetterArchived):
        guest_link_create(letter=Letter.objects.get(), actor=cast.drafter, name="Another", expires_at=until)


def test_a_corrected_fact_leads_to_the_text_that_cites_it(
    letter: Letter, text: LetterText, cast: SimpleNamespace
) -> None:
    french = letter_text_add(letter=letter, actor=cast.drafter, language="fr", start="original")
    FactUse.objects.filter(text=french).update(fact_revision=F("fact_revision") - 1)
    item = changed_facts(TeamMember.objects.get(user=cast.drafter))
    assert item
    assert item.url == reverse("letters:workspace", args=["mc11", 1]) + "?language=fr"
    letter_archive(letter=letter, actor=cast.drafter)
    assert changed_facts(TeamMember.objects.get(user=cast.drafter)) is None
